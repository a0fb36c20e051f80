/*
 * Query plans on demand, of what people try first: unions, blobs, JSON, what writes, what looks
 * as if it only read. Asking for a plan changes nothing, and no plan is asked for by a text.
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

static sqlite3 *database;
static struct toolbar *toolbar;
static struct server *server;
static struct client *client;

static const struct {
    const char *sql;
    bool planned; /* the plan has lines; else a sentence says why not */
} rows[] = {
    {"SELECT id FROM person WHERE id = 1 UNION SELECT id FROM note WHERE id > 2", true},
    {"SELECT id FROM person WHERE photo = ?1", true},
    {"SELECT json_extract(?1, '$.a') FROM person ORDER BY name", true},
    {"  \n select id from person", true},
    {"/* DROP TABLE note */ SELECT id FROM person -- ;", true},
    {"WITH a AS (SELECT id FROM person) SELECT * FROM a, note", true},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n",
     true},
    {"WITH a AS (SELECT id FROM note) DELETE FROM note WHERE id IN (SELECT id FROM a)", true},
    {"INSERT INTO note(text) SELECT 'selected' FROM person WHERE id = 1", true},
    {"UPDATE note SET text = 'SELECT' WHERE id IN (SELECT id FROM person)", true},
    {"CREATE TABLE selected(a)", false},
    {"DROP TABLE selected", false},
    {"BEGIN", false},
    {"COMMIT", false},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* cmocka's assertions are for the test's own thread. */
static void must(bool condition)
{
    if (!condition) abort();
}

/* Runs all of them, one parameter being a blob that is JSON too. */
static enum MHD_Result answer_rows(struct call *call)
{
    for (int i = 0; i < ROWS; i++) {
        sqlite3_stmt *statement;
        int result;

        must(sqlite3_prepare_v2(database, rows[i].sql, -1, &statement, NULL) == SQLITE_OK);
        if (strstr(rows[i].sql, "photo")) {
            must(sqlite3_bind_blob(statement, 1, "\0\xff'", 3, SQLITE_STATIC) == SQLITE_OK);
        } else if (strstr(rows[i].sql, "json")) {
            must(sqlite3_bind_text(statement, 1, "{\"a\":1}", -1, SQLITE_STATIC) == SQLITE_OK);
        }
        do {
            result = sqlite3_step(statement);
        } while (result == SQLITE_ROW);
        must(result == SQLITE_DONE);
        must(sqlite3_finalize(statement) == SQLITE_OK);
    }
    return call_text(call, MHD_HTTP_OK, "text/html", "<!doctype html><body>done</body>");
}

static const struct route routes[] = {{"/rows", answer_rows}, {NULL, NULL}};

static struct reply get(const char *path)
{
    struct reply reply = {0};

    if (!client_fetch(client, "GET", path, SERVER_KEY_LINE, &reply)) fail_msg("no reply: %s", path);
    return reply;
}

static void plans_of_every_kind_change_nothing(void **state)
{
    struct reply page = get("/rows");
    int changes = sqlite3_total_changes(database);

    (void)state;
    assert_int_equal(page.status, 200);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < ROWS; i++) {
            struct reply reply;
            char path[100];

            /* Whatever is sent along, it is the recorded statement. */
            snprintf(path, sizeof path, "/__debug__/requests/%s/queries/%d/plan%s",
                     reply_header(&page, "Debug-Toolbar-Id"), i + 1,
                     round ? "?sql=DELETE+FROM+note" : "");
            reply = get(path);
            if (rows[i].planned) {
                assert_int_equal(reply.status, 200);
                assert_true(json_count(json_at(reply.body.data, "plan")) > 0);
                assert_true(json_is(json_at(reply.body.data, "sql"), rows[i].sql));
            } else {
                assert_int_equal(json_at(reply.body.data, "error").type, JSON_STRING);
            }
            reply_free(&reply);
        }
    }
    assert_int_equal(sqlite3_total_changes(database), changes);
    assert_int_equal(sqlite3_errcode(database), SQLITE_OK);
    reply_free(&page);
}

/* The record, before and after, has the application's statements only. */
static void plans_are_not_among_the_queries(void **state)
{
    struct reply page = get("/rows"), reply;
    char path[100];

    (void)state;
    snprintf(path, sizeof path, "/__debug__/requests/%s/queries/1/plan",
             reply_header(&page, "Debug-Toolbar-Id"));
    reply = get(path);
    reply_free(&reply);
    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(&page, "Debug-Toolbar-Id"));
    reply = get(path);
    assert_int_equal(json_count(json_at(reply.body.data, "queries")), ROWS);
    assert_int_equal((int)json_number(json_at(reply.body.data, "panels.sql.queries")), ROWS);
    reply_free(&reply);
    reply_free(&page);
}

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_GNUTLS, .routes = routes};

    (void)state;
    must(sqlite3_open(scratch_path("plans.sqlite"), &database) == SQLITE_OK);
    must(sqlite3_exec(database,
                      "CREATE TABLE person(id INTEGER PRIMARY KEY, name, photo);"
                      "CREATE TABLE note(id INTEGER PRIMARY KEY, text);"
                      "INSERT INTO person(name) VALUES('a'), ('b')",
                      NULL, NULL, NULL) == SQLITE_OK);
    options.toolbar = toolbar = server_toolbar(NULL, NULL);
    must(toolbar_sqlite_attach(toolbar, database, "main") == TOOLBAR_OK);
    server = server_start(&options);
    client = client_open(server->port, true);
    return client ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    client_close(client);
    server_stop_complete(server);
    must(sqlite3_close(database) == SQLITE_OK);
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_of_every_kind_change_nothing),
        cmocka_unit_test(plans_are_not_among_the_queries),
    };

    return cmocka_run_group_tests_name("behaviours of plans", tests, start, stop);
}
