/* Stacks of callers, kept with the statement that they run. */
#include "record/stack.h"

/*
 * From the same frame the function of the call site has its own where it was. A sanitizer does not
 * know who is looking at whose frame.
 */
__attribute__((no_sanitize("address"))) static bool
has_come_back(const struct toolbar__return *back, const void *frame)
{
    return back->slot && back->frame == frame && *back->slot == back->address;
}

struct toolbar__stack *toolbar__recording_stack(const struct toolbar__statement *statement,
                                                const void *call_site, const void *frame,
                                                bool *look)
{
    struct toolbar__stack *first = NULL, *stack;

    for (stack = statement->stacks; stack; stack = stack->next) {
        if (stack->call_site != call_site) continue;
        if (has_come_back(&stack->back, frame)) break;
        if (!first) first = stack;
    }
    *look = !stack && first && first->looks < TOOLBAR__STACK_LOOKS;
    if (*look) first->looks++;
    return stack ? stack : first;
}

const struct toolbar__stack *
toolbar__recording_stack_from(const struct toolbar__statement *statement,
                              struct toolbar__stack *known, const void *caller,
                              const struct toolbar__return *back)
{
    struct toolbar__stack *stack = known;

    if (caller) stack = statement->stacks;
    while (caller && stack &&
           (stack->call_site != known->call_site || stack->count < 2 ||
            stack->frames[1].address != caller)) {
        stack = stack->next;
    }
    if (stack) stack->back = *back;
    return stack;
}

/* Where the next one goes; NULL if there are enough. */
static struct toolbar__stack **end_of(struct toolbar__statement *statement)
{
    struct toolbar__stack **at = &statement->stacks;
    unsigned count = 0;

    for (; *at; at = &(*at)->next) {
        count++;
    }
    return count < TOOLBAR__STACKS_MAXIMUM ? at : NULL;
}

const struct toolbar__stack *toolbar__recording_stack_add(struct toolbar_recording *recording,
                                                          struct toolbar__statement *statement,
                                                          const void *const *addresses,
                                                          unsigned count,
                                                          const struct toolbar__return *back)
{
    struct toolbar__stack *stack = NULL;
    struct toolbar__stack **end;
    size_t size;

    if (count > TOOLBAR__FRAMES_MAXIMUM) count = TOOLBAR__FRAMES_MAXIMUM;
    size = sizeof *stack + count * sizeof *stack->frames;
    end = recording->finished ? NULL : end_of(statement);
    if (end) stack = toolbar__arena_alloc(&recording->arena, size);
    if (stack) {
        stack->call_site = addresses[0];
        stack->back = *back;
        stack->count = count;
        for (unsigned i = 0; i < stack->count; i++) {
            stack->frames[i].address = addresses[i];
        }
        *end = stack;
    }
    return stack;
}

/* What called the server in its turn, for a body that it asks for in pieces, says nothing. */
static void name_stack(struct toolbar__stack *stack, void (*name)(struct toolbar__frame *frame))
{
    for (unsigned i = 0; i < stack->count; i++) {
        name(&stack->frames[i]);
        /* Unless the application is in one file with it. */
        if (stack->frames[i].server && !stack->frames[0].server) stack->count = i;
    }
}

void toolbar__recording_name_frames(struct toolbar_recording *recording,
                                    void (*name)(struct toolbar__frame *frame))
{
    pthread_mutex_lock(&recording->lock);
    for (size_t i = 0; i < TOOLBAR__STATEMENT_BUCKETS && !recording->finished; i++) {
        for (const struct toolbar__statement *statement = recording->statements[i]; statement;
             statement = statement->next_in_bucket) {
            for (struct toolbar__stack *stack = statement->stacks; stack; stack = stack->next) {
                name_stack(stack, name);
            }
        }
    }
    pthread_mutex_unlock(&recording->lock);
}
