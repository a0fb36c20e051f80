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
    unsigned steps;
    bool found;
    uintptr_t server; /* where the function begins that called the application */
};

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *cls)
{
    struct walk *walk = cls;
    const void *address = (const void *)_Unwind_GetIP(context);

    if (!address || ++walk->steps > STEPS_MAXIMUM) return _URC_END_OF_STACK;
    if (!walk->found) {
        walk->found = address == walk->addresses[0];
        return _URC_NO_REASON;
    }
    if (_Unwind_GetRegionStart(context) == walk->server) return _URC_END_OF_STACK;
    walk->addresses[walk->count++] = address;
    return walk->count < TOOLBAR__FRAMES_MAXIMUM ? _URC_NO_REASON : _URC_END_OF_STACK;
}

const struct toolbar__stack *toolbar__stack_here(struct toolbar_recording *recording,
                                                 struct toolbar__statement *statement,
                                                 const void *call_site)
{
    const struct toolbar__stack *stack = toolbar__recording_stack(recording, statement, call_site);
    struct walk walk = {.addresses = {call_site}, .count = 1};

    if (stack) return stack;
    walk.server = toolbar__current_setter
                      ? (uintptr_t)_Unwind_FindEnclosingFunction(toolbar__current_setter)
                      : 0;
    _Unwind_Backtrace(visit, &walk);
    return toolbar__recording_stack_add(recording, statement, walk.addresses, walk.count);
}

void toolbar__stacks_name(struct toolbar_recording *recording)
{
    toolbar__recording_name_frames(recording, toolbar__symbol_name);
}
