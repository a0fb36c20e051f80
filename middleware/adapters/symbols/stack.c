/*
 * By the unwinder that comes with the compiler: backtrace() is glibc's alone, and allocates when
 * it is called first.
 */
#include "adapters/symbols/stack.h"

#include <unwind.h>

#include "adapters/symbols/symbols.h"
#include "record/current.h"

/* Frames of the toolbar and of SQLite above the call site, and one more for each of the rest. */
enum { STEPS_MAXIMUM = 64, TRAILS = 8 };

/* A word of the stack that says where a function goes on. */
struct mark {
    const void *const *slot; /* NULL: unknown */
    const void *address;
};

/* What was met beyond the call site: at most the server's function at last, which is not wanted. */
struct walk {
    const void *call_site;
    const void *frame; /* of the one who looks */
    const void *setter;
    struct mark marks[TOOLBAR__FRAMES_MAXIMUM];
    unsigned met;
    unsigned count; /* of these, that are the application's */
    unsigned wanted;
    unsigned steps;
    bool found;
    uintptr_t server; /* where the function begins that called the application */
};

/*
 * What the thread's walks found last: one request comes to a place by the same way as another. A
 * table for all threads would need a lock.
 */
static _Thread_local struct walk trails[TRAILS];
static _Thread_local unsigned oldest_trail;

/*
 * The frame that goes on at `address`: many machines keep that right below its stack as it was
 * when it called.
 */
static struct mark mark_of(struct _Unwind_Context *context, const void *address)
{
    const void *const *slot = (const void *const *)_Unwind_GetCFA(context) - 1;

    return (struct mark){.slot = *slot == address ? slot : NULL, .address = address};
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *cls)
{
    struct walk *walk = cls;
    const void *address = (const void *)_Unwind_GetIP(context);

    if (!address || ++walk->steps > STEPS_MAXIMUM) return _URC_END_OF_STACK;
    if (!walk->found) {
        walk->found = address == walk->call_site;
        return _URC_NO_REASON;
    }
    walk->marks[walk->met++] = mark_of(context, address);
    if (_Unwind_GetRegionStart(context) == walk->server) return _URC_END_OF_STACK;
    return ++walk->count < walk->wanted ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* What calls the call site, up to `wanted` functions. */
static struct walk walk_from(const void *call_site, const void *frame, unsigned wanted)
{
    struct walk walk = {.call_site = call_site,
                        .frame = frame,
                        .setter = toolbar__current_setter,
                        .wanted = wanted};

    walk.server = toolbar__current_setter
                      ? (uintptr_t)_Unwind_FindEnclosingFunction(toolbar__current_setter)
                      : 0;
    _Unwind_Backtrace(visit, &walk);
    return walk;
}

/*
 * From the nearest mark on: while they are the same so are the functions that run, and the next one
 * is in the frame of one of these. A sanitizer does not know who is looking at whose frame.
 */
__attribute__((no_sanitize("address"))) static bool
is_walked_again(const struct walk *trail, const void *call_site, const void *frame)
{
    if (trail->call_site != call_site || trail->frame != frame) return false;
    if (trail->setter != toolbar__current_setter) return false;
    for (unsigned i = 0; i < trail->met; i++) {
        if (!trail->marks[i].slot || *trail->marks[i].slot != trail->marks[i].address) return false;
    }
    return trail->met > 0;
}

static const struct walk *walk_all(const void *call_site, const void *frame)
{
    struct walk *trail;

    for (unsigned i = 0; i < TRAILS; i++) {
        if (is_walked_again(&trails[i], call_site, frame)) return &trails[i];
    }
    trail = &trails[oldest_trail++ % TRAILS];
    *trail = walk_from(call_site, frame, TOOLBAR__FRAMES_MAXIMUM - 1);
    return trail;
}

/* Who called the function of the call site. */
static struct toolbar__return return_of(const struct walk *walk)
{
    return (struct toolbar__return){walk->frame, walk->marks[0].slot, walk->marks[0].address};
}

static const struct toolbar__stack *add_stack(struct toolbar_recording *recording,
                                              struct toolbar__statement *statement,
                                              const struct walk *walk)
{
    const void *addresses[TOOLBAR__FRAMES_MAXIMUM] = {walk->call_site};
    struct toolbar__return back = return_of(walk);

    for (unsigned i = 0; i < walk->count; i++) {
        addresses[i + 1] = walk->marks[i].address;
    }
    return toolbar__recording_stack_add(recording, statement, addresses, walk->count + 1, &back);
}

const struct toolbar__stack *toolbar__stack_here(struct toolbar_recording *recording,
                                                 struct toolbar__statement *statement,
                                                 const void *call_site)
{
    const void *frame = __builtin_frame_address(0);
    const struct toolbar__stack *stack;
    struct toolbar__stack *known;
    bool look;

    known = toolbar__recording_stack(statement, call_site, frame, &look);
    if (known && !look) return known;
    if (known) {
        struct walk walk = walk_from(call_site, frame, 1);
        struct toolbar__return back = return_of(&walk);

        stack = toolbar__recording_stack_from(statement, known,
                                              walk.count ? walk.marks[0].address : NULL, &back);
        if (stack) return stack;
    }
    stack = add_stack(recording, statement, walk_all(call_site, frame));
    return stack ? stack : known;
}

void toolbar__stacks_name(struct toolbar_recording *recording)
{
    toolbar__recording_name_frames(recording, toolbar__symbol_name);
}
