/*
 * The differential test: one application with the toolbar in front and one without, the same
 * requests to both on raw connections. Whoever is not shown the toolbar gets the same bytes
 * (the Date aside) and the same treatment of the connection, so nobody can tell that it is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

static const char *const paths[] = {
    "/",
    "/index.html",
    "/__debug__",
    "/__debug__/",
    "/__debug__/requests.json",
    "/__debug__/history",
    "/__debug__/requests/00000000000000000000000000000000.json",
    "/__debug__/requests/00000000000000000000000000000000",
    "/__debug__/requests/00000000000000000000000000000000/queries/1/plan",
    "/__debug__/requests/00000000000000000000000000000000/queries/1/index",
    "/__debug__/static/toolbar.css",
    "/__debug__/static/toolbar.js",
    "/__debug__/clear",
    "/__debug__/../x",
    "/__debug__%2f",
    "/__debug__%00",
    "//__debug__/",
    "/__DEBUG__/",
    "/__debug__;x",
    "/__debug__/render_panel/",
    "/__debug__/sql_select/",
    "/__debug__/history_sidebar/",
    "/__debug__?x",
    "/_profiler",
    "/_profiler/",
    "/_profiler/latest",
    "/_profiler/phpinfo",
    "/_profiler/open?file=app/config/parameters.yml",
    "/_wdt/abcdef",
    "/app_dev.php",
    "/app_dev.php/_profiler",
    "/_fragment",
    "/__clockwork",
    "/__clockwork/latest",
    "/clockwork",
    "/clockwork/app",
    "/telescope",
    "/telescope/requests",
    "/horizon",
    "/_debugbar/open?op=get&id=x",
    "/_debugbar/assets/javascript",
    "/_ignition/health-check",
    "/_ignition/execute-solution",
    "/mini-profiler-resources/results",
    "/mini-profiler-resources/includes.js",
    "/?pp=help",
    "/?pp=env",
    "/?pp=flamegraph",
    "/rails/info/properties",
    "/rails/info/routes",
    "/debug",
    "/debug/",
    "/debug/pprof/",
    "/debug/vars",
    "/debug/default/view",
    "/_debug_toolbar/",
    "/_debug_toolbar/sse",
    "/silk/",
    "/silk/requests/",
    "/tracy",
    "/?_tracy_bar=js",
    "/console",
    "/console?__debugger__=yes",
    "/actuator",
    "/actuator/env",
    "/actuator/heapdump",
    "/trace",
    "/env",
    "/phpinfo.php",
    "/server-status",
    "/elmah.axd",
    "/glimpse.axd",
    "/?XDEBUG_SESSION_START=1",
    "/.env",
    "/status/200",
    "/chunked",
    "/page",
    "/empty",
};

static const char *const keys[] = {
    "",
    "MYAPPKEY: wrong-wrong-wrong-00\r\n",
    "MYAPPKEY:\r\n",
    SERVER_KEY_LINE SERVER_KEY_LINE,
    "MYAPPKEY: " SERVER_KEY ", x\r\n",
    "MY_APPKEY: " SERVER_KEY "\r\nHTTP_MYAPPKEY: " SERVER_KEY "\r\n",
    SERVER_KEY_LINE "Sec-Fetch-Site: cross-site\r\n",
    SERVER_KEY_LINE, /* over plain HTTP only */
};
enum { PATHS = sizeof paths / sizeof *paths, KEYS = sizeof keys / sizeof *keys };

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";

static ssize_t read_page(void *cls, uint64_t position, char *buffer, size_t size)
{
    size_t rest = sizeof page - 1 - (size_t)position;

    (void)cls;
    if (!rest) return MHD_CONTENT_READER_END_OF_STREAM;
    if (rest > size) rest = size;
    if (rest > 10) rest = 10;
    memcpy(buffer, page + position, rest);
    return (ssize_t)rest;
}

static enum MHD_Result answer_chunked(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 100, read_page, NULL, NULL);

    MHD_add_response_header(response, "Content-Type", "text/html");
    MHD_add_response_header(response, "Set-Cookie", "a=1");
    MHD_add_response_header(response, "Set-Cookie", "b=2");
    return call_answer(call, MHD_HTTP_OK, response);
}

static enum MHD_Result answer_status(struct call *call)
{
    unsigned status = (unsigned)strtoul(call->url + 8, NULL, 10);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);

    MHD_add_response_header(response, "Content-Type", "text/html");
    MHD_add_response_header(response, "ETag", "\"1\"");
    MHD_add_response_header(response, "Cache-Control", "public, max-age=60");
    if (status / 100 == 3) MHD_add_response_header(response, "Location", "/");
    return call_answer(call, status, response);
}

static enum MHD_Result answer_empty(struct call *call)
{
    return call_answer(call, MHD_HTTP_OK,
                       MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

/* Says what it was asked, so that a difference in what arrives shows as well. */
static enum MHD_Result answer_echo(struct call *call)
{
    char text[4096];

    snprintf(text, sizeof text, "<html><body>%s %s (%zu)</body></html>", call->method, call->url,
             call->visit->body.length);
    return call_text(call, strcmp(call->url, "/") == 0 ? 200 : 404, "text/html", text);
}

static const struct route routes[] = {
    {"/status/*", answer_status},
    {"/chunked", answer_chunked},
    {"/empty", answer_empty},
    {"/*", answer_echo},
    {NULL, NULL},
};

static struct toolbar *toolbar;

/* The two servers, and a connection to each. */
struct pair {
    struct server *servers[2];
    struct client *clients[2];
    unsigned requests;
};

static void open_pair(struct pair *pair, enum server_transport transport)
{
    struct server_options options = {
        .mode = SERVER_POOL, .transport = transport, .routes = routes, .toolbar = toolbar};

    *pair = (struct pair){0};
    pair->servers[0] = server_start(&options);
    options.toolbar = NULL;
    pair->servers[1] = server_start(&options);
}

static void close_clients(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        client_close(pair->clients[i]);
        pair->clients[i] = NULL;
    }
}

static void close_pair(struct pair *pair)
{
    struct server_totals with, without;

    close_clients(pair);
    with = server_stop(pair->servers[0]);
    without = server_stop(pair->servers[1]);
    assert_int_equal(with.begun, without.begun);
    assert_int_equal(with.completed, with.begun);
    assert_int_equal(without.completed, without.begun);
    assert_int_equal(with.strange + without.strange, 0);
}

static void mask_date(struct bytes *raw)
{
    char *at = raw->data;

    while (at && (at = strstr(at, "\r\nDate: ")) != NULL && strlen(at) > 37) {
        at += 8;
        memset(at, '*', 29);
    }
}

static void assert_same(struct reply *replies, const char *request)
{
    mask_date(&replies[0].raw);
    mask_date(&replies[1].raw);
    if (replies[0].raw.length != replies[1].raw.length ||
        memcmp(replies[0].raw.data, replies[1].raw.data, replies[0].raw.length) != 0) {
        fail_msg("not the same for\n%s\nwith:\n%s\n\nwithout:\n%s", request, replies[0].raw.data,
                 replies[1].raw.data);
    }
}

/* One request to both, on connections that are kept as long as the server keeps them. */
static void compare(struct pair *pair, const char *request)
{
    bool head = strncmp(request, "HEAD", 4) == 0;
    struct reply replies[2];
    bool ended[2];

    for (int i = 0; i < 2; i++) {
        if (!pair->clients[i]) {
            pair->clients[i] = client_open(pair->servers[i]->port, pair->servers[i]->tls);
        }
        assert_non_null(pair->clients[i]);
        assert_true(client_send_text(pair->clients[i], request));
        if (!client_read(pair->clients[i], head, &replies[i])) fail_msg("no reply:\n%s", request);
    }
    assert_same(replies, request);
    assert_true(client_drained(pair->clients[0]) && client_drained(pair->clients[1]));
    if (replies[0].closes) {
        for (int i = 0; i < 2; i++) {
            ended[i] = client_ended(pair->clients[i]);
        }
        assert_int_equal(ended[0], ended[1]);
        close_clients(pair);
    }
    reply_free(&replies[0]);
    reply_free(&replies[1]);
    pair->requests++;
}

/* All that comes back for a request that may be none, on a connection of its own. */
static void compare_whole(struct pair *pair, const char *request)
{
    struct reply replies[2];

    close_clients(pair);
    for (int i = 0; i < 2; i++) {
        struct client *client = client_open(pair->servers[i]->port, pair->servers[i]->tls);

        assert_non_null(client);
        assert_true(client_send_text(client, request));
        if (!client_read_all(client, &replies[i])) fail_msg("stays open:\n%s", request);
        bytes_append(&replies[i].raw, "", 0);
        client_close(client);
    }
    assert_same(replies, request);
    reply_free(&replies[0]);
    reply_free(&replies[1]);
    pair->requests++;
}

static void compare_paths(struct pair *pair, int key_count)
{
    char request[1024];

    for (int path = 0; path < PATHS; path++) {
        for (int key = 0; key < key_count; key++) {
            snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                     paths[path], keys[key]);
            compare(pair, request);
        }
    }
}

static void compare_methods(struct pair *pair, int key_count)
{
    static const char *const methods[] = {"GET",     "HEAD",  "POST",  "PUT", "DELETE",
                                          "OPTIONS", "PATCH", "TRACE", "FOO"};
    static const unsigned statuses[] = {200, 201, 204, 206, 301, 302, 304, 400,
                                        401, 403, 404, 405, 410, 500, 503};
    char request[1024];
    unsigned turn = 0;

    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        for (size_t s = 0; s < sizeof statuses / sizeof *statuses; s++, turn++) {
            snprintf(
                request, sizeof request,
                "%s /status/%u HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 5\r\n\r\nhello",
                methods[m], statuses[s], keys[turn % (unsigned)key_count]);
            compare(pair, request);
        }
    }
}

static void compare_oddities(struct pair *pair, int key_count)
{
    /* What stands before and behind the key; each makes the server end the connection. */
    static const char *const requests[][2] = {
        {"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", "\r\n"},
        {"GET / HTTP/1.0\r\n", "\r\n"},
        {"GET /__debug__/ HTTP/1.0\r\nHost: localhost\r\n", "\r\n"},
        {"GET /chunked HTTP/1.0\r\nHost: localhost\r\n", "\r\n"},
        {"GET / HTTP/1.1\r\nConnection: close\r\n", "\r\n"},
        {"GET / HTTP/3.7\r\nHost: localhost\r\nConnection: close\r\n", "\r\n"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n", "\r\n"},
        {"POST /__debug__/clear HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
         "Content-Length: 3\r\nExpect: 100-continue\r\n",
         "\r\nabc"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
         "Transfer-Encoding: chunked\r\n",
         "\r\n3\r\nabc\r\n0\r\n\r\n"},
        {"HEAD /chunked HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", "\r\n"},
    };
    char request[1024];

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        for (int key = 0; key < key_count; key++) {
            snprintf(request, sizeof request, "%s%s%s", requests[i][0], keys[key], requests[i][1]);
            compare_whole(pair, request);
        }
    }
}

static void is_identical(enum server_transport transport)
{
    /* The right key alone, the last, is only hidden over plain HTTP. */
    int key_count = transport == SERVER_PLAIN ? KEYS : KEYS - 1;
    struct pair pair;

    open_pair(&pair, transport);
    compare_paths(&pair, key_count);
    compare_methods(&pair, key_count);
    compare_oddities(&pair, key_count);
    assert_true(pair.requests >= 600);
    close_pair(&pair);
}

static void over_plain_http(void **state)
{
    (void)state;
    is_identical(SERVER_PLAIN);
}

/* Debug mode changes nothing there. */
static void over_plain_http_in_debug_mode(void **state)
{
    (void)state;
    toolbar_set_debug(toolbar, true);
    is_identical(SERVER_PLAIN);
    toolbar_set_debug(toolbar, false);
}

static void over_gnutls(void **state)
{
    (void)state;
    is_identical(SERVER_GNUTLS);
}

static void over_the_listener(void **state)
{
    (void)state;
    is_identical(SERVER_MBEDTLS);
}

static int start(void **state)
{
    (void)state;
    toolbar = server_toolbar(NULL, NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_plain_http),
        cmocka_unit_test(over_plain_http_in_debug_mode),
        cmocka_unit_test(over_gnutls),
        cmocka_unit_test(over_the_listener),
    };

    return cmocka_run_group_tests_name("identical", tests, start, stop);
}
