/*
 * SQL on its way from a real SQLite file to the record: the classic page of 51 queries, each
 * counted once, with its parameters and rows, under the request that made it.
 */
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "scratch.h"
#include "server.h"

enum { PEOPLE = 1000, SHOWN = 50, FATHERS = 7, THREADS = 4, REQUESTS_EACH = 25 };

static sqlite3 *database;
static struct toolbar *toolbar;
static struct server *server;

/* cmocka's assertions are for the test's own thread. */
static void must(bool condition)
{
    if (!condition) abort();
}

static void run(const char *sql)
{
    must(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;

    must(sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK);
    return statement;
}

static enum MHD_Result answer_done(const struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", "<!doctype html><body>done</body>");
}

/* One query for the people, one for each one's father. */
static enum MHD_Result answer_fathers(struct call *call)
{
    sqlite3_stmt *people = prepare("SELECT id, father FROM person ORDER BY id LIMIT 50");
    sqlite3_stmt *father = prepare("SELECT name FROM person WHERE id = ?1");
    int result;

    while ((result = sqlite3_step(people)) == SQLITE_ROW) {
        sqlite3_bind_int(father, 1, sqlite3_column_int(people, 1));
        must(sqlite3_step(father) == SQLITE_ROW);
        must(sqlite3_column_text(father, 0) != NULL);
        must(sqlite3_reset(father) == SQLITE_OK);
    }
    must(result == SQLITE_DONE);
    must(sqlite3_finalize(people) == SQLITE_OK && sqlite3_finalize(father) == SQLITE_OK);
    return answer_done(call);
}

static enum MHD_Result answer_values(struct call *call)
{
    sqlite3_stmt *statement = prepare("SELECT ?1, ?2, ?3, ?4, ?5, :named, ?8");
    static const char text[] = "it's \xe2\x82\xac <b>\"";

    sqlite3_bind_int64(statement, 1, INT64_MAX);
    sqlite3_bind_double(statement, 2, 1.5);
    sqlite3_bind_text(statement, 3, text, -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 4, "\0\xff", 2, SQLITE_STATIC);
    sqlite3_bind_null(statement, 5);
    sqlite3_bind_int(statement, 6, -6);
    must(sqlite3_step(statement) == SQLITE_ROW);
    must(sqlite3_step(statement) == SQLITE_DONE);
    must(sqlite3_finalize(statement) == SQLITE_OK);
    return answer_done(call);
}

static enum MHD_Result answer_transaction(struct call *call)
{
    run("BEGIN");
    run("INSERT INTO note(text) VALUES('a')");
    must(sqlite3_changes(database) == 1);
    run("UPDATE note SET text = text || 'b'");
    run("COMMIT");
    run("SELECT 1");
    return answer_done(call);
}

/* What fails has to fail just the same. */
static enum MHD_Result answer_error(struct call *call)
{
    char *message = NULL;

    must(sqlite3_exec(database, "INSERT INTO person(id, name, father) VALUES(1, 'x', 1)", NULL,
                      NULL, &message) == SQLITE_CONSTRAINT);
    must(sqlite3_extended_errcode(database) == SQLITE_CONSTRAINT_PRIMARYKEY);
    must(strcmp(message, "UNIQUE constraint failed: person.id") == 0);
    must(strcmp(sqlite3_errmsg(database), "UNIQUE constraint failed: person.id") == 0);
    sqlite3_free(message);
    return answer_done(call);
}

/* Eight executions, however many statements SQLite runs inside of them. */
static enum MHD_Result answer_once(struct call *call)
{
    sqlite3_stmt *statement = prepare("SELECT count(*) FROM note");

    must(sqlite3_step(statement) == SQLITE_ROW);
    must(sqlite3_reset(statement) == SQLITE_OK);
    /* The schema changes under it, so that it is prepared again behind the scenes. */
    run("CREATE TEMP TABLE IF NOT EXISTS other(a); DROP TABLE other");
    must(sqlite3_step(statement) == SQLITE_ROW);
    must(sqlite3_finalize(statement) == SQLITE_OK);
    run("SELECT 1; SELECT 2; ; -- nothing\n");
    /* A trigger and a cascade each do their part. */
    run("INSERT INTO watched(id) VALUES(1)");
    run("DELETE FROM watched WHERE id = 1");
    return answer_done(call);
}

static enum MHD_Result answer_number(struct call *call)
{
    long count = strtol(call->url + 8, NULL, 10);

    for (long i = 0; i < count; i++) {
        run("SELECT name FROM person WHERE id = 1");
    }
    return answer_done(call);
}

static const struct route routes[] = {
    {"/fathers", answer_fathers},
    {"/values", answer_values},
    {"/transaction", answer_transaction},
    {"/error", answer_error},
    {"/once", answer_once},
    {"/number/*", answer_number},
    {NULL, NULL},
};

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_POOL, .transport = SERVER_GNUTLS, .routes = routes};
    char sql[200];

    (void)state;
    must(sqlite3_open(scratch_path("people.sqlite"), &database) == SQLITE_OK);
    run("PRAGMA foreign_keys = ON; CREATE TABLE person(id INTEGER PRIMARY KEY, name, father);"
        "CREATE TABLE note(text); CREATE TABLE watched(id INTEGER PRIMARY KEY);"
        "CREATE TABLE child(id REFERENCES watched(id) ON DELETE CASCADE);"
        "CREATE TRIGGER watch AFTER INSERT ON watched BEGIN"
        "  INSERT INTO note(text) VALUES('seen'); INSERT INTO child VALUES(new.id); END; BEGIN");
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(sql, sizeof sql, "INSERT INTO person VALUES(%d, 'person %d', %d)", i, i,
                 i % FATHERS);
        run(sql);
    }
    run("COMMIT");
    options.toolbar = toolbar = server_toolbar(NULL, NULL);
    must(toolbar_sqlite_attach(toolbar, database, "main") == TOOLBAR_OK);
    server = server_start(&options);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    must(sqlite3_close(database) == SQLITE_OK);
    toolbar_free(toolbar);
    return 0;
}

/* Requests a page and gives its record. */
static struct reply record_of(struct client *client, const char *path, struct reply *page)
{
    struct reply record = {0};
    char url[80];

    assert_true(client_fetch(client, "GET", path, SERVER_KEY_LINE, page));
    assert_int_equal(page->status, 200);
    snprintf(url, sizeof url, "/__debug__/requests/%s.json",
             reply_header(page, "Debug-Toolbar-Id"));
    assert_true(client_fetch(client, "GET", url, SERVER_KEY_LINE, &record));
    assert_int_equal(record.status, 200);
    return record;
}

static struct reply record(const char *path)
{
    struct client *client = client_open(server->port, true);
    struct reply page, reply;

    assert_non_null(client);
    reply = record_of(client, path, &page);
    reply_free(&page);
    client_close(client);
    return reply;
}

static struct json of_query(const struct reply *reply, int number, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "queries[%d].%s", number, name);
    return json_at(reply->body.data, path);
}

static int64_t figure(const struct reply *reply, int number, const char *name)
{
    return (int64_t)json_number(of_query(reply, number, name));
}

static void check_types(const struct reply *reply, int number)
{
    static const struct {
        const char *name;
        enum json_type type;
        bool nullable;
    } members[] = {
        {"n", JSON_NUMBER, false},
        {"sql", JSON_STRING, false},
        {"params", JSON_ARRAY, false},
        {"connection", JSON_STRING, false},
        {"start_ms", JSON_NUMBER, false},
        {"duration_ms", JSON_NUMBER, false},
        {"engine_ms", JSON_NUMBER, true},
        {"rows", JSON_NUMBER, true},
        {"rows_scanned", JSON_NUMBER, true},
        {"sorts", JSON_NUMBER, true},
        {"auto_index", JSON_NUMBER, true},
        {"vm_steps", JSON_NUMBER, true},
        {"similar", JSON_NUMBER, false},
        {"duplicate", JSON_NUMBER, false},
        {"in_transaction", JSON_BOOL, false},
        {"error", JSON_OBJECT, true},
        {"call_site", JSON_STRING, true},
        {"reprepares", JSON_NUMBER, true},
        {"slow", JSON_BOOL, false},
        {"writes", JSON_BOOL, false},
        {"stack", JSON_ARRAY, false},
        {"runnable", JSON_STRING, true},
        {"preview", JSON_OBJECT, true},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        enum json_type type = of_query(reply, number, members[i].name).type;

        if (type != members[i].type && !(members[i].nullable && type == JSON_NULL)) {
            fail_msg("%s of query %d has type %d", members[i].name, number, (int)type);
        }
    }
}

static void fifty_one_queries(void **state)
{
    struct client *client = client_open(server->port, true);
    struct reply page, reply = record_of(client, "/fathers", &page);

    (void)state;
    assert_non_null(strstr(reply_header(&page, "Server-Timing"), "desc=\"51 queries\""));
    assert_non_null(strstr(page.body.data, "51 queries,"));
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), SHOWN + 1);
    for (int i = 0; i <= SHOWN; i++) {
        check_types(&reply, i);
        assert_int_equal(figure(&reply, i, "n"), i + 1);
        assert_true(json_is(of_query(&reply, i, "connection"), "main"));
        assert_false(json_true(of_query(&reply, i, "in_transaction")));
    }
    assert_true(
        json_is(of_query(&reply, 0, "sql"), "SELECT id, father FROM person ORDER BY id LIMIT 50"));
    assert_int_equal(figure(&reply, 0, "similar"), 0);
    assert_int_equal(figure(&reply, 0, "rows"), SHOWN);
    for (int i = 0; i < SHOWN; i++) {
        /* 50 of 7 fathers: the first has one more. */
        int same = SHOWN / FATHERS + (i % FATHERS < SHOWN % FATHERS);

        assert_true(
            json_is(of_query(&reply, i + 1, "sql"), "SELECT name FROM person WHERE id = ?1"));
        assert_int_equal(json_count(of_query(&reply, i + 1, "params")), 1);
        assert_int_equal(figure(&reply, i + 1, "params[0]"), i % FATHERS);
        assert_int_equal(figure(&reply, i + 1, "similar"), SHOWN);
        assert_int_equal(figure(&reply, i + 1, "duplicate"), same);
        assert_int_equal(figure(&reply, i + 1, "rows"), 1);
    }
    reply_free(&page);
    reply_free(&reply);
    client_close(client);
}

static void parameters(void **state)
{
    struct reply reply = record("/values");

    (void)state;
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 1);
    check_types(&reply, 0);
    assert_memory_equal(of_query(&reply, 0, "params[0]").start, "9223372036854775807", 19);
    assert_true(json_number(of_query(&reply, 0, "params[1]")) == 1.5);
    assert_true(json_is(of_query(&reply, 0, "params[2]"), "it's \xe2\x82\xac <b>\""));
    assert_true(json_is(of_query(&reply, 0, "params[3].hex"), "00ff"));
    assert_int_equal(of_query(&reply, 0, "params[4]").type, JSON_NULL);
    assert_int_equal(figure(&reply, 0, "params[5]"), -6);
    reply_free(&reply);
}

static void transactions(void **state)
{
    static const bool inside[] = {false, true, true, true, false};
    struct reply reply = record("/transaction");

    (void)state;
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 5);
    for (int i = 0; i < 5; i++) {
        check_types(&reply, i);
        /* BEGIN and COMMIT are on the border: either is right for them. */
        if (i == 0 || i == 3) continue;
        assert_int_equal(json_true(of_query(&reply, i, "in_transaction")), inside[i]);
    }
    assert_int_equal(json_count(json_at(reply.body.data, "panels.sql.transactions")), 1);
    assert_true(json_is(json_at(reply.body.data, "panels.sql.transactions[0].outcome"), "commit"));
    assert_int_equal(
        (int)json_number(json_at(reply.body.data, "panels.sql.transactions[0].queries")), 4);
    reply_free(&reply);
}

static struct reply plan(struct client *client, const char *id, const char *rest)
{
    struct reply reply = {0};
    char url[120];

    snprintf(url, sizeof url, "/__debug__/requests/%s%s", id, rest);
    assert_true(client_fetch(client, "GET", url, SERVER_KEY_LINE, &reply));
    return reply;
}

static void plans(void **state)
{
    struct client *client = client_open(server->port, true);
    struct reply page, reply = record_of(client, "/fathers", &page);
    const char *id = reply_header(&page, "Debug-Toolbar-Id");
    struct reply answer = plan(client, id, "/queries/2/plan");

    (void)state;
    assert_int_equal(answer.status, 200);
    assert_string_equal(reply_header(&answer, "Content-Type"), "application/json");
    assert_true(json_is(json_at(answer.body.data, "plan[0].detail"),
                        "SEARCH person USING INTEGER PRIMARY KEY (rowid=?)"));
    assert_int_equal((int)json_number(json_at(answer.body.data, "plan[0].parent")), 0);
    assert_true(json_is(json_at(answer.body.data, "sql"), "SELECT name FROM person WHERE id = ?1"));
    reply_free(&answer);
    answer = plan(client, id, "/queries/52/plan");
    assert_int_equal(answer.status, 404);
    assert_int_equal(json_at(answer.body.data, "error").type, JSON_STRING);
    reply_free(&answer);
    answer = plan(client, "00000000000000000000000000000000", "/queries/1/plan");
    assert_int_equal(answer.status, 404);
    reply_free(&answer);
    reply_free(&page);
    reply_free(&reply);
    client_close(client);
}

static void errors(void **state)
{
    struct reply reply = record("/error");

    (void)state;
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 1);
    check_types(&reply, 0);
    /* Without the front library the error itself is not known. */
    if (of_query(&reply, 0, "error").type == JSON_OBJECT) {
        assert_true(
            json_is(of_query(&reply, 0, "error.message"), "UNIQUE constraint failed: person.id"));
    }
    reply_free(&reply);
}

static void each_execution_once(void **state)
{
    struct reply reply = record("/once");

    (void)state;
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 8);
    reply_free(&reply);
}

static void nothing_when_hidden(void **state)
{
    struct reply reply;
    int64_t before;

    (void)state;
    reply = record("/number/0");
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 0);
    reply_free(&reply);
    assert_true(
        fetch(server->port, true, "GET", "/__debug__/requests.json", SERVER_KEY_LINE, &reply));
    before = json_count(json_at(reply.body.data, ""));
    reply_free(&reply);
    for (int i = 0; i < 5; i++) {
        assert_true(fetch(server->port, true, "GET", "/number/3", NULL, &reply));
        assert_hidden(&reply);
        reply_free(&reply);
    }
    assert_true(
        fetch(server->port, true, "GET", "/__debug__/requests.json", SERVER_KEY_LINE, &reply));
    assert_int_equal(json_count(json_at(reply.body.data, "")), before);
    reply_free(&reply);
}

/* Beyond what is kept it is counted, and said. */
static void many_queries(void **state)
{
    struct client *client = client_open(server->port, true);
    struct reply page, reply = record_of(client, "/number/1200", &page);

    (void)state;
    assert_non_null(strstr(page.body.data, "1200 queries,"));
    assert_int_equal((int)json_number(json_at(reply.body.data, "panels.sql.queries")), 1200);
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), 500);
    assert_non_null(strstr(page.body.data, "700 more queries were counted, not kept"));
    reply_free(&page);
    reply_free(&reply);
    client_close(client);
}

/* Shown and hidden at the same time, on one database connection; NULL if all was right. */
static void *request_numbers(void *cls)
{
    struct client *client = client_open(server->port, true);
    unsigned seed = *(unsigned *)cls, wrong = 0;

    for (unsigned i = 0; client && i < REQUESTS_EACH; i++) {
        unsigned count = (seed * 7 + i * 3) % 23;
        struct reply reply;
        char path[32], expected[64];

        snprintf(path, sizeof path, "/number/%u", count);
        snprintf(expected, sizeof expected, "desc=\"%u quer", count);
        if (!client_fetch(client, "GET", path, i % 4 ? SERVER_KEY_LINE : NULL, &reply)) return cls;
        if (i % 4) {
            const char *timing = reply_header(&reply, "Server-Timing");

            wrong += !timing || !strstr(timing, expected);
        } else {
            wrong += reply_header(&reply, "Server-Timing") != NULL;
        }
        reply_free(&reply);
    }
    client_close(client);
    return wrong || !client ? cls : NULL;
}

static void concurrent_requests_do_not_mix(void **state)
{
    pthread_t threads[THREADS];
    unsigned seeds[THREADS], failed = 0;

    (void)state;
    for (unsigned i = 0; i < THREADS; i++) {
        seeds[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, request_numbers, &seeds[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(threads[i], &result);
        failed += result != NULL;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_one_queries),
        cmocka_unit_test(parameters),
        cmocka_unit_test(transactions),
        cmocka_unit_test(plans),
        cmocka_unit_test(errors),
        cmocka_unit_test(each_execution_once),
        cmocka_unit_test(nothing_when_hidden),
        cmocka_unit_test(many_queries),
        cmocka_unit_test(concurrent_requests_do_not_mix),
    };

    return cmocka_run_group_tests_name("sql", tests, start, stop);
}
