/*
 * Reads bound values back from sqlite3_expanded_sql(): the statement's text with a literal in
 * the place of every parameter. The only way to learn what was bound out of our sight.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_EXPANDED_H
#define TOOLBAR_ADAPTERS_SQLITE_EXPANDED_H

#include <sqlite3.h>

#include "record/recording.h"

/*
 * Fills in values[index - 1] of every parameter that is found; there is room for all of the
 * statement's parameters. Returns the memory that their bytes are in, for sqlite3_free().
 * `statement`, if it is not NULL, is the recorded one, whose lock is held: where its text has
 * parameters is looked for once.
 */
char *toolbar__expanded_values(sqlite3_stmt *handle, struct toolbar__value *values,
                               struct toolbar_recording *recording,
                               struct toolbar__statement *statement);

#endif
