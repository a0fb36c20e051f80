/* The advisor on what became of the rows: added up, or kept all at once. */
#include "test_sqlite_advice.h"

enum { KIB = 1024, MIB = 1048576 };

static void answer_with(int64_t bytes)
{
    toolbar__current->recording->http.response_bytes = bytes;
}

/* Reads one column of every row as a number. */
static void add_up(sqlite3 *db, const char *sql, int column)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, column);
    }
    sqlite3_finalize(statement);
}

#define PAIRS "author a, author b LIMIT 200"

static void summed(sqlite3 *db)
{
    answer_with(40);
    add_up(db, "SELECT a.age FROM " PAIRS, 0);
}

static void summed_of_several(sqlite3 *db)
{
    answer_with(40);
    add_up(db, "SELECT a.id, b.age FROM " PAIRS, 1);
}

static void summed_without_length(sqlite3 *db)
{
    add_up(db, "SELECT a.age FROM " PAIRS, 0);
}

static void averaged(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age / 2.0 FROM " PAIRS);

    answer_with(40);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_double(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void largest_by_type(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age, b.name FROM " PAIRS);

    answer_with(150);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL) {
            (void)sqlite3_column_int64(statement, 0);
        }
    }
    sqlite3_finalize(statement);
}

static void summed_by_value(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age FROM " PAIRS);

    answer_with(150);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_value_int(sqlite3_column_value(statement, 0));
    }
    sqlite3_finalize(statement);
}

static void summed_with_bound(sqlite3 *db)
{
    sqlite3_stmt *statement =
        prepare_sql(db, "SELECT a.age FROM author a, author b WHERE a.id > ?");

    answer_with(100);
    sqlite3_bind_int(statement, 1, 2);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void printed(sqlite3 *db)
{
    answer_with(9000);
    add_up(db, "SELECT a.age FROM " PAIRS, 0);
}

static void few_rows(sqlite3 *db)
{
    answer_with(10);
    add_up(db, "SELECT age FROM author", 0);
}

static void two_columns(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age, b.age FROM " PAIRS);

    answer_with(40);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)(sqlite3_column_int(statement, 0) * sqlite3_column_int(statement, 1));
    }
    sqlite3_finalize(statement);
}

static void texts(sqlite3 *db)
{
    answer_with(40);
    read_sql(db, "SELECT a.name FROM " PAIRS);
}

static void text_in_one_row(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age FROM " PAIRS);

    answer_with(40);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    (void)sqlite3_column_text(statement, 0);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void stopped_early(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT a.age FROM " PAIRS);

    answer_with(40);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        (void)sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void sum_function(sqlite3 *db)
{
    answer_with(40);
    add_up(db, "SELECT sum(a.age) FROM author a, author b", 0);
}

/* The keys of the rows that are asked for next. */
static void keys_for_lookups(sqlite3 *db)
{
    sqlite3_stmt *keys = prepare_sql(db, "SELECT a.id * 30 + b.id FROM " PAIRS);
    sqlite3_stmt *child = prepare_sql(db, "SELECT name FROM author WHERE id = ?");

    answer_with(40);
    while (sqlite3_step(keys) == SQLITE_ROW) {
        sqlite3_bind_int(child, 1, sqlite3_column_int(keys, 0));
        read_all(child);
    }
    sqlite3_finalize(keys);
    sqlite3_finalize(child);
}

static void keys_for_one_query(sqlite3 *db)
{
    answer_with(40);
    add_up(db, "SELECT a.id + 7 FROM " PAIRS, 0);
    read_sql(db, "SELECT name FROM author WHERE id IN (8, 9, 10, 11)");
}

static void summed_silenced(sqlite3 *db)
{
    add_up(db, "SELECT a.age /* toolbar:ignore aggregate_in_c */ FROM " PAIRS, 0);
}

static void aggregate_in_c(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(summed, "aggregate_in_c "),
        MUST(summed_of_several, "aggregate_in_c "),
        MUST(summed_without_length, "aggregate_in_c "),
        MUST(averaged, "aggregate_in_c "),
        MUST(largest_by_type, "aggregate_in_c "),
        MUST(summed_by_value, "aggregate_in_c "),
        MUST(summed_with_bound, "aggregate_in_c "),
        MUST(keys_for_lookups, "n_plus_one "),
        SILENT(printed),
        SILENT(few_rows),
        SILENT(two_columns),
        SILENT(texts),
        SILENT(text_in_one_row),
        SILENT(stopped_early),
        SILENT(sum_function),
        SILENT(keys_for_one_query),
        SILENT(summed_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void get_table(sqlite3 *db, const char *sql)
{
    char **table;
    int rows, columns;

    assert_int_equal(sqlite3_get_table(db, sql, &table, &rows, &columns, NULL), SQLITE_OK);
    sqlite3_free_table(table);
}

#define TRIPLES "author a, author b, author c LIMIT "

/*
 * `growth` bytes are kept of every row from the 200th on, each of which takes this thread `own_ns`
 * and lets others work for `others_ns`.
 */
static void keep_beside_others(sqlite3 *db, const char *sql, int growth, int own_ns, int others_ns)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = 0; sqlite3_step(statement) == SQLITE_ROW; i++) {
        (void)sqlite3_column_text(statement, 0);
        if (i < 200) continue;
        test_heap_bytes += growth;
        test_own_cpu_ns += own_ns;
        test_others_cpu_ns += others_ns;
    }
    sqlite3_finalize(statement);
}

static void keep_rows(sqlite3 *db, const char *sql, int growth)
{
    keep_beside_others(db, sql, growth, 1000, 0);
}

#define KEPT "SELECT a.name FROM " TRIPLES "2000"

static void table_of_many(sqlite3 *db)
{
    get_table(db, "SELECT a.name, b.age FROM " TRIPLES "2000");
}

static void table_of_a_thousand(sqlite3 *db)
{
    get_table(db, "SELECT a.name FROM " TRIPLES "1000");
}

static void table_of_large_values(sqlite3 *db)
{
    get_table(db, "SELECT id, printf('%.*c', 60000, 'x') FROM author");
}

static void kept(sqlite3 *db)
{
    keep_rows(db, KEPT, KIB);
}

static void kept_besides_the_response(sqlite3 *db)
{
    answer_with(MIB);
    keep_rows(db, "SELECT a.name FROM " TRIPLES "4000", KIB);
}

static void kept_for_a_short_response(sqlite3 *db)
{
    answer_with(100);
    keep_rows(db, "SELECT a.name FROM " TRIPLES "1400", KIB);
}

static void kept_in_the_second_run(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author WHERE id > ?");

    read_all(statement);
    sqlite3_finalize(statement);
    kept(db);
}

static void table_of_few(sqlite3 *db)
{
    get_table(db, "SELECT name, age FROM author LIMIT 20");
}

static void streamed(sqlite3 *db)
{
    keep_rows(db, KEPT, 0);
}

static void kept_little(sqlite3 *db)
{
    keep_rows(db, KEPT, 100);
}

static void kept_few_rows(sqlite3 *db)
{
    keep_rows(db, "SELECT a.name FROM " TRIPLES "900", 4 * KIB);
}

static void response_of_the_rows(sqlite3 *db)
{
    answer_with(3L * MIB);
    keep_rows(db, "SELECT a.name FROM " TRIPLES "4000", KIB);
}

/* Its cache is SQLite's affair. */
static void sorted_by_sqlite(sqlite3 *db)
{
    keep_rows(db,
              "SELECT a.name, b.name, printf('%.*c', 1000, 'x') AS x FROM author a, author b, "
              "author c WHERE c.id < 4 ORDER BY a.age % 7, x",
              0);
}

/* Sets of pages come and go between the rows. */
static void grown_after_the_rows(sqlite3 *db)
{
    streamed(db);
    test_heap_bytes += 8L * MIB;
}

static void kept_by_others(sqlite3 *db)
{
    keep_beside_others(db, KEPT, KIB, 1000, 120);
}

/* What little they did cannot have kept so much. */
static void kept_beside_slow_others(sqlite3 *db)
{
    keep_beside_others(db, KEPT, KIB, 1000, 80);
}

static void kept_beside_idle_others(sqlite3 *db)
{
    keep_beside_others(db, KEPT, KIB, 10, 20);
}

static void not_kept_by_exec(sqlite3 *db)
{
    run_sql(db, KEPT);
}

static void kept_silenced(sqlite3 *db)
{
    keep_rows(db, "SELECT a.name /* toolbar:ignore large_result */ FROM " TRIPLES "2000", KIB);
}

static void large_result(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(table_of_many, "large_result "),
        MUST(table_of_a_thousand, "large_result "),
        MUST(table_of_large_values, "large_result "),
        MUST(kept, "large_result "),
        MUST(kept_besides_the_response, "large_result "),
        MUST(kept_for_a_short_response, "large_result "),
        MUST(kept_in_the_second_run, "large_result "),
        MUST(kept_beside_slow_others, "large_result "),
        MUST(kept_beside_idle_others, "large_result "),
        SILENT(table_of_few),
        SILENT(streamed),
        SILENT(kept_little),
        SILENT(kept_few_rows),
        SILENT(response_of_the_rows),
        SILENT(sorted_by_sqlite),
        SILENT(grown_after_the_rows),
        SILENT(kept_by_others),
        SILENT(not_kept_by_exec),
        SILENT(kept_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

/* Names that begin like words which make every column matter. */
static void exceptions_unread(sqlite3 *db)
{
    sqlite3_stmt *statement;

    unseen(db, "CREATE TABLE failure (exception, union_id, distinctive);"
               "INSERT INTO failure SELECT 'x' || id, 7, name FROM author");
    statement = prepare_sql(db, "SELECT exception, union_id, distinctive FROM failure");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 0);
    }
    sqlite3_finalize(statement);
}

static void unused_columns(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(exceptions_unread, "unused_columns "),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aggregate_in_c),
        cmocka_unit_test(large_result),
        cmocka_unit_test(unused_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
