/*
 * What counts as the same query again: the decisions on which "similar", "duplicate" and with
 * them "one query for each row" rest, by example.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/fingerprint.h"
#include "record/recording.h"

enum { RUNS_MAXIMUM = 8 };

struct run {
    const char *sql;
    const char *connection; /* NULL: "main" */
    bool fails;
    unsigned similar, duplicate; /* as they should come out */
};

static struct toolbar__query *execute(struct toolbar_recording *recording, const struct run *run)
{
    struct toolbar__statement *statement = toolbar__recording_statement(
        recording, run->connection ? run->connection : "main", run->sql, strlen(run->sql));
    struct toolbar__query *query = toolbar__recording_query(recording, statement, 0, NULL, 0);
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;

    outcome.open_ns = 1000;
    if (run->fails) {
        outcome.error_code = 1;
        outcome.error_message = "no such table: t";
    }
    toolbar__recording_query_done(recording, statement, query, &outcome);
    return query;
}

static void check(const char *name, const struct run *runs)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    const struct toolbar__query *queries[RUNS_MAXIMUM];
    size_t count = 0;

    assert_non_null(recording);
    for (; count < RUNS_MAXIMUM && runs[count].sql; count++) {
        queries[count] = execute(recording, &runs[count]);
        assert_non_null(queries[count]);
    }
    toolbar__recording_finish(recording, 200, NULL, 10000);
    assert_int_equal(recording->query_count, count);
    for (size_t i = 0; i < count; i++) {
        if (queries[i]->similar != runs[i].similar || queries[i]->duplicate != runs[i].duplicate) {
            fail_msg("%s: %s: similar %u, duplicate %u", name, runs[i].sql, queries[i]->similar,
                     queries[i]->duplicate);
        }
        assert_int_equal(queries[i]->error_code != 0, runs[i].fails);
    }
    toolbar__recording_unref(recording);
}

static const struct {
    const char *name;
    struct run runs[RUNS_MAXIMUM];
} tables[] = {
    {"only the numbers differ",
     {{.sql = "SELECT a FROM t WHERE id = 1", .similar = 3},
      {.sql = "SELECT a FROM t WHERE id = 22", .similar = 3},
      {.sql = "SELECT a FROM t WHERE id = -3.5", .similar = 3}}},
    {"only the strings differ",
     {{.sql = "SELECT a FROM t WHERE b = 'x'", .similar = 2},
      {.sql = "SELECT a FROM t WHERE b = 'it''s 2'", .similar = 2}}},
    {"digits in names stay",
     {{.sql = "SELECT a1 FROM t1 WHERE id = 1"},
      {.sql = "SELECT a2 FROM t1 WHERE id = 1"},
      {.sql = "SELECT a1 FROM t2 WHERE id = 1"}}},
    {"lists of any length",
     {{.sql = "SELECT a FROM t WHERE id IN (1)", .similar = 3},
      {.sql = "SELECT a FROM t WHERE id IN (1, 2, 3)", .similar = 3},
      {.sql = "SELECT a FROM t WHERE id IN ('x', ?, NULL)"},
      {.sql = "select a from t where id in ( 7,8 )", .similar = 3}}},
    {"exact repeats are duplicates",
     {{.sql = "SELECT a FROM t WHERE id = 1", .similar = 2, .duplicate = 2},
      {.sql = "SELECT a FROM t WHERE id = 1", .similar = 2, .duplicate = 2}}},
    {"connections are told apart",
     {{.sql = "SELECT a FROM t WHERE id = 1"},
      {.sql = "SELECT a FROM t WHERE id = 2", .connection = "other"}}},
    {"what failed counts where it belongs",
     {{.sql = "SELECT a FROM t WHERE id = 1", .similar = 3, .duplicate = 2},
      {.sql = "SELECT a FROM t WHERE id = 1", .similar = 3, .duplicate = 2, .fails = true},
      {.sql = "SELECT a FROM u"},
      {.sql = "SELECT a FROM t WHERE id = 3", .similar = 3}}},
    /* One transaction for each row is worth seeing. */
    {"transactions are statements",
     {{.sql = "BEGIN", .similar = 2, .duplicate = 2},
      {.sql = "INSERT INTO t VALUES (1)", .similar = 2},
      {.sql = "COMMIT", .similar = 2, .duplicate = 2},
      {.sql = "BEGIN", .similar = 2, .duplicate = 2},
      {.sql = "INSERT INTO t VALUES (2)", .similar = 2},
      {.sql = "COMMIT", .similar = 2, .duplicate = 2}}},
    {"operators make another statement",
     {{.sql = "SELECT a FROM t WHERE id < 1"},
      {.sql = "SELECT a FROM t WHERE id > 1"},
      {.sql = "SELECT a FROM t WHERE id > 1 AND id < 2"}}},
};

static void similar_and_duplicate_by_example(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        check(tables[i].name, tables[i].runs);
    }
}

/* 200,000 fingerprints of bytes in which SQL goes wrong: all end, none reads too far. */
static void no_text_is_too_odd(void **state)
{
    static const char *const parts[] = {"SELECT", "'",  "\"", "(",    ")", "--", "/*",
                                        "*/",     "x'", "?1", "1e",   " ", "\n", ",",
                                        ";",      "[",  "`",  "\xff", "IN"};
    unsigned seed = 1;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char sql[64];
        size_t length = 0;
        struct toolbar_text text;

        for (unsigned n = seed % 9; n > 0; n--) {
            const char *part;

            seed = seed * 1103515245u + 12345u;
            part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            memcpy(sql + length, part, strlen(part));
            length += strlen(part);
        }
        seed = seed * 1103515245u + 12345u;
        toolbar__text_init(&text, 4096);
        toolbar__fingerprint(&text, sql, length);
        assert_false(text.failed);
        toolbar__text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similar_and_duplicate_by_example),
        cmocka_unit_test(no_text_is_too_odd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
