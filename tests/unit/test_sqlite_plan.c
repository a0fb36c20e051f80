/* Query plans: of what, on which connection, and that making them changes nothing. */
#include "test_sqlite_support.h"

#include <pthread.h>
#include <stdatomic.h>

#include "record/plan.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */
static const char path[] = "test_sqlite_plan.sqlite";

/* The connection of the application, with a recording of what follows. */
struct fixture {
    sqlite3 *db;
    struct shown shown;
};

static void fixture_begin(struct fixture *fixture, const char *file)
{
    unlink(path);
    fixture->db = open_database(file);
    create_schema(fixture->db);
    assert_int_equal(toolbar_sqlite_attach(toolbar, fixture->db, "main"), TOOLBAR_OK);
    shown_begin(&fixture->shown);
}

static void fixture_end(struct fixture *fixture)
{
    shown_end(&fixture->shown);
    sqlite3_close(fixture->db);
    unlink(path);
}

static char *plan_of(const struct fixture *fixture, unsigned number)
{
    struct toolbar_text text;
    struct toolbar_json json;
    char *result;

    toolbar__text_init(&text, 100000);
    toolbar__json_init(&json, &text);
    assert_true(toolbar__plan(fixture->shown.request.recording, number, &json));
    result = toolbar__text_take(&text, NULL);
    assert_non_null(result);
    return result;
}

static void assert_plan(const struct fixture *fixture, unsigned number, const char *expected)
{
    char *plan = plan_of(fixture, number);

    if (!strstr(plan, expected)) fail_msg("%u: no %s in %s", number, expected, plan);
    free(plan);
}

static void plans_are_those_of_sqlite(void **state)
{
    struct fixture fixture;
    struct toolbar_text text;
    struct toolbar_json json;

    (void)state;
    fixture_begin(&fixture, path);
    run_sql(fixture.db, "/* all */ SELECT title FROM book WHERE author_id = 7");
    run_sql(fixture.db, "DELETE FROM log WHERE what = '<script>'");
    run_sql(fixture.db, "SELECT * FROM words ('x')");
    run_sql(fixture.db, "DROP TABLE data");
    run_sql(fixture.db, "WITH a AS (SELECT 1) SELECT * FROM a");
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 1,
                "\"parent\":0,\"detail\":\"SEARCH book USING INDEX book_author (author_id=?)\"}],"
                "\"sql\":\"/* all */ SELECT title");
    assert_plan(&fixture, 2, "\"detail\":\"SCAN log\"");
    assert_plan(&fixture, 2, "\\u003cscript\\u003e");
    assert_plan(&fixture, 3, "SCAN words VIRTUAL TABLE");
    assert_plan(&fixture, 4, "{\"error\":\"Statements of this kind have no plan.\"}");
    assert_plan(&fixture, 5, "\"plan\":[{");
    toolbar__text_init(&text, 1000);
    toolbar__json_init(&json, &text);
    assert_false(toolbar__plan(fixture.shown.request.recording, 6, &json));
    assert_int_equal(text.length, 0);
    fixture_end(&fixture);
}

/* What is in no file, or is not there any more, is said in a sentence. */
static void what_has_no_plan_says_why(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_begin(&fixture, ":memory:");
    run_sql(fixture.db, "SELECT id FROM author");
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 1, "{\"error\":\"The plan is unavailable: the database is not in a file");
    fixture_end(&fixture);

    fixture_begin(&fixture, path);
    run_sql(fixture.db, "CREATE TEMP TABLE \"<b>\" (a); SELECT a FROM \"<b>\"; SELECT id FROM data;"
                        "DROP TABLE data");
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 2, "{\"error\":\"no such table: \\u003cb\\u003e\"}");
    assert_plan(&fixture, 3, "{\"error\":\"no such table: data\"}");
    fixture_end(&fixture);
}

/* Recorded as if the application had run them; none may do anything. */
static const char *const hostile[] = {
    "PRAGMA foreign_keys=0",
    "PRAGMA query_only=1",
    "PRAGMA writable_schema=1",
    "PRAGMA journal_mode=DELETE",
    "ATTACH 'test_sqlite_plan_other.sqlite' AS other",
    "VACUUM INTO 'test_sqlite_plan_other.sqlite'",
    "VACUUM",
    "SELECT load_extension('x')",
    "SELECT writefile('test_sqlite_plan_other.sqlite', 'x')",
    "CREATE TRIGGER t AFTER DELETE ON log BEGIN SELECT 1; END",
    "SELECT 1; DROP TABLE log",
    "SELECT 1;; /* */ DELETE FROM log",
    ";;DELETE FROM log",
    "-- c\nDELETE FROM log",
    "/* SELECT */ DROP TABLE log",
    "EXPLAIN SELECT 1",
    "BEGIN EXCLUSIVE",
    "REINDEX",
    "ANALYZE",
    "ALTER TABLE log RENAME TO gone",
    "INSERT INTO log SELECT value FROM generate_series(1, 1000000000000)",
    "INSERT INTO log WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT * FROM n",
    "UPDATE log SET what = 'x' RETURNING *",
    "DELETE FROM author",
    "REPLACE INTO author VALUES (1, 'x')",
    "SELECT fts3_tokenizer('x', x'00')",
    "SELECT * FROM pragma_journal_mode('DELETE')",
    "SELECT (",
    "SELECT",
    "WITH",
    "",
};

static char *file_bytes(size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);

    assert_non_null(file);
    *length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/*
 * A record for each hostile text, made by hand on the connection of a real query. The file is only
 * read by ourselves after the application has closed it, because closing it drops SQLite's locks.
 */
static void making_a_plan_changes_nothing(void **state)
{
    struct fixture fixture;
    struct toolbar_recording *recording;
    size_t before_length, length;
    char *before, *after;
    int changes;

    (void)state;
    fixture_begin(&fixture, path);
    recording = fixture.shown.request.recording;
    run_sql(fixture.db, "SELECT 1");
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct toolbar__statement *statement =
            toolbar__recording_statement(recording, "main", hostile[i], strlen(hostile[i]));

        if (statement) toolbar__recording_query(recording, statement, 0, NULL, 0);
    }
    shown_finish(&fixture.shown);
    sqlite3_close(fixture.db);
    before = file_bytes(&before_length);
    fixture.db = open_database(path);
    changes = sqlite3_total_changes(fixture.db);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        int64_t begin_ns = toolbar__now_ns();

        free(plan_of(&fixture, query->number));
        assert_true(toolbar__now_ns() - begin_ns < INT64_C(1000000000));
    }
    assert_int_equal(sqlite3_total_changes(fixture.db), changes);
    assert_int_equal(sqlite3_errcode(fixture.db), SQLITE_OK);
    assert_plan(&fixture, 1, "\"plan\":[");
    sqlite3_close(fixture.db);
    after = file_bytes(&length);
    assert_int_equal(length, before_length);
    assert_memory_equal(after, before, length);
    assert_int_not_equal(access("test_sqlite_plan_other.sqlite", F_OK), 0);
    free(before);
    free(after);
    fixture.db = open_database(path);
    fixture_end(&fixture);
}

static void several_statements_have_no_plan(void **state)
{
    static const char sql[] = "SELECT 1; DROP TABLE log";
    struct fixture fixture;
    struct toolbar__statement *statement;

    (void)state;
    fixture_begin(&fixture, path);
    run_sql(fixture.db, "SELECT 1");
    statement =
        toolbar__recording_statement(fixture.shown.request.recording, "main", sql, sizeof sql - 1);
    toolbar__recording_query(fixture.shown.request.recording, statement, 0, NULL, 0);
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 2, "more than one statement");
    fixture_end(&fixture);
}

/* With locks in the way this would fail, and the application's own would in turn. */
static void the_application_is_in_nobodys_way(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_begin(&fixture, path);
    run_sql(fixture.db, "SELECT id FROM author; BEGIN EXCLUSIVE; INSERT INTO log VALUES (1)");
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 1, "\"detail\":\"SCAN author\"");
    run_sql(fixture.db, "COMMIT");
    assert_plan(&fixture, 1, "\"detail\":\"SCAN author\"");
    fixture_end(&fixture);
}

struct plans {
    const struct fixture *fixture;
    atomic_bool made; /* at least one */
    atomic_bool enough;
};

static void *make_plans(void *cls)
{
    struct plans *plans = cls;

    while (!atomic_load(&plans->enough)) {
        char *plan = plan_of(plans->fixture, 1);

        assert_null(strstr(plan, "locked"));
        free(plan);
        atomic_store(&plans->made, true);
    }
    return NULL;
}

/* It does not wait for locks at all, and there are none of ours. */
static void the_application_is_never_told_to_wait(void **state)
{
    struct fixture fixture;
    struct plans plans = {.fixture = &fixture};
    pthread_t thread;

    (void)state;
    fixture_begin(&fixture, path);
    run_sql(fixture.db, "SELECT id FROM author; PRAGMA synchronous=OFF");
    shown_finish(&fixture.shown);
    assert_int_equal(sqlite3_busy_timeout(fixture.db, 0), SQLITE_OK);
    atomic_init(&plans.made, false);
    atomic_init(&plans.enough, false);
    assert_int_equal(pthread_create(&thread, NULL, make_plans, &plans), 0);
    for (unsigned i = 0; i < 500 || !atomic_load(&plans.made); i++) {
        run_sql(fixture.db, "INSERT INTO log VALUES (1)");
    }
    atomic_store(&plans.enough, true);
    pthread_join(thread, NULL);
    fixture_end(&fixture);
}

/* The schema is in the log alone; and the name of the file is none of a URI. */
static void a_write_ahead_log_is_read(void **state)
{
    static const char odd[] = "test_sqlite_plan ?mode=rwc#%41.sqlite";
    struct fixture fixture;

    (void)state;
    unlink(odd);
    fixture_begin(&fixture, odd);
    run_sql(fixture.db, "SELECT id FROM author; PRAGMA journal_mode=WAL; CREATE TABLE late (a);"
                        "SELECT a FROM late; BEGIN IMMEDIATE");
    shown_finish(&fixture.shown);
    assert_plan(&fixture, 1, "\"detail\":\"SCAN author\"");
    assert_plan(&fixture, 4, "\"detail\":\"SCAN late\"");
    fixture_end(&fixture);
    assert_int_equal(unlink(odd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_are_those_of_sqlite),
        cmocka_unit_test(what_has_no_plan_says_why),
        cmocka_unit_test(making_a_plan_changes_nothing),
        cmocka_unit_test(several_statements_have_no_plan),
        cmocka_unit_test(the_application_is_in_nobodys_way),
        cmocka_unit_test(the_application_is_never_told_to_wait),
        cmocka_unit_test(a_write_ahead_log_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
