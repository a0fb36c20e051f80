/* Bound parameters: seen while they are bound, or read back from the expanded text. */
#include "test_sqlite_support.h"

#include <math.h>

static const char all_kinds[] =
    "SELECT ?, :name, @a, $b, ?9, ?, 'it''s ? :x', \"?\" AS q -- ?\n FROM author WHERE id=?7AND 1";

/* The values of the request's only query. */
static const struct toolbar__value *values_of(struct shown *shown, unsigned count)
{
    const struct toolbar__query *query = query_at(shown_finish(shown), 1);

    assert_int_equal(shown->request.recording->query_count, 1);
    assert_int_equal(query->value_count, count);
    return query->values;
}

static void assert_bytes(const struct toolbar__value *value, enum toolbar__value_type type,
                         const char *bytes, size_t kept, size_t length)
{
    assert_int_equal(value->type, type);
    assert_int_equal(value->kept, kept);
    assert_int_equal(value->length, length);
    assert_memory_equal(value->as.bytes, bytes, kept);
}

static void bind_all_kinds(sqlite3_stmt *statement)
{
    static const char with_quote[] = "it's '' \u20ac";
    char transient[] = "\x00\xff\x27";

    assert_int_equal(sqlite3_bind_int64(statement, 1, INT64_MIN), SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(statement, 2, with_quote, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_bind_double(statement, 3, -1.5e-7), SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob(statement, 4, transient, 3, SQLITE_TRANSIENT), SQLITE_OK);
    memset(transient, 'x', sizeof transient);
    assert_int_equal(sqlite3_bind_zeroblob(statement, 9, 7), SQLITE_OK);
    assert_int_equal(sqlite3_bind_null(statement, 10), SQLITE_OK);
    assert_int_equal(sqlite3_bind_int(statement, 7, 42), SQLITE_OK);
}

static void check_all_kinds(const struct toolbar__value *values)
{
    assert_int_equal(values[0].type, TOOLBAR__VALUE_INTEGER);
    assert_true(values[0].as.integer == INT64_MIN);
    assert_null(values[0].name);
    assert_bytes(&values[1], TOOLBAR__VALUE_TEXT, "it's '' \u20ac", 11, 11);
    assert_string_equal(values[1].name, ":name");
    assert_int_equal(values[2].type, TOOLBAR__VALUE_REAL);
    assert_true(values[2].as.real == -1.5e-7);
    assert_string_equal(values[2].name, "@a");
    assert_bytes(&values[3], TOOLBAR__VALUE_BLOB, "\x00\xff\x27", 3, 3);
    assert_string_equal(values[3].name, "$b");
    assert_int_equal(values[6].type, TOOLBAR__VALUE_INTEGER);
    assert_int_equal(values[6].as.integer, 42);
    assert_null(values[6].name);
    assert_bytes(&values[8], TOOLBAR__VALUE_BLOB, "", 0, 7);
    assert_int_equal(values[9].type, TOOLBAR__VALUE_NULL);
}

static void values_are_noted_when_they_are_bound(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    statement = prepare_sql(db, all_kinds);
    bind_all_kinds(statement);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    check_all_kinds(values_of(&shown, 10));
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* Bound before the request: nothing was seen. */
static void values_are_read_back_when_they_were_not(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    statement = prepare_sql(db, all_kinds);
    bind_all_kinds(statement);
    shown_begin(&shown);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    check_all_kinds(values_of(&shown, 10));
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void some_bound_before_and_some_in_the_request(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement = prepare_sql(db, "SELECT ?, ?");
    const struct toolbar__value *values;
    struct shown shown;

    (void)state;
    sqlite3_bind_int(statement, 1, 1);
    sqlite3_bind_int(statement, 2, 2);
    shown_begin(&shown);
    sqlite3_bind_int(statement, 2, 3);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    values = values_of(&shown, 2);
    assert_int_equal(values[0].as.integer, 1);
    assert_int_equal(values[1].as.integer, 3);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void bindings_outlive_reset_and_end_with_clear(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar_recording *recording;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT ?, ?");
    for (int i = 0; i < 4; i++) {
        if (i == 1) sqlite3_bind_text(statement, 1, "text", 3, SQLITE_STATIC);
        if (i == 2) sqlite3_bind_int(statement, 2, 5);
        if (i == 3) sqlite3_clear_bindings(statement);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    recording = shown_finish(&shown);
    assert_int_equal(query_at(recording, 1)->values[0].type, TOOLBAR__VALUE_NULL);
    assert_bytes(&query_at(recording, 2)->values[0], TOOLBAR__VALUE_TEXT, "tex", 3, 3);
    assert_int_equal(query_at(recording, 2)->values[1].type, TOOLBAR__VALUE_NULL);
    assert_bytes(&query_at(recording, 3)->values[0], TOOLBAR__VALUE_TEXT, "tex", 3, 3);
    assert_int_equal(query_at(recording, 3)->values[1].as.integer, 5);
    assert_int_equal(query_at(recording, 4)->values[0].type, TOOLBAR__VALUE_NULL);
    assert_int_equal(query_at(recording, 1)->duplicate, 2);
    assert_int_equal(query_at(recording, 2)->duplicate, 0);
    shown_end(&shown);
    sqlite3_close(db);
}

/* SQLite gives the address of a finalized statement to the next one. */
static void values_do_not_stick_to_an_address(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar__value *values;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT ?");
    sqlite3_bind_int(statement, 1, 5);
    /* Out of our sight. */
    toolbar__current_set(NULL);
    sqlite3_finalize(statement);
    toolbar__current_set(&shown.request);
    statement = prepare_sql(db, "SELECT ?");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    values = values_of(&shown, 1);
    assert_int_equal(values[0].type, TOOLBAR__VALUE_NULL);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void other_ways_to_bind(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *source = prepare_sql(db, "SELECT 'from a value'");
    sqlite3_stmt *statement;
    const struct toolbar__value *values;
    struct shown shown;

    (void)state;
    assert_int_equal(sqlite3_step(source), SQLITE_ROW);
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT ?, ?, ?, ?, ?, ?, ?, ?");
    sqlite3_bind_text16(statement, 1, u"16 \u20ac \U0001f600", -1, SQLITE_STATIC);
    sqlite3_bind_text64(statement, 2, "a\0b", 3, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(statement, 3, "\0h\0i", 4, SQLITE_STATIC, SQLITE_UTF16BE);
    sqlite3_bind_blob64(statement, 4, "blob", 4, SQLITE_STATIC);
    sqlite3_bind_zeroblob64(statement, 5, 1000);
    sqlite3_bind_pointer(statement, 6, db, "db", NULL);
    sqlite3_bind_double(statement, 7, (double)NAN);
    sqlite3_bind_text(statement, 8, NULL, 5, SQLITE_STATIC);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    values = values_of(&shown, 8);
    assert_bytes(&values[0], TOOLBAR__VALUE_TEXT, "16 \u20ac \U0001f600", 11, 11);
    assert_bytes(&values[1], TOOLBAR__VALUE_TEXT, "a\0b", 3, 3);
    assert_bytes(&values[2], TOOLBAR__VALUE_TEXT, "hi", 2, 2);
    assert_bytes(&values[3], TOOLBAR__VALUE_BLOB, "blob", 4, 4);
    assert_bytes(&values[4], TOOLBAR__VALUE_BLOB, "", 0, 1000);
    assert_int_equal(values[5].type, TOOLBAR__VALUE_NULL);
    assert_int_equal(values[6].type, TOOLBAR__VALUE_NULL);
    assert_int_equal(values[7].type, TOOLBAR__VALUE_NULL);
    shown_end(&shown);
    sqlite3_finalize(statement);

    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT ?, ?, ?");
    sqlite3_bind_value(statement, 1, sqlite3_column_value(source, 0));
    sqlite3_bind_double(statement, 2, HUGE_VAL);
    sqlite3_bind_double(statement, 3, 1e20);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    values = values_of(&shown, 3);
    assert_bytes(&values[0], TOOLBAR__VALUE_TEXT, "from a value", 12, 12);
    assert_int_equal(values[1].type, TOOLBAR__VALUE_REAL);
    assert_true(values[1].as.real == HUGE_VAL);
    assert_true(values[2].as.real == 1e20);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_finalize(source);
    sqlite3_close(db);
}

static int freed;

static void free_text(void *text)
{
    memset(text, 'x', 4);
    free(text);
    freed++;
}

/* In an UTF-16 database SQLite converts at once and gives the bytes back to their owner. */
static void bytes_that_are_freed_by_the_bind(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar__value *values;
    struct shown shown;

    (void)state;
    run_sql(db, "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (a)");
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT ?");
    freed = 0;
    assert_int_equal(sqlite3_bind_text(statement, 1, strdup("mine"), 4, free_text), SQLITE_OK);
    assert_int_equal(freed, 1);
    assert_int_equal(sqlite3_bind_text(statement, 2, strdup("mine"), 4, free_text), SQLITE_RANGE);
    assert_int_equal(sqlite3_bind_int(statement, 0, 4), SQLITE_RANGE);
    assert_int_equal(freed, 2);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    /* Too late: the statement goes on with what it has. */
    assert_int_equal(sqlite3_bind_int(statement, 1, 9), SQLITE_MISUSE);
    sqlite3_reset(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    shown_finish(&shown);
    assert_int_equal(shown.request.recording->query_count, 2);
    for (unsigned i = 1; i <= 2; i++) {
        values = query_at(shown.request.recording, i)->values;
        assert_bytes(&values[0], TOOLBAR__VALUE_TEXT, "mine", 4, 4);
    }
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void big_values_are_cut(void **state)
{
    static char big[100 * 1000];
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar__value *values;
    struct shown shown;

    (void)state;
    memset(big, 'z', sizeof big);
    /* The cut at 256 bytes would be inside this character. */
    memcpy(big + 254, "\u20ac", sizeof "\u20ac" - 1);
    for (int before = 0; before < 2; before++) {
        statement = prepare_sql(db, "SELECT ?, ?");
        if (!before) shown_begin(&shown);
        sqlite3_bind_text(statement, 1, big, sizeof big, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 2, big, sizeof big, SQLITE_STATIC);
        if (before) shown_begin(&shown);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        values = values_of(&shown, 2);
        assert_bytes(&values[0], TOOLBAR__VALUE_TEXT, big, 254, sizeof big);
        assert_bytes(&values[1], TOOLBAR__VALUE_BLOB, big, 256, sizeof big);
        shown_end(&shown);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void many_parameters(void **state)
{
    sqlite3 *db = open_database(":memory:");
    char sql[2000];
    struct shown shown;

    (void)state;
    for (int count = 60; count <= 140; count += 40) {
        sqlite3_stmt *statement;
        const struct toolbar__value *values;

        snprintf(sql, sizeof sql, "SELECT ?");
        for (size_t i = 1; i < (size_t)count; i++) {
            memcpy(sql + 6 + 2 * i, ",?", 3);
        }
        shown_begin(&shown);
        statement = prepare_sql(db, sql);
        for (int i = 1; i <= count; i++) {
            sqlite3_bind_int(statement, i, -i);
        }
        assert_int_equal(step_all(statement), SQLITE_DONE);
        values = values_of(&shown, count < 64 ? (unsigned)count : 64);
        for (int i = 0; i < count && i < 64; i++) {
            if (count <= TOOLBAR__VALUES_MAXIMUM * 2) {
                assert_int_equal(values[i].as.integer, -i - 1);
            } else {
                assert_int_equal(values[i].type, TOOLBAR__VALUE_UNKNOWN);
            }
        }
        shown_end(&shown);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_noted_when_they_are_bound),
        cmocka_unit_test(values_are_read_back_when_they_were_not),
        cmocka_unit_test(some_bound_before_and_some_in_the_request),
        cmocka_unit_test(bindings_outlive_reset_and_end_with_clear),
        cmocka_unit_test(values_do_not_stick_to_an_address),
        cmocka_unit_test(other_ways_to_bind),
        cmocka_unit_test(bytes_that_are_freed_by_the_bind),
        cmocka_unit_test(big_values_are_cut),
        cmocka_unit_test(many_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
