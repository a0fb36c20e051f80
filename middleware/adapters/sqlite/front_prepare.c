/* The front library: preparing, of which failures are recorded and the new handle noted. */
#include "adapters/sqlite/front.h"

#include <string.h>

#include "adapters/sqlite/executions.h"
#include "record/recording.h"

/* After a call of SQLite's; `bytes` is negative for a terminated text. */
static int prepared(int code, sqlite3 *db, const char *sql, int bytes,
                    sqlite3_stmt *const *statement, int64_t begin_ns, const void *call_site)
{
    if (code == SQLITE_OK) {
        toolbar__execution_prepared(*statement);
    } else if (code != SQLITE_MISUSE && sql) {
        size_t length = bytes < 0 ? strlen(sql) : strnlen(sql, (size_t)bytes);

        toolbar__execution_refused(db, sql, length, code, begin_ns, call_site);
    }
    return code;
}

static int prepared16(int code, sqlite3 *db, const void *sql, int bytes,
                      sqlite3_stmt *const *statement, int64_t begin_ns, const void *call_site)
{
    char text[2 * 1024];
    size_t length = 0;
    size_t total;

    if (code != SQLITE_OK && sql) {
        length =
            toolbar__front_utf8(text, sizeof text, sql, toolbar__front_utf16_length(sql, bytes),
                                TOOLBAR__FRONT_BIG_ENDIAN, &total);
    }
    return prepared(code, db, sql ? text : NULL, (int)length, statement, begin_ns, call_site);
}

/* How often the same six lines stand below is why this is a macro. */
#define PREPARE(note, call)                                                                        \
    do {                                                                                           \
        const void *call_site = CALL_SITE();                                                       \
        int64_t begin_ns;                                                                          \
        int code;                                                                                  \
                                                                                                   \
        if (!call_site) return call;                                                               \
        begin_ns = toolbar__execution_clock();                                                     \
        INSIDE(code, call);                                                                        \
        return note(code, db, sql, bytes, statement, begin_ns, call_site);                         \
    } while (0)

FRONT_FUNCTION(int, sqlite3_prepare,
               (sqlite3 * db, const char *sql, int bytes, sqlite3_stmt **statement,
                const char **tail),
               (db, sql, bytes, statement, tail))
{
    PREPARE(prepared, REAL(sqlite3_prepare)(db, sql, bytes, statement, tail));
}

FRONT_FUNCTION(int, sqlite3_prepare_v2,
               (sqlite3 * db, const char *sql, int bytes, sqlite3_stmt **statement,
                const char **tail),
               (db, sql, bytes, statement, tail))
{
    PREPARE(prepared, REAL(sqlite3_prepare_v2)(db, sql, bytes, statement, tail));
}

FRONT_FUNCTION(int, sqlite3_prepare_v3,
               (sqlite3 * db, const char *sql, int bytes, unsigned flags, sqlite3_stmt **statement,
                const char **tail),
               (db, sql, bytes, flags, statement, tail))
{
    PREPARE(prepared, REAL(sqlite3_prepare_v3)(db, sql, bytes, flags, statement, tail));
}

FRONT_FUNCTION(int, sqlite3_prepare16,
               (sqlite3 * db, const void *sql, int bytes, sqlite3_stmt **statement,
                const void **tail),
               (db, sql, bytes, statement, tail))
{
    PREPARE(prepared16, REAL(sqlite3_prepare16)(db, sql, bytes, statement, tail));
}

FRONT_FUNCTION(int, sqlite3_prepare16_v2,
               (sqlite3 * db, const void *sql, int bytes, sqlite3_stmt **statement,
                const void **tail),
               (db, sql, bytes, statement, tail))
{
    PREPARE(prepared16, REAL(sqlite3_prepare16_v2)(db, sql, bytes, statement, tail));
}

FRONT_FUNCTION(int, sqlite3_prepare16_v3,
               (sqlite3 * db, const void *sql, int bytes, unsigned flags, sqlite3_stmt **statement,
                const void **tail),
               (db, sql, bytes, flags, statement, tail))
{
    PREPARE(prepared16, REAL(sqlite3_prepare16_v3)(db, sql, bytes, flags, statement, tail));
}
