/* Shown requests and databases for the tests of recording SQLite. */
#ifndef TEST_SQLITE_SUPPORT_H
#define TEST_SQLITE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <unistd.h>

#include "adapters/sqlite/observe.h"
#include "debugtoolbar/sqlite.h"
#include "record/current.h"
#include "record/recording.h"
#include "record/request.h"

/* A shown request of this thread. */
struct shown {
    struct toolbar_request request;
    struct toolbar_request *before;
};

static inline void shown_begin(struct shown *shown)
{
    memset(shown, 0, sizeof *shown);
    shown->request.recording = toolbar__recording_new();
    assert_non_null(shown->request.recording);
    shown->before = toolbar__current_set(&shown->request);
    toolbar__sqlite_request_begin(shown->request.recording);
}

static inline const struct toolbar_recording *shown_finish(struct shown *shown)
{
    toolbar__sqlite_request_settle(shown->request.recording);
    toolbar__recording_finish(shown->request.recording, 200, NULL,
                              toolbar__recording_now(shown->request.recording));
    return shown->request.recording;
}

static inline void shown_end(struct shown *shown)
{
    toolbar__sqlite_request_end(shown->request.recording);
    toolbar__current_set(shown->before);
    toolbar__recording_unref(shown->request.recording);
}

static inline const struct toolbar__query *query_at(const struct toolbar_recording *recording,
                                                    unsigned number)
{
    const struct toolbar__query *query = recording->queries;

    while (query && query->number != number) {
        query = query->next;
    }
    assert_non_null(query);
    return query;
}

static inline sqlite3 *open_database(const char *path)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static inline void run_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
}

static inline sqlite3_stmt *prepare_sql(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

static inline int step_all(sqlite3_stmt *statement)
{
    int code;

    do {
        code = sqlite3_step(statement);
    } while (code == SQLITE_ROW);
    return code;
}

static inline void create_schema(sqlite3 *db)
{
    run_sql(db, "PRAGMA foreign_keys = on;"
                "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT UNIQUE);"
                "CREATE TABLE book (id INTEGER PRIMARY KEY, title,"
                "  author_id REFERENCES author ON DELETE CASCADE);"
                "CREATE INDEX book_author ON book (author_id);"
                "CREATE TABLE log (what);"
                "CREATE TRIGGER author_added AFTER INSERT ON author BEGIN"
                "  INSERT INTO log VALUES ('added');"
                "  UPDATE log SET what = what || new.id WHERE what = 'added'; END;"
                "CREATE VIRTUAL TABLE words USING fts5 (word);"
                "CREATE TABLE data (id INTEGER PRIMARY KEY, bytes);"
                "INSERT INTO data VALUES (1, zeroblob(10));"
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)"
                "  INSERT INTO author SELECT i, 'a' || i FROM n;"
                "INSERT INTO book SELECT id, 'b' || id, id FROM author");
}

#endif
