/*
 * The front library: sqlite3_exec() and sqlite3_get_table(), which prepare and step by
 * themselves. Where SQLite calls its interface as everybody does, these calls come by us and
 * are recorded one by one, as made by the application's caller. (Its finalize is internal: when a
 * callback says stop, the execution stays open until the address is used again or the request
 * is settled, which changes none of its figures.) A SQLite that calls directly (one
 * source file, linked statically, or a library linked with -Bsymbolic) shows us nothing; then the
 * whole is recorded as one.
 */
#include "adapters/sqlite/front.h"

#include <string.h>

#include "adapters/sqlite/executions.h"

struct callback {
    int (*function)(void *, int, char **, char **);
    void *cls;
    struct toolbar__front_scope *scope;
};

/* The application's code again: what it calls is its own doing. */
static int call_back(void *cls, int count, char **values, char **names)
{
    const struct callback *callback = cls;
    int result;

    toolbar__front_thread.scope = NULL;
    result = callback->function(callback->cls, count, values, names);
    toolbar__front_thread.scope = callback->scope;
    return result;
}

static void leave(struct toolbar__front_scope *scope, sqlite3 *db, const char *sql, int code,
                  int64_t begin_ns)
{
    toolbar__front_thread.scope = NULL;
    if (!scope->seen && sql && *sql && code != SQLITE_MISUSE) {
        toolbar__execution_whole(db, sql, strlen(sql), code, begin_ns, scope->call_site);
    }
}

FRONT_FUNCTION(int, sqlite3_exec,
               (sqlite3 * db, const char *sql, int (*function)(void *, int, char **, char **),
                void *cls, char **message),
               (db, sql, function, cls, message))
{
    const void *call_site = CALL_SITE();
    struct toolbar__front_scope scope = {.call_site = call_site, .reading = TOOLBAR__READING_EXEC};
    struct callback callback = {function, cls, &scope};
    int64_t begin_ns;
    int code;

    /* With a scope it is sqlite3_get_table() that calls. */
    if (!call_site || toolbar__front_thread.scope) {
        return REAL(sqlite3_exec)(db, sql, function, cls, message);
    }
    begin_ns = toolbar__execution_clock();
    toolbar__front_thread.scope = &scope;
    code = REAL(sqlite3_exec)(db, sql, function ? call_back : NULL, &callback, message);
    leave(&scope, db, sql, code, begin_ns);
    return code;
}

FRONT_FUNCTION(int, sqlite3_get_table,
               (sqlite3 * db, const char *sql, char ***table, int *rows, int *columns,
                char **message),
               (db, sql, table, rows, columns, message))
{
    const void *call_site = CALL_SITE();
    struct toolbar__front_scope scope = {.call_site = call_site, .reading = TOOLBAR__READING_TABLE};
    int64_t begin_ns;
    int code;

    if (!call_site) return REAL(sqlite3_get_table)(db, sql, table, rows, columns, message);
    begin_ns = toolbar__execution_clock();
    toolbar__front_thread.scope = &scope;
    code = REAL(sqlite3_get_table)(db, sql, table, rows, columns, message);
    leave(&scope, db, sql, code, begin_ns);
    return code;
}
