/*
 * An application whose pages query and redirect, for the tests of the toolbar's own pages, and
 * what these tests ask of them.
 */
#ifndef TEST_OWN_PAGES_H
#define TEST_OWN_PAGES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <debugtoolbar/record.h>
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

#define SAME "Sec-Fetch-Site: same-origin\r\n"
#define NOBODY "00000000000000000000000000000000"
#define GONE "no longer kept. Please reload the page and try again."

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";
static const char own[] = "the application's own answer";

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static struct server *server;
static sqlite3 *database;

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", page);
}

/* One query, and as many others as the path says. */
static enum MHD_Result answer_queries(struct call *call)
{
    long count = strtol(call->url + 9, NULL, 10);
    struct toolbar_span outer = toolbar_span_begin("outer");
    struct toolbar_span inner = toolbar_span_begin("inner");

    toolbar_message(TOOLBAR_MESSAGE_INFO, "%ld more", count);
    sqlite3_exec(database, "SELECT 1", NULL, NULL, NULL);
    for (long i = 0; i < count; i++) {
        sqlite3_exec(database, "SELECT '<script>' AS a WHERE 1 = 1", NULL, NULL, NULL);
    }
    toolbar_span_end(inner);
    toolbar_span_end(outer);
    return answer_page(call);
}

/* /redirect/NEXT leads to /NEXT. */
static enum MHD_Result answer_redirect(struct call *call)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);

    MHD_add_response_header(response, "Location",
                            strcmp(call->url, "/redirect/query") == 0 ? "/page?name=Ada%20B&x#there"
                                                                      : call->url + 9);
    return call_answer(call, MHD_HTTP_SEE_OTHER, response);
}

static enum MHD_Result answer_own(struct call *call)
{
    return call_text(call, MHD_HTTP_NOT_FOUND, "text/plain", own);
}

static const struct route routes[] = {
    {"/page*", answer_page},
    {"/queries/*", answer_queries},
    {"/redirect/*", answer_redirect},
    {"/*", answer_own},
    {NULL, NULL},
};

static inline int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_GNUTLS, .routes = routes};

    (void)state;
    options.toolbar = toolbar = server_toolbar(NULL, &test_log);
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_int_equal(toolbar_sqlite_attach(toolbar, database, "main"), TOOLBAR_OK);
    server = server_start(&options);
    return 0;
}

static inline int stop(void **state)
{
    (void)state;
    server_stop_complete(server);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    toolbar_free(toolbar);
    log_clear(&test_log);
    return 0;
}

static inline struct reply ask(const char *method, const char *path, const char *headers)
{
    struct reply reply = {0};

    if (!fetch(server->port, true, method, path, headers, &reply)) {
        fail_msg("no reply to %s %s", method, path);
    }
    return reply;
}

static inline struct reply get(const char *path)
{
    return ask("GET", path, SERVER_KEY_LINE);
}

/* Visits a page and gives the id of that request. */
static inline void visit(const char *method, const char *path, char id[33])
{
    struct reply reply = ask(method, path, SERVER_KEY_LINE "Content-Length: 0\r\n");

    assert_own_headers(&reply, id);
    reply_free(&reply);
}

static inline void check_own_page(const struct reply *reply, unsigned status)
{
    const char *policy = reply_header(reply, "Content-Security-Policy");

    assert_int_equal(reply->status, status);
    assert_header(reply, "Content-Type", "text/html; charset=utf-8");
    assert_header(reply, "Cache-Control", "private, no-store");
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    assert_header(reply, "X-Frame-Options", "DENY");
    assert_non_null(strstr(policy, "default-src 'none'"));
    assert_non_null(strstr(policy, "script-src 'self';"));
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    assert_null(strstr(policy, "unsafe"));
    assert_null(reply_header(reply, "Debug-Toolbar-Id"));
    assert_null(reply_header(reply, "Access-Control-Allow-Origin"));
    assert_no_key(&reply->raw, SERVER_KEY);
}

static inline void check_untouched(const struct reply *reply)
{
    assert_int_equal(reply->status, 404);
    assert_string_equal(reply->body.data, own);
}

static inline unsigned count_kept(void)
{
    struct reply reply = get("/__debug__/requests.json");
    unsigned count = (unsigned)json_count(json_at(reply.body.data, ""));

    reply_free(&reply);
    return count;
}

static inline const char *find(const struct reply *reply, const char *text)
{
    const char *at = strstr(reply->body.data, text);

    if (!at) fail_msg("%s is not there", text);
    return at;
}

static inline struct reply record_of(const char *id)
{
    char path[80];

    snprintf(path, sizeof path, "/__debug__/requests/%s.json", id);
    return get(path);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

#endif
