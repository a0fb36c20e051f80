/*
 * The values bound to a statement. SQLite has no function to ask for one, so they are either
 * noted while they are bound, or read back from the text that sqlite3_expanded_sql() makes.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_PARAMETERS_H
#define TOOLBAR_ADAPTERS_SQLITE_PARAMETERS_H

#include <sqlite3.h>

#include "record/recording.h"

/* More are recorded as unknown: expanding the text takes time for each. */
enum { TOOLBAR__PARAMETERS_MAXIMUM = 128 };

/* What was seen to be bound to one statement. */
struct toolbar__bindings;

/* The values of one execution; names and bytes belong to the statement and the bindings. */
struct toolbar__parameters {
    unsigned count;
    struct toolbar__value values[TOOLBAR__PARAMETERS_MAXIMUM];
    char *expanded; /* some bytes are in here */
};

/*
 * Nothing seen yet. NULL if the statement has no parameters, too many, or memory is short. *unused,
 * which may be NULL, is taken if it has the room.
 */
struct toolbar__bindings *toolbar__bindings_new(sqlite3_stmt *handle,
                                                struct toolbar__bindings **unused);
void toolbar__bindings_free(struct toolbar__bindings *bindings);

/* Notes a value (copied, cut to what is kept); `index` from 1 as in SQLite, any is allowed. */
void toolbar__bindings_set(struct toolbar__bindings *bindings, int index,
                           const struct toolbar__value *value);

/* This one cannot be known. */
void toolbar__bindings_forget(struct toolbar__bindings *bindings, int index);

/* After sqlite3_clear_bindings(). */
void toolbar__bindings_clear(struct toolbar__bindings *bindings);

/* What the statement is about to run with, if all of it was seen (`bindings` may be NULL). */
bool toolbar__parameters_seen(struct toolbar__parameters *parameters, sqlite3_stmt *handle,
                              const struct toolbar__bindings *bindings);

/*
 * The same from the expanded text, for which SQLite takes the connection's mutex. The recording and
 * its statement as for toolbar__expanded_values().
 */
void toolbar__parameters_expand(struct toolbar__parameters *parameters, sqlite3_stmt *handle,
                                struct toolbar_recording *recording,
                                struct toolbar__statement *statement);

void toolbar__parameters_free(struct toolbar__parameters *parameters);

#endif
