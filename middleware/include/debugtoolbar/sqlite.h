/*
 * Shows the SQL statements of SQLite connections in the toolbar.
 *
 * There are two ways of watching a connection, and the choice is made by how the program is
 * linked:
 *
 * - Attached only: SQLite's trace hook (sqlite3_trace_v2) is set while a shown request is in
 *   progress, and at no other time. A connection has one such hook, so a program that sets its
 *   own loses it when a shown request begins. Times are from the first step to the end of the
 *   statement, the application's own time between rows included; errors are not known.
 * - With the front library (CMake target debugtoolbar::sqlite3) linked before SQLite: exact time
 *   inside SQLite, errors, bound parameters and callers are known, connections that were not
 *   attached are recorded too, under the name of their file, and the trace hook stays the
 *   application's.
 */
#ifndef DEBUGTOOLBAR_SQLITE_H
#define DEBUGTOOLBAR_SQLITE_H

#include <sqlite3.h>

#include <debugtoolbar/export.h>
#include <debugtoolbar/toolbar.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Records the statements of `db` for shown requests under `name` (copied; the panel shows its
 * first 63 bytes). Call it once, after opening the connection and in the thread that will use
 * it; again to change the name. When that thread works for a shown request, recording starts at
 * once, so a connection that is opened for one request can be attached there too.
 *
 * A serialized connection (SQLite's default) may then be used by any thread. One without a
 * mutex (SQLITE_OPEN_NOMUTEX) can be watched through the trace hook only in requests that are
 * served by the thread that attached it; for others the panel says that it was not watched.
 * The front library has no such limit.
 *
 * The connection gets a collation named "debugtoolbar", by which SQLite tells the toolbar that
 * it is closed. Nothing else about it changes.
 *
 * TOOLBAR_ERROR_ARGUMENT: something is NULL, or the name is empty. TOOLBAR_ERROR_MEMORY.
 * TOOLBAR_ERROR_DATABASE: SQLite refused the collation.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_sqlite_attach(struct toolbar *toolbar, sqlite3 *db,
                                                        const char *name);

/*
 * Stops what toolbar_sqlite_attach() began, in a thread that may use the connection; with the
 * front library the connection only loses its name. Closing the connection does the same, so
 * this is only for connections that live on. NULL and unknown connections are ignored.
 */
TOOLBAR_EXPORT void toolbar_sqlite_detach(sqlite3 *db);

#ifdef __cplusplus
}
#endif
#endif
