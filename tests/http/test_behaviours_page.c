/*
 * What people know of other toolbars and try here first: charsets, compression, streams, nonces,
 * whose id it is, and what the toolbar's addresses make of what does not belong there.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";
static const char own[] = "the application's own 404\n";

static struct toolbar *toolbar;
static struct server *server;

static void must(bool condition)
{
    if (!condition) abort();
}

static struct MHD_Response *respond(const char *body, const char *type)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_PERSISTENT);

    must(MHD_add_response_header(response, "Content-Type", type) == MHD_YES);
    return response;
}

static enum MHD_Result answer_page(struct call *call)
{
    return call_answer(call, 200, respond(page, "text/html"));
}

static const struct {
    const char *type;
    const char *body;
} charsets[] = {
    {"text/html; charset=iso-8859-1", "<!doctype html><body>Gr\xfc\xdf Gott \xc4\xd6\xdc</body>"},
    {"text/html; charset=windows-1251", "<!doctype html><body>\xcf\xf0\xe8\xe2\xe5\xf2</body>"},
    {"text/html; charset=Shift_JIS", "<!doctype html><body>\x83\x5c\x94\x5c\x95\x5c</body>"},
    {"text/html; charset=gb18030", "<!doctype html><body>\xc4\xe3\xba\xc3</body>"},
    {"text/html; charset=utf-8", "<!doctype html><body>\xc4\xb0\xc4\xb0\xc4\xb0</BODY>\xc4\xb0"},
    {"text/html", "<!doctype html><body>\xff\xfe\x80</body>"},
};
enum { CHARSETS = sizeof charsets / sizeof *charsets };

/* /charset/<number> */
static enum MHD_Result answer_charset(struct call *call)
{
    size_t number = strtoul(call->url + 9, NULL, 10);

    return call_answer(call, 200, respond(charsets[number].body, charsets[number].type));
}

/*
 * Compresses, so to say, for whoever accepts it: /polite asks the way that knows of the toolbar,
 * /stubborn asks libmicrohttpd.
 */
static enum MHD_Result answer_compressed(struct call *call)
{
    bool polite = call->url[1] == 'p';
    const char *coding =
        polite ? toolbar_mhd_lookup_connection_value(call->connection, MHD_HEADER_KIND,
                                                     "Accept-Encoding")
               : MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "Accept-Encoding");
    struct MHD_Response *response = respond(page, "text/html");

    if (coding) must(MHD_add_response_header(response, "Content-Encoding", "x-app") == MHD_YES);
    return call_answer(call, 200, response);
}

static const char *const policies[][2] = {
    {"Content-Security-Policy", "script-src 'self' 'nonce-abc123'; style-src 'nonce-abc123'"},
    {"Content-Security-Policy-Report-Only", "script-src 'nonce-abc123'"},
    {"Content-Security-Policy", "default-src 'self'"},
    {"X-Content-Security-Policy", "script-src 'nonce-abc123'"},
};
enum { POLICIES = sizeof policies / sizeof *policies };

/* /policy/<number>; a redirect with ?to=1 */
static enum MHD_Result answer_policy(struct call *call)
{
    size_t number = strtoul(call->url + 8, NULL, 10);
    bool away = MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, "to") != NULL;
    struct MHD_Response *response = respond(page, "text/html");

    must(MHD_add_response_header(response, policies[number][0], policies[number][1]) == MHD_YES);
    if (away) must(MHD_add_response_header(response, "Location", "/page") == MHD_YES);
    return call_answer(call, away ? 302 : 200, response);
}

/* What it passes on came from a server that has a toolbar too. */
static enum MHD_Result answer_forwarded(struct call *call)
{
    struct MHD_Response *response = respond(page, call->url[1] == 'f' ? "text/html" : "text/plain");

    must(MHD_add_response_header(response, "Debug-Toolbar-Id", "another") == MHD_YES);
    must(MHD_add_response_header(response, "debug-toolbar-skipped", "another") == MHD_YES);
    return call_answer(call, 200, response);
}

/* The second part is there once the client has the first. */
static sem_t first_part_came;

static ssize_t read_parts(void *cls, uint64_t position, char *buffer, size_t size)
{
    static const char first[] = "<!doctype html><html><body><p>first</p>";
    static const char second[] = "<p>second</p></body></html>";
    bool *waited = cls;
    const char *part = position < sizeof first - 1 ? first : second;

    must(size > sizeof first + sizeof second);
    if (position == sizeof first - 1 + sizeof second - 1) return MHD_CONTENT_READER_END_OF_STREAM;
    if (part == second && !*waited) {
        if (sem_trywait(&first_part_came) != 0) return 0;
        *waited = true;
    }
    memcpy(buffer, part, strlen(part));
    return (ssize_t)strlen(part);
}

static enum MHD_Result answer_stream(struct call *call)
{
    bool *waited = calloc(1, sizeof *waited);
    struct MHD_Response *response;

    must(waited != NULL);
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_parts, waited, free);
    must(MHD_add_response_header(response, "Content-Type", "text/html") == MHD_YES);
    return call_answer(call, 200, response);
}

static const struct route routes[] = {
    {"/page*", answer_page},
    {"/charset/*", answer_charset},
    {"/polite", answer_compressed},
    {"/stubborn", answer_compressed},
    {"/policy/*", answer_policy},
    {"/forwarded", answer_forwarded},
    {"/text-forwarded", answer_forwarded},
    {"/stream", answer_stream},
    {"/odd/*", answer_page},
    {NULL, NULL},
};

static struct reply get(const char *path, const char *headers)
{
    struct reply reply = {0};
    char lines[512];

    snprintf(lines, sizeof lines, "%s%s", SERVER_KEY_LINE, headers ? headers : "");
    if (!fetch(server->port, true, "GET", path, lines, &reply)) fail_msg("no reply to %s", path);
    return reply;
}

/* The panel is ASCII, which all of these have in common. */
static void pages_in_other_charsets_keep_their_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < CHARSETS; i++) {
        struct reply reply;
        char path[32];
        const char *element;

        snprintf(path, sizeof path, "/charset/%d", i);
        reply = get(path, NULL);
        assert_page(&reply, charsets[i].body);
        assert_string_equal(reply_header(&reply, "Content-Type"), charsets[i].type);
        element = strstr(reply.body.data, "<debug-toolbar");
        for (const char *at = element; at < strstr(element, "</debug-toolbar>"); at++) {
            assert_in_range((unsigned char)*at, '\n', '~');
        }
        reply_free(&reply);
    }
}

static void compression_has_four_outcomes(void **state)
{
    static const struct {
        const char *path;
        const char *headers;
        bool encoded;
    } rows[] = {
        {"/polite", "Accept-Encoding: x-app\r\n", false},
        {"/polite", NULL, false},
        {"/stubborn", "Accept-Encoding: x-app\r\n", true},
        {"/stubborn", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reply reply = get(rows[i].path, rows[i].headers);

        if (rows[i].encoded) {
            assert_skipped(&reply, "content-encoding", page, sizeof page - 1);
            assert_header(&reply, "Content-Encoding", "x-app");
        } else {
            assert_page(&reply, page);
            assert_null(reply_header(&reply, "Content-Encoding"));
        }
        reply_free(&reply);
    }
}

static void the_pages_nonce_is_on_what_it_loads(void **state)
{
    (void)state;
    for (int i = 0; i < POLICIES; i++) {
        const char *nonce = " nonce=\"abc123\"";
        struct reply reply;
        const char *first;
        char path[32];

        snprintf(path, sizeof path, "/policy/%d", i);
        reply = get(path, NULL);
        assert_page(&reply, page);
        assert_header(&reply, policies[i][0], policies[i][1]);
        first = strstr(reply.body.data, nonce);
        if (i < 2) {
            assert_non_null(first);
            assert_non_null(strstr(first + 1, nonce));
        } else {
            assert_null(strstr(reply.body.data, "nonce="));
        }
        reply_free(&reply);
        snprintf(path, sizeof path, "/policy/%d?to=1", i);
        reply = get(path, NULL);
        assert_skipped(&reply, "status", page, sizeof page - 1);
        reply_free(&reply);
    }
}

static void own_headers_are_there_once(void **state)
{
    struct reply reply;

    (void)state;
    reply = get("/forwarded", NULL);
    assert_page(&reply, page);
    reply_free(&reply);
    reply = get("/text-forwarded", NULL);
    assert_skipped(&reply, "content-type", page, sizeof page - 1);
    reply_free(&reply);
    /* They are the application's own where nobody sees the toolbar. */
    assert_true(fetch(server->port, true, "GET", "/forwarded", NULL, &reply));
    assert_header(&reply, "Debug-Toolbar-Id", "another");
    assert_header(&reply, "Debug-Toolbar-Skipped", "another");
    reply_free(&reply);
}

/* Whatever the client sends along, the id is drawn here, and nothing sent is in a header. */
static void ids_and_headers_are_never_the_clients(void **state)
{
    static const char id[] = "0123456789abcdef0123456789abcdef";
    struct reply reply = get("/page/a%0d%0aX-Injected:%201?b=%0d%0aX-Injected:%202",
                             "Debug-Toolbar-Id: 0123456789abcdef0123456789abcdef\r\n"
                             "X-Request-Id: 0123456789abcdef0123456789abcdef\r\n");
    char drawn[33];

    (void)state;
    assert_page(&reply, page);
    assert_own_headers(&reply, drawn);
    assert_string_not_equal(drawn, id);
    assert_null(reply_header(&reply, "X-Injected"));
    assert_null(memmem(reply.raw.data, reply.head_length, "X-Injected", 10));
    assert_null(memmem(reply.raw.data, reply.head_length, id, 32));
    reply_free(&reply);
}

static void a_streamed_page_flows(void **state)
{
    struct client *client = client_open(server->port, true);
    struct bytes all = {0};
    struct reply reply;
    size_t used;

    (void)state;
    assert_non_null(client);
    assert_int_equal(sem_init(&first_part_came, 0, 0), 0);
    assert_true(client_send_text(client, "GET /stream HTTP/1.1\r\nHost: localhost\r\n"));
    assert_true(client_send_text(client, SERVER_KEY_LINE "\r\n"));
    while (!all.data || !memmem(all.data, all.length, "first", 5)) {
        char c;

        assert_int_equal(client_read_bytes(client, &c, 1), 1);
        bytes_append(&all, &c, 1);
    }
    assert_null(memmem(all.data, all.length, "debug-toolbar data-id", 21));
    assert_int_equal(sem_post(&first_part_came), 0);
    while (reply_parse(&all, false, false, &reply, &used) == REPLY_MORE) {
        char c;

        assert_int_equal(client_read_bytes(client, &c, 1), 1);
        bytes_append(&all, &c, 1);
    }
    assert_page(&reply, "<!doctype html><html><body><p>first</p><p>second</p></body></html>");
    assert_true(reply.chunked);
    reply_free(&reply);
    bytes_free(&all);
    client_close(client);
    sem_destroy(&first_part_came);
}

/* Files are found by a name out of a short list, never by a path. */
static void no_address_leads_to_a_file(void **state)
{
    static const char *const paths[] = {
        "/__debug__/static/../../../../etc/passwd",
        "/__debug__/static/%2e%2e/%2e%2e/etc/passwd",
        "/__debug__/static/..%2f..%2fetc%2fpasswd",
        "/__debug__/static//etc/passwd",
        "/__debug__/static/.hidden",
        "/__debug__/static/toolbar.css%00.js",
        "/__debug__/static/toolbar..css",
        "/__debug__/requests/..%2f..%2f.json",
        "/__debug__/template?file=/etc/passwd",
        "/__debug__/open?file=/etc/passwd&line=1",
        "/__debug__/sql/explain?sql=DELETE+FROM+person&signed=x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply reply = get(paths[i], NULL);

        assert_int_equal(reply.status, 404);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
}

/* The application has to make sense of it, not the toolbar. */
static void paths_that_are_no_text_pass(void **state)
{
    static const char *const paths[] = {"/odd/%ff%fe", "/odd/\xff\xfe", "/odd/%", "/odd/%zz%00",
                                        "/odd/%c0%af..%c0%af"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply shown = get(paths[i], NULL), hidden, record;
        char url[80];

        assert_true(fetch(server->port, true, "GET", paths[i], NULL, &hidden));
        assert_hidden(&hidden);
        assert_int_equal(shown.status, hidden.status);
        assert_string_equal(hidden.body.data, page);
        assert_page(&shown, page);
        snprintf(url, sizeof url, "/__debug__/requests/%s.json",
                 reply_header(&shown, "Debug-Toolbar-Id"));
        record = get(url, NULL);
        assert_int_equal(json_at(record.body.data, "url").type, JSON_STRING);
        reply_free(&shown);
        reply_free(&hidden);
        reply_free(&record);
    }
}

static bool permitted(struct toolbar_request *request, void *cls)
{
    const char *cookie = toolbar_request_meta(request, "HTTP_COOKIE");

    (void)cls;
    return cookie && strcmp(cookie, "session=developer") == 0;
}

/* It stands in front of pages and of the toolbar's own addresses alike. */
static void a_callback_guards_pages_and_addresses(void **state)
{
    static const char *const paths[] = {"/page", "/__debug__/requests.json"};
    static const char *const sessions[] = {NULL, "Cookie: session=customer\r\n", SERVER_KEY_LINE,
                                           "Cookie: session=developer\r\n"};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct server_options server_options = server->options;
    struct server *guarded;

    (void)state;
    options.show = permitted;
    server_options.toolbar = server_toolbar(&options, NULL);
    guarded = server_start(&server_options);
    for (int i = 0; i < 8; i++) {
        struct reply reply;

        assert_true(fetch(guarded->port, true, "GET", paths[i % 2], sessions[i / 2], &reply));
        if (i < 6) {
            assert_hidden(&reply);
            assert_string_equal(reply.body.data, i % 2 ? own : page);
        } else if (i == 6) {
            assert_page(&reply, page);
        } else {
            assert_int_equal(json_count(json_at(reply.body.data, "")), 1);
        }
        reply_free(&reply);
    }
    server_stop_complete(guarded);
    toolbar_free(server_options.toolbar);
}

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_POOL, .transport = SERVER_MBEDTLS, .routes = routes};

    (void)state;
    options.toolbar = toolbar = server_toolbar(NULL, NULL);
    server = server_start(&options);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop_complete(server);
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_in_other_charsets_keep_their_bytes),
        cmocka_unit_test(compression_has_four_outcomes),
        cmocka_unit_test(the_pages_nonce_is_on_what_it_loads),
        cmocka_unit_test(own_headers_are_there_once),
        cmocka_unit_test(ids_and_headers_are_never_the_clients),
        cmocka_unit_test(a_streamed_page_flows),
        cmocka_unit_test(no_address_leads_to_a_file),
        cmocka_unit_test(paths_that_are_no_text_pass),
        cmocka_unit_test(a_callback_guards_pages_and_addresses),
    };

    return cmocka_run_group_tests_name("behaviours of pages", tests, start, stop);
}
