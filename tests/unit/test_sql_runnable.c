/* Statements with their values filled in: what a shell would run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <sqlite3.h>

#include "panels/sql_parts.h"

static struct toolbar__value value(enum toolbar__value_type type, const char *bytes, size_t length)
{
    return (struct toolbar__value){
        .type = type, .as.bytes = bytes, .kept = length, .length = length};
}

static struct toolbar__value integer(int64_t number)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_INTEGER, .as.integer = number};
}

static struct toolbar__value real(double number)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_REAL, .as.real = number};
}

static char *runnable(bool hide_values, const char *sql, const struct toolbar__value *values,
                      unsigned count)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__statement *statement;
    const struct toolbar__query *query;
    struct toolbar_text text;
    char *result;

    recording->hide_values = hide_values;
    statement = toolbar__recording_statement(recording, "main", sql, strlen(sql));
    query = toolbar__recording_query(recording, statement, 0, values, count);
    toolbar__text_init(&text, 65536);
    toolbar__sql_runnable(&text, query);
    toolbar__recording_unref(recording);
    result = toolbar__text_take(&text, NULL);
    assert_non_null(result);
    return result;
}

static void assert_runnable(const char *sql, const struct toolbar__value *values, unsigned count,
                            const char *expected)
{
    char *actual = runnable(false, sql, values, count);

    assert_string_equal(actual, expected);
    free(actual);
}

static void values_are_quoted_as_sql(void **state)
{
    const struct toolbar__value values[] = {
        integer(INT64_MIN),
        real(1),
        real(0.1),
        real(-INFINITY),
        value(TOOLBAR__VALUE_TEXT, "it's", 4),
        value(TOOLBAR__VALUE_BLOB, "\0\xff", 2),
        value(TOOLBAR__VALUE_NULL, NULL, 0),
        value(TOOLBAR__VALUE_BLOB, "", 0),
        value(TOOLBAR__VALUE_TEXT, "", 0),
    };

    (void)state;
    assert_runnable("SELECT ?,?,?,?,?,?,?,?,?", values, 9,
                    "SELECT -9223372036854775808,1.0,0.1,-9e999,'it''s',x'00ff',NULL,x'',''");
}

static void parameters_have_sqlites_numbers(void **state)
{
    struct toolbar__value values[] = {integer(1), integer(2), integer(3), integer(4), integer(5)};

    (void)state;
    values[3].name = ":a";
    assert_runnable("SELECT ?2, ?, :a, ?1, ':a?', ?, :a, \"?\" -- ?\n", values, 5,
                    "SELECT 2, 3, 4, 1, ':a?', 5, 4, \"?\" -- ?\n");
    assert_runnable("SELECT ?9, @nobody, ?99999999999999999999", values, 5,
                    "SELECT NULL /* not known */, NULL /* not known */, NULL /* not known */");
}

static void what_is_not_there_is_said(void **state)
{
    static char long_text[1000];
    struct toolbar__value values[] = {
        value(TOOLBAR__VALUE_TEXT, "hunter2", 7),
        value(TOOLBAR__VALUE_UNKNOWN, NULL, 0),
        value(TOOLBAR__VALUE_BLOB, "", 0),
        value(TOOLBAR__VALUE_TEXT, "a\0b", 3),
        value(TOOLBAR__VALUE_TEXT, "\xff", 1),
        value(TOOLBAR__VALUE_TEXT, long_text, sizeof long_text),
    };
    char *sql;

    (void)state;
    values[0].name = ":password";
    values[2].length = 70;
    memset(long_text, 'x', sizeof long_text);
    assert_runnable("SELECT :password, ?, ?, ?, ?", values, 5,
                    "SELECT NULL /* masked */, NULL /* not known */, zeroblob(70), "
                    "CAST(x'610062' AS TEXT), CAST(x'ff' AS TEXT)");
    sql = runnable(false, "SELECT ?6", values, 6);
    assert_non_null(strstr(sql, "xxx' /* cut: 256 of 1000 bytes */"));
    free(sql);
    sql = runnable(true, "SELECT 'literal', ?, ?1", values + 3, 1);
    assert_string_equal(sql, "SELECT NULL /* masked */, NULL /* masked */, NULL /* masked */");
    free(sql);
}

/* ^U empties the line of most shells, and ends their bracketed pastes after an ESC. */
static void nothing_is_a_command_to_a_shell(void **state)
{
    static const char *const hostile[] = {"\x15.shell x\n", "\033[201~",   "\x7f", "\r",
                                          "\xc2\x9b",       "\xe2\x80\xae"};
    char *sql;

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct toolbar__value text = value(TOOLBAR__VALUE_TEXT, hostile[i], strlen(hostile[i]));

        sql = runnable(false, "SELECT ?", &text, 1);
        assert_memory_equal(sql, "SELECT CAST(x'", 14);
        free(sql);
    }
    assert_runnable("SELECT '\x15\033\x7f',\t1\r\n", NULL, 0,
                    "SELECT '?"
                    "?"
                    "?',\t1\r\n");
}

/* SQLite itself reads back what was bound. */
static void sqlite_reads_the_same_values(void **state)
{
    const struct toolbar__value values[] = {real(0.1 + 0.2), real(1e15),
                                            value(TOOLBAR__VALUE_TEXT, "'\"\\\n;--", 7),
                                            value(TOOLBAR__VALUE_TEXT, "a\0b", 3), real(-0.5)};
    char *sql = runnable(false, "SELECT ?, ?, ?, ?, ?", values, 5);
    sqlite3_stmt *statement;
    sqlite3 *db;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_true(sqlite3_column_double(statement, 0) == 0.1 + 0.2);
    assert_true(sqlite3_column_double(statement, 1) == 1e15);
    assert_string_equal(sqlite3_column_text(statement, 2), "'\"\\\n;--");
    assert_int_equal(sqlite3_column_type(statement, 3), SQLITE_TEXT);
    assert_int_equal(sqlite3_column_bytes(statement, 3), 3);
    assert_true(sqlite3_column_double(statement, 4) == -0.5);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    free(sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_quoted_as_sql),
        cmocka_unit_test(parameters_have_sqlites_numbers),
        cmocka_unit_test(what_is_not_there_is_said),
        cmocka_unit_test(nothing_is_a_command_to_a_shell),
        cmocka_unit_test(sqlite_reads_the_same_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
