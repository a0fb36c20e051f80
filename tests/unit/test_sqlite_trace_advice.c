/*
 * The advisor where only the trace hook watches: what can be told without a look at columns, call
 * sites and the time inside SQLite is told, and all else is left alone.
 */
#include "test_sqlite_advice.h"

static void nested(sqlite3 *db)
{
    for_each(db, LIST, 1, NAME);
}

static void nested_children(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id <= 10", 0,
             "SELECT title FROM post WHERE author_id = ?");
}

static void nested_few_of_many(sqlite3 *db)
{
    for_each(db, "SELECT id, author_id FROM post WHERE id IN (1, 3, 5, 7, 9, 11)", 1, NAME);
}

static void list_first(sqlite3 *db)
{
    read_sql(db, "SELECT id FROM post LIMIT 12");
    read_each(db, NAME, 1, 12);
}

static void list_first_one_less(sqlite3 *db)
{
    read_sql(db, "SELECT id FROM post WHERE id < 8");
    read_each(db, "SELECT title FROM post WHERE author_id = ? ORDER BY id", 1, 6);
}

static void nested_in_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    nested(db);
    run_sql(db, "COMMIT");
}

static void join(sqlite3 *db)
{
    read_sql(db, "SELECT p.title, a.name FROM post p JOIN author a ON a.id = p.author_id");
}

static void one_and_its_author(sqlite3 *db)
{
    for_each(db, "SELECT id, author_id, title FROM post WHERE id = 7", 1, NAME);
}

static void four_rows(sqlite3 *db)
{
    for_each(db, "SELECT id, author_id, title FROM post WHERE id < 8 AND id % 2", 1, NAME);
}

static void two_lists(sqlite3 *db)
{
    read_sql(db, LIST);
    read_sql(db, "SELECT name FROM author LIMIT 20");
}

static void nested_without_answer(sqlite3 *db)
{
    for_each(db, "SELECT id, title FROM post WHERE id < 9", 0, "SELECT 1 WHERE ? < 0");
}

static void same_value(sqlite3 *db)
{
    for_each(db, "SELECT 5, id FROM post WHERE id < 9", 0,
             "SELECT name FROM author WHERE id = ? AND random()");
}

static void inserts_of_rows(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id < 3", 0, "INSERT INTO log VALUES (?)");
}

static void nested_silenced(sqlite3 *db)
{
    for_each(db, LIST, 1, "SELECT name FROM author WHERE id = ? -- toolbar:ignore");
}

static void n_plus_one(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(nested, "n_plus_one "),
        MUST(nested_children, "n_plus_one "),
        MUST(nested_few_of_many, "n_plus_one "),
        MUST(list_first, "n_plus_one "),
        MUST(list_first_one_less, "n_plus_one "),
        MUST(nested_in_transaction, "n_plus_one "),
        MUST(nested_without_answer, "n_plus_one "),
        SILENT(join),
        SILENT(one_and_its_author),
        SILENT(four_rows),
        SILENT(two_lists),
        SILENT(same_value),
        SILENT(inserts_of_rows),
        SILENT(nested_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void loop(sqlite3 *db)
{
    read_each(db, "SELECT name FROM author WHERE age = ?", 24, 41);
}

static void loop_of_literals(sqlite3 *db)
{
    for (int i = 30; i < 36; i++) {
        char sql[100];

        snprintf(sql, sizeof sql, "SELECT name FROM author WHERE age = %d", i);
        read_sql(db, sql);
    }
}

static void loop_after_short_list(sqlite3 *db)
{
    read_sql(db, "SELECT id FROM post WHERE id < 4");
    read_each(db, NAME, 1, 8);
}

static void loop_before_list(sqlite3 *db)
{
    read_each(db, NAME, 1, 8);
    read_sql(db, "SELECT id FROM post WHERE id < 9");
}

static void loop_of_empty(sqlite3 *db)
{
    read_each(db, "SELECT title FROM post WHERE author_id = ? ORDER BY title", 500, 506);
}

static void loop_of_four(sqlite3 *db)
{
    read_each(db, "SELECT name FROM author WHERE age = ?", 24, 27);
}

static void between(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE age BETWEEN 24 AND 41");
}

static void pragmas(sqlite3 *db)
{
    run_sql(db, "PRAGMA table_info(author); PRAGMA table_info(post); PRAGMA table_info(tag);"
                "PRAGMA table_info(log); PRAGMA table_info(a); PRAGMA table_info(b)");
}

static void explains(sqlite3 *db)
{
    for (int i = 0; i < 6; i++) {
        char sql[100];

        snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN SELECT name FROM author WHERE id = %d", i);
        read_sql(db, sql);
    }
}

static void different_statements(sqlite3 *db)
{
    run_sql(db, "SELECT name FROM author WHERE age = 25; SELECT age FROM author WHERE age = 26;"
                "SELECT id FROM author WHERE age = 27; SELECT code FROM author WHERE age = 28;"
                "SELECT name, id FROM author WHERE age = 29");
}

static void loop_silenced(sqlite3 *db)
{
    read_each(db, "/* toolbar:ignore query_in_loop */ SELECT name FROM author WHERE age = ?", 24,
              41);
}

static void query_in_loop(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(loop, "query_in_loop "),
        MUST(loop_of_literals, "query_in_loop "),
        MUST(loop_after_short_list, "query_in_loop "),
        MUST(loop_before_list, "query_in_loop "),
        MUST(loop_of_empty, "query_in_loop "),
        SILENT(loop_of_four),
        SILENT(between),
        SILENT(pragmas),
        SILENT(explains),
        SILENT(different_statements),
        SILENT(loop_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* The duplicates of a look-up; that its value was read before is not seen. */
static void looked_up_twice(sqlite3 *db)
{
    for_each(db, "SELECT 4 FROM author WHERE id < 3", 0, NAME);
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

static void changing(sqlite3 *db)
{
    read_sql(db, "SELECT random()");
    read_sql(db, "SELECT random()");
}

static void empty_twice(sqlite3 *db)
{
    read_each(db, NAME, 1000, 1000);
    read_each(db, NAME, 1000, 1000);
}

static void schema_twice(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM sqlite_schema");
    read_sql(db, "SELECT name FROM sqlite_schema");
}

static void pragma_twice(sqlite3 *db)
{
    read_sql(db, "PRAGMA user_version");
    read_sql(db, "PRAGMA user_version");
}

static void repeated_query(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(twice, "repeated_query "),
        MUST(twice_by_value, "repeated_query "),
        MUST(twice_by_literal, "repeated_query "),
        MUST(twice_by_exec, "repeated_query "),
        MUST(looked_up_twice, "repeated_query "),
        SILENT(written_between),
        SILENT(other_values),
        SILENT(changing),
        SILENT(empty_twice),
        SILENT(schema_twice),
        SILENT(pragma_twice),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n_plus_one),
        cmocka_unit_test(query_in_loop),
        cmocka_unit_test(repeated_query),
    };

    prepare_scenario = watch_by_hook;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
