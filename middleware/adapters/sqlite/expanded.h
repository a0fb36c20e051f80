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
 */
char *toolbar__expanded_values(sqlite3_stmt *handle, struct toolbar__value *values);

#endif
