/* Stacks of callers, kept with the statement that they run. */
#include "record/stack.h"

const struct toolbar__stack *toolbar__recording_stack(struct toolbar_recording *recording,
                                                      const struct toolbar__statement *statement,
                                                      const void *call_site, bool *look)
{
    struct toolbar__stack *stack;

    pthread_mutex_lock(&recording->lock);
    stack = statement->stacks;
    while (stack && stack->call_site != call_site) {
        stack = stack->next;
    }
    *look = stack && stack->looks < TOOLBAR__STACK_LOOKS;
    if (*look) stack->looks++;
    pthread_mutex_unlock(&recording->lock);
    return stack;
}

const struct toolbar__stack *
toolbar__recording_stack_from(struct toolbar_recording *recording,
                              const struct toolbar__statement *statement, const void *call_site,
                              const void *caller)
{
    const struct toolbar__stack *stack;

    pthread_mutex_lock(&recording->lock);
    stack = statement->stacks;
    while (stack && (stack->call_site != call_site || stack->count < 2 ||
                     stack->frames[1].address != caller)) {
        stack = stack->next;
    }
    pthread_mutex_unlock(&recording->lock);
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
                                                          unsigned count)
{
    struct toolbar__stack *stack = NULL;
    struct toolbar__stack **end;
    size_t size;

    if (count > TOOLBAR__FRAMES_MAXIMUM) count = TOOLBAR__FRAMES_MAXIMUM;
    size = sizeof *stack + count * sizeof *stack->frames;
    pthread_mutex_lock(&recording->lock);
    end = recording->finished ? NULL : end_of(statement);
    if (end) stack = toolbar__arena_alloc(&recording->arena, size);
    if (stack) {
        stack->call_site = addresses[0];
        stack->count = count;
        for (unsigned i = 0; i < stack->count; i++) {
            stack->frames[i].address = addresses[i];
        }
        *end = stack;
    }
    pthread_mutex_unlock(&recording->lock);
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
