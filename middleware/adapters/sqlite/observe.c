/* Which of the two ways of watching is in use is decided by what is linked. */
#include "adapters/sqlite/observe.h"

#include "adapters/sqlite/executions.h"
#include "adapters/sqlite/page_cache.h"
#include "adapters/sqlite/trace.h"
#include "adapters/symbols/stack.h"

void toolbar__sqlite_request_begin(struct toolbar_recording *recording)
{
    toolbar__trace_request_begin(recording);
    toolbar__page_cache_begin(recording);
}

void toolbar__sqlite_request_settle(struct toolbar_recording *recording)
{
    toolbar__trace_request_settle(recording);
    toolbar__executions_settle(recording);
    toolbar__page_cache_settle(recording);
    toolbar__stacks_name(recording);
}

void toolbar__sqlite_request_end(struct toolbar_recording *recording)
{
    toolbar__trace_request_end(recording);
    toolbar__executions_drop(recording);
}
