/*
 * Watches attached connections with sqlite3_trace_v2(), while requests are shown and at no
 * other time. Does nothing at all where the front library is linked.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_TRACE_H
#define TOOLBAR_ADAPTERS_SQLITE_TRACE_H

#include <sqlite3.h>

#include "record/recording.h"

/* The front library is linked: called before main(). */
void toolbar__trace_disable(void);

/* A shown request begins or ends. */
void toolbar__trace_request_begin(struct toolbar_recording *recording);
void toolbar__trace_request_settle(struct toolbar_recording *recording);
void toolbar__trace_request_end(struct toolbar_recording *recording);

/* For one connection, in a thread that may use it. */
void toolbar__trace_start(sqlite3 *db);
void toolbar__trace_stop(sqlite3 *db);

#endif
