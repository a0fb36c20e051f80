/*
 * Without memory, in the library and in SQLite, an index is found, or said to be missing, or not
 * found; and the next time it is found.
 */
#include "test_out_of_memory.h"

#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>

#include "adapters/sqlite/observe.h"
#include "advisor/advice.h"
#include "record/current.h"
#include "record/plan.h"
#include "record/request.h"
#include "scratch.h"

enum { NONE = 1000000 };

static sqlite3_mem_methods plain;
static struct toolbar *const toolbar = (struct toolbar *)&plain; /* only has to be there */
static const char *path;

static void *allocate(int size)
{
    return fails() ? NULL : plain.xMalloc(size);
}

static void *reallocate(void *old, int size)
{
    return fails() ? NULL : plain.xRealloc(old, size);
}

/* Before anything else is asked of SQLite. */
static void let_sqlite_fail(void)
{
    sqlite3_mem_methods methods;

    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain), SQLITE_OK);
    methods = plain;
    methods.xMalloc = allocate;
    methods.xRealloc = reallocate;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
}

static void run(sqlite3 *db, const char *sql)
{
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void make_database(void)
{
    sqlite3 *db;

    path = scratch_path("large.sqlite");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);"
            "CREATE TABLE u (id INTEGER PRIMARY KEY, t INTEGER); CREATE VIEW v AS SELECT * FROM t;"
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            "  INSERT INTO t SELECT i, i % 500, 'text' FROM n; INSERT INTO u SELECT id, id FROM t;"
            "ANALYZE");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Of which the toolbar's own work alone has no memory. */
struct visit {
    unsigned number; /* so that nothing is remembered */
    unsigned advised;
    unsigned proved;
};

static void judge(struct visit *visit, struct toolbar_recording *recording)
{
    const struct toolbar__query *query = recording->queries;
    struct toolbar_text text;
    struct toolbar_json json;
    char *proof;

    atomic_store(&armed, true);
    toolbar__advise(recording);
    toolbar__text_init(&text, 100000);
    toolbar__json_init(&json, &text);
    assert_true(toolbar__plan_prove(recording, query->number, &json));
    proof = toolbar__text_take(&text, NULL);
    atomic_store(&armed, false);
    if (recording->advices.first) visit->advised++;
    if (proof && strstr(proof, "\"gain\":")) visit->proved++;
    if (proof) assert_true(strncmp(proof, "{\"create\":", 10) == 0 || strstr(proof, "{\"error\":"));
    free(proof);
}

static void visit_once(struct visit *visit)
{
    struct toolbar_request request = {.recording = toolbar__recording_new()};
    struct toolbar_request *before;
    char sql[200];
    sqlite3 *db;

    assert_non_null(request.recording);
    before = toolbar__current_set(&request);
    toolbar__sqlite_request_begin(request.recording);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
    snprintf(sql, sizeof sql,
             "SELECT t.b AS n%u FROM v AS t JOIN u ON u.t = t.id WHERE t.a = 7 AND t.id > 5",
             visit->number++);
    run(db, sql);
    toolbar__sqlite_request_settle(request.recording);
    toolbar__recording_finish(request.recording, 200, NULL, 1000000);
    judge(visit, request.recording);
    assert_int_equal(sqlite3_errcode(db), SQLITE_OK);
    toolbar__sqlite_request_end(request.recording);
    toolbar__current_set(before);
    toolbar__recording_unref(request.recording);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void assert_found(struct visit *visit)
{
    failing = NONE;
    visit->advised = visit->proved = 0;
    atomic_store(&counted, 0);
    visit_once(visit);
    assert_int_equal(visit->advised, 1);
    assert_int_equal(visit->proved, 1);
}

static void indexes(void **state)
{
    enum { STRIDE = 61 };
    struct visit visit = {.number = 0};
    unsigned total;

    (void)state;
    assert_found(&visit);
    total = atomic_load(&counted);
    assert_in_range(total, 1000, 100000);
    for (failing = 0; failing < total; failing += STRIDE) {
        and_all_after = !and_all_after;
        atomic_store(&counted, 0);
        visit_once(&visit);
    }
    assert_in_range(visit.advised, 1, total / STRIDE);
    assert_found(&visit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexes),
    };

    let_sqlite_fail();
    make_database();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
