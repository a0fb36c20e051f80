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
    return walk->count < walk->wanted ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* What calls the call site, up to `wanted` addresses with it. */
static struct walk walk_from(const void *call_site, unsigned wanted)
{
    struct walk walk = {.addresses = {call_site}, .count = 1, .wanted = wanted};

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
    const struct toolbar__stack *known, *stack;
    struct walk walk;
    bool look;

    known = toolbar__recording_stack(recording, statement, call_site, &look);
    if (known && !look) return known;
    if (known) {
        walk = walk_from(call_site, 2);
        if (walk.count < 2) return known;
        stack = toolbar__recording_stack_from(recording, statement, call_site, walk.addresses[1]);
        if (stack) return stack;
    }
    walk = walk_from(call_site, TOOLBAR__FRAMES_MAXIMUM);
    stack = toolbar__recording_stack_add(recording, statement, walk.addresses, walk.count);
    return stack ? stack : known;
}

void toolbar__stacks_name(struct toolbar_recording *recording)
{
    toolbar__recording_name_frames(recording, toolbar__symbol_name);
}
