/*
 * Reads the first rows of a query where the application is about to, before it does, and only in
 * ways that leave everything as it is: no value is converted, no name re-encoded.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_ROWS_H
#define TOOLBAR_ADAPTERS_SQLITE_ROWS_H

#include <sqlite3.h>

#include "record/recording.h"

struct toolbar__use;

/* A row to be read; `recording` NULL: none. */
struct toolbar__first_rows {
    struct toolbar_recording *recording; /* a reference, for toolbar__first_rows_read() */
    struct toolbar__query *query;
};

/* Whether the row that the use's execution has just given is one to read; its lock is held. */
struct toolbar__first_rows toolbar__first_rows(const struct toolbar__use *use);

/* Reads it. Without the lock, because this takes the connection's mutex. */
void toolbar__first_rows_read(const struct toolbar__first_rows *rows, sqlite3_stmt *handle);

/* Whether the `nth` row is one of those that stand for all: notes how large its values are. */
bool toolbar__row_is_tracked(int64_t nth);
void toolbar__row_track(struct toolbar_recording *recording, struct toolbar__query *query,
                        sqlite3_stmt *handle, int64_t nth);

#endif
