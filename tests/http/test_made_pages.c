/*
 * Pages that the toolbar makes of answers that are none: formatted JSON and intercepted
 * redirects, for somebody who navigates in a browser, and for nobody else.
 */
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

#define NAVIGATION                                                                                 \
    "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"

static const char json[] = "{\"name\":\"<b>\",\"big\":12345678901234567890123}";
static const char shown[] = "<span class=\"k\">&quot;big&quot;</span>: "
                            "<span class=\"n\">12345678901234567890123</span>";

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static struct server *server;
static char *large;

static enum MHD_Result answer_json(struct call *call)
{
    return call_text(call, 201, "application/json", json);
}

/* /type/TYPE is JSON of that type. */
static enum MHD_Result answer_type(struct call *call)
{
    return call_text(call, 200, call->url + 6, json);
}

static enum MHD_Result answer_attachment(struct call *call)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof json - 1, (void *)(uintptr_t)json, MHD_RESPMEM_PERSISTENT);

    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(
        response, strcmp(call->url, "/encoded") == 0 ? "Content-Encoding" : "Content-Disposition",
        strcmp(call->url, "/encoded") == 0 ? "gzip" : "attachment");
    return call_answer(call, 200, response);
}

static enum MHD_Result answer_broken(struct call *call)
{
    return call_text(call, 200, "application/json", "{\"a\":<script>");
}

static enum MHD_Result answer_large(struct call *call)
{
    return call_text(call, 200, "application/json", large);
}

static ssize_t read_json(void *cls, uint64_t position, char *buffer, size_t size)
{
    size_t left = sizeof json - 1 - (size_t)position;

    (void)cls;
    if (!left) return MHD_CONTENT_READER_END_OF_STREAM;
    if (left > size) left = size;
    if (left > 7) left = 7;
    memcpy(buffer, json + position, left);
    return (ssize_t)left;
}

/* In pieces, without a length. */
static enum MHD_Result answer_streamed(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64, read_json, NULL, NULL);

    MHD_add_response_header(response, "Content-Type", "application/problem+json; charset=utf-8");
    return call_answer(call, 500, response);
}

/* /to/LOCATION */
static enum MHD_Result answer_redirect(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(4, "body", MHD_RESPMEM_PERSISTENT);

    MHD_add_response_header(response, "Location", call->url + 4);
    MHD_add_response_header(response, "Set-Cookie", "a=b");
    MHD_add_response_header(response, "Refresh", "0");
    return call_answer(call, MHD_HTTP_FOUND, response);
}

static enum MHD_Result answer_unmodified(struct call *call)
{
    return call_text(call, MHD_HTTP_NOT_MODIFIED, NULL, "");
}

static const struct route routes[] = {
    {"/json", answer_json},
    {"/type/*", answer_type},
    {"/attachment", answer_attachment},
    {"/encoded", answer_attachment},
    {"/broken", answer_broken},
    {"/large", answer_large},
    {"/streamed", answer_streamed},
    {"/to/*", answer_redirect},
    {"/unmodified", answer_unmodified},
    {NULL, NULL},
};

static void start(bool json_pages, bool intercept)
{
    struct toolbar_options toolbar_options = TOOLBAR_OPTIONS_INIT;
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_GNUTLS, .routes = routes};
    size_t length = (size_t)5 * 1024 * 1024;

    assert_true(toolbar_options.json_pages);
    assert_false(toolbar_options.intercept_redirects);
    toolbar_options.json_pages = json_pages;
    toolbar_options.intercept_redirects = intercept;
    options.toolbar = toolbar = server_toolbar(&toolbar_options, &test_log);
    server = server_start(&options);
    large = malloc(length + 1);
    assert_non_null(large);
    memset(large, '1', length);
    large[length] = '\0';
}

static int start_json(void **state)
{
    (void)state;
    start(true, false);
    return 0;
}

static int start_redirects(void **state)
{
    (void)state;
    start(true, true);
    return 0;
}

static int start_neither(void **state)
{
    (void)state;
    start(false, false);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop_complete(server);
    toolbar_free(toolbar);
    log_clear(&test_log);
    free(large);
    return 0;
}

static struct reply ask(const char *method, const char *path, const char *headers)
{
    struct reply reply = {0};

    if (!fetch(server->port, true, method, path, headers, &reply)) fail_msg("%s", path);
    return reply;
}

static void find(const struct reply *reply, const char *text)
{
    if (!strstr(reply->body.data, text)) fail_msg("%s is not there", text);
}

/* A page of ours with one panel, under the headers of any decorated page. */
static void check_made(const struct reply *reply, unsigned status)
{
    const char *panel = strstr(reply->body.data, "<debug-toolbar ");

    assert_int_equal(reply->status, status);
    assert_own_headers(reply, NULL);
    assert_null(reply_header(reply, "Debug-Toolbar-Skipped"));
    assert_header(reply, "Content-Type", "text/html; charset=utf-8");
    assert_header(reply, "Cache-Control", "private, no-store");
    assert_header(reply, "X-Frame-Options", "SAMEORIGIN");
    assert_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    assert_non_null(panel);
    assert_null(strstr(panel + 1, "<debug-toolbar "));
    assert_non_null(strstr(panel, "</body></html>"));
    find(reply, "/__debug__/static/toolbar.");
    assert_no_key(&reply->raw, SERVER_KEY);
}

static void json_for_people(void **state)
{
    struct reply reply;

    (void)state;
    reply = ask("GET", "/json", SERVER_KEY_LINE NAVIGATION);
    check_made(&reply, 201);
    assert_header(&reply, "X-Content-Type-Options", "nosniff");
    find(&reply, shown);
    find(&reply, "&quot;&lt;b&gt;&quot;");
    reply_free(&reply);
    reply = ask("POST", "/json", SERVER_KEY_LINE NAVIGATION "Content-Length: 0\r\n");
    check_made(&reply, 201);
    reply_free(&reply);
    reply = ask("GET", "/streamed", SERVER_KEY_LINE NAVIGATION);
    check_made(&reply, 500);
    find(&reply, shown);
    reply_free(&reply);
    reply = ask("GET", "/type/application/vnd.api+json", SERVER_KEY_LINE NAVIGATION);
    check_made(&reply, 200);
    reply_free(&reply);
    reply = ask("GET", "/broken", SERVER_KEY_LINE NAVIGATION);
    check_made(&reply, 200);
    find(&reply, "{&quot;a&quot;:&lt;script&gt;");
    reply_free(&reply);
}

static void json_for_programs(void **state)
{
    static const struct {
        const char *headers, *reason;
    } rows[] = {
        {SERVER_KEY_LINE, "content-type"},
        {SERVER_KEY_LINE "Sec-Fetch-Mode: navigate\r\n", "content-type"},
        {SERVER_KEY_LINE "Sec-Fetch-Dest: document\r\n", "content-type"},
        {SERVER_KEY_LINE "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", "fetch"},
        {SERVER_KEY_LINE "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", "frame"},
        {SERVER_KEY_LINE NAVIGATION "X-Requested-With: XMLHttpRequest\r\n", "fetch"},
    };
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reply = ask("GET", "/json", rows[i].headers);
        assert_int_equal(reply.status, 201);
        assert_skipped(&reply, rows[i].reason, json, sizeof json - 1);
        assert_header(&reply, "Content-Type", "application/json");
        reply_free(&reply);
    }
    reply = ask("GET", "/json", NAVIGATION);
    assert_hidden(&reply);
    assert_string_equal(reply.body.data, json);
    reply_free(&reply);
    reply = ask("HEAD", "/json", SERVER_KEY_LINE NAVIGATION);
    assert_header(&reply, "Content-Type", "application/json");
    assert_header(&reply, "Debug-Toolbar-Skipped", "method");
    reply_free(&reply);
}

static void json_that_is_left_alone(void **state)
{
    static const struct {
        const char *path, *reason;
    } rows[] = {
        {"/attachment", "attachment"},
        {"/encoded", "content-encoding"},
        {"/type/text/plain", "content-type"},
        {"/type/application/jsonp", "content-type"},
        {"/type/application/x-ndjson", "content-type"},
        {"/type/+json", "content-type"},
        {"/type/application/json; charset=utf-16", "content-type"},
    };
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[100];
        size_t at = 0;

        /* Blanks in an address are written as %20. */
        for (const char *from = rows[i].path; *from; from++) {
            memcpy(path + at, *from == ' ' ? "%20" : from, *from == ' ' ? 3 : 1);
            at += *from == ' ' ? 3 : 1;
        }
        path[at] = '\0';
        reply = ask("GET", path, SERVER_KEY_LINE NAVIGATION);
        assert_skipped(&reply, rows[i].reason, json, sizeof json - 1);
        reply_free(&reply);
    }
    reply = ask("GET", "/large", SERVER_KEY_LINE NAVIGATION);
    assert_skipped(&reply, "content-type", large, strlen(large));
    reply_free(&reply);
}

static void redirect_for_people(void **state)
{
    static const char *const methods[] = {"GET", "POST"};
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        reply = ask(methods[i], "/to//people/1%22%3E",
                    SERVER_KEY_LINE NAVIGATION "Content-Length: 0\r\n");
        check_made(&reply, 200);
        assert_null(reply_header(&reply, "Location"));
        assert_null(reply_header(&reply, "Refresh"));
        assert_header(&reply, "Set-Cookie", "a=b");
        find(&reply, "302 to");
        find(&reply, "href=\"/people/1&quot;&gt;\"");
        reply_free(&reply);
    }
}

static void redirects_that_are_not_linked(void **state)
{
    static const char *const paths[] = {
        "/to/javascript:alert(1)", "/to/JavaScript:alert(1)",    "/to/data:text/html,x",
        "/to/vbscript:x",          "/to/%01javascript:alert(1)", "/to/%20javascript:alert(1)",
        "/to/blob:https://a/b",
    };
    static const char *const linked[] = {"/to/https://a.example/", "/to/http://a.example/",
                                         "/to//a:b", "/to/a/b:c", "/to/HTTPS://a/"};
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        reply = ask("GET", paths[i], SERVER_KEY_LINE NAVIGATION);
        check_made(&reply, 200);
        assert_null(strstr(reply.body.data, "<a autofocus"));
        reply_free(&reply);
    }
    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++) {
        reply = ask("GET", linked[i], SERVER_KEY_LINE NAVIGATION);
        check_made(&reply, 200);
        find(&reply, "<a autofocus rel=\"noreferrer\" href=\"");
        reply_free(&reply);
    }
}

static void redirect_for_programs(void **state)
{
    static const char *const headers[] = {
        SERVER_KEY_LINE,
        SERVER_KEY_LINE "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
        SERVER_KEY_LINE "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
    };
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        reply = ask("GET", "/to//people", headers[i]);
        assert_int_equal(reply.status, 302);
        assert_header(&reply, "Location", "/people");
        assert_skipped(&reply, "status", "body", 4);
        reply_free(&reply);
    }
    reply = ask("GET", "/to//people", NAVIGATION);
    assert_hidden(&reply);
    assert_header(&reply, "Location", "/people");
    reply_free(&reply);
    reply = ask("GET", "/unmodified", SERVER_KEY_LINE NAVIGATION);
    assert_int_equal(reply.status, 304);
    reply_free(&reply);
}

static void switched_off(void **state)
{
    struct reply reply;

    (void)state;
    reply = ask("GET", "/json", SERVER_KEY_LINE NAVIGATION);
    assert_skipped(&reply, "content-type", json, sizeof json - 1);
    reply_free(&reply);
    reply = ask("GET", "/to//people", SERVER_KEY_LINE NAVIGATION);
    assert_int_equal(reply.status, 302);
    assert_skipped(&reply, "status", "body", 4);
    reply_free(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function, start) cmocka_unit_test_setup_teardown(function, start, stop)
        TEST(json_for_people, start_json),
        TEST(json_for_programs, start_json),
        TEST(json_that_is_left_alone, start_json),
        TEST(redirect_for_people, start_redirects),
        TEST(redirects_that_are_not_linked, start_redirects),
        TEST(redirect_for_programs, start_redirects),
        TEST(switched_off, start_neither),
    };

    return cmocka_run_group_tests_name("made_pages", tests, NULL, NULL);
}
