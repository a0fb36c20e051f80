/* The advisor on what was asked again. */
#include "test_sqlite_advice.h"

static void twice_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    twice(db);
    run_sql(db, "COMMIT");
}

static void written_between(sqlite3 *db)
{
    read_sql(db, LIST);
    run_sql(db, "UPDATE post SET title = 'new' WHERE id = 1");
    read_sql(db, LIST);
}

static void other_values(sqlite3 *db)
{
    read_each(db, NAME, 1, 2);
}

static void volatile_function(sqlite3 *db)
{
    read_sql(db, "SELECT random()");
    read_sql(db, "SELECT random()");
}

static void note(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_int(context, 0);
}

static void create_note(sqlite3 *db)
{
    assert_int_equal(sqlite3_create_function(db, "note", 1, SQLITE_UTF8, NULL, note, NULL, NULL),
                     SQLITE_OK);
}

/* What it does is not done once for both. */
static void function_called_twice(sqlite3 *db)
{
    create_note(db);
    read_sql(db, "SELECT note('seen')");
    read_sql(db, "SELECT note('seen')");
}

static void function_of_rows_twice(sqlite3 *db)
{
    create_note(db);
    read_sql(db, "SELECT name, note(age) FROM author WHERE id < 9");
    read_sql(db, "SELECT name, note(age) FROM author WHERE id < 9");
}

/* The rows are not to be counted, but each to be noted. */
static void function_called_for_each(sqlite3 *db)
{
    sqlite3_stmt *statement;

    create_note(db);
    statement = prepare_sql(db, "SELECT note(age) FROM author WHERE id < 9");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void empty_twice(sqlite3 *db)
{
    read_each(db, NAME, 1000, 1000);
    read_each(db, NAME, 1000, 1000);
}

static void pragma_twice(sqlite3 *db)
{
    read_sql(db, "PRAGMA user_version");
    read_sql(db, "PRAGMA user_version");
}

static void schema_twice(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM sqlite_schema");
    read_sql(db, "SELECT name FROM sqlite_schema");
}

static void current_time_twice(sqlite3 *db)
{
    read_sql(db, "SELECT current_timestamp");
    read_sql(db, "SELECT current_timestamp");
}

/* One author, and what belongs to it again and again. */
static void related(sqlite3 *db, const char *sql, int times)
{
    sqlite3_stmt *author = prepare_sql(db, "SELECT id, name FROM author WHERE name = 'name 9'");
    sqlite3_stmt *child = prepare_sql(db, sql);

    assert_int_equal(sqlite3_step(author), SQLITE_ROW);
    for (int i = 0; i < times; i++) {
        (void)sqlite3_column_text(author, 1);
        sqlite3_bind_int(child, 1, sqlite3_column_int(author, 0));
        read_all(child);
    }
    sqlite3_finalize(author);
    sqlite3_finalize(child);
}

static void related_twice(sqlite3 *db)
{
    related(db, "SELECT id, title FROM post WHERE author_id = ?", 2);
}

static void related_lookup(sqlite3 *db)
{
    related(db, "SELECT age FROM author WHERE id = ?", 3);
}

static void related_named(sqlite3 *db)
{
    related(db, "SELECT title FROM post WHERE author_id = :author", 4);
}

static void related_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    related_twice(db);
    run_sql(db, "ROLLBACK");
}

static void related_by_text(sqlite3 *db)
{
    sqlite3_stmt *author = prepare_sql(db, "SELECT code, name FROM author WHERE age = 25");
    sqlite3_stmt *child = prepare_sql(db, "SELECT label FROM tag WHERE code = ?");

    assert_int_equal(sqlite3_step(author), SQLITE_ROW);
    (void)sqlite3_column_text(author, 1);
    sqlite3_bind_text(child, 1, (const char *)sqlite3_column_text(author, 0), -1, SQLITE_TRANSIENT);
    read_all(child);
    read_all(child);
    sqlite3_finalize(author);
    sqlite3_finalize(child);
}

static void related_once(sqlite3 *db)
{
    related(db, "SELECT title FROM post WHERE author_id = ?", 1);
}

static void related_empty(sqlite3 *db)
{
    related(db, "SELECT title FROM post WHERE author_id = ? AND title = 'none'", 2);
}

static void related_changing(sqlite3 *db)
{
    related(db, "SELECT title, random() FROM post WHERE author_id = ?", 2);
}

static void related_written(sqlite3 *db)
{
    related_once(db);
    run_sql(db, "DELETE FROM post WHERE id = 1; UPDATE author SET age = 1 WHERE id = 1");
    related_once(db);
}

static void related_of_others(sqlite3 *db)
{
    for_each(db, "SELECT id, name FROM author WHERE id IN (3, 4)", 0,
             "SELECT title FROM post WHERE author_id = ?");
}

static void related_silenced(sqlite3 *db)
{
    related(db, "SELECT title FROM post WHERE author_id = ? -- toolbar:ignore", 2);
}

/* What the application has got a pointer to is not converted under it. */
static void text_read_as_blob_stays(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;
    const void *blob;

    (void)state;
    run_sql(db, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE word (text);"
                "INSERT INTO word VALUES ('a long enough word')");
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT text FROM word");
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    blob = sqlite3_column_blob(statement, 0);
    assert_memory_equal(blob, u"a long", 12);
    assert_int_equal(sqlite3_column_bytes16(statement, 0), 36);
    assert_ptr_equal(sqlite3_column_blob(statement, 0), blob);
    sqlite3_finalize(statement);
    shown_finish(&shown);
    shown_end(&shown);
    sqlite3_close(db);
}

static void repeated_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(twice, "repeated_query "),
        MUST(twice_by_value, "repeated_query "),
        MUST(twice_by_literal, "repeated_query "),
        MUST(twice_by_exec, "repeated_query "),
        MUST(twice_in_transaction, "repeated_query "),
        SILENT(written_between),
        SILENT(other_values),
        MUST(function_of_rows_twice, "repeated_query "),
        SILENT(function_called_twice),
        SILENT(function_called_for_each),
        SILENT(volatile_function),
        SILENT(current_time_twice),
        SILENT(empty_twice),
        SILENT(pragma_twice),
        SILENT(schema_twice),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void repeated_lookup(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(related_twice, "repeated_lookup "),
        MUST(related_lookup, "repeated_lookup "),
        MUST(related_named, "repeated_lookup "),
        MUST(related_in_transaction, "repeated_lookup "),
        MUST(related_by_text, "repeated_lookup "),
        SILENT(related_once),
        SILENT(related_empty),
        SILENT(related_changing),
        SILENT(related_written),
        SILENT(related_of_others),
        SILENT(related_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_read_as_blob_stays),
        cmocka_unit_test(repeated_query),
        cmocka_unit_test(repeated_lookup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
