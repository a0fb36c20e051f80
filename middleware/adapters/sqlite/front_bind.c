/*
 * The front library: binding. A value is noted before SQLite gets it, because SQLite may call
 * the destructor of its bytes at once.
 */
#include "adapters/sqlite/front.h"

#include <math.h>
#include <string.h>

#include "adapters/sqlite/executions.h"

static int failed(int code, sqlite3_stmt *statement, int index)
{
    if (code != SQLITE_OK) toolbar__execution_bind_unknown(statement, index);
    return code;
}

/* Notes `value`, which is not evaluated if nobody is interested, and makes the call. */
#define BIND(value, call)                                                                          \
    do {                                                                                           \
        struct toolbar__value noted;                                                               \
        int code;                                                                                  \
                                                                                                   \
        if (!CALL_SITE()) return call;                                                             \
        noted = (value);                                                                           \
        toolbar__execution_bind(statement, index, &noted);                                         \
        INSIDE(code, call);                                                                        \
        return failed(code, statement, index);                                                     \
    } while (0)

static struct toolbar__value null(void)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_NULL};
}

static struct toolbar__value integer(sqlite3_int64 value)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_INTEGER, .as.integer = value};
}

/* SQLite has no NaN. */
static struct toolbar__value real(double value)
{
    if (isnan(value)) return null();
    return (struct toolbar__value){.type = TOOLBAR__VALUE_REAL, .as.real = value};
}

static struct toolbar__value zeros(sqlite3_uint64 length)
{
    return (struct toolbar__value){
        .type = TOOLBAR__VALUE_BLOB, .as.bytes = "", .length = (size_t)length};
}

static struct toolbar__value bytes(enum toolbar__value_type type, const void *data, size_t length)
{
    if (!data) return null();
    return (struct toolbar__value){
        .type = type, .as.bytes = data, .kept = length, .length = length};
}

/* The text in UTF-8, in a buffer of TOOLBAR__VALUE_MAXIMUM bytes. */
static struct toolbar__value text16(char *buffer, const void *data, size_t length, bool big_endian)
{
    struct toolbar__value value = {.type = TOOLBAR__VALUE_TEXT, .as.bytes = buffer};

    if (!data) return null();
    value.kept = toolbar__front_utf8(buffer, TOOLBAR__VALUE_MAXIMUM, data, length, big_endian,
                                     &value.length);
    return value;
}

static struct toolbar__value text64(char *buffer, const void *data, size_t length, int encoding)
{
    switch (encoding) {
    case SQLITE_UTF16: return text16(buffer, data, length, TOOLBAR__FRONT_BIG_ENDIAN);
    case SQLITE_UTF16BE: return text16(buffer, data, length, true);
    case SQLITE_UTF16LE: return text16(buffer, data, length, false);
    default: return bytes(TOOLBAR__VALUE_TEXT, data, length);
    }
}

FRONT_FUNCTION(int, sqlite3_bind_null, (sqlite3_stmt * statement, int index), (statement, index))
{
    BIND(null(), REAL(sqlite3_bind_null)(statement, index));
}

FRONT_FUNCTION(int, sqlite3_bind_int64, (sqlite3_stmt * statement, int index, sqlite3_int64 value),
               (statement, index, value))
{
    BIND(integer(value), REAL(sqlite3_bind_int64)(statement, index, value));
}

FRONT_FUNCTION(int, sqlite3_bind_int, (sqlite3_stmt * statement, int index, int value),
               (statement, index, value))
{
    BIND(integer(value), REAL(sqlite3_bind_int)(statement, index, value));
}

FRONT_FUNCTION(int, sqlite3_bind_double, (sqlite3_stmt * statement, int index, double value),
               (statement, index, value))
{
    BIND(real(value), REAL(sqlite3_bind_double)(statement, index, value));
}

/* SQL sees NULL. */
FRONT_FUNCTION(int, sqlite3_bind_pointer,
               (sqlite3_stmt * statement, int index, void *pointer, const char *type,
                void (*destroy)(void *)),
               (statement, index, pointer, type, destroy))
{
    BIND(null(), REAL(sqlite3_bind_pointer)(statement, index, pointer, type, destroy));
}

FRONT_FUNCTION(int, sqlite3_bind_zeroblob, (sqlite3_stmt * statement, int index, int length),
               (statement, index, length))
{
    BIND(zeros(length > 0 ? (sqlite3_uint64)length : 0),
         REAL(sqlite3_bind_zeroblob)(statement, index, length));
}

FRONT_FUNCTION(int, sqlite3_bind_zeroblob64,
               (sqlite3_stmt * statement, int index, sqlite3_uint64 length),
               (statement, index, length))
{
    BIND(zeros(length), REAL(sqlite3_bind_zeroblob64)(statement, index, length));
}

FRONT_FUNCTION(int, sqlite3_bind_blob,
               (sqlite3_stmt * statement, int index, const void *data, int length,
                void (*destroy)(void *)),
               (statement, index, data, length, destroy))
{
    BIND(bytes(TOOLBAR__VALUE_BLOB, data, length > 0 ? (size_t)length : 0),
         REAL(sqlite3_bind_blob)(statement, index, data, length, destroy));
}

FRONT_FUNCTION(int, sqlite3_bind_blob64,
               (sqlite3_stmt * statement, int index, const void *data, sqlite3_uint64 length,
                void (*destroy)(void *)),
               (statement, index, data, length, destroy))
{
    BIND(bytes(TOOLBAR__VALUE_BLOB, data, (size_t)length),
         REAL(sqlite3_bind_blob64)(statement, index, data, length, destroy));
}

FRONT_FUNCTION(int, sqlite3_bind_text,
               (sqlite3_stmt * statement, int index, const char *data, int length,
                void (*destroy)(void *)),
               (statement, index, data, length, destroy))
{
    BIND(bytes(TOOLBAR__VALUE_TEXT, data,
               length >= 0 ? (size_t)length
               : data      ? strlen(data)
                           : 0),
         REAL(sqlite3_bind_text)(statement, index, data, length, destroy));
}

FRONT_FUNCTION(int, sqlite3_bind_text16,
               (sqlite3_stmt * statement, int index, const void *data, int length,
                void (*destroy)(void *)),
               (statement, index, data, length, destroy))
{
    char buffer[TOOLBAR__VALUE_MAXIMUM];

    BIND(text16(buffer, data, data ? toolbar__front_utf16_length(data, length) : 0,
                TOOLBAR__FRONT_BIG_ENDIAN),
         REAL(sqlite3_bind_text16)(statement, index, data, length, destroy));
}

FRONT_FUNCTION(int, sqlite3_bind_text64,
               (sqlite3_stmt * statement, int index, const char *data, sqlite3_uint64 length,
                void (*destroy)(void *), unsigned char encoding),
               (statement, index, data, length, destroy, encoding))
{
    char buffer[TOOLBAR__VALUE_MAXIMUM];

    BIND(text64(buffer, data, (size_t)length, encoding),
         REAL(sqlite3_bind_text64)(statement, index, data, length, destroy, encoding));
}

/* Left to sqlite3_expanded_sql(): looking at a value may convert it. */
FRONT_FUNCTION(int, sqlite3_bind_value,
               (sqlite3_stmt * statement, int index, const sqlite3_value *value),
               (statement, index, value))
{
    if (CALL_SITE()) toolbar__execution_bind_unknown(statement, index);
    return REAL(sqlite3_bind_value)(statement, index, value);
}

FRONT_FUNCTION(int, sqlite3_clear_bindings, (sqlite3_stmt * statement), (statement))
{
    if (CALL_SITE()) toolbar__execution_clear(statement);
    return REAL(sqlite3_clear_bindings)(statement);
}
