/* What recording is said to have taken, by a clock that goes on by 100 ns at each look. */
#ifndef TEST_SQLITE_COST_H
#define TEST_SQLITE_COST_H

#include "test_sqlite_advice.h"

enum { LOOK_NS = 100, ROWS = 4800 };

static inline int64_t own_ns_of(void (*watch)(sqlite3 *db), const char *sql, int limit)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;
    int64_t own_ns;

    create_blog(db);
    if (watch) watch(db);
    statement = prepare_sql(db, sql);
    shown_begin(&shown);
    sqlite3_bind_int(statement, 1, limit);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    own_ns = shown_finish(&shown)->own_ns;
    shown_end(&shown);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return own_ns;
}

/* Calls so few that none is one in sixteen. */
static inline void beginnings_are_timed(void (*watch)(sqlite3 *db))
{
    assert_in_range(own_ns_of(watch, "SELECT name FROM author WHERE id < 0 LIMIT ?", 1), LOOK_NS,
                    10 * LOOK_NS);
}

/* A look at each, and the looks that time it do not count. */
static inline void rows_are_sampled(void (*watch)(sqlite3 *db))
{
    const char *sql = "SELECT a.name FROM author a, author b, author c LIMIT ?";

    assert_in_range(own_ns_of(watch, sql, ROWS), (ROWS - ROWS / 50) * LOOK_NS,
                    (ROWS + ROWS / 50) * LOOK_NS);
}

#endif
