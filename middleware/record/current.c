#include "record/current.h"

#include <debugtoolbar/toolbar.h>

_Thread_local struct toolbar_request *toolbar__current;
_Thread_local void *toolbar__current_setter;
atomic_uint toolbar__current_threads;

/* What toolbar_request_bind() found; one level is enough, because a bound thread only works. */
static _Thread_local struct toolbar_request *before_bind;

static void change(struct toolbar_request *request)
{
    if (request && !toolbar__current) {
        atomic_fetch_add_explicit(&toolbar__current_threads, 1, memory_order_relaxed);
    } else if (!request && toolbar__current) {
        atomic_fetch_sub_explicit(&toolbar__current_threads, 1, memory_order_relaxed);
    }
    toolbar__current = request;
}

__attribute__((noinline)) struct toolbar_request *
toolbar__current_set(struct toolbar_request *request)
{
    struct toolbar_request *before = toolbar__current;

    change(request);
    toolbar__current_setter = __builtin_return_address(0);
    return before;
}

struct toolbar_request *toolbar_request_current(void)
{
    return toolbar__current;
}

void toolbar_request_bind(struct toolbar_request *request)
{
    before_bind = toolbar__current_set(request);
    toolbar__current_setter = NULL;
}

void toolbar_request_unbind(void)
{
    change(before_bind);
    before_bind = NULL;
}
