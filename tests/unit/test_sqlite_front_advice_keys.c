/* The advisor on rows that were looked up for their own key, or to see whether there is one. */
#include "test_sqlite_advice.h"

#define ID "SELECT id FROM author WHERE id = ?"

static void echoed(sqlite3 *db)
{
    for_each(db, LIST, 1, ID);
}

static void echoed_once(sqlite3 *db)
{
    for_each(db, "SELECT author_id, title FROM post WHERE id = 9", 0, ID);
}

/* Stepped to the row, and not further. */
static void echoed_first(sqlite3 *db)
{
    sqlite3_stmt *post = prepare_sql(db, "SELECT author_id FROM post WHERE id = 4");
    sqlite3_stmt *author = prepare_sql(db, "SELECT a.id, name FROM author AS a WHERE a.id = :id");

    assert_int_equal(sqlite3_step(post), SQLITE_ROW);
    sqlite3_bind_int64(author, 1, sqlite3_column_int64(post, 0));
    assert_int_equal(sqlite3_step(author), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(author, 0), 2);
    sqlite3_finalize(author);
    sqlite3_finalize(post);
}

static void echoed_text(sqlite3 *db)
{
    sqlite3_stmt *author = prepare_sql(db, "SELECT code FROM author WHERE id = 4");
    sqlite3_stmt *tag = prepare_sql(db, "SELECT code FROM tag WHERE code = ? LIMIT 1");

    assert_int_equal(sqlite3_step(author), SQLITE_ROW);
    sqlite3_bind_text(tag, 1, (const char *)sqlite3_column_text(author, 0), -1, SQLITE_TRANSIENT);
    assert_int_equal(read_all(tag), 1);
    sqlite3_finalize(tag);
    sqlite3_finalize(author);
}

static void echoed_literal(sqlite3 *db)
{
    sqlite3_stmt *post = prepare_sql(db, "SELECT author_id FROM post WHERE id < 7");

    while (sqlite3_step(post) == SQLITE_ROW) {
        char sql[100];

        snprintf(sql, sizeof sql, "SELECT id FROM author WHERE id = %d",
                 sqlite3_column_int(post, 0));
        read_sql(db, sql);
    }
    sqlite3_finalize(post);
}

static void echoed_blob(sqlite3 *db)
{
    sqlite3_stmt *list, *part;

    unseen(db, "CREATE TABLE part (hash BLOB PRIMARY KEY); CREATE TABLE whole (part_hash BLOB);"
               "INSERT INTO part VALUES (x'00ff'), (x'01fe'), (x'02fd');"
               "INSERT INTO whole SELECT hash FROM part");
    list = prepare_sql(db, "SELECT part_hash FROM whole");
    part = prepare_sql(db, "SELECT hash FROM part WHERE hash = ?1");
    while (sqlite3_step(list) == SQLITE_ROW) {
        sqlite3_bind_blob(part, 1, sqlite3_column_blob(list, 0), sqlite3_column_bytes(list, 0),
                          SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(part), SQLITE_ROW);
        (void)sqlite3_column_blob(part, 0);
        sqlite3_reset(part);
    }
    sqlite3_finalize(part);
    sqlite3_finalize(list);
}

static void key_used(sqlite3 *db)
{
    read_sql(db, LIST);
}

static void name_read_too(sqlite3 *db)
{
    for_each(db, "SELECT author_id FROM post WHERE id = 9", 0,
             "SELECT id, name FROM author WHERE id = ?");
}

static void key_from_elsewhere(sqlite3 *db)
{
    read_sql(db, "SELECT title FROM post WHERE id = 30");
    read_each(db, ID, 7, 7);
}

/* The same number, of something else. */
static void number_of_another_kind(sqlite3 *db)
{
    read_sql(db, "SELECT id, age FROM author WHERE id = 9");
    read_each(db, "SELECT id FROM post WHERE id = ?", 9, 9);
    read_each(db, "SELECT id FROM post WHERE id = ?", 29, 29);
}

static void condition_checked(sqlite3 *db)
{
    for_each(db, "SELECT author_id FROM post WHERE id = 9", 0,
             "SELECT id FROM author WHERE id = ? AND age > 20");
}

static void not_there(sqlite3 *db)
{
    unseen(db, "UPDATE post SET author_id = 900 WHERE id = 9");
    for_each(db, "SELECT author_id FROM post WHERE id = 9", 0, ID);
}

static void key_of_children(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id = 7", 0,
             "SELECT author_id FROM post WHERE author_id = ? LIMIT 1");
}

static void gone_since(sqlite3 *db)
{
    sqlite3_stmt *post = prepare_sql(db, "SELECT author_id FROM post WHERE id = 9");

    read_all(post);
    run_sql(db, "DELETE FROM author WHERE id = 6");
    read_each(db, ID, 5, 5);
    sqlite3_finalize(post);
}

/* The second time it gives the spelling of the table, which is what it was asked for. */
static void spelled_otherwise(sqlite3 *db)
{
    sqlite3_stmt *item, *unit;

    unseen(db, "CREATE TABLE unit (code TEXT PRIMARY KEY COLLATE NOCASE); CREATE TABLE item (code);"
               "INSERT INTO unit VALUES ('kg'), ('m'); INSERT INTO item VALUES ('kg'), ('M')");
    item = prepare_sql(db, "SELECT code FROM item");
    unit = prepare_sql(db, "SELECT code FROM unit WHERE code = ?");
    while (sqlite3_step(item) == SQLITE_ROW) {
        sqlite3_bind_text(unit, 1, (const char *)sqlite3_column_text(item, 0), -1,
                          SQLITE_TRANSIENT);
        assert_int_equal(read_all(unit), 1);
    }
    sqlite3_finalize(unit);
    sqlite3_finalize(item);
}

static int ignore(void *cls, int count, char **values, char **names)
{
    (void)cls, (void)count, (void)values, (void)names;
    return 0;
}

static void key_read_by_exec(sqlite3 *db)
{
    read_sql(db, "SELECT author_id FROM post WHERE id = 9");
    assert_int_equal(sqlite3_exec(db, "SELECT id FROM author WHERE id = 5", ignore, NULL, NULL),
                     SQLITE_OK);
}

static void redundant_lookup(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(echoed, "redundant_lookup "),
        MUST(echoed_once, "redundant_lookup "),
        MUST(echoed_first, "redundant_lookup "),
        MUST(echoed_text, "redundant_lookup "),
        MUST(echoed_literal, "redundant_lookup "),
        MUST(echoed_blob, "redundant_lookup "),
        SILENT(key_used),
        SILENT(name_read_too),
        SILENT(key_from_elsewhere),
        SILENT(number_of_another_kind),
        SILENT(condition_checked),
        SILENT(not_there),
        SILENT(key_of_children),
        SILENT(gone_since),
        SILENT(spelled_otherwise),
        SILENT(key_read_by_exec),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* Steps once and reads the columns of which the bit is set. */
static void step_once(sqlite3 *db, const char *sql, unsigned columns)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    (void)sqlite3_step(statement);
    for (int i = 0; i < sqlite3_data_count(statement); i++) {
        if (columns & 1U << i) (void)sqlite3_column_text(statement, i);
    }
    sqlite3_finalize(statement);
}

static void any_post(sqlite3 *db)
{
    step_once(db, "SELECT id FROM post", 0);
}

static void any_of_range(sqlite3 *db)
{
    step_once(db, "SELECT * FROM author WHERE age > 30 ORDER BY id;", 0);
}

static void any_of_author(sqlite3 *db)
{
    step_once(db, "SELECT title FROM post WHERE author_id = 1", 0);
}

static void any_sorted(sqlite3 *db)
{
    step_once(db, "SELECT p.id FROM post p JOIN author a ON a.id = p.author_id ORDER BY a.name", 0);
}

static void any_scanned(sqlite3 *db)
{
    step_once(db, "SELECT id FROM author WHERE name = 'name 20'", 0);
}

static void any_twice(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author WHERE name LIKE 'name%'");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_data_count(statement), 1);
    sqlite3_reset(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_finalize(statement);
}

static void newest(sqlite3 *db)
{
    step_once(db, "SELECT title FROM post ORDER BY title DESC", 1);
}

static void newest_of_kind(sqlite3 *db)
{
    unseen(db, "CREATE TABLE job (kind, at); CREATE INDEX job_kind ON job (kind);"
               "INSERT INTO job SELECT id % 2, -id FROM author");
    step_once(db, "SELECT at FROM job WHERE kind = 1 ORDER BY at", 1);
}

static void is_there(sqlite3 *db)
{
    step_once(db, "SELECT EXISTS (SELECT 1 FROM post)", 0);
}

static void with_limit(sqlite3 *db)
{
    step_once(db, "SELECT 1 FROM post ORDER BY title LIMIT 1", 0);
    step_once(db, "SELECT title FROM post ORDER BY title LIMIT 1", 1);
}

static void literal_only(sqlite3 *db)
{
    step_once(db, "SELECT 1 FROM post WHERE author_id > 3", 0);
}

static void by_unique_key(sqlite3 *db)
{
    step_once(db, "SELECT name FROM author WHERE id = 3", 0);
    step_once(db, "SELECT label FROM tag WHERE code = 'c7'", 0);
    step_once(db, "SELECT id FROM author WHERE id = 5 ORDER BY name", 1);
}

static void first_read(sqlite3 *db)
{
    step_once(db, "SELECT title FROM post ORDER BY id", 1);
}

static void none_there(sqlite3 *db)
{
    step_once(db, "SELECT id FROM post WHERE author_id > 500", 0);
}

static void two_looked_at(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author WHERE age > 20");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_finalize(statement);
}

static void counts(sqlite3 *db)
{
    step_once(db, "SELECT count(*) FROM post", 1);
    step_once(db, "SELECT max(title) FROM post GROUP BY author_id ORDER BY 1", 1);
}

static void returning(sqlite3 *db)
{
    step_once(db, "UPDATE author SET age = 1 WHERE age > 40 RETURNING id", 0);
}

static int stop(void *cls, int count, char **values, char **names)
{
    (void)cls, (void)count, (void)values, (void)names;
    return 1;
}

static void stopped_by_callback(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "SELECT id FROM post ORDER BY title", stop, NULL, NULL),
                     SQLITE_ABORT);
}

static void exists_check(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(any_post, "exists_check "),
        MUST(any_of_range, "exists_check "),
        MUST(any_of_author, "exists_check "),
        MUST(any_sorted, "exists_check "),
        MUST(any_scanned, "exists_check "),
        MUST(any_twice, "repeated_query exists_check "),
        MUST(newest, "exists_check "),
        MUST(newest_of_kind, "exists_check "),
        SILENT(is_there),
        SILENT(with_limit),
        SILENT(literal_only),
        SILENT(by_unique_key),
        SILENT(first_read),
        SILENT(none_there),
        SILENT(two_looked_at),
        SILENT(counts),
        SILENT(returning),
        SILENT(stopped_by_callback),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redundant_lookup),
        cmocka_unit_test(exists_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
