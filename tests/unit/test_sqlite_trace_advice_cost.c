/* The advisor where only the trace hook watches: writes, work, and what cannot be told. */
#include "test_sqlite_advice.h"

static void run_each(sqlite3 *db, const char *sql, int count)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = 1; i <= count; i++) {
        sqlite3_bind_int(statement, 1, i);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void join(sqlite3 *db)
{
    read_sql(db, "SELECT p.title, a.name FROM post p JOIN author a ON a.id = p.author_id");
}

static void updates(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id = ?", 30);
}

static void updates_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    updates(db);
    run_sql(db, "COMMIT");
}

static void deletes(sqlite3 *db)
{
    run_each(db, "DELETE FROM post WHERE id = ?", 20);
}

static void updates_by_literal(sqlite3 *db)
{
    run_sql(db, "UPDATE author SET age = 1 WHERE id = 4; UPDATE author SET age = 2 WHERE id = 5;"
                "UPDATE author SET age = 3 WHERE id = 6");
}

static void deletes_of_none(sqlite3 *db)
{
    run_each(db, "DELETE FROM post WHERE title = ?", 3);
}

static void inserts(sqlite3 *db)
{
    run_each(db, "INSERT INTO log VALUES (?)", 30);
}

static void inserts_with_trigger(sqlite3 *db)
{
    run_each(db, "INSERT INTO tag VALUES (?1, 'new')", 30);
}

static void inserts_by_text(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log VALUES (1); INSERT INTO log VALUES (2);"
                "INSERT INTO log VALUES (3)");
}

static void inserts_prepared_anew(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    inserts_by_text(db);
    run_sql(db, "COMMIT");
}

static void hundred_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    run_each(db, "REPLACE INTO log VALUES (?)", 100);
    run_sql(db, "COMMIT");
}

static void one_delete(sqlite3 *db)
{
    run_sql(db, "DELETE FROM post WHERE id BETWEEN 3 AND 9");
}

static void two_updates(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id = ?", 2);
}

static void updates_of_many(sqlite3 *db)
{
    run_each(db, "UPDATE author SET age = 1 WHERE id > ?", 5);
}

static void inserts_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    inserts(db);
    run_sql(db, "COMMIT");
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
    run_each(db, "INSERT INTO log SELECT name FROM author WHERE id = ?", 9);
}

static void bulk(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(updates, "bulk_write "),
        MUST(updates_in_transaction, "bulk_write "),
        MUST(deletes, "bulk_write "),
        MUST(updates_by_literal, "bulk_write "),
        MUST(deletes_of_none, "bulk_write "),
        MUST(inserts, "bulk_insert "),
        MUST(inserts_with_trigger, "bulk_insert "),
        MUST(inserts_by_text, "bulk_insert "),
        MUST(inserts_prepared_anew, "bulk_insert "),
        MUST(hundred_in_transaction, "bulk_insert "),
        SILENT(one_delete),
        SILENT(two_updates),
        SILENT(updates_of_many),
        SILENT(inserts_in_transaction),
        SILENT(several_rows),
        SILENT(triggered),
        SILENT(from_select),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void cross_join(sqlite3 *db)
{
    read_sql(db,
             "SELECT count(*) FROM author a, author b, author c WHERE a.age + b.age + c.age = 77");
}

static void cross_join_by_exec(sqlite3 *db)
{
    run_sql(db,
            "SELECT max(a.age) FROM author a, author b, author c WHERE a.age + b.age + c.age > 77");
}

static void nothing_found(sqlite3 *db)
{
    read_sql(db, "SELECT a.id FROM author a, author b, author c WHERE a.id + b.id + c.id > 1000");
}

static void much_work_for_one_update(sqlite3 *db)
{
    run_sql(db, "UPDATE author SET age = (SELECT count(*) FROM author a, author b, author c "
                "WHERE a.age < b.age + c.age) WHERE id = 1");
}

static void much_work_for_each_row(sqlite3 *db)
{
    read_sql(db, "SELECT id, (SELECT count(*) FROM author a, author b WHERE a.age < b.age + c.id) "
                 "FROM author c LIMIT 4");
}

static void long_list(sqlite3 *db)
{
    read_sql(db, "SELECT a.name, b.age, c.code FROM author a, author b, author c LIMIT 3000");
}

static void many_rows_changed(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log SELECT a.id FROM author a, author b, author c LIMIT 3000");
}

/* Time between rows is the application's. */
static void application_takes_long(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 0);
        test_clock_ns += 10000000;
    }
    sqlite3_finalize(statement);
}

static void slow_silenced(sqlite3 *db)
{
    run_sql(db, "SELECT count(*) FROM author a, author b, author c -- toolbar:ignore slow_query\n"
                "WHERE a.age + b.age + c.age = 77");
}

static void slow_control(sqlite3 *db)
{
    run_sql(db, "CREATE TABLE copy AS SELECT a.id FROM author a, author b, author c "
                "WHERE a.id + b.id + c.id > 1000");
}

static void slow_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(cross_join, "slow_query "),
        MUST(cross_join_by_exec, "slow_query "),
        MUST(nothing_found, "slow_query "),
        MUST(much_work_for_one_update, "slow_query "),
        MUST(much_work_for_each_row, "slow_query "),
        SILENT(long_list),
        SILENT(many_rows_changed),
        SILENT(application_takes_long),
        SILENT(slow_silenced),
        SILENT(slow_control),
        SILENT(join),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* Of every row from the 200th on as many bytes are kept. */
static void keep_rows(sqlite3 *db, const char *sql, int bytes)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = 0; sqlite3_step(statement) == SQLITE_ROW; i++) {
        (void)sqlite3_column_text(statement, 0);
        if (i >= 200) test_heap_bytes += bytes;
    }
    sqlite3_finalize(statement);
}

#define ROWS "SELECT a.name FROM author a, author b, author c LIMIT "

static void kept(sqlite3 *db)
{
    keep_rows(db, ROWS "2000", 1024);
}

static void streamed(sqlite3 *db)
{
    keep_rows(db, ROWS "2000", 0);
}

static void kept_few_rows(sqlite3 *db)
{
    keep_rows(db, ROWS "900", 4096);
}

static void grown_afterwards(sqlite3 *db)
{
    streamed(db);
    test_heap_bytes += 8000000;
}

static void large_result(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(kept, "large_result "),
        SILENT(streamed),
        SILENT(kept_few_rows),
        SILENT(grown_afterwards),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* What is told apart by the columns that were read. */
static void counted(sqlite3 *db)
{
    run_sql(db, "SELECT id FROM author WHERE age > 30");
}

static void unread(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT * FROM author");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void filtered(sqlite3 *db)
{
    sqlite3_stmt *statement =
        prepare_sql(db, "SELECT a.age, b.name FROM author a, author b LIMIT 90");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_int(statement, 0) > 21) (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void summed(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age FROM author a, author b LIMIT 90");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void what_is_not_seen_is_not_judged(void **state)
{
    static const struct scenario scenarios[] = {
        SILENT(counted),
        SILENT(unread),
        SILENT(filtered),
        SILENT(summed),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bulk),
        cmocka_unit_test(slow_query),
        cmocka_unit_test(large_result),
        cmocka_unit_test(what_is_not_seen_is_not_judged),
    };

    prepare_scenario = watch_by_hook;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
