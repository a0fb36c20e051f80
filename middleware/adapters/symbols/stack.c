/*
 * By the unwinder that comes with the compiler: backtrace() is glibc's alone, and allocates when
 * it is called first.
 */
#include "adapters/symbols/stack.h"

#include <unwind.h>

#include "adapters/symbols/symbols.h"
#include "record/current.h"

/* Frames of the toolbar and of SQLite above the call site, and one more for each of the rest. */
enum { STEPS_MAXIMUM = 64 };

struct walk {
    const void *addresses[TOOLBAR__FRAMES_MAXIMUM];
    unsigned count; /* of these; the first is the call site, found or not */
    unsigned wanted;
    unsigned steps;
    bool found;
    struct toolbar__return back;
    uintptr_t server; /* where the function begins that called the application */
};

/*
 * Of the frame that goes on at `address`: many machines keep that right below its stack as it was
 * when it called.
 */
static void note_return(struct toolbar__return *back, struct _Unwind_Context *context,
                        const void *address)
{
    const void *const *slot = (const void *const *)_Unwind_GetCFA(context) - 1;

    back->address = address;
    if (*slot == address) back->slot = slot;
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *cls)
{
    struct walk *walk = cls;
    const void *address = (const void *)_Unwind_GetIP(context);

    if (!address || ++walk->steps > STEPS_MAXIMUM) return _URC_END_OF_STACK;
    if (!walk->found) {
        walk->found = address == walk->addresses[0];
        return _URC_NO_REASON;
    }
    if (!walk->back.address) note_return(&walk->back, context, address);
    if (_Unwind_GetRegionStart(context) == walk->server) return _URC_END_OF_STACK;
    walk->addresses[walk->count++] = address;
    return walk->count < walk->wanted ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* What calls the call site, up to `wanted` addresses with it. */
static struct walk walk_from(const void *call_site, const void *frame, unsigned wanted)
{
    struct walk walk = {
        .addresses = {call_site}, .count = 1, .wanted = wanted, .back = {.frame = frame}};

    walk.server = toolbar__current_setter
                      ? (uintptr_t)_Unwind_FindEnclosingFunction(toolbar__current_setter)
                      : 0;
    _Unwind_Backtrace(visit, &walk);
    return walk;
}

const struct toolbar__stack *toolbar__stack_here(struct toolbar_recording *recording,
                                                 struct toolbar__statement *statement,
                                                 const void *call_site)
{
    const void *frame = __builtin_frame_address(0);
    const struct toolbar__stack *stack;
    struct toolbar__stack *known;
    struct walk walk;
    bool look;

    known = toolbar__recording_stack(statement, call_site, frame, &look);
    if (known && !look) return known;
    if (known) {
        walk = walk_from(call_site, frame, 2);
        stack = toolbar__recording_stack_from(
            statement, known, walk.count < 2 ? NULL : walk.addresses[1], &walk.back);
        if (stack) return stack;
    }
    walk = walk_from(call_site, frame, TOOLBAR__FRAMES_MAXIMUM);
    stack =
        toolbar__recording_stack_add(recording, statement, walk.addresses, walk.count, &walk.back);
    return stack ? stack : known;
}

void toolbar__stacks_name(struct toolbar_recording *recording)
{
    toolbar__recording_name_frames(recording, toolbar__symbol_name);
}
