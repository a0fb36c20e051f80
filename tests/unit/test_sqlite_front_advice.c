/* The advisor on what was asked: queries for each row and in loops. */
#include "test_sqlite_advice.h"

static void nested(sqlite3 *db)
{
    for_each(db, LIST, 1, NAME);
}

/* The list first, then the look-ups, prepared anew each time. */
static void list_first(sqlite3 *db)
{
    sqlite3_stmt *parent = prepare_sql(db, LIST);
    int ids[20], count = 0;

    while (sqlite3_step(parent) == SQLITE_ROW) {
        (void)sqlite3_column_int(parent, 0);
        (void)sqlite3_column_text(parent, 2);
        ids[count++] = sqlite3_column_int(parent, 1);
    }
    sqlite3_finalize(parent);
    for (int i = 0; i < count; i++) {
        sqlite3_stmt *child = prepare_sql(db, NAME);

        sqlite3_bind_int64(child, 1, ids[i]);
        read_all(child);
        sqlite3_finalize(child);
    }
}

static void literals(sqlite3 *db)
{
    sqlite3_stmt *parent = prepare_sql(db, LIST);

    while (sqlite3_step(parent) == SQLITE_ROW) {
        char sql[100];

        snprintf(sql, sizeof sql, "SELECT name FROM author WHERE id = %d",
                 sqlite3_column_int(parent, 1));
        (void)sqlite3_column_text(parent, 2);
        read_sql(db, sql);
    }
    sqlite3_finalize(parent);
}

static void text_keys(sqlite3 *db)
{
    sqlite3_stmt *parent = prepare_sql(db, "SELECT code, name FROM author WHERE id < 12");
    sqlite3_stmt *child = prepare_sql(db, "SELECT label FROM tag WHERE code = ?");

    while (sqlite3_step(parent) == SQLITE_ROW) {
        (void)sqlite3_column_text(parent, 1);
        sqlite3_bind_text(child, 1, (const char *)sqlite3_column_text(parent, 0), -1,
                          SQLITE_TRANSIENT);
        read_all(child);
    }
    sqlite3_finalize(parent);
    sqlite3_finalize(child);
}

static int look_up(void *db, int count, char **values, char **names)
{
    sqlite3_stmt *child = prepare_sql(db, NAME);

    (void)count, (void)names;
    sqlite3_bind_int(child, 1, (int)strtol(values[1], NULL, 10));
    read_all(child);
    sqlite3_finalize(child);
    return 0;
}

static void callback(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, LIST, look_up, db, NULL), SQLITE_OK);
}

static void children(sqlite3 *db)
{
    for_each(db, "SELECT id, name FROM author WHERE id <= 10", 0,
             "SELECT title FROM post WHERE author_id = ?");
}

static void counted_children(sqlite3 *db)
{
    for_each(db, "SELECT id, name FROM author WHERE id <= 10", 0,
             "SELECT count(*) FROM post WHERE author_id = ?");
}

static void interleaved(sqlite3 *db)
{
    sqlite3_stmt *parent = prepare_sql(db, LIST), *author = prepare_sql(db, NAME);
    sqlite3_stmt *tag = prepare_sql(db, "SELECT label FROM tag WHERE rowid = ?");

    while (sqlite3_step(parent) == SQLITE_ROW) {
        (void)sqlite3_column_text(parent, 2);
        sqlite3_bind_int(author, 1, sqlite3_column_int(parent, 1));
        read_all(author);
        sqlite3_bind_int(tag, 1, sqlite3_column_int(parent, 0));
        read_all(tag);
    }
    sqlite3_finalize(parent);
    sqlite3_finalize(author);
    sqlite3_finalize(tag);
}

static void join(sqlite3 *db)
{
    read_sql(db, "SELECT p.title, a.name FROM post p JOIN author a ON a.id = p.author_id");
}

static void one_and_its_author(sqlite3 *db)
{
    for_each(db, "SELECT id, author_id, title FROM post WHERE id = 7", 1, NAME);
}

static void two_rows(sqlite3 *db)
{
    for_each(db, "SELECT id, author_id, title FROM post WHERE id IN (1, 5)", 1, NAME);
}

static void in_list(sqlite3 *db)
{
    read_sql(db, LIST);
    read_sql(db, "SELECT id, name FROM author WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)");
}

static void not_read_before(sqlite3 *db)
{
    sqlite3_stmt *list = prepare_sql(db, "SELECT title FROM post WHERE id < 5");

    read_each(db, NAME, 1, 4);
    read_all(list);
    sqlite3_finalize(list);
}

/* A few small numbers that are keys somewhere too. */
static void coincidence(sqlite3 *db)
{
    read_sql(db, "SELECT id, title FROM post");
    read_each(db, "SELECT name FROM author WHERE age = ?", 21, 24);
}

static void silenced(sqlite3 *db)
{
    for_each(db, LIST, 1, "SELECT name /* toolbar:ignore n_plus_one */ FROM author WHERE id = ?");
}

static void silenced_another(sqlite3 *db)
{
    for_each(db, LIST, 1, "SELECT name /* toolbar:ignore slow_query */ FROM author WHERE id = ?");
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

static void loop_of_texts(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT label FROM tag WHERE code = ?");
    static const char *const codes[] = {"c7", "c14", "c21", "c28", "nix"};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sqlite3_bind_text(statement, 1, codes[i], -1, SQLITE_STATIC);
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

static void loop_of_two(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author WHERE age > ? AND age < ?");

    for (int i = 0; i < 6; i++) {
        sqlite3_bind_int(statement, 1, 20 + 5 * i);
        sqlite3_bind_int(statement, 2, 25 + 5 * i);
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

static void loop_of_empty(sqlite3 *db)
{
    read_each(db, "SELECT title FROM post WHERE author_id = ? ORDER BY title", 500, 506);
}

static void between(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE age BETWEEN 24 AND 41");
}

static void loop_of_four(sqlite3 *db)
{
    read_each(db, "SELECT name FROM author WHERE age = ?", 24, 27);
}

static void two_places(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, NAME);

    for (int i = 1; i < 4; i++) {
        sqlite3_bind_int(statement, 1, i);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            (void)sqlite3_column_text(statement, 0);
        }
        sqlite3_reset(statement);
    }
    for (int i = 4; i < 7; i++) {
        sqlite3_bind_int(statement, 1, i);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            (void)sqlite3_column_text(statement, 0);
        }
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void pragmas(sqlite3 *db)
{
    static const char *const tables[] = {"author", "post", "tag", "log", "nix", "none"};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[100];

        snprintf(sql, sizeof sql, "PRAGMA table_info('%s')", tables[i]);
        read_sql(db, sql);
    }
}

static void different_statements(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE age = 25");
    read_sql(db, "SELECT age FROM author WHERE age = 26");
    read_sql(db, "SELECT id FROM author WHERE age = 27");
    read_sql(db, "SELECT code FROM author WHERE age = 28");
    read_sql(db, "SELECT name, id FROM author WHERE age = 29");
}

static void loop_silenced(sqlite3 *db)
{
    read_each(db, "/* toolbar:ignore query_in_loop */ SELECT name FROM author WHERE age = ?", 24,
              41);
}

static void n_plus_one(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(nested, "n_plus_one "),
        MUST(list_first, "n_plus_one "),
        MUST(literals, "n_plus_one "),
        MUST(text_keys, "n_plus_one "),
        MUST(callback, "n_plus_one "),
        MUST(children, "n_plus_one "),
        MUST(counted_children, "n_plus_one "),
        MUST(interleaved, "n_plus_one n_plus_one "),
        MUST(silenced_another, "n_plus_one "),
        SILENT(join),
        SILENT(one_and_its_author),
        SILENT(two_rows),
        SILENT(in_list),
        SILENT(not_read_before),
        SILENT(coincidence),
        SILENT(silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void query_in_loop(void **state)
{
    static const struct scenario scenarios[] = {
        MUST(loop, "query_in_loop "),
        MUST(loop_of_literals, "query_in_loop "),
        MUST(loop_of_texts, "query_in_loop "),
        MUST(loop_of_two, "query_in_loop "),
        MUST(loop_of_empty, "query_in_loop "),
        SILENT(between),
        SILENT(loop_of_four),
        SILENT(two_places),
        SILENT(pragmas),
        SILENT(different_statements),
        SILENT(loop_silenced),
    };

    (void)state;
    run_scenarios(scenarios, sizeof scenarios / sizeof *scenarios);
}

static void all_queries_of_a_loop_are_named(void **state)
{
    enum { RUNS = 150 };
    const struct toolbar_recording *recording;
    sqlite3 *db = open_database(":memory:");
    struct shown shown;

    (void)state;
    create_blog(db);
    shown_begin(&shown);
    read_each(db, "SELECT name FROM author WHERE age = ?", 1, RUNS);
    recording = shown_finish(&shown);
    toolbar__advise(shown.request.recording);
    assert_non_null(recording->advices.first);
    assert_int_equal(recording->advices.first->query_count, RUNS);
    assert_int_equal(recording->advices.first->queries[RUNS - 1], RUNS);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n_plus_one),
        cmocka_unit_test(query_in_loop),
        cmocka_unit_test(all_queries_of_a_loop_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
