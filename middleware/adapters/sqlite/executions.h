/*
 * What the front library reports about the calls that it sees. It is called for threads that
 * work for a shown request only, and exported because the front library always goes into the
 * program, while this one may be shared.
 *
 * Duration is the time inside sqlite3_step(), plus the reset or finalize that ends a statement
 * early: that is where an INSERT ... RETURNING whose row was read commits. Preparing is not in
 * it. Functions that begin something give its time, or 0 for what is not recorded.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_EXECUTIONS_H
#define TOOLBAR_ADAPTERS_SQLITE_EXECUTIONS_H

#include <debugtoolbar/export.h>
#include <sqlite3.h>

#include "record/provenance.h"
#include "record/tracking.h"

struct toolbar__use;

/* Before main(): the front library is there, so trace hooks are not needed. */
TOOLBAR_EXPORT void toolbar__executions_by_front(void);

TOOLBAR_EXPORT int64_t toolbar__execution_clock(void);

/* Around sqlite3_step(). */
TOOLBAR_EXPORT int64_t toolbar__execution_step(sqlite3_stmt *handle, const void *call_site);
TOOLBAR_EXPORT void toolbar__execution_stepped(sqlite3_stmt *handle, int code, int64_t begin_ns);

/* Around sqlite3_reset(). */
TOOLBAR_EXPORT int64_t toolbar__execution_reset(sqlite3_stmt *handle);
TOOLBAR_EXPORT void toolbar__execution_was_reset(sqlite3_stmt *handle, int64_t begin_ns);

/*
 * Around sqlite3_finalize(), after which the handle may be another thread's new statement. NULL:
 * nothing to tell; *begin_ns is set for what is still being executed.
 */
TOOLBAR_EXPORT struct toolbar__use *toolbar__execution_finalize(sqlite3_stmt *handle,
                                                                int64_t *begin_ns);
TOOLBAR_EXPORT void toolbar__execution_finalized(struct toolbar__use *use, int64_t begin_ns);

/* After a successful prepare; `handle` is NULL for an empty text. */
TOOLBAR_EXPORT void toolbar__execution_prepared(const sqlite3_stmt *handle);

/* After a prepare that failed; only the first statement of `sql` is to blame. */
TOOLBAR_EXPORT void toolbar__execution_refused(sqlite3 *db, const char *sql, size_t length,
                                               int code, int64_t begin_ns, const void *call_site);

/* After statements of which none could be seen. */
TOOLBAR_EXPORT void toolbar__execution_whole(sqlite3 *db, const char *sql, size_t length, int code,
                                             int64_t begin_ns, const void *call_site);

/* Before a bind, whose destructor may free the bytes; after a failed one; after a clear. */
TOOLBAR_EXPORT void toolbar__execution_bind(sqlite3_stmt *handle, int index,
                                            const struct toolbar__value *value);
TOOLBAR_EXPORT void toolbar__execution_bind_unknown(sqlite3_stmt *handle, int index);
TOOLBAR_EXPORT void toolbar__execution_clear(sqlite3_stmt *handle);

/* Around reading a column: `origin` as in record/provenance.h. */
TOOLBAR_EXPORT void toolbar__execution_read(const sqlite3_stmt *handle, int column, uint64_t origin,
                                            enum toolbar__reading reading);

/* The application has names of columns in UTF-16. */
TOOLBAR_EXPORT void toolbar__execution_names_in_use(void);

/* For observe.c. */
void toolbar__executions_settle(const struct toolbar_recording *recording);
void toolbar__executions_drop(const struct toolbar_recording *recording);

#endif
