/* A missing index from the page's advice to its proof, and that nobody else can ask for one. */
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

static const char own[] = "the application's own answer";

/* cmocka's assertions are for the test's own thread. */
static void must(bool condition)
{
    if (!condition) abort();
}

static enum MHD_Result answer_scan(struct call *call)
{
    must(sqlite3_exec(database, "SELECT id FROM visit WHERE person = 7", NULL, NULL, NULL) ==
         SQLITE_OK);
    return call_text(call, MHD_HTTP_OK, "text/html", "<!DOCTYPE html><html><body>x</body></html>");
}

static enum MHD_Result answer_own(struct call *call)
{
    return call_text(call, MHD_HTTP_NOT_FOUND, "text/plain", own);
}

static const struct route routes[] = {{"/scan", answer_scan}, {"/*", answer_own}, {NULL, NULL}};

static struct reply ask(const char *method, const char *path, const char *headers)
{
    struct reply reply = {0};

    assert_true(client_fetch(client, method, path, headers, &reply));
    return reply;
}

/* Of the advice in the record of a page. */
static void assert_advice(const struct reply *page, const char *evidence)
{
    char path[100], *text;
    struct reply record;

    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(page, "Debug-Toolbar-Id"));
    record = ask("GET", path, SERVER_KEY_LINE);
    assert_int_equal(json_count(json_at(record.body.data, "advice")), 1);
    assert_true(json_is(json_at(record.body.data, "advice[0].rule"), "missing_index"));
    assert_int_equal(json_at(record.body.data, "advice[0].tip").type, JSON_NULL);
    assert_true(json_is(json_at(record.body.data, "advice[0].fix"),
                        "CREATE INDEX visit_person_idx ON visit(person);"));
    text = json_string(json_at(record.body.data, "advice[0].evidence"));
    if (!strstr(text, evidence)) fail_msg("%s", text);
    free(text);
    reply_free(&record);
}

static void advice_leads_to_its_proof(void **state)
{
    struct reply page = ask("GET", "/scan", SERVER_KEY_LINE), reply;
    const char *id = reply_header(&page, "Debug-Toolbar-Id");
    char path[100], link[140];

    (void)state;
    assert_non_null(id);
    assert_advice(&page, "2999 rows were read one after another for 3 in the result. With");
    snprintf(path, sizeof path, "/__debug__/requests/%s/queries/1/index", id);
    snprintf(link, sizeof link, "href=\"%s\">Prove it on a copy</a>", path);
    assert_non_null(strstr(page.body.data, link));

    reply = ask("GET", path, SERVER_KEY_LINE);
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "application/json");
    assert_true(json_is(json_at(reply.body.data, "create"),
                        "CREATE INDEX visit_person_idx ON visit(person);"));
    assert_true(json_number(json_at(reply.body.data, "gain")) > 2);
    assert_true(json_number(json_at(reply.body.data, "before.vm_steps")) > 3000);
    assert_true(json_number(json_at(reply.body.data, "after.vm_steps")) < 100);
    assert_true(json_is(json_at(reply.body.data, "before.plan[0].detail"), "SCAN visit"));
    assert_true(json_is(json_at(reply.body.data, "after.plan[0].detail"),
                        "SEARCH visit USING COVERING INDEX visit_person_idx (person=?)"));
    assert_true(json_is(json_at(reply.body.data, "sql"), "SELECT id FROM visit WHERE person = 7"));
    reply_free(&reply);
    reply_free(&page);

    page = ask("GET", "/scan", SERVER_KEY_LINE);
    assert_advice(&page, "Tried on a copy of your data: 9");
    reply_free(&page);
}

static void nobody_else_is_answered(void **state)
{
    struct reply page = ask("GET", "/scan", SERVER_KEY_LINE), reply;
    char paths[3][120];

    (void)state;
    snprintf(paths[0], sizeof *paths, "/__debug__/requests/%s/queries/1/index",
             reply_header(&page, "Debug-Toolbar-Id"));
    snprintf(paths[1], sizeof *paths, "/__debug__/requests/%s/queries/2/index",
             reply_header(&page, "Debug-Toolbar-Id"));
    snprintf(paths[2], sizeof *paths, "/__debug__/requests/%032d/queries/1/index", 0);
    for (int i = 0; i < 3; i++) {
        reply = ask("GET", paths[i], "");
        assert_hidden(&reply);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
        reply = ask("POST", paths[i], SERVER_KEY_LINE "Content-Length: 0\r\n");
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
        reply = ask("GET", paths[i], SERVER_KEY_LINE);
        assert_int_equal(reply.status, i == 0 ? 200 : 404);
        assert_header(&reply, "Content-Type", "application/json");
        if (i > 0) assert_int_equal(json_at(reply.body.data, "error").type, JSON_STRING);
        reply_free(&reply);
    }
    reply_free(&page);
}

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_GNUTLS, .routes = routes};

    (void)state;
    must(sqlite3_open(scratch_path("visits.sqlite"), &database) == SQLITE_OK);
    must(sqlite3_exec(database,
                      "CREATE TABLE visit(id INTEGER PRIMARY KEY, person INTEGER);"
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                      "  WHERE i < 3000) INSERT INTO visit SELECT i, i / 3 FROM n",
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
        cmocka_unit_test(advice_leads_to_its_proof),
        cmocka_unit_test(nobody_else_is_answered),
    };

    return cmocka_run_group_tests_name("missing index", tests, start, stop);
}
