/* The advisor on what costs most: slow statements, hot ones, and budgets. */
#include "test_sqlite_advice.h"

enum { MS = 1000000 };

static void read_with_spend(sqlite3 *db, const char *sql)
{
    add_spend(db);
    read_sql(db, sql);
}

static void run_with_spend(sqlite3 *db, const char *sql)
{
    add_spend(db);
    run_sql(db, sql);
}

static void cross_join(sqlite3 *db)
{
    read_sql(db,
             "SELECT count(*) FROM author a, author b, author c WHERE a.age + b.age + c.age = 77");
}

static void many_for_one_row(sqlite3 *db)
{
    read_sql(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                 "SELECT max(i) FROM n");
}

static void much_work_for_one_update(sqlite3 *db)
{
    run_sql(db, "UPDATE author SET age = (SELECT count(*) FROM author a, author b, author c "
                "WHERE a.age < b.age + c.age) WHERE id = 1");
}

static void nothing_found(sqlite3 *db)
{
    read_sql(db, "SELECT a.id FROM author a, author b, author c WHERE a.id + b.id + c.id > 1000");
}

static void takes_long(sqlite3 *db)
{
    read_with_spend(db, "SELECT name FROM author WHERE id = 3 AND spend(25)");
}

static void write_takes_long(sqlite3 *db)
{
    run_with_spend(db, "UPDATE author SET age = spend(25) WHERE id = 3");
}

static void slow_with_unread(sqlite3 *db)
{
    sqlite3_stmt *statement;

    add_spend(db);
    statement = prepare_sql(db, "SELECT *, spend(2) FROM author");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

/* Two of three runs; the advice names the worse one. */
static void some_runs_take_long(sqlite3 *db)
{
    add_spend(db);
    read_sql(db, "SELECT spend(1) FROM author WHERE id = 3");
    read_sql(db, "SELECT spend(21) FROM author WHERE id = 4");
    read_sql(db, "SELECT spend(30) FROM author WHERE id = 5");
}

static void ten_lookups(sqlite3 *db)
{
    read_each(db, "SELECT name FROM author WHERE id = ?", 1, 10);
}

static void list_of_500(sqlite3 *db)
{
    read_sql(db, "SELECT a.name, b.name FROM author a, author b LIMIT 500");
}

static void long_list(sqlite3 *db)
{
    read_sql(db, "SELECT a.name, b.age, c.code FROM author a, author b, author c LIMIT 5000");
}

static void many_rows_changed(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log SELECT a.id FROM author a, author b, author c LIMIT 5000");
}

static void not_so_long(sqlite3 *db)
{
    run_with_spend(db, "UPDATE author SET age = spend(9) WHERE id = 3");
}

/* It is the application that takes its time between the rows. */
static void application_takes_long(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 0);
        test_clock_ns += 10L * MS;
    }
    sqlite3_finalize(statement);
}

static void slow_silenced(sqlite3 *db)
{
    read_with_spend(db, "SELECT spend(25) /* toolbar:ignore slow_query hot_query */ FROM author "
                        "WHERE id = 1");
}

static void slow_control(sqlite3 *db)
{
    run_sql(db, "CREATE TABLE copy AS SELECT a.id FROM author a, author b, author c "
                "WHERE a.id + b.id + c.id > 1000");
}

static void slow_and_explained(sqlite3 *db)
{
    add_spend(db);
    for_each(db, "SELECT id, author_id, title FROM post LIMIT 20", 1,
             "SELECT name FROM author WHERE id = ?1 AND spend(21)");
}

static void slow_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(cross_join, "slow_query "),
        MUST(many_for_one_row, "slow_query "),
        MUST(much_work_for_one_update, "slow_query "),
        MUST(nothing_found, "slow_query "),
        MUST(takes_long, "slow_query "),
        MUST(write_takes_long, "slow_query "),
        MUST(some_runs_take_long, "slow_query "),
        MUST(slow_with_unread, "slow_query unused_columns "),
        MUST(slow_and_explained, "n_plus_one "),
        MUST(ten_lookups, "query_in_loop "),
        SILENT(list_of_500),
        SILENT(long_list),
        SILENT(many_rows_changed),
        SILENT(not_so_long),
        SILENT(application_takes_long),
        SILENT(slow_silenced),
        SILENT(slow_control),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void hot_in_three_runs(sqlite3 *db)
{
    add_spend(db);
    read_each(db, "SELECT name FROM author WHERE id = ? AND spend(7)", 1, 3);
}

static void hot_in_one_run(sqlite3 *db)
{
    read_with_spend(db, "SELECT name FROM author WHERE id = 2 AND spend(15)");
}

static void hot_writes(sqlite3 *db)
{
    run_with_spend(db, "UPDATE author SET age = spend(8) WHERE id = 1;"
                       "UPDATE author SET age = spend(9) WHERE id = 2");
}

static void hot_among_others(sqlite3 *db)
{
    read_with_spend(db, "SELECT title FROM post WHERE id < 4 AND spend(1)");
    read_sql(db, "SELECT name, age FROM author WHERE id < 9 AND spend(2)");
}

static void hot_while_application_works(sqlite3 *db)
{
    hot_in_three_runs(db);
    test_clock_ns += 20L * MS;
}

static void hot_with_unread(sqlite3 *db)
{
    sqlite3_stmt *statement;

    add_spend(db);
    statement = prepare_sql(db, "SELECT * FROM author WHERE id < 16 AND spend(1)");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void not_hot(sqlite3 *db)
{
    add_spend(db);
    read_each(db, "SELECT name FROM author WHERE id = ? AND spend(3)", 1, 3);
}

static void less_than_the_application(sqlite3 *db)
{
    hot_in_three_runs(db);
    test_clock_ns += 22L * MS;
}

static void two_of_equal_weight(sqlite3 *db)
{
    read_with_spend(db, "SELECT name FROM author WHERE id = 2 AND spend(15)");
    read_sql(db, "SELECT title FROM post WHERE id = 2 AND spend(15)");
}

static void hot_silenced(sqlite3 *db)
{
    read_with_spend(db, "SELECT 1 FROM author WHERE spend(15) LIMIT 1 -- toolbar:ignore hot_query");
}

static void hot_pragma(sqlite3 *db)
{
    run_with_spend(db, "CREATE TABLE copy AS SELECT id FROM author WHERE id < 3 AND spend(9)");
}

static void hot_and_repeated(sqlite3 *db)
{
    read_with_spend(db, "SELECT name FROM author WHERE id = 2 AND spend(15)");
    read_sql(db, "SELECT name FROM author WHERE id = 2 AND spend(15)");
}

static void hot_and_counted(sqlite3 *db)
{
    sqlite3_stmt *statement;

    add_spend(db);
    statement = prepare_sql(db, "SELECT id FROM author WHERE spend(1)");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void hot_loop(sqlite3 *db)
{
    add_spend(db);
    read_each(db, "SELECT name FROM author WHERE age = ? AND spend(2)", 24, 41);
}

static void hot_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(hot_in_three_runs, "hot_query "),
        MUST(hot_in_one_run, "hot_query "),
        MUST(hot_writes, "hot_query "),
        MUST(hot_among_others, "hot_query "),
        MUST(hot_while_application_works, "hot_query "),
        MUST(hot_with_unread, "hot_query unused_columns "),
        MUST(hot_and_repeated, "repeated_query "),
        MUST(hot_and_counted, "count_rows "),
        MUST(hot_loop, "query_in_loop "),
        SILENT(not_hot),
        SILENT(less_than_the_application),
        SILENT(two_of_equal_weight),
        SILENT(hot_silenced),
        SILENT(hot_pragma),
        SILENT(application_takes_long),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* As `act`, in an application with these budgets. */
static void with_budget(sqlite3 *db, unsigned queries, int ms, void (*act)(sqlite3 *db))
{
    static struct toolbar__application application;

    application =
        (struct toolbar__application){.max_queries = queries, .max_sql_ns = (int64_t)ms * MS};
    toolbar__current->recording->application = &application;
    act(db);
}

static void different(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE id = 1");
    read_sql(db, "SELECT title FROM post WHERE id = 2");
    read_sql(db, "SELECT age FROM author WHERE id = 3");
    run_sql(db, "UPDATE author SET age = 1 WHERE id = 4");
}

static void short_ones(sqlite3 *db)
{
    read_with_spend(db, "SELECT name FROM author WHERE id = 2 AND spend(4)");
    read_sql(db, "SELECT title FROM post WHERE id = 2 AND spend(4)");
}

static void too_many(sqlite3 *db)
{
    with_budget(db, 3, 0, different);
}

static void far_too_many(sqlite3 *db)
{
    with_budget(db, 1, 1, different);
}

static void too_many_in_a_loop(sqlite3 *db)
{
    with_budget(db, 5, 0, ten_lookups);
}

static void too_long(sqlite3 *db)
{
    with_budget(db, 0, 7, short_ones);
}

static void too_long_and_hot(sqlite3 *db)
{
    with_budget(db, 10, 14, hot_in_one_run);
}

static void both_too_much(sqlite3 *db)
{
    with_budget(db, 1, 5, short_ones);
}

static void as_many_as_allowed(sqlite3 *db)
{
    with_budget(db, 4, 0, different);
}

static void no_budget(sqlite3 *db)
{
    with_budget(db, 0, 0, different);
}

static void as_long_as_allowed(sqlite3 *db)
{
    with_budget(db, 2, 9, short_ones);
}

static void nothing(sqlite3 *db)
{
    (void)db;
}

static void no_queries(sqlite3 *db)
{
    with_budget(db, 1, 1, nothing);
}

static void unbudgeted(sqlite3 *db)
{
    different(db);
}

static void allow_application(sqlite3 *db)
{
    with_budget(db, 2, 20, application_takes_long);
}

static void over_silenced(sqlite3 *db)
{
    read_with_spend(db, "SELECT 1 + spend(1) FROM author WHERE id = 1 -- toolbar:ignore");
    read_sql(db, "SELECT name FROM author WHERE id = 1");
}

static void too_many_silenced(sqlite3 *db)
{
    with_budget(db, 1, 0, over_silenced);
}

static void over_budget(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(too_many, "over_budget "),
        MUST(far_too_many, "over_budget "),
        MUST(too_many_in_a_loop, "query_in_loop over_budget "),
        MUST(too_long, "over_budget "),
        MUST(too_long_and_hot, "hot_query over_budget "),
        MUST(both_too_much, "over_budget "),
        SILENT(as_many_as_allowed),
        SILENT(no_budget),
        SILENT(as_long_as_allowed),
        SILENT(no_queries),
        SILENT(unbudgeted),
        SILENT(allow_application),
        SILENT(too_many_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void what_was_measured_is_said(void **state)
{
    const struct toolbar__advice *advice;
    struct shown shown;
    sqlite3 *db = open_database(":memory:");

    (void)state;
    create_blog(db);
    shown_begin(&shown);
    with_budget(db, 2, 30, some_runs_take_long);
    shown_finish(&shown);
    toolbar__advise(shown.request.recording);
    assert_int_equal(shown.request.recording->advices.count, 2);
    advice = shown.request.recording->advices.first;
    assert_string_equal(advice->rule, "slow_query");
    assert_int_equal(advice->severity, TOOLBAR__HIGH);
    assert_int_equal(advice->query_count, 1);
    assert_int_equal(advice->queries[0], 3);
    assert_non_null(strstr(advice->evidence, "it took 30.00 ms (57 % of the request)"));
    assert_non_null(strstr(advice->evidence, ". 1 more runs of it are slow."));
    advice = advice->next;
    assert_string_equal(advice->rule, "over_budget");
    assert_string_equal(advice->evidence,
                        "3 queries of 2 and 52.00 ms of 30 ms in them. Most of the time took query "
                        "#1 (3 runs, 52.00 ms).");
    assert_int_equal(advice->severity, TOOLBAR__MEDIUM);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_query),
        cmocka_unit_test(hot_query),
        cmocka_unit_test(over_budget),
        cmocka_unit_test(what_was_measured_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
