/*
 * What becomes of a response's head when its body gets the panel: which headers stay, which go,
 * trailers, the connection, the version, and the helpers that ask for a password.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "asserts.h"
#include "both_transports.h"
#include "client.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";
static void must(bool condition)
{
    if (!condition) abort();
}

static struct MHD_Response *page_response(void)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);

    must(MHD_add_response_header(response, "Content-Type", "text/html") == MHD_YES);
    return response;
}

static enum MHD_Result answer_page(struct call *call)
{
    return call_answer(call, 200, page_response());
}

static enum MHD_Result answer_many_headers(struct call *call)
{
    static const char *const headers[][2] = {
        {"Set-Cookie", "a=1; Path=/"},
        {"Set-Cookie", "b=2; Path=/"},
        {"set-cookie", "a=3"},
        {"Cache-Control", "public, max-age=3600"},
        {"ETag", "\"tag\""},
        {"Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"Expires", "0"},
        {"Pragma", "no-cache"},
        {"Age", "5"},
        {"Accept-Ranges", "bytes"},
        {"Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ=="},
        {"Digest", "sha-256=AA=="},
        {"Vary", "Accept-Language"},
        {"Vary", "Cookie"},
        {"Server-Timing", "db;dur=5"},
        {"X-App", "kept"},
        {"Link", "</a>; rel=preload"},
        {"Content-Security-Policy", "default-src 'self'"},
    };
    struct MHD_Response *response = page_response();

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        must(MHD_add_response_header(response, headers[i][0], headers[i][1]) == MHD_YES);
    }
    return call_answer(call, 200, response);
}

static enum MHD_Result answer_trailers(struct call *call)
{
    struct MHD_Response *response = page_response();

    must(MHD_add_response_header(response, "Transfer-Encoding", "chunked") == MHD_YES);
    must(MHD_add_response_footer(response, "X-Trailer", "one") == MHD_YES);
    must(MHD_add_response_footer(response, "X-Trailer", "two") == MHD_YES);
    return call_answer(call, 200, response);
}

static enum MHD_Result answer_close(struct call *call)
{
    struct MHD_Response *response = page_response();

    must(MHD_add_response_header(response, "Connection", "close") == MHD_YES);
    return call_answer(call, 200, response);
}

static enum MHD_Result answer_http_1_0(struct call *call)
{
    struct MHD_Response *response = page_response();
    enum MHD_ResponseFlags flags =
        call->url[1] == 's' ? MHD_RF_HTTP_VERSION_1_0_RESPONSE : MHD_RF_HTTP_VERSION_1_0_ONLY;

    must(MHD_set_response_options(response, flags, MHD_RO_END) == MHD_YES);
    return call_answer(call, 200, response);
}

/* A length that the application insists on, right or wrong. */
static enum MHD_Result answer_own_length(struct call *call)
{
    struct MHD_Response *response = page_response();

    must(MHD_set_response_options(response, MHD_RF_INSANITY_HEADER_CONTENT_LENGTH, MHD_RO_END) ==
         MHD_YES);
    must(MHD_add_response_header(response, "Content-Length", "52") == MHD_YES);
    return call_answer(call, 200, response);
}

static ssize_t read_page(void *cls, uint64_t position, char *buffer, size_t size)
{
    (void)cls;
    if (position == sizeof page - 1) return MHD_CONTENT_READER_END_OF_STREAM;
    must(size > sizeof page);
    memcpy(buffer, page, sizeof page - 1);
    return sizeof page - 1;
}

static enum MHD_Result answer_unknown_length(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_page, NULL, NULL);

    must(MHD_add_response_header(response, "Content-Type", "text/html") == MHD_YES);
    return call_answer(call, 200, response);
}

enum { BUSY_NS = 20 * 1000 * 1000 };

/* Keeps the processor busy for as long as it makes the page. */
static ssize_t read_busily(void *cls, uint64_t position, char *buffer, size_t size)
{
    struct timespec since, now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &since);
    do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while ((now.tv_sec - since.tv_sec) * 1000000000 + now.tv_nsec - since.tv_nsec < BUSY_NS);
    return read_page(cls, position, buffer, size);
}

static enum MHD_Result answer_busy(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_busily, NULL, NULL);

    must(MHD_add_response_header(response, "Content-Type", "text/html") == MHD_YES);
    return call_answer(call, 200, response);
}

#define OTHER_BASE "<!doctype html><head><base href=\"//cdn.example/\"></head><body>x"
static const char other_base[] = OTHER_BASE "</body></html>";

/* The panel of a streamed page is made when the page has nearly gone by. */
static ssize_t read_slowly(void *cls, uint64_t position, char *buffer, size_t size)
{
    (void)cls;
    if (position == 0) {
        must(size >= sizeof other_base);
        memcpy(buffer, OTHER_BASE, sizeof OTHER_BASE - 1);
        return sizeof OTHER_BASE - 1;
    }
    if (position < (uint64_t)6 * 1024 * 1024) {
        memset(buffer, ' ', size);
        return (ssize_t)size;
    }
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static enum MHD_Result answer_other_base(struct call *call)
{
    struct MHD_Response *response =
        call->url[1] == 's'
            ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_slowly, NULL, NULL)
            : MHD_create_response_from_buffer(sizeof other_base - 1, (void *)(uintptr_t)other_base,
                                              MHD_RESPMEM_PERSISTENT);

    must(MHD_add_response_header(response, "Content-Type", "text/html") == MHD_YES);
    return call_answer(call, 200, response);
}

static enum MHD_Result answer_password(struct call *call)
{
    struct MHD_Response *response = page_response();
    enum MHD_Result result;

    if (call->url[1] == 'b') {
        result = toolbar_mhd_queue_basic_auth_fail_response(call->connection, "demo", response);
    } else if (call->url[1] == 'd') {
        result = toolbar_mhd_queue_auth_fail_response(call->connection, "demo", "opaque", response,
                                                      MHD_NO);
    } else {
        result = toolbar_mhd_queue_auth_fail_response2(call->connection, "demo", "opaque", response,
                                                       MHD_YES, MHD_DIGEST_ALG_SHA256);
    }
    MHD_destroy_response(response);
    return result;
}

static const struct route routes[] = {
    {"/page", answer_page},
    {"/headers", answer_many_headers},
    {"/trailers", answer_trailers},
    {"/close", answer_close},
    {"/strict", answer_http_1_0},
    {"/old", answer_http_1_0},
    {"/basic", answer_password},
    {"/digest", answer_password},
    {"/sha256", answer_password},
    {"/length", answer_own_length},
    {"/unknown", answer_unknown_length},
    {"/busy", answer_busy},
    {"/base", answer_other_base},
    {"/streamed-base", answer_other_base},
    {NULL, NULL},
};

static struct reply get_with(const char *method, const char *path, const char *headers)
{
    struct reply reply = {0};
    char lines[1024];

    snprintf(lines, sizeof lines, "%s%s", SERVER_KEY_LINE, headers ? headers : "");
    if (!fetch(server->port, true, method, path, lines, &reply)) fail_msg("no reply to %s", path);
    return reply;
}

static void headers_of_a_decorated_response(void **state)
{
    struct reply reply = get_with("GET", "/headers", NULL);

    (void)state;
    assert_page(&reply, page);
    assert_int_equal(reply_header_count(&reply, "Set-Cookie"), 3);
    assert_string_equal(reply_header_at(&reply, "Set-Cookie", 0), "a=1; Path=/");
    assert_string_equal(reply_header_at(&reply, "Set-Cookie", 1), "b=2; Path=/");
    assert_string_equal(reply_header_at(&reply, "Set-Cookie", 2), "a=3");
    assert_string_equal(reply_header(&reply, "X-App"), "kept");
    assert_string_equal(reply_header(&reply, "Link"), "</a>; rel=preload");
    assert_string_equal(reply_header(&reply, "Content-Security-Policy"), "default-src 'self'");
    assert_string_equal(reply_header(&reply, "Server-Timing"), "db;dur=5");
    assert_non_null(strstr(reply_header(&reply, "Vary"), "Accept-Language"));
    assert_non_null(strstr(reply_header(&reply, "Vary"), "Cookie"));
    assert_non_null(strstr(reply_header(&reply, "Vary"), "MYAPPKEY"));
    reply_free(&reply);
}

static void trailers_stay(void **state)
{
    struct reply reply = get_with("GET", "/trailers", NULL);

    (void)state;
    assert_page(&reply, page);
    assert_true(reply.chunked);
    assert_string_equal(reply_trailer(&reply, "X-Trailer"), "one");
    reply_free(&reply);
}

/* Whoever a page's <base> names must not get to run a script on it as us. */
static void nothing_comes_from_another_base(void **state)
{
    static const char *const paths[] = {"/page", "/base", "/streamed-base"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply reply = get_with("GET", paths[i], NULL);
        const char *panel = strstr(reply.body.data, "<debug-toolbar");

        assert_null(reply_header(&reply, "Debug-Toolbar-Skipped"));
        assert_non_null(panel);
        assert_non_null(strstr(panel, "<details class=\"toolbar\">"));
        assert_int_equal(strstr(panel, "/__debug__") != NULL, i == 0);
        assert_int_equal(reply.chunked, i == 2);
        reply_free(&reply);
    }
}

static void connection_and_version_stay(void **state)
{
    static const char *const paths[] = {"/close", "/strict", "/old", "/page", "/nothing"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply shown = get_with("GET", paths[i], NULL), hidden;

        assert_true(fetch(server->port, true, "GET", paths[i], NULL, &hidden));
        assert_hidden(&hidden);
        assert_memory_equal(shown.raw.data, hidden.raw.data, 15);
        assert_int_equal(shown.closes, hidden.closes);
        assert_int_equal(shown.chunked, hidden.chunked);
        if (i < 3) assert_page(&shown, page);
        reply_free(&shown);
        reply_free(&hidden);
    }
}

/* What libmicrohttpd makes of it is no valid reply, but it is the application's affair. */
static void own_length_stays(void **state)
{
    struct reply replies[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct client *client = client_open(server->port, true);
        char *date;

        assert_non_null(client);
        assert_true(client_send_text(client, "GET /length HTTP/1.1\r\nHost: localhost\r\n"));
        assert_true(client_send_text(client, i ? SERVER_KEY_LINE : ""));
        assert_true(client_send_text(client, "Connection: close\r\n\r\n"));
        assert_true(client_read_all(client, &replies[i]));
        date = strstr(replies[i].raw.data, "Date: ");
        assert_non_null(date);
        memset(date + 6, '*', 29);
        client_close(client);
    }
    assert_string_equal(replies[1].raw.data, replies[0].raw.data);
    reply_free(&replies[0]);
    reply_free(&replies[1]);
}

/* A body that is made when it is asked for is work of the request. */
static void processor_time_of_the_body(void **state)
{
    struct reply reply = get_with("GET", "/busy", NULL);
    const char *cpu = strstr(reply_header(&reply, "Server-Timing"), "cpu;dur=");

    (void)state;
    assert_non_null(cpu);
    assert_true(strtod(cpu + 8, NULL) >= BUSY_NS / 1e6);
    reply_free(&reply);
}

/* Clients of HTTP/1.0 know no chunks: the end of the connection is the end of the page. */
static void old_clients(void **state)
{
    static const char *const paths[] = {"/page", "/unknown", "/trailers"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct client *client = client_open(server->port, true);
        struct reply reply;
        char request[200];

        assert_non_null(client);
        snprintf(request, sizeof request, "GET %s HTTP/1.0\r\n%s\r\n", paths[i], SERVER_KEY_LINE);
        assert_true(client_send_text(client, request));
        assert_true(client_read(client, false, &reply));
        assert_page(&reply, page);
        assert_false(reply.chunked);
        assert_true(client_ended(client));
        client_close(client);
        reply_free(&reply);
    }
}

static void asks_for_passwords(void **state)
{
    static const struct {
        const char *path;
        const char *asks;
    } rows_of_auth[] = {{"/basic", "Basic realm=\"demo\""},
                        {"/digest", "Digest realm=\"demo\""},
                        {"/sha256", "Digest realm=\"demo\""}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct reply shown = get_with("GET", rows_of_auth[i].path, NULL), hidden;

        assert_true(fetch(server->port, true, "GET", rows_of_auth[i].path, NULL, &hidden));
        assert_hidden(&hidden);
        assert_string_equal(hidden.body.data, page);
        assert_int_equal(shown.status, 401);
        assert_page(&shown, page);
        assert_int_equal(reply_header_count(&shown, "WWW-Authenticate"), 1);
        assert_memory_equal(reply_header(&shown, "WWW-Authenticate"), rows_of_auth[i].asks,
                            strlen(rows_of_auth[i].asks));
        reply_free(&shown);
        reply_free(&hidden);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_a_decorated_response),
        cmocka_unit_test(trailers_stay),
        cmocka_unit_test(nothing_comes_from_another_base),
        cmocka_unit_test(connection_and_version_stay),
        cmocka_unit_test(own_length_stays),
        cmocka_unit_test(processor_time_of_the_body),
        cmocka_unit_test(old_clients),
        cmocka_unit_test(asks_for_passwords),
    };

    server_options = (struct server_options){.mode = SERVER_POOL, .routes = routes};
    return RUN_OVER_BOTH("headers", tests);
}
