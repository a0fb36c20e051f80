/* The advisor on what was done with rows: counted, filtered, or selected for nothing. */
#include "test_sqlite_advice.h"

/* Steps through all rows and reads the columns of which the bit is set in `columns`. */
static void read_columns(sqlite3 *db, const char *sql, unsigned columns)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            if (columns & 1U << i) (void)sqlite3_column_text(statement, i);
        }
    }
    sqlite3_finalize(statement);
}

/* 60 pages with a body of `bytes`. */
static void create_pages(sqlite3 *db, int bytes)
{
    char sql[300];

    snprintf(sql, sizeof sql,
             "CREATE TABLE page (id INTEGER PRIMARY KEY, title, views, body);"
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
             "  INSERT INTO page SELECT i, 'title', i, printf('%%.*c', %d, 'x') FROM n",
             bytes);
    run_sql(db, sql);
}

/* As `act`, on pages that were there before the request. */
static void with_pages(sqlite3 *db, int bytes, void (*act)(sqlite3 *db))
{
    struct toolbar_request *shown = toolbar__current_set(NULL);

    create_pages(db, bytes);
    toolbar__current_set(shown);
    act(db);
}

static void counted(sqlite3 *db)
{
    read_columns(db, "SELECT id FROM author WHERE age > 30", 0);
}

static void counted_all(sqlite3 *db)
{
    read_columns(db, "SELECT * FROM post ORDER BY title;", 0);
}

static void counted_join(sqlite3 *db)
{
    read_columns(db, "SELECT p.id, a.name FROM post p JOIN author a ON a.id = p.author_id", 0);
}

static void counted_limit(sqlite3 *db)
{
    read_columns(db, "SELECT title FROM post LIMIT 10", 0);
}

static void counted_bound(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author WHERE age > ?");

    sqlite3_bind_int(statement, 1, 25);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void count_function(sqlite3 *db)
{
    read_columns(db, "SELECT count(*) FROM post GROUP BY author_id", 0);
}

static void count_read(sqlite3 *db)
{
    read_columns(db, "SELECT count(*) FROM post", 1);
}

static void one_row_unread(sqlite3 *db)
{
    read_columns(db, "SELECT id FROM author WHERE id = 3", 0);
}

static void given_up(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_finalize(statement);
}

static void discarded_by_exec(sqlite3 *db)
{
    run_sql(db, "SELECT id FROM author");
}

static void returned(sqlite3 *db)
{
    read_columns(db, "UPDATE author SET age = 1 RETURNING id", 0);
}

static void no_rows(sqlite3 *db)
{
    read_columns(db, "SELECT id FROM author WHERE id > 1000", 0);
}

static void some_unread(sqlite3 *db)
{
    read_columns(db, "SELECT * FROM author", 2);
}

static void some_unread_named(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, author_id FROM post WHERE id > 3 ORDER BY id", 2);
}

static void some_unread_join(sqlite3 *db)
{
    read_columns(db, "SELECT p.id, p.title, a.name, a.age FROM post p JOIN author a USING (id)", 2);
}

static void some_unread_each(sqlite3 *db)
{
    for (int i = 0; i < 2; i++) {
        read_columns(
            db, i ? "SELECT * FROM author WHERE id < 5" : "SELECT * FROM author WHERE id < 9", 2);
    }
}

static void read_numbers(sqlite3 *db)
{
    read_columns(db, "SELECT id, views, id AS a, views AS b, id AS c, title, body FROM page", 31);
}

static void most_bytes_unread(sqlite3 *db)
{
    with_pages(db, 300, read_numbers);
}

static void all_read(sqlite3 *db)
{
    read_columns(db, "SELECT * FROM author", 15);
}

static void one_unread(sqlite3 *db)
{
    read_columns(db, "SELECT name, age FROM author", 1);
}

static void one_row(sqlite3 *db)
{
    read_columns(db, "SELECT * FROM author WHERE id = 2", 2);
}

static void expressions_unread(sqlite3 *db)
{
    read_columns(db, "SELECT name, age + 1, upper(name), 7 FROM author", 1);
}

static void read_in_one_row(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT * FROM author");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    for (int i = 0; i < 4; i++) {
        (void)sqlite3_column_type(statement, i);
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
}

static int ignore(void *cls, int count, char **values, char **names)
{
    (void)cls, (void)count, (void)values, (void)names;
    return 0;
}

static void unknown_by_exec(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM author", ignore, NULL, NULL), SQLITE_OK);
}

static void distinct_unread(sqlite3 *db)
{
    read_columns(db, "SELECT DISTINCT name, age, code FROM author", 1);
}

static void read_bodies_not(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, views, body FROM page", 7);
}

static void read_bodies_not_ordered(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, body FROM page ORDER BY views LIMIT 20", 3);
}

static void read_few_bodies(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id, title, views, body FROM page");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 1);
        (void)sqlite3_column_int(statement, 2);
        if (sqlite3_column_int(statement, 0) < 3) (void)sqlite3_column_text(statement, 3);
    }
    sqlite3_finalize(statement);
}

static void read_bodies(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, views, body FROM page", 15);
}

static void read_one_body_not(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, body FROM page WHERE id = 1", 3);
}

static void read_lengths(sqlite3 *db)
{
    read_columns(db, "SELECT id, title, length(body), hex(body) FROM page", 7);
}

static void wide(sqlite3 *db)
{
    with_pages(db, 2000, read_bodies_not);
}

static void wide_spilling(sqlite3 *db)
{
    with_pages(db, 30000, read_bodies_not);
}

static void wide_ordered(sqlite3 *db)
{
    with_pages(db, 2000, read_bodies_not_ordered);
}

static void wide_seldom(sqlite3 *db)
{
    with_pages(db, 600, read_few_bodies);
}

static void wide_by_transaction(sqlite3 *db)
{
    with_pages(db, 1000, read_bodies_not);
}

static void wide_read(sqlite3 *db)
{
    with_pages(db, 2000, read_bodies);
}

static void narrow(sqlite3 *db)
{
    with_pages(db, 100, read_bodies_not);
}

static void wide_one_row(sqlite3 *db)
{
    with_pages(db, 3000, read_one_body_not);
}

static void wide_expression(sqlite3 *db)
{
    with_pages(db, 2000, read_lengths);
}

/* Of 60 pages: reads the views of all, and the title of those with more. */
static void filter_views(sqlite3 *db, int more, bool read_title)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT views, title FROM page");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_int(statement, 0) > more && read_title) {
            (void)sqlite3_column_text(statement, 1);
        }
    }
    sqlite3_finalize(statement);
}

static void filter_most(sqlite3 *db)
{
    filter_views(db, 50, true);
}

static void filter_half(sqlite3 *db)
{
    filter_views(db, 31, true);
}

static void filter_few(sqlite3 *db)
{
    filter_views(db, 10, true);
}

static void filter_none(sqlite3 *db)
{
    filter_views(db, 0, true);
}

static void filter_without_use(sqlite3 *db)
{
    filter_views(db, 50, false);
}

static void filtered(sqlite3 *db)
{
    with_pages(db, 10, filter_most);
}

static void filtered_half(sqlite3 *db)
{
    with_pages(db, 10, filter_half);
}

static void filtered_by_three(sqlite3 *db)
{
    with_pages(db, 10, read_few_bodies);
}

static void filter_two(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT views, id, title, body FROM page");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_int(statement, 0) < 5 && sqlite3_column_int(statement, 1) < 5) continue;
        if (sqlite3_column_int(statement, 1) > 9) continue;
        (void)sqlite3_column_text(statement, 3);
    }
    sqlite3_finalize(statement);
}

static void filter_text(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT title || id, body FROM page WHERE id > ?");

    sqlite3_bind_int(statement, 1, 2);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *title = sqlite3_column_text(statement, 0);

        if (title[5] == '4') (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void filter_with_unread(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT * FROM page ORDER BY id DESC");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_int(statement, 2) % 7 == 0) (void)sqlite3_column_text(statement, 3);
    }
    sqlite3_finalize(statement);
}

static void filtered_by_two(sqlite3 *db)
{
    with_pages(db, 10, filter_two);
}

static void filtered_by_text(sqlite3 *db)
{
    with_pages(db, 10, filter_text);
}

static void filtered_with_unread(sqlite3 *db)
{
    with_pages(db, 10, filter_with_unread);
}

static void shown_mostly(sqlite3 *db)
{
    with_pages(db, 10, filter_few);
}

static void shown_all(sqlite3 *db)
{
    with_pages(db, 10, filter_none);
}

static void summed(sqlite3 *db)
{
    with_pages(db, 10, filter_without_use);
}

static void filtered_few_rows(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT age, name FROM author");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_int(statement, 0) > 45) (void)sqlite3_column_text(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void filtered_by_where(sqlite3 *db)
{
    read_columns(db, "SELECT age, name FROM author WHERE age > 45", 3);
}

static void count_rows(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(counted, "count_rows "),
        MUST(counted_all, "count_rows "),
        MUST(counted_join, "count_rows "),
        MUST(counted_limit, "count_rows "),
        MUST(counted_bound, "count_rows "),
        SILENT(count_function),
        SILENT(count_read),
        SILENT(one_row_unread),
        SILENT(given_up),
        SILENT(discarded_by_exec),
        SILENT(returned),
        SILENT(no_rows),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void unused_columns(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(some_unread, "unused_columns "),
        MUST(some_unread_named, "unused_columns "),
        MUST(some_unread_join, "unused_columns "),
        MUST(some_unread_each, "unused_columns "),
        MUST(most_bytes_unread, "unused_columns "),
        SILENT(all_read),
        SILENT(one_unread),
        SILENT(one_row),
        SILENT(expressions_unread),
        SILENT(read_in_one_row),
        SILENT(unknown_by_exec),
        SILENT(distinct_unread),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void wide_column(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(wide, "wide_column "),
        MUST(wide_spilling, "wide_column "),
        MUST(wide_ordered, "wide_column "),
        MUST(wide_seldom, "wide_column "),
        MUST(wide_by_transaction, "wide_column "),
        SILENT(wide_read),
        SILENT(narrow),
        SILENT(wide_one_row),
        SILENT(wide_expression),
        SILENT(all_read),
        SILENT(unknown_by_exec),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void filter_in_c(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(filtered, "filter_in_c "),
        MUST(filtered_half, "filter_in_c "),
        MUST(filtered_by_two, "filter_in_c "),
        MUST(filtered_by_text, "filter_in_c "),
        MUST(filtered_with_unread, "filter_in_c "),
        SILENT(shown_mostly),
        SILENT(shown_all),
        MUST(summed, "aggregate_in_c "),
        SILENT(filtered_few_rows),
        SILENT(filtered_by_where),
        SILENT(filtered_by_three),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(count_rows),
        cmocka_unit_test(unused_columns),
        cmocka_unit_test(wide_column),
        cmocka_unit_test(filter_in_c),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
