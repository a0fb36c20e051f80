/* The SQL that the advisor writes. */
#include "test_sqlite_advice.h"

/* The advice on what `act` does has this SQL, which gives as many rows with `bound` as value. */
static void check_fix(void (*act)(sqlite3 *db), const char *fix, const char *bound, int rows)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__advice *advice;
    sqlite3_stmt *statement;
    struct shown shown;

    create_blog(db);
    shown_begin(&shown);
    act(db);
    shown_finish(&shown);
    toolbar__advise(shown.request.recording);
    advice = shown.request.recording->advices.first;
    assert_non_null(advice);
    if (!fix) {
        assert_null(advice->fix);
        assert_non_null(strstr(advice->evidence, bound));
    } else {
        assert_string_equal(advice->fix, fix);
        statement = prepare_sql(db, fix);
        sqlite3_bind_text(statement, 1, bound, -1, SQLITE_STATIC);
        assert_int_equal(read_all(statement), rows);
        sqlite3_finalize(statement);
    }
    shown_end(&shown);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void count_children(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id > 10", 0,
             "SELECT count(*) FROM post WHERE author_id = ? AND id > 0");
}

/* Authors above 15 have no posts. */
static void groups_without_rows_count_too(void **state)
{
    (void)state;
    check_fix(count_children,
              "SELECT asked.value, (SELECT count(*) FROM post WHERE author_id = asked.value AND id "
              "> 0)\nFROM json_each(?) AS asked",
              "[11, 12, 15, 16, 17]", 5);
}

static void several_figures(sqlite3 *db)
{
    for_each(db, "SELECT id FROM author WHERE id > 10", 0,
             "SELECT count(*), max(title) FROM post WHERE author_id = ?");
}

static void groups_without_rows_are_said_to_be_missing(void **state)
{
    (void)state;
    check_fix(several_figures,
              "SELECT author_id, count(*), max(title) FROM post WHERE author_id IN (SELECT value "
              "FROM json_each(?)) GROUP BY author_id -- without the values that have no rows",
              "[11, 12, 15, 16, 17]", 3);
}

static void blobs(sqlite3 *db)
{
    sqlite3_stmt *list, *part;

    unseen(db, "CREATE TABLE part (hash BLOB PRIMARY KEY, label, size);"
               "INSERT INTO part SELECT randomblob(8), name, age FROM author");
    list = prepare_sql(db, "SELECT hash, label FROM part");
    part = prepare_sql(db, "SELECT size FROM part WHERE hash = ? AND size IS NOT NULL");
    while (sqlite3_step(list) == SQLITE_ROW) {
        (void)sqlite3_column_text(list, 1);
        sqlite3_bind_blob(part, 1, sqlite3_column_blob(list, 0), sqlite3_column_bytes(list, 0),
                          SQLITE_TRANSIENT);
        read_all(part);
    }
    sqlite3_finalize(part);
    sqlite3_finalize(list);
}

/* JSON has none. */
static void blobs_are_bound_one_by_one(void **state)
{
    (void)state;
    check_fix(blobs, "SELECT hash, size FROM part WHERE hash IN (?, ?, ?) AND size IS NOT NULL",
              "none", 0);
}

static void numbered_parameters(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT title FROM post WHERE id > ?2 AND id = ?1");

    for (int i = 1; i < 8; i++) {
        sqlite3_bind_int(statement, 1, 3 * i);
        sqlite3_bind_int(statement, 2, 0);
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

static void parameters_are_found_by_their_numbers(void **state)
{
    (void)state;
    check_fix(numbered_parameters,
              "SELECT id, title FROM post WHERE id > ?2 AND id IN (SELECT value FROM json_each(?))",
              "none", 0);
}

static void create_documents(sqlite3 *db)
{
    unseen(db, "CREATE TABLE document (id INTEGER PRIMARY KEY, title, body, views);"
               "INSERT INTO document SELECT id, name, printf('%.*c', 9000, 'x'), age FROM author");
}

static void read_document(sqlite3 *db, int last)
{
    sqlite3_stmt *statement;

    create_documents(db);
    statement = prepare_sql(db, "SELECT * FROM document");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        (void)sqlite3_column_int(statement, 0);
        (void)sqlite3_column_text(statement, 1);
        (void)sqlite3_column_text(statement, last);
    }
    sqlite3_finalize(statement);
}

static void read_before(sqlite3 *db)
{
    read_document(db, 1);
}

static void read_behind(sqlite3 *db)
{
    read_document(db, 3);
}

static void large_values_are_left_out_with_what_is_behind(void **state)
{
    (void)state;
    check_fix(read_before, "SELECT id, title FROM document", "", 30);
}

static void large_values_move_to_the_end_if_what_is_behind_is_read(void **state)
{
    (void)state;
    check_fix(read_behind, NULL, "Move it to the end of the table", 0);
}

static void ask_another_database(sqlite3 *db)
{
    sqlite3 *other = open_database(":memory:");
    sqlite3_stmt *list = prepare_sql(db, "SELECT id, author_id FROM post WHERE id < 11"), *one;

    unseen(other, "CREATE TABLE author (id INTEGER PRIMARY KEY, name);"
                  "INSERT INTO author VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')");
    one = prepare_sql(other, "SELECT id, name FROM author WHERE id = ?");
    while (sqlite3_step(list) == SQLITE_ROW) {
        sqlite3_bind_int(one, 1, sqlite3_column_int(list, 1));
        read_all(one);
    }
    sqlite3_finalize(one);
    sqlite3_finalize(list);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void tables_of_two_connections_are_not_joined(void **state)
{
    (void)state;
    check_fix(ask_another_database,
              "SELECT id, name FROM author WHERE id IN (SELECT value FROM json_each(?))", "[1, 2]",
              2);
}

static void ask_with_two_values(sqlite3 *db)
{
    sqlite3_stmt *list = prepare_sql(db, "SELECT id, title FROM post"), *one;

    one = prepare_sql(db, "SELECT author_id FROM post WHERE id = ? AND title = ?");
    while (sqlite3_step(list) == SQLITE_ROW) {
        sqlite3_bind_int(one, 1, sqlite3_column_int(list, 0));
        sqlite3_bind_text(one, 2, (const char *)sqlite3_column_text(list, 1), -1, SQLITE_TRANSIENT);
        read_all(one);
    }
    sqlite3_finalize(one);
    sqlite3_finalize(list);
}

static void two_values_that_differ_are_no_list(void **state)
{
    (void)state;
    check_fix(ask_with_two_values, NULL, "30 different values", 0);
}

static void read_first_of_many(sqlite3 *db)
{
    sqlite3_stmt *list = prepare_sql(db, "SELECT id, name FROM author WHERE id < 11"), *one;

    one = prepare_sql(db, "SELECT title FROM post WHERE author_id = ?");
    while (sqlite3_step(list) == SQLITE_ROW) {
        (void)sqlite3_column_text(list, 1);
        sqlite3_bind_int(one, 1, sqlite3_column_int(list, 0));
        assert_int_equal(sqlite3_step(one), SQLITE_ROW);
        (void)sqlite3_column_text(one, 0);
        sqlite3_reset(one);
    }
    sqlite3_finalize(one);
    sqlite3_finalize(list);
}

static void first_of_many_is_not_joined(void **state)
{
    (void)state;
    check_fix(read_first_of_many,
              "SELECT author_id, title FROM post WHERE author_id IN (SELECT value FROM "
              "json_each(?))",
              "[1, 2]", 4);
}

static void create_codes(sqlite3 *db)
{
    unseen(db, "CREATE TABLE code (code INTEGER, label); CREATE INDEX by_author ON post(author_id);"
               "INSERT INTO code SELECT 16 - id, name FROM author WHERE id < 16");
    for_each(db, "SELECT id, author_id FROM post LIMIT 10", 1,
             "SELECT label FROM code WHERE code = ?");
}

static void some_rows_stay_the_same(void **state)
{
    (void)state;
    check_fix(
        create_codes,
        "SELECT post.id, post.author_id, code.label\nFROM post\nLEFT JOIN code ON code.code = "
        "post.author_id\nLIMIT 10",
        "", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_without_rows_count_too),
        cmocka_unit_test(groups_without_rows_are_said_to_be_missing),
        cmocka_unit_test(blobs_are_bound_one_by_one),
        cmocka_unit_test(parameters_are_found_by_their_numbers),
        cmocka_unit_test(tables_of_two_connections_are_not_joined),
        cmocka_unit_test(two_values_that_differ_are_no_list),
        cmocka_unit_test(first_of_many_is_not_joined),
        cmocka_unit_test(some_rows_stay_the_same),
        cmocka_unit_test(large_values_are_left_out_with_what_is_behind),
        cmocka_unit_test(large_values_move_to_the_end_if_what_is_behind_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
