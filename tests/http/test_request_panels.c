/*
 * What the Headers, Connection and Alerts panels say of real requests: both heads, the connection
 * under them, and what is wrong with the answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "both_transports.h"
#include "client.h"
#include "record.h"

#define PAGE "<!doctype html><html><body>page</body></html>"

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", PAGE);
}

static enum MHD_Result answer_headers(struct call *call)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof PAGE - 1, PAGE, MHD_RESPMEM_MUST_COPY);

    MHD_add_response_header(response, "Content-Type", "text/html");
    MHD_add_response_header(response, "ETag", "\"v1\"");
    MHD_add_response_header(response, "Cache-Control", "public");
    MHD_add_response_header(response, "X-App", "kept");
    MHD_add_response_header(response, "Set-Cookie", "theme=canary-value; Path=/; HttpOnly");
    MHD_add_response_header(response, "Location", "/next?token=canary-value&page=2");
    return call_answer(call, MHD_HTTP_OK, response);
}

static enum MHD_Result answer_mistakes(struct call *call)
{
    static const char page[] = "<!doctype html><html><body><form><input type=file></form>";
    static char timing[9000];
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);

    memset(timing, 'x', sizeof timing - 1);
    MHD_add_response_header(response, "Content-Encoding", "text/html");
    MHD_add_response_header(response, "Server-Timing", timing);
    return call_answer(call, MHD_HTTP_OK, response);
}

static enum MHD_Result answer_nothing(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, NULL, "");
}

static const struct route routes[] = {
    {"/headers", answer_headers},
    {"/mistakes", answer_mistakes},
    {"/nothing", answer_nothing},
    {"/*", answer_page},
    {NULL, NULL},
};

static char *get(const char *path, const char *headers)
{
    return record_get(server, path, headers);
}

static void what_was_asked(void **state)
{
    char *record = get("/some/path?page=2&empty=&alone&q=%e2%82%ac%00%ff%3Cb%3E&password=canary-1",
                       "Cookie: theme=dark; sid=canary-2\r\n");

    (void)state;
    assert_is(record, "panels.request.method", "GET");
    assert_is(record, "panels.request.path", "/some/path");
    assert_is(record, "panels.request.version", "HTTP/1.1");
    assert_int_equal(json_count(json_at(record, "panels.request.query")), 5);
    assert_value(record, "panels.request.query", "page", "2");
    assert_value(record, "panels.request.query", "empty", "");
    assert_value(record, "panels.request.query", "alone", "");
    assert_value(record, "panels.request.query", "password", "********");
    assert_value(record, "panels.request.cookies", "theme", "dark");
    assert_value(record, "panels.request.cookies", "sid", "********");
    assert_unknown(record, "panels.request.body");
    assert_null(strstr(record, "canary-1"));
    assert_null(strstr(record, "canary-2"));
    free(record);
}

static void both_heads(void **state)
{
    char *record = get("/headers", "User-Agent: tester/1.0\r\nAuthorization: Basic Y2FuYXJ5\r\n"
                                   "Proxy-Authorization: canary\r\nCookie: sid=canary-value\r\n"
                                   "X-Api-Key: canary-value\r\nX-Note: shown\r\n"
                                   "Referer: https://u:canary@localhost/a?token=canary&b=1\r\n");
    static const char request[] = "panels.headers.request";

    (void)state;
    assert_value(record, request, "User-Agent", "tester/1.0");
    assert_value(record, request, "X-Note", "shown");
    assert_value(record, request, "Authorization", "********");
    assert_value(record, request, "Proxy-Authorization", "********");
    assert_value(record, request, "Cookie", "********");
    assert_value(record, request, "X-Api-Key", "********");
    assert_value(record, request, "MYAPPKEY", "********");
    assert_value(record, request, "Referer", "https://u:********@localhost/a?token=********&b=1");
    assert_value(record, "panels.headers.response", "X-App", "kept");
    assert_value(record, "panels.headers.response", "Set-Cookie",
                 "theme=********; Path=/; HttpOnly");
    assert_value(record, "panels.headers.response", "Location", "/next?token=********&page=2");
    assert_value(record, "panels.headers.removed", "ETag", "\"v1\"");
    assert_value(record, "panels.headers.removed", "Cache-Control", "public");
    assert_value(record, "panels.headers.added", "Cache-Control", "private, no-store");
    assert_value(record, "panels.headers.added", "Vary", "MYAPPKEY");
    assert_null(strstr(record, "canary"));
    assert_null(strstr(record, "Y2FuYXJ5"));
    free(record);
}

/* Every header that arrives is in the panel with its value, and nothing else is. */
static void as_sent(void **state)
{
    static const char *const paths[] = {"/page", "/nothing"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct reply reply;
        char *record;
        int64_t known;

        assert_true(fetch(server->port, true, "GET", paths[i], SERVER_KEY_LINE, &reply));
        record = record_of(server, &reply);
        known = json_count(json_at(record, "panels.headers.response")) +
                json_count(json_at(record, "panels.headers.added"));
        for (size_t j = 0; j < reply.field_count; j++) {
            const char *name = reply.fields[j].name;
            char *value = value_of(record, "panels.headers.response", name);

            if (!strcmp(name, "Date") || !strcmp(name, "Connection") ||
                !strcmp(name, "Content-Length")) {
                continue;
            }
            if (!value) value = value_of(record, "panels.headers.added", name);
            if (!value || strcmp(value, reply.fields[j].value) != 0) {
                fail_msg("%s: %s is shown as %s", name, reply.fields[j].value, value);
            }
            free(value);
            known--;
        }
        assert_int_equal(known, 0);
        free(record);
        reply_free(&reply);
    }
}

static void the_connection(void **state)
{
    struct client *client = client_open(server->port, true);
    bool ours = server->options.transport == SERVER_MBEDTLS;
    double received = 0;

    (void)state;
    assert_non_null(client);
    for (int i = 1; i <= 3; i++) {
        struct reply reply;
        char *record, *text;

        assert_true(client_fetch(client, "GET", "/page", SERVER_KEY_LINE, &reply));
        record = record_of(server, &reply);
        reply_free(&reply);
        text = json_string(json_at(record, "panels.connection.address"));
        assert_memory_equal(text, "127.0.0.1:", 10);
        free(text);
        text = json_string(json_at(record, "panels.connection.tls_version"));
        assert_memory_equal(text, "TLS 1.", 6);
        free(text);
        assert_int_equal(json_at(record, "panels.connection.cipher").type, JSON_STRING);
        assert_false(json_true(json_at(record, "panels.connection.resumed")));
        assert_false(json_true(json_at(record, "panels.connection.proxied")));
        assert_is(record, "panels.connection.mode", "one thread, select");
        if (ours) {
            double now = json_number(json_at(record, "panels.connection.received_bytes"));

            assert_true(json_number(json_at(record, "panels.connection.request_number")) == i);
            assert_true(json_number(json_at(record, "panels.connection.handshake_ms")) > 0);
            assert_true(now > received);
            assert_true(json_number(json_at(record, "panels.connection.sent_bytes")) > 0);
            received = now;
        } else {
            assert_unknown(record, "panels.connection.request_number");
            assert_unknown(record, "panels.connection.handshake_ms");
            assert_unknown(record, "panels.connection.received_bytes");
            assert_unknown(record, "panels.connection.sent_bytes");
        }
        free(record);
    }
    client_close(client);
}

static bool has_alert(const char *record, const char *rule)
{
    int64_t count = json_count(json_at(record, "panels.alerts.alerts"));
    char path[100];

    for (int64_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "panels.alerts.alerts[%d].rule", (int)i);
        if (json_is(json_at(record, path), rule)) return true;
    }
    return false;
}

static void mistakes_are_told(void **state)
{
    char *record = get("/page", "");

    (void)state;
    assert_true(json_number(json_at(record, "panels.alerts.count")) == 0);
    free(record);
    record = get("/mistakes", "");
    assert_true(json_number(json_at(record, "panels.alerts.count")) == 5);
    assert_true(has_alert(record, "form-enctype"));
    assert_true(has_alert(record, "body-end"));
    assert_true(has_alert(record, "content-type"));
    assert_true(has_alert(record, "content-encoding"));
    assert_true(has_alert(record, "server-timing"));
    free(record);
    record = get("/nothing", "");
    assert_true(json_number(json_at(record, "panels.alerts.count")) == 0);
    free(record);
}

/* The answer comes before the body, which is never read then. */
static void unread_bodies_are_told(void **state)
{
    struct client *client = client_open(server->port, true);
    struct reply reply;
    char *record;

    (void)state;
    assert_non_null(client);
    assert_true(client_send_text(client, "POST " SERVER_EARLY
                                         " HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
                                         "Content-Length: 5\r\n\r\n"));
    assert_true(client_read(client, false, &reply));
    record = record_of(server, &reply);
    assert_true(has_alert(record, "body-unread"));
    free(record);
    reply_free(&reply);
    client_close(client);
    record = get(SERVER_EARLY, "");
    assert_true(json_number(json_at(record, "panels.alerts.count")) == 0);
    free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_asked),    cmocka_unit_test(both_heads),
        cmocka_unit_test(as_sent),           cmocka_unit_test(the_connection),
        cmocka_unit_test(mistakes_are_told), cmocka_unit_test(unread_bodies_are_told),
    };

    server_options = (struct server_options){.routes = routes};
    return RUN_OVER_BOTH("request panels", tests);
}
