/* The advisor on queries for each row of queries for each row, and on walks from row to row. */
#include "test_sqlite_advice.h"

/* For each row of `sql`, run with `key`, runs `next` with the value of `column`. */
static void descend(sqlite3 *db, const char *sql, int key, int column, const char *next)
{
    sqlite3_stmt *parent = prepare_sql(db, sql), *child = prepare_sql(db, next);

    sqlite3_bind_int(parent, 1, key);
    while (sqlite3_step(parent) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(parent); i++) {
            (void)sqlite3_column_text(parent, i);
        }
        sqlite3_bind_value(child, 1, sqlite3_column_value(parent, column));
        read_all(child);
    }
    sqlite3_finalize(parent);
    sqlite3_finalize(child);
}

#define POSTS "SELECT id, title FROM post WHERE author_id = ?"
#define LABEL "SELECT label FROM tag WHERE rowid = ?"

static void two_levels(sqlite3 *db)
{
    sqlite3_stmt *authors = prepare_sql(db, "SELECT id, name FROM author WHERE id <= 10");

    while (sqlite3_step(authors) == SQLITE_ROW) {
        (void)sqlite3_column_text(authors, 1);
        descend(db, POSTS, sqlite3_column_int(authors, 0), 0, LABEL);
    }
    sqlite3_finalize(authors);
}

/* Each level read to its end before the next. */
static void level_by_level(sqlite3 *db)
{
    int authors[40], posts[80], count = 0, more = 0;
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author WHERE id <= 6");

    while (sqlite3_step(statement) == SQLITE_ROW) {
        authors[count++] = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    for (int i = 0; i < count; i++) {
        statement = prepare_sql(db, POSTS);
        sqlite3_bind_int(statement, 1, authors[i]);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            posts[more++] = sqlite3_column_int(statement, 0);
            (void)sqlite3_column_text(statement, 1);
        }
        sqlite3_finalize(statement);
    }
    for (int i = 0; i < more; i++) {
        read_each(db, LABEL, posts[i], posts[i]);
    }
}

/* A row for each row for each row. */
static void chain(sqlite3 *db)
{
    sqlite3_stmt *posts = prepare_sql(db, LIST);

    while (sqlite3_step(posts) == SQLITE_ROW) {
        (void)sqlite3_column_text(posts, 0);
        (void)sqlite3_column_text(posts, 2);
        descend(db, "SELECT name, code FROM author WHERE id = ?", sqlite3_column_int(posts, 1), 1,
                "SELECT label FROM tag WHERE code = ?");
    }
    sqlite3_finalize(posts);
}

static void below_a_loop(sqlite3 *db)
{
    for (int i = 1; i <= 12; i++) {
        descend(db, POSTS " /* toolbar:ignore query_in_loop */", i, 0, LABEL);
    }
}

static void below_two_lists(sqlite3 *db)
{
    descend(db, "SELECT author_id, title FROM post WHERE id > ? LIMIT 6", 3, 0,
            "SELECT name FROM author WHERE id = ?");
    descend(db, "SELECT author_id, title FROM post WHERE id > ? LIMIT 6", 15, 0,
            "SELECT name FROM author WHERE id = ?");
}

/* Single rows are no list, be they three. */
static void three_pages(sqlite3 *db)
{
    for (int i = 1; i <= 9; i += 4) {
        descend(db, "SELECT id, author_id, title FROM post WHERE id = ?", i, 1,
                "SELECT name FROM author WHERE id = ?");
    }
}

static void one_row_at_the_top(sqlite3 *db)
{
    descend(db, "SELECT id, name FROM author WHERE id = ?", 3, 0, POSTS);
}

static void join_of_three(sqlite3 *db)
{
    read_sql(db, "SELECT a.name, p.title, t.label FROM author a JOIN post p ON p.author_id = a.id"
                 "  JOIN tag t ON t.code = a.code");
}

static void empty_lists(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id > 40", 0, POSTS);
}

/* A tree of 15: the children of n are 2n and 2n + 1; and a list of 9. */
static void create_tree(sqlite3 *db)
{
    unseen(db, "CREATE TABLE node (id INTEGER PRIMARY KEY, parent_id, next_id, label);"
               "INSERT INTO node SELECT id, id / 2, id * 2 % 11, name FROM author"
               "  WHERE id <= 15");
}

static void visit(sqlite3 *db, int parent)
{
    sqlite3_stmt *children =
        prepare_sql(db, "SELECT id, label FROM node AS n WHERE parent_id = ? ");

    sqlite3_bind_int(children, 1, parent);
    while (sqlite3_step(children) == SQLITE_ROW) {
        (void)sqlite3_column_text(children, 1);
        visit(db, sqlite3_column_int(children, 0));
    }
    sqlite3_finalize(children);
}

static void tree(sqlite3 *db)
{
    create_tree(db);
    visit(db, 1);
}

static void follow(sqlite3 *db, const char *sql, int id, int steps)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = 0; i < steps; i++) {
        sqlite3_bind_int(statement, 1, id);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        id = sqlite3_column_int(statement, 0);
        (void)sqlite3_column_text(statement, 1);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void linked_list(sqlite3 *db)
{
    create_tree(db);
    follow(db, "SELECT next_id, label FROM node WHERE id = ?", 1, 7);
}

/* The numbers of the list are in another one by chance. */
static void linked_list_among_others(sqlite3 *db)
{
    create_tree(db);
    read_sql(db, "SELECT id, name FROM author WHERE id < 11");
    follow(db, "SELECT next_id, label FROM node WHERE id = ?", 1, 7);
}

static void recursive(sqlite3 *db)
{
    create_tree(db);
    read_sql(db, "WITH RECURSIVE walk (i) AS (VALUES (1) UNION SELECT id FROM node JOIN walk ON"
                 "  parent_id = i) SELECT id, label FROM node WHERE id IN (SELECT i FROM walk)");
}

static void short_walk(sqlite3 *db)
{
    create_tree(db);
    follow(db, "SELECT next_id, label FROM node WHERE id = ?", 9, 4);
}

static void create_entries(sqlite3 *db)
{
    unseen(db, "CREATE TABLE entry (id INTEGER PRIMARY KEY, what TEXT);"
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 330)"
               "  INSERT INTO entry SELECT i, 'what ' || i FROM n");
}

/* Seven pages, the last of which is not full. */
static void read_pages(sqlite3 *db, const char *sql, bool by_key)
{
    sqlite3_stmt *statement;
    int from = 0;

    create_entries(db);
    statement = prepare_sql(db, sql);
    for (int page = 0; page < 7; page++) {
        sqlite3_bind_int(statement, 1, by_key ? from : page * 50);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            from = sqlite3_column_int(statement, 0);
            (void)sqlite3_column_text(statement, 1);
        }
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void pages_by_key(sqlite3 *db)
{
    read_pages(db, "SELECT id, what FROM entry WHERE id > ? ORDER BY id LIMIT 50", true);
}

static void pages_by_offset(sqlite3 *db)
{
    read_pages(db, "SELECT id, what FROM entry ORDER BY id LIMIT 50 OFFSET ?", false);
}

/* As many rows each time, but of one thing after the other. */
static void rows_of_each_kind(sqlite3 *db)
{
    create_entries(db);
    read_each(db, "SELECT id, what FROM entry WHERE id % 6 = ? LIMIT 50", 0, 6);
}

static void ask_in_parts(sqlite3 *db, const char *sql, int values)
{
    sqlite3_stmt *statement;

    create_entries(db);
    statement = prepare_sql(db, sql);
    for (int part = 0; part < 6; part++) {
        for (int i = 1; i <= values; i++) {
            sqlite3_bind_int(statement, i, part * 50 + i);
        }
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

static void lists_in_parts(sqlite3 *db)
{
    ask_in_parts(db, "SELECT id, what FROM entry WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 10);
}

static void pairs(sqlite3 *db)
{
    ask_in_parts(db, "SELECT id, what FROM entry WHERE id IN (?, ?)", 2);
}

static void json_in_parts(sqlite3 *db)
{
    sqlite3_stmt *statement;

    create_entries(db);
    statement = prepare_sql(db, "SELECT id, what FROM entry WHERE id IN (SELECT value FROM"
                                " json_each(?))");
    for (int part = 0; part < 6; part++) {
        char list[32];

        snprintf(list, sizeof list, "[%d, %d]", 2 * part + 1, 2 * part + 2);
        sqlite3_bind_text(statement, 1, list, -1, SQLITE_TRANSIENT);
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

/* Whether it is there decides what is written. */
static void import(sqlite3 *db, const char *check, const char *write, int first, int last)
{
    for (int i = first; i <= last; i++) {
        sqlite3_stmt *statement = prepare_sql(db, check);
        unsigned found;

        sqlite3_bind_int(statement, 1, i);
        found = read_all(statement);
        sqlite3_finalize(statement);
        if (found) continue;
        statement = prepare_sql(db, write);
        sqlite3_bind_int(statement, 1, i);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_finalize(statement);
    }
}

static void checked_for_uniqueness(sqlite3 *db)
{
    run_sql(db, "BEGIN");
    import(db, "SELECT 1 FROM author WHERE age = ? LIMIT 1",
           "INSERT INTO author (age) VALUES (?) -- toolbar:ignore", 45, 62);
    run_sql(db, "COMMIT");
}

static void checked_before_update(sqlite3 *db)
{
    import(db, "SELECT title FROM post WHERE id = ?1 AND title LIKE 'x%'",
           "UPDATE post SET title = 'x' WHERE id = ?1 -- toolbar:ignore", 3, 12);
}

static void written_elsewhere(sqlite3 *db)
{
    import(db, "SELECT title FROM post WHERE author_id = ?",
           "INSERT INTO log VALUES (?) -- toolbar:ignore", 100, 110);
}

/* What an application has to run its queries. */
__attribute__((noinline)) static unsigned rows_of(sqlite3 *db, const char *sql, int value)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);
    unsigned rows = 0;

    sqlite3_bind_int(statement, 1, value);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_text(statement, 0);
        rows++;
    }
    sqlite3_finalize(statement);
    return rows;
}

#define OF_AGE "SELECT name FROM author WHERE age = ?"

static void loop_around_a_function(sqlite3 *db)
{
    assert_int_equal(rows_of(db, "SELECT title FROM post WHERE id = ?", 3), 1);
    for (int i = 30; i < 37; i++) {
        assert_int_equal(rows_of(db, OF_AGE, i), 1);
    }
}

static void function_used_in_many_places(sqlite3 *db)
{
    assert_int_equal(rows_of(db, OF_AGE, 31), 1);
    assert_int_equal(rows_of(db, OF_AGE, 33), 1);
    assert_int_equal(rows_of(db, OF_AGE, 36), 1);
    assert_int_equal(rows_of(db, "SELECT title FROM post WHERE id = ?", 3), 1);
    assert_int_equal(rows_of(db, OF_AGE, 38), 1);
    assert_int_equal(rows_of(db, OF_AGE, 41), 1);
    assert_int_equal(rows_of(db, OF_AGE, 44), 1);
}

static void query_in_loop(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(tree, "query_in_loop "),
        MUST(linked_list, "query_in_loop "),
        MUST(linked_list_among_others, "query_in_loop "),
        MUST(written_elsewhere, "query_in_loop "),
        MUST(loop_around_a_function, "query_in_loop "),
        SILENT(function_used_in_many_places),
        SILENT(recursive),
        SILENT(short_walk),
        SILENT(pages_by_key),
        SILENT(pages_by_offset),
        MUST(rows_of_each_kind, "query_in_loop "),
        SILENT(lists_in_parts),
        MUST(pairs, "query_in_loop "),
        SILENT(json_in_parts),
        SILENT(checked_for_uniqueness),
        SILENT(checked_before_update),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void n_plus_one(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(two_levels, "n_plus_one n_plus_one "),
        MUST(level_by_level, "n_plus_one n_plus_one "),
        MUST(chain, "n_plus_one n_plus_one "),
        MUST(below_a_loop, "n_plus_one "),
        MUST(below_two_lists, "n_plus_one "),
        SILENT(three_pages),
        SILENT(one_row_at_the_top),
        SILENT(join_of_three),
        SILENT(empty_lists),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n_plus_one),
        cmocka_unit_test(query_in_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
