/*
 * The secret key is in no page's panel, no record, no list and no log line, whatever a client
 * does with it and whatever the application stores of a request.
 */
#include <debugtoolbar/record.h>
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

#define KEY SERVER_KEY

static struct log test_log = LOG_INIT;
static sqlite3 *database;
static struct toolbar *toolbar;
static struct server *server;

static void must(bool condition)
{
    if (!condition) abort();
}

/* By hand, in everything that takes a string, whole and across the cut. */
static void tell(const char *key)
{
    char across[1100];

    snprintf(across, sizeof across, "%1010s%s", "", key);
    toolbar_message(TOOLBAR_MESSAGE_INFO, "got %s", key);
    toolbar_message(TOOLBAR_MESSAGE_INFO, "%s", across);
    toolbar_message_at(TOOLBAR_MESSAGE_INFO, key, 1, key, "x");
    toolbar_span_end(toolbar_span_begin(key));
    toolbar_query_end(toolbar_query_begin(key, key), 1, key);
    toolbar_cache_call(key, key, key, 1, 0, 1);
    toolbar_template_rendered(key, 1, across);
    toolbar_static_file(key, 1);
}

/* As an application may that logs what it gets: by value, as text in the statement, as a blob. */
static enum MHD_Result answer_log(struct call *call)
{
    const char *key = MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "MYAPPKEY");
    sqlite3_stmt *statement;
    char sql[512];

    if (!key) key = "no key";
    must(sqlite3_prepare_v2(database, "INSERT INTO log VALUES(?, ?, ?)", -1, &statement, NULL) ==
         SQLITE_OK);
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob(statement, 2, key, (int)strlen(key), SQLITE_TRANSIENT);
    snprintf(sql, sizeof sql, "%245s%s", "", key);
    sqlite3_bind_text(statement, 3, sql, -1, SQLITE_TRANSIENT);
    must(sqlite3_step(statement) == SQLITE_DONE);
    must(sqlite3_finalize(statement) == SQLITE_OK);
    snprintf(sql, sizeof sql, "SELECT * FROM log WHERE a = 'key: %s' -- %s", key, key);
    must(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
    snprintf(sql, sizeof sql, "SELECT abs('%s', \"%s\")", key, key);
    must(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_ERROR);
    snprintf(sql, sizeof sql, "SELECT * FROM log WHERE json('%s') IS NULL", key);
    sqlite3_exec(database, sql, NULL, NULL, NULL);
    tell(key);
    return call_text(call, MHD_HTTP_OK, "text/html", "<!doctype html><body>logged</body>");
}

static const struct route routes[] = {{"/*", answer_log}, {NULL, NULL}};

static int start(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct server_options server_options = {
        .mode = SERVER_SELECT, .transport = SERVER_GNUTLS, .routes = routes, .uri_log = false};

    (void)state;
    options.debug = true;
    must(sqlite3_open(":memory:", &database) == SQLITE_OK);
    must(sqlite3_exec(database, "CREATE TABLE log(a, b, c)", NULL, NULL, NULL) == SQLITE_OK);
    server_options.toolbar = toolbar = server_toolbar(&options, &test_log);
    must(toolbar_setting(toolbar, "value", KEY) == TOOLBAR_OK);
    must(toolbar_sqlite_attach(toolbar, database, "main") == TOOLBAR_OK);
    server = server_start(&server_options);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    must(sqlite3_close(database) == SQLITE_OK);
    toolbar_free(toolbar);
    log_clear(&test_log);
    return 0;
}

/* Nor any half of it. */
static void assert_clean(const struct bytes *bytes)
{
    assert_no_key(bytes, KEY);
    assert_null(memmem(bytes->data, bytes->length, KEY, 12));
}

static void fetch_own(const char *path, const char *headers)
{
    struct reply reply;

    assert_true(fetch(server->port, true, "GET", path, headers, &reply));
    assert_int_equal(reply.status, 200);
    assert_clean(&reply.raw);
    reply_free(&reply);
}

static void check(const char *method, const char *url, const char *headers)
{
    char path[80];
    struct reply reply;

    assert_true(fetch(server->port, true, method, url, headers, &reply));
    assert_non_null(reply_header(&reply, "Debug-Toolbar-Id"));
    assert_clean(&reply.raw);
    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(&reply, "Debug-Toolbar-Id"));
    reply_free(&reply);
    fetch_own(path, headers);
    fetch_own("/__debug__/requests.json", headers);
}

static void check_both(const char *method, const char *url)
{
    check(method, url, SERVER_KEY_LINE);
    check(method, url, NULL);
}

static void stored_by_the_application(void **state)
{
    (void)state;
    check("GET", "/log", SERVER_KEY_LINE);
}

static void in_the_method(void **state)
{
    (void)state;
    check_both(KEY, "/log");
}

static void in_the_url(void **state)
{
    static const char *const urls[] = {
        "/log?MYAPPKEY=" KEY,
        "/log?my%61ppkey=" KEY,
        "/log?MYAPPKEY=" KEY "x",
        "/log?x=" KEY,
        "/log?" KEY,
        "/log?" KEY "=1",
        "/log?a=1&b=%63anary-0f3a7c51d2e4b698",
        "/log?a=%2563anary-0f3a7c51d2e4b698",
        "/log?a=%25252563anary-0f3a7c51d2e4b69%2538",
        "/log/" KEY,
        "/log/" KEY "/more?x=1",
        "/log/%2563anary%2d0f3a7c51d2e4b698",
        "/log;x=" KEY,
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        check_both("GET", urls[i]);
    }
}

static void in_the_log(void **state)
{
    (void)state;
    assert_clean(&test_log.lines[TOOLBAR_LOG_AUDIT]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_by_the_application),
        cmocka_unit_test(in_the_method),
        cmocka_unit_test(in_the_url),
        cmocka_unit_test(in_the_log),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
