/*
 * The front library: reading columns. A value is noted as the application got it, so a key that
 * goes through a C integer or a string on its way to the next query is still recognised. Only
 * what SQLite has already converted for the application is looked at.
 */
#include "adapters/sqlite/front.h"

#include <string.h>

#include "adapters/sqlite/executions.h"
#include "record/provenance.h"

/* SQLite's own functions read on behalf of sqlite3_exec(), inside whose scope we are then. */
static void note_as(sqlite3_stmt *statement, int column, uint64_t origin,
                    enum toolbar__reading reading)
{
    const struct toolbar__front_scope *scope = toolbar__front_thread.scope;

    toolbar__execution_read(statement, column, origin, scope ? scope->reading : reading);
}

static void note(sqlite3_stmt *statement, int column, uint64_t origin)
{
    note_as(statement, column, origin, TOOLBAR__READING_ANY);
}

static void note_number(sqlite3_stmt *statement, int column, uint64_t origin)
{
    note_as(statement, column, origin, TOOLBAR__READING_NUMBER);
}

FRONT_FUNCTION(int, sqlite3_column_int, (sqlite3_stmt * statement, int column), (statement, column))
{
    int value = REAL(sqlite3_column_int)(statement, column);

    if (CALL_SITE()) note_number(statement, column, toolbar__origin_integer(value));
    return value;
}

FRONT_FUNCTION(sqlite3_int64, sqlite3_column_int64, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    sqlite3_int64 value = REAL(sqlite3_column_int64)(statement, column);

    if (CALL_SITE()) note_number(statement, column, toolbar__origin_integer(value));
    return value;
}

FRONT_FUNCTION(double, sqlite3_column_double, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    double value = REAL(sqlite3_column_double)(statement, column);

    if (CALL_SITE()) note_number(statement, column, toolbar__origin_real(value));
    return value;
}

/*
 * Of a short text by its end, which is where it ends for most of those who read it: SQLite takes
 * its mutex to say how long it is.
 */
static uint64_t origin(sqlite3_stmt *statement, int column, const unsigned char *text)
{
    size_t length = strnlen((const char *)text, TOOLBAR__ORIGIN_BYTES + 1);

    if (length > TOOLBAR__ORIGIN_BYTES) {
        length = (size_t)REAL(sqlite3_column_bytes)(statement, column);
    }
    return toolbar__origin_text((const char *)text, length, length);
}

FRONT_FUNCTION(const unsigned char *, sqlite3_column_text, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    const unsigned char *text = REAL(sqlite3_column_text)(statement, column);

    if (CALL_SITE()) note(statement, column, text ? origin(statement, column, text) : 0);
    return text;
}

FRONT_FUNCTION(const void *, sqlite3_column_text16, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    const void *text = REAL(sqlite3_column_text16)(statement, column);
    char buffer[TOOLBAR__ORIGIN_BYTES];

    if (CALL_SITE()) {
        size_t length, kept;

        if (!text) {
            note(statement, column, 0);
            return text;
        }
        kept = toolbar__front_utf8(buffer, sizeof buffer, text,
                                   (size_t)REAL(sqlite3_column_bytes16)(statement, column),
                                   TOOLBAR__FRONT_BIG_ENDIAN, &length);
        note(statement, column, toolbar__origin_text(buffer, kept, length));
    }
    return text;
}

/* Asking for the length of a text would convert it, under the pointer that was given out. */
FRONT_FUNCTION(const void *, sqlite3_column_blob, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    bool noted = CALL_SITE() != NULL;
    bool is_blob = noted && REAL(sqlite3_column_type)(statement, column) == SQLITE_BLOB;
    const void *blob = REAL(sqlite3_column_blob)(statement, column);
    size_t length;

    if (!noted) return blob;
    if (!is_blob || !blob) {
        note(statement, column, 0);
        return blob;
    }
    length = (size_t)REAL(sqlite3_column_bytes)(statement, column);
    note(statement, column, toolbar__origin_blob(blob, length, length));
    return blob;
}

/* The value's own functions are not seen: what it says is noted where nothing is converted. */
FRONT_FUNCTION(sqlite3_value *, sqlite3_column_value, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    sqlite3_value *value = REAL(sqlite3_column_value)(statement, column);

    if (CALL_SITE()) {
        if (sqlite3_value_type(value) == SQLITE_INTEGER) {
            note_number(statement, column, toolbar__origin_integer(sqlite3_value_int64(value)));
        } else {
            note(statement, column, 0);
        }
    }
    return value;
}

FRONT_FUNCTION(int, sqlite3_column_bytes, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    if (CALL_SITE()) note(statement, column, 0);
    return REAL(sqlite3_column_bytes)(statement, column);
}

FRONT_FUNCTION(int, sqlite3_column_bytes16, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    if (CALL_SITE()) note(statement, column, 0);
    return REAL(sqlite3_column_bytes16)(statement, column);
}

FRONT_FUNCTION(int, sqlite3_column_type, (sqlite3_stmt * statement, int column),
               (statement, column))
{
    if (CALL_SITE()) note(statement, column, 0);
    return REAL(sqlite3_column_type)(statement, column);
}
