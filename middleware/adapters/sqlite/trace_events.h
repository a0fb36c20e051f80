/* What the trace hook is told, turned into executions. */
#ifndef TOOLBAR_ADAPTERS_SQLITE_TRACE_EVENTS_H
#define TOOLBAR_ADAPTERS_SQLITE_TRACE_EVENTS_H

#include <stdbool.h>

struct toolbar__database;

/* For sqlite3_trace_v2(); `database` is a struct toolbar__database. */
int toolbar__trace_event(unsigned event, void *database, void *statement, void *detail);

/* In trace.c: whether any request is shown, and how to go when none is. */
bool toolbar__trace_wanted(void);
void toolbar__trace_unhook_unwanted(struct toolbar__database *database);

#endif
