/*
 * The front library: names of columns in UTF-16. SQLite keeps a name in one encoding at a time, so
 * asking for it in another would take it away from an application that has a pointer to it.
 */
#include "adapters/sqlite/front.h"

#include "adapters/sqlite/executions.h"

#ifdef TOOLBAR_FRONT_WRAP
/* A SQLite without column metadata does not have it. */
extern __typeof__(sqlite3_column_origin_name16) __real_sqlite3_column_origin_name16
    __attribute__((weak));
#endif

const void *FRONT(sqlite3_column_name16)(sqlite3_stmt *statement, int column)
{
    toolbar__execution_names_in_use();
    return REAL(sqlite3_column_name16)(statement, column);
}

const void *FRONT(sqlite3_column_origin_name16)(sqlite3_stmt *statement, int column)
{
    toolbar__execution_names_in_use();
    if (!REAL(sqlite3_column_origin_name16)) return NULL;
    return REAL(sqlite3_column_origin_name16)(statement, column);
}
