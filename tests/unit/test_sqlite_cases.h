/*
 * Things that programs do with SQLite, each with the statements that must be recorded for it,
 * whichever way they are watched. Included by the tests of both ways.
 */
#ifndef TEST_SQLITE_CASES_H
#define TEST_SQLITE_CASES_H

#include "test_sqlite_support.h"

enum { STATEMENTS_MAXIMUM = 16 };

/* `prepare` runs before the request, `act` in it. */
struct sqlite_case {
    const char *name;
    void (*prepare)(sqlite3 *db);
    void (*act)(sqlite3 *db);
    const char *statements[STATEMENTS_MAXIMUM]; /* in order */
    int64_t rows[STATEMENTS_MAXIMUM];
};

static sqlite3_stmt *prepared; /* by `prepare`, for `act` */

static inline void act_select(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author");

    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static inline void act_trigger(sqlite3 *db)
{
    run_sql(db, "INSERT INTO author VALUES (20, 'twenty')");
}

static inline void act_cascade(sqlite3 *db)
{
    run_sql(db, "DELETE FROM author WHERE id = 1");
}

static inline void act_several(sqlite3 *db)
{
    run_sql(db, "INSERT INTO log VALUES (1); UPDATE log SET what = 2; SELECT 3 UNION SELECT 4;");
}

static inline void prepare_kept(sqlite3 *db)
{
    prepared = prepare_sql(db, "SELECT title FROM book WHERE id < 4");
    assert_int_equal(step_all(prepared), SQLITE_DONE);
    sqlite3_reset(prepared);
}

static inline void prepare_stale(sqlite3 *db)
{
    prepare_kept(db);
    run_sql(db, "CREATE TABLE another (id)");
}

static inline void act_kept(sqlite3 *db)
{
    (void)db;
    assert_int_equal(step_all(prepared), SQLITE_DONE);
    sqlite3_finalize(prepared);
}

static inline void act_kept_twice(sqlite3 *db)
{
    assert_int_equal(step_all(prepared), SQLITE_DONE);
    sqlite3_reset(prepared);
    act_kept(db);
}

/* SQLite resets by itself when a statement that is done is stepped again. */
static inline void act_kept_without_reset(sqlite3 *db)
{
    assert_int_equal(step_all(prepared), SQLITE_DONE);
    act_kept(db);
}

static inline void prepare_running(sqlite3 *db)
{
    prepared = prepare_sql(db, "SELECT title FROM book");
    assert_int_equal(sqlite3_step(prepared), SQLITE_ROW);
}

static inline void act_returning(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "INSERT INTO log VALUES (1), (2) RETURNING what");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static inline void act_constraint(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "INSERT INTO author VALUES (99, 'a1')");

    assert_int_equal(sqlite3_step(statement), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_reset(statement), SQLITE_CONSTRAINT);
    sqlite3_finalize(statement);
}

static inline void act_early_end(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT id FROM author");

    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_reset(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_finalize(statement);
    sqlite3_finalize(prepare_sql(db, "SELECT 'never stepped'"));
    sqlite3_finalize(NULL);
    sqlite3_reset(NULL);
}

static inline void act_left_open(sqlite3 *db)
{
    prepared = prepare_sql(db, "SELECT name FROM author");
    assert_int_equal(sqlite3_step(prepared), SQLITE_ROW);
}

static inline void act_nested(sqlite3 *db)
{
    sqlite3_stmt *outer = prepare_sql(db, "SELECT id FROM author LIMIT 3");
    sqlite3_stmt *inner = prepare_sql(db, "SELECT title FROM book WHERE author_id = ?");

    while (sqlite3_step(outer) == SQLITE_ROW) {
        sqlite3_bind_int(inner, 1, sqlite3_column_int(outer, 0));
        assert_int_equal(step_all(inner), SQLITE_DONE);
        sqlite3_reset(inner);
    }
    sqlite3_finalize(inner);
    sqlite3_finalize(outer);
}

static inline void act_table(sqlite3 *db)
{
    char **table;
    int rows;
    int columns;

    assert_int_equal(sqlite3_get_table(db, "SELECT id, name FROM author; SELECT 1", &table, &rows,
                                       &columns, NULL),
                     SQLITE_ERROR); /* different numbers of columns */
    assert_int_equal(sqlite3_get_table(db, "SELECT id FROM author", &table, &rows, &columns, NULL),
                     SQLITE_OK);
    assert_int_equal(rows, 10);
    sqlite3_free_table(table);
}

static inline void act_explain(sqlite3 *db)
{
    run_sql(db, "SELECT 5; EXPLAIN QUERY PLAN SELECT * FROM book; EXPLAIN SELECT 1");
}

static inline void act_schema(sqlite3 *db)
{
    run_sql(db, "CREATE TABLE made (id INTEGER PRIMARY KEY, x UNIQUE)");
}

static inline void act_fts(sqlite3 *db)
{
    run_sql(db, "INSERT INTO words VALUES ('one two'); SELECT * FROM words ('two')");
}

static inline void inner_query(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3 *db = sqlite3_context_db_handle(context);
    sqlite3_stmt *statement = prepare_sql(db, "SELECT count(*) FROM author");

    (void)count;
    (void)values;
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_result_int(context, sqlite3_column_int(statement, 0));
    sqlite3_finalize(statement);
    run_sql(db, "SELECT 'inner'");
}

static inline void prepare_function(sqlite3 *db)
{
    sqlite3_create_function(db, "authors", 0, SQLITE_UTF8, NULL, inner_query, NULL, NULL);
}

static inline void act_function(sqlite3 *db)
{
    run_sql(db, "SELECT authors()");
}

static inline void act_transaction(sqlite3 *db)
{
    run_sql(db, "BEGIN; PRAGMA user_version; SELECT 1; COMMIT");
}

static inline int say_stop(void *cls, int count, char **values, char **names)
{
    (void)cls;
    (void)count;
    (void)values;
    (void)names;
    return 1;
}

static inline void act_stopped(sqlite3 *db)
{
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sqlite3_exec(db, "SELECT id FROM author", say_stop, NULL, NULL),
                         SQLITE_ABORT);
    }
    run_sql(db, "SELECT 2");
}

static inline int query_in_callback(void *cls, int count, char **values, char **names)
{
    (void)count;
    (void)values;
    (void)names;
    run_sql(cls, "SELECT 'in callback'");
    return 0;
}

static inline void act_callback(sqlite3 *db)
{
    assert_int_equal(
        sqlite3_exec(db, "SELECT 1 UNION SELECT 2; SELECT 3", query_in_callback, db, NULL),
        SQLITE_OK);
}

static inline void act_vacuum(sqlite3 *db)
{
    run_sql(db, "VACUUM");
}

static inline void act_reused_address(sqlite3 *db)
{
    for (int i = 0; i < 3; i++) {
        sqlite3_stmt *statement = prepare_sql(db, i == 1 ? "SELECT 'b'" : "SELECT 'a'");

        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        sqlite3_finalize(statement);
    }
}

static inline void act_comment(sqlite3 *db)
{
    run_sql(db, "-- why\nSELECT 1; /* and */ SELECT 2");
    run_sql(db, "  -- nothing\n ; ");
    run_sql(db, "");
}

static inline void act_blob(sqlite3 *db)
{
    sqlite3_blob *blob;
    char bytes[4];

    assert_int_equal(sqlite3_blob_open(db, "main", "data", "bytes", 1, 0, &blob), SQLITE_OK);
    assert_int_equal(sqlite3_blob_read(blob, bytes, sizeof bytes, 0), SQLITE_OK);
    sqlite3_blob_close(blob);
    assert_int_equal(
        sqlite3_table_column_metadata(db, "main", "data", "bytes", NULL, NULL, NULL, NULL, NULL),
        SQLITE_OK);
}

static const struct sqlite_case sqlite_cases[] = {
    {"select", NULL, act_select, {"SELECT id FROM author"}, {10}},
    {"trigger", NULL, act_trigger, {"INSERT INTO author VALUES (20, 'twenty')"}, {0}},
    {"cascade", NULL, act_cascade, {"DELETE FROM author WHERE id = 1"}, {0}},
    {"several in exec",
     NULL,
     act_several,
     {"INSERT INTO log VALUES (1);", "UPDATE log SET what = 2;", "SELECT 3 UNION SELECT 4;"},
     {0, 0, 2}},
    {"prepared before",
     prepare_kept,
     act_kept_twice,
     {"SELECT title FROM book WHERE id < 4", "SELECT title FROM book WHERE id < 4"},
     {3, 3}},
    {"no reset between",
     prepare_kept,
     act_kept_without_reset,
     {"SELECT title FROM book WHERE id < 4", "SELECT title FROM book WHERE id < 4"},
     {3, 3}},
    {"prepared again after a schema change",
     prepare_stale,
     act_kept,
     {"SELECT title FROM book WHERE id < 4"},
     {3}},
    {"begun before", prepare_running, act_kept, {NULL}, {0}},
    {"returning", NULL, act_returning, {"INSERT INTO log VALUES (1), (2) RETURNING what"}, {2}},
    {"error at step", NULL, act_constraint, {"INSERT INTO author VALUES (99, 'a1')"}, {0}},
    {"reset and finalize early",
     NULL,
     act_early_end,
     {"SELECT id FROM author", "SELECT id FROM author"},
     {1, 2}},
    {"left open", NULL, act_left_open, {"SELECT name FROM author"}, {1}},
    {"nested",
     NULL,
     act_nested,
     {"SELECT id FROM author LIMIT 3", "SELECT title FROM book WHERE author_id = ?",
      "SELECT title FROM book WHERE author_id = ?", "SELECT title FROM book WHERE author_id = ?"},
     {3, 1, 1, 1}},
    {"get_table",
     NULL,
     act_table,
     {"SELECT id, name FROM author;", "SELECT 1", "SELECT id FROM author"},
     {10, 1, 10}},
    {"explain",
     NULL,
     act_explain,
     {"SELECT 5;", "EXPLAIN QUERY PLAN SELECT * FROM book;", "EXPLAIN SELECT 1"},
     {1, -2, -2}},
    {"create table",
     NULL,
     act_schema,
     {"CREATE TABLE made (id INTEGER PRIMARY KEY, x UNIQUE)"},
     {0}},
    {"full text search",
     NULL,
     act_fts,
     {"INSERT INTO words VALUES ('one two');", "SELECT * FROM words ('two')"},
     {0, 1}},
    {"function that queries", prepare_function, act_function, {"SELECT authors()"}, {1}},
    {"transaction",
     NULL,
     act_transaction,
     {"BEGIN;", "PRAGMA user_version;", "SELECT 1;", "COMMIT"},
     {0, 1, 1, 0}},
    {"stopped by the callback",
     NULL,
     act_stopped,
     {"SELECT id FROM author", "SELECT id FROM author", "SELECT id FROM author", "SELECT 2"},
     {1, 1, 1, 1}},
    {"query in the callback",
     NULL,
     act_callback,
     {"SELECT 1 UNION SELECT 2;", "SELECT 'in callback'", "SELECT 'in callback'", "SELECT 3",
      "SELECT 'in callback'"},
     {2, 1, 1, 1, 1}},
    {"vacuum", NULL, act_vacuum, {"VACUUM"}, {0}},
    {"one address for several",
     NULL,
     act_reused_address,
     {"SELECT 'a'", "SELECT 'b'", "SELECT 'a'"},
     {1, 1, 1}},
    {"comments", NULL, act_comment, {"-- why\nSELECT 1;", "/* and */ SELECT 2"}, {1, 1}},
    {"blobs and column data", NULL, act_blob, {NULL}, {0}},
};

static const char *trimmed(const char *sql)
{
    return sql + strspn(sql, " ");
}

static inline void check_case(const struct sqlite_case *expected,
                              const struct toolbar_recording *recording)
{
    unsigned count = 0;

    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        if (count == STATEMENTS_MAXIMUM || !expected->statements[count] ||
            strcmp(trimmed(query->statement->sql), expected->statements[count]) != 0) {
            fail_msg("%s: unexpected: %s", expected->name, query->statement->sql);
        }
        if (expected->rows[count] >= 0 && query->rows != expected->rows[count]) {
            fail_msg("%s: %d rows instead of %d: %s", expected->name, (int)query->rows,
                     (int)expected->rows[count], query->statement->sql);
        }
        assert_true(query->done && (query->rows == TOOLBAR__UNKNOWN ||
                                    (query->duration_ns >= 0 && query->open_ns >= 0)));
        count++;
    }
    if (expected->statements[count]) {
        fail_msg("%s: missing: %s", expected->name, expected->statements[count]);
    }
    assert_int_equal(recording->query_count, count);
    assert_int_equal(recording->late_queries, 0);
}

/* All cases on a connection that `attach` was called for, if it is not NULL. */
static inline void run_cases(const char *path, void (*attach)(sqlite3 *db))
{
    for (size_t i = 0; i < sizeof sqlite_cases / sizeof *sqlite_cases; i++) {
        sqlite3 *db;
        struct shown shown;

        if (*path != ':') unlink(path);
        db = open_database(path);
        create_schema(db);
        if (attach) attach(db);
        if (sqlite_cases[i].prepare) sqlite_cases[i].prepare(db);
        shown_begin(&shown);
        sqlite_cases[i].act(db);
        check_case(&sqlite_cases[i], shown_finish(&shown));
        shown_end(&shown);
        if (sqlite_cases[i].act == act_left_open) sqlite3_finalize(prepared);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
    if (*path != ':') unlink(path);
}

#endif
