/* The advisor on what was written: rows inserted, changed and deleted one by one. */
#include "test_sqlite_advice.h"

#define FILE_NAME "test_sqlite_advice.sqlite"

static void run_each(sqlite3 *db, const char *sql, int first, int last)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = first; i <= last; i++) {
        sqlite3_bind_int(statement, 1, i);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void in_transaction(sqlite3 *db, void (*act)(sqlite3 *db))
{
    run_sql(db, "BEGIN");
    act(db);
    run_sql(db, "COMMIT");
}

static void updates(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id = ?", 1, 30);
}

static void updates_in_transaction(sqlite3 *db)
{
    in_transaction(db, updates);
}

static void deletes(sqlite3 *db)
{
    run_each(db, "DELETE FROM post WHERE id = ?", 1, 20);
}

static void updates_by_literal(sqlite3 *db)
{
    run_sql(db, "UPDATE author SET age = 1 WHERE id = 1; UPDATE author SET age = 2 WHERE id = 2;"
                "UPDATE author SET age = 3 WHERE id = 3");
}

static void deletes_of_none(sqlite3 *db)
{
    run_each(db, "DELETE FROM post WHERE id = ?", 100, 103);
}

static void one_delete(sqlite3 *db)
{
    run_sql(db, "DELETE FROM post WHERE id BETWEEN 1 AND 20");
}

static void two_updates(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id = ?", 1, 2);
}

static void updates_of_many(sqlite3 *db)
{
    run_each(db, "UPDATE post SET title = 'x' WHERE author_id = ?", 1, 5);
}

static void different_updates(sqlite3 *db)
{
    run_sql(db, "UPDATE author SET age = 1 WHERE id = 1; UPDATE author SET code = 2 WHERE id = 2;"
                "UPDATE author SET name = 3 WHERE id = 3; UPDATE post SET title = 3 WHERE id = 3");
}

/* Each trigger deletes; the application does not. */
static void triggers(sqlite3 *db)
{
    run_sql(db, "CREATE TRIGGER gone AFTER INSERT ON log BEGIN DELETE FROM post WHERE id = 1; END;"
                "INSERT INTO log VALUES (1), (2), (3), (4)");
}

static void updates_silenced(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id = ? /* toolbar:ignore bulk_write */", 1, 30);
}

static void run_pairs(sqlite3 *db, const char *sql, int first, int last)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = first; i <= last; i++) {
        sqlite3_bind_int(statement, 1, i * i);
        sqlite3_bind_int(statement, 2, i);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void different_values(sqlite3 *db)
{
    run_pairs(db, "UPDATE author SET age = ? WHERE id = ?", 1, 9);
}

static void different_values_of_two(sqlite3 *db)
{
    run_pairs(db, "UPDATE author AS a SET age = ?1, code = 'c' WHERE id = ?2 AND name <> ''", 1, 9);
    run_pairs(db, "UPDATE post SET title = ?1, author_id = ?1 WHERE id = :id", 1, 3);
}

static void links_deleted(sqlite3 *db)
{
    run_pairs(db, "DELETE FROM post WHERE author_id = ? AND id = ?;", 1, 9);
}

static void inserts(sqlite3 *db)
{
    run_each(db, "INSERT INTO log VALUES (?)", 1, 30);
}

static void inserts_with_trigger(sqlite3 *db)
{
    run_each(db, "INSERT INTO tag VALUES (?1, 'new')", 1, 30);
}

static void inserts_by_text(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log VALUES (1); INSERT INTO log VALUES (2);"
                "INSERT INTO log VALUES (3)");
}

static void inserts_prepared_anew(sqlite3 *db)
{
    in_transaction(db, inserts_by_text);
}

static void hundred(sqlite3 *db)
{
    run_each(db, "REPLACE INTO log VALUES (?)", 1, 100);
}

static void hundred_in_transaction(sqlite3 *db)
{
    in_transaction(db, hundred);
}

static void returning(sqlite3 *db)
{
    run_each(db, "INSERT INTO log VALUES (?) RETURNING rowid", 1, 5);
}

static void inserts_in_transaction(sqlite3 *db)
{
    in_transaction(db, inserts);
}

static void several_rows(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log VALUES (1), (2), (3), (4); INSERT INTO log VALUES (1), (2), (3);"
                "INSERT INTO log VALUES (1), (2)");
}

static void triggered(sqlite3 *db)
{
    run_sql(db, "INSERT INTO tag VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')");
}

static void from_select(sqlite3 *db)
{
    run_each(db, "INSERT INTO log SELECT name FROM author WHERE id = ?", 1, 9);
}

static void two_inserts(sqlite3 *db)
{
    run_each(db, "INSERT INTO log VALUES (?)", 1, 2);
}

static void different_tables(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log VALUES (1); INSERT INTO tag VALUES (2, '');"
                "INSERT INTO author (id) VALUES (300); INSERT INTO post (id) VALUES (300)");
}

static void inserts_silenced(sqlite3 *db)
{
    run_each(db, "INSERT INTO log VALUES (?) -- toolbar:ignore bulk_insert", 1, 30);
}

static void bulk_write(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(updates, "bulk_write "),
        MUST(updates_in_transaction, "bulk_write "),
        MUST(deletes, "bulk_write "),
        MUST(updates_by_literal, "bulk_write "),
        MUST(deletes_of_none, "bulk_write "),
        MUST(different_values, "bulk_write "),
        MUST(different_values_of_two, "bulk_write bulk_write "),
        MUST(links_deleted, "bulk_write "),
        SILENT(one_delete),
        SILENT(two_updates),
        SILENT(updates_of_many),
        SILENT(different_updates),
        SILENT(triggers),
        SILENT(updates_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void bulk_insert(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(inserts, "bulk_insert "),
        MUST(inserts_with_trigger, "bulk_insert "),
        MUST(inserts_by_text, "bulk_insert "),
        MUST(inserts_prepared_anew, "bulk_insert "),
        MUST(hundred_in_transaction, "bulk_insert "),
        MUST(returning, "bulk_insert "),
        SILENT(inserts_in_transaction),
        SILENT(several_rows),
        SILENT(triggered),
        SILENT(from_select),
        SILENT(two_inserts),
        SILENT(different_tables),
        SILENT(inserts_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void commits_to_a_file_are_severe(void **state)
{
    struct toolbar_recording *recording;
    struct shown shown;
    sqlite3 *db;

    (void)state;
    unlink(FILE_NAME);
    db = open_database(FILE_NAME);
    create_blog(db);
    shown_begin(&shown);
    recording = shown.request.recording;
    run_each(db, "INSERT INTO log VALUES (?)", 1, 3);
    shown_finish(&shown);
    toolbar__advise(recording);
    assert_int_equal(recording->advices.count, 1);
    assert_int_equal(recording->advices.first->severity, TOOLBAR__HIGH);
    assert_string_equal(recording->advices.first->fix,
                        "BEGIN;\nINSERT INTO log VALUES (?); -- and the 2 others\nCOMMIT;");
    assert_int_equal(recording->advices.first->query_count, 3);
    assert_int_equal(recording->advices.first->queries[0], 1);
    assert_null(recording->tracking);
    shown_end(&shown);
    sqlite3_close(db);
    unlink(FILE_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bulk_write),
        cmocka_unit_test(bulk_insert),
        cmocka_unit_test(commits_to_a_file_are_severe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
