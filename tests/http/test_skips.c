/*
 * Every reason to leave a body alone, by the header or the request that causes it: the answer
 * names the reason, and is the application's own to the last byte. And its neighbours that are no
 * reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "both_transports.h"
#include "client.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";
static const char gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03</body>";

struct row {
    const char *reason; /* NULL: decorated */
    const char *request;
    unsigned status;  /* 0: 200 */
    const char *type; /* NULL: text/html; "": none */
    const char *headers[2];
    const char *values[2];
    const char *body; /* NULL: the page */
};

#define HTML "text/html; charset=utf-8"

static const struct row rows[] = {
    {.reason = NULL},
    {.type = HTML},
    {.type = "TEXT/HTML;charset=\"ISO-8859-1\""},
    {.type = ""},
    {.type = "", .body = "  <HTML><body>x</body>"},
    {.type = "", .body = "plain text </body>", .reason = "content-type"},
    {.type = "",
     .headers = {"X-Content-Type-Options"},
     .values = {"nosniff"},
     .reason = "content-type"},
    {.type = "text/plain", .reason = "content-type"},
    {.type = "application/json", .body = "{\"a\":\"</body>\"}", .reason = "content-type"},
    {.type = "text/xml", .reason = "content-type"},
    {.type = "image/svg+xml", .reason = "content-type"},
    {.type = "application/octet-stream", .reason = "content-type"},
    {.type = "text/html; charset=utf-16", .reason = "charset"},
    {.type = "text/html; charset=UTF-32LE", .reason = "charset"},
    {.type = "text/html; charset=iso-2022-jp", .reason = "charset"},
    {.type = "text/html; charset=utf-7", .reason = "charset"},
    {.body = "\xff\xfe<\0b\0>", .reason = "charset"},
    {.body = "{\"json\":\"</body>\"}", .reason = "not-html"},
    {.body = "<p>a fragment</p>", .reason = "not-html"},
    {.body = "", .reason = "not-html"},
    {.body = "<!doctype html><p>no end of a body"},
    {.headers = {"Content-Encoding"},
     .values = {"gzip"},
     .body = gzip,
     .reason = "content-encoding"},
    {.headers = {"Content-Encoding"}, .values = {"br"}, .reason = "content-encoding"},
    {.headers = {"Content-Encoding"}, .values = {"identity"}},
    {.headers = {"Content-Encoding"}, .values = {"text/html"}},
    {.headers = {"Content-Disposition"},
     .values = {"attachment; filename=\"a.html\""},
     .reason = "attachment"},
    {.headers = {"Content-Disposition"}, .values = {"ATTACHMENT"}, .reason = "attachment"},
    {.headers = {"Content-Disposition"}, .values = {"inline; filename=\"attachment\""}},
    {.headers = {"Cache-Control"}, .values = {"public, no-transform"}, .reason = "no-transform"},
    {.headers = {"Cache-Control"}, .values = {"No-Transform"}, .reason = "no-transform"},
    {.headers = {"Access-Control-Allow-Origin"}, .values = {"*"}, .reason = "cross-origin"},
    {.headers = {"Access-Control-Allow-Origin"},
     .values = {"https://localhost"},
     .reason = "cross-origin"},
    {.headers = {"Cross-Origin-Resource-Policy"},
     .values = {"cross-origin"},
     .reason = "cross-origin"},
    {.status = 206, .headers = {"Content-Range"}, .values = {"bytes 0-51/100"}, .reason = "range"},
    {.headers = {"Content-Range"}, .values = {"bytes 0-51/100"}, .reason = "range"},
    {.status = 204, .body = "", .reason = "status"},
    {.status = 205, .body = "", .reason = "status"},
    {.status = 304, .body = "", .headers = {"ETag"}, .values = {"\"1\""}, .reason = "status"},
    {.status = 301, .headers = {"Location"}, .values = {"/"}, .reason = "status"},
    {.status = 302, .headers = {"Location"}, .values = {"/"}, .reason = "status"},
    {.status = 307, .headers = {"Location"}, .values = {"/"}, .reason = "status"},
    {.status = 201},
    {.status = 400},
    {.status = 401},
    {.status = 403},
    {.status = 404},
    {.status = 410},
    {.status = 422},
    {.status = 500},
    {.status = 503},
    {.request = "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
                "Sec-Fetch-User: ?1\r\n"},
    {.request = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
                "Sec-Fetch-Dest: document\r\n"},
    {.request = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
                "Sec-Fetch-Dest: iframe\r\n",
     .reason = "frame"},
    {.request = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
                "Sec-Fetch-Dest: object\r\n",
     .reason = "frame"},
    {.request = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
     .reason = "fetch"},
    {.request = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: no-cors\r\n"
                "Sec-Fetch-Dest: script\r\n",
     .reason = "fetch"},
    {.request = "X-Requested-With: XMLHttpRequest\r\n", .reason = "fetch"},
    {.request = "HX-Request: true\r\nHX-Target: list\r\n", .reason = "fetch"},
    {.request = "HX-Request: true\r\n"},
};

static void must(bool condition)
{
    if (!condition) abort();
}

static size_t body_length(const struct row *row)
{
    if (row->body == gzip) return sizeof gzip - 1;
    if (row->body && row->body[0] == '\xff') return 8;
    return strlen(row->body ? row->body : page);
}

static enum MHD_Result answer_row(struct call *call)
{
    const struct row *row = &rows[strtoul(call->url + 5, NULL, 10)];
    const char *type = row->type ? row->type : "text/html";
    const char *body = row->body ? row->body : page;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body_length(row), (void *)(uintptr_t)body, MHD_RESPMEM_PERSISTENT);

    if (*type) must(MHD_add_response_header(response, "Content-Type", type) == MHD_YES);
    for (int i = 0; i < 2 && row->headers[i]; i++) {
        must(MHD_add_response_header(response, row->headers[i], row->values[i]) == MHD_YES);
    }
    return call_answer(call, row->status ? row->status : 200, response);
}

/* What caches are told of a response that is not a page: by the application, and with us. */
static const struct {
    const char *control[2];
    const char *shown; /* NULL: as it was */
    const char *vary[2];
} caches[] = {
    {.shown = "private", .vary = {NULL, "MYAPPKEY"}},
    {.control = {"max-age=60"}, .shown = "private, max-age=60"},
    {.control = {"no-cache"}, .shown = "private, no-cache"},
    {.control = {"max-age=60", "no-transform"}, .shown = "private, max-age=60, no-transform"},
    {.control = {"private=\"a, public\", max-age=1"},
     .shown = "private, private=\"a, public\", max-age=1"},
    {.control = {"public, max-age=3600"}, .shown = "private, no-cache"},
    {.control = {"max-age=3600", "PUBLIC, immutable"}, .shown = "private, no-cache"},
    {.control = {"S-MaxAge=60, max-age=5"}, .shown = "private, no-cache"},
    {.control = {"no-transform, public"}, .shown = "private, no-cache, no-transform"},
    {.control = {"Private,max-age=60"}, .vary = {"Accept", "Accept, MYAPPKEY"}},
    {.control = {"no-store"}, .vary = {"myappkey, Cookie", "myappkey, Cookie"}},
    {.control = {"public, no-store"}, .vary = {"*", "*"}},
};

static enum MHD_Result answer_cached(struct call *call)
{
    size_t i = strtoul(call->url + 8, NULL, 10);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);
    const char *const headers[][2] = {
        {"Content-Type", "image/png"},
        {"ETag", "\"1\""},
        {"Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"Expires", "Mon, 01 Jan 2035 00:00:00 GMT"},
        {"Accept-Ranges", "bytes"},
        {"Surrogate-Control", "max-age=9"},
        {"X-Accel-Expires", "9"},
        {"Cache-Control", caches[i].control[0]},
        {"Cache-Control", caches[i].control[1]},
        {"Vary", caches[i].vary[0]},
    };

    for (size_t h = 0; h < sizeof headers / sizeof *headers; h++) {
        if (!headers[h][1]) continue;
        must(MHD_add_response_header(response, headers[h][0], headers[h][1]) == MHD_YES);
    }
    return call_answer(call, 200, response);
}

static const struct route routes[] = {
    {"/row/*", answer_row}, {"/cached/*", answer_cached}, {NULL, NULL}};

static struct reply get_with(const char *method, const char *path, const char *headers)
{
    struct reply reply = {0};
    char lines[1024];

    snprintf(lines, sizeof lines, "%s%s", SERVER_KEY_LINE, headers ? headers : "");
    if (!fetch(server->port, true, method, path, lines, &reply)) fail_msg("no reply to %s", path);
    return reply;
}

static void every_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const char *body = row->body ? row->body : page;
        struct reply reply;
        char path[32];

        snprintf(path, sizeof path, "/row/%zu", i);
        reply = get_with("GET", path, row->request);
        assert_int_equal(reply.status, row->status ? row->status : 200);
        if (row->reason) {
            assert_skipped(&reply, row->reason, body, body_length(row));
            for (int h = 0; h < 2 && row->headers[h]; h++) {
                if (strcmp(row->headers[h], "Cache-Control") == 0) continue;
                assert_header(&reply, row->headers[h], row->values[h]);
            }
            if (row->type && *row->type) {
                assert_string_equal(reply_header(&reply, "Content-Type"), row->type);
            }
        } else {
            assert_page(&reply, body);
        }
        reply_free(&reply);
    }
}

/* It has headers that are for one person: no cache may give it to another. */
static void caches_keep_nothing_for_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        const char *shown = caches[i].shown ? caches[i].shown : caches[i].control[0];
        struct reply reply, hidden;
        char path[32];

        snprintf(path, sizeof path, "/cached/%zu", i);
        reply = get_with(i % 2 ? "HEAD" : "GET", path, NULL);
        assert_int_equal(reply_header_count(&reply, "Debug-Toolbar-Skipped"), 1);
        assert_int_equal(reply_header_count(&reply, "Cache-Control"), 1);
        assert_header(&reply, "Cache-Control", shown);
        assert_int_equal(reply_header_count(&reply, "Vary"), 1);
        if (caches[i].vary[1]) assert_header(&reply, "Vary", caches[i].vary[1]);
        assert_int_equal(reply_header_count(&reply, "Surrogate-Control"), 1);
        assert_header(&reply, "Surrogate-Control", "no-store");
        assert_header(&reply, "CDN-Cache-Control", "no-store");
        assert_header(&reply, "X-Accel-Expires", "0");
        assert_header(&reply, "ETag", "\"1\"");
        assert_header(&reply, "Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT");
        assert_header(&reply, "Expires", "Mon, 01 Jan 2035 00:00:00 GMT");
        assert_header(&reply, "Accept-Ranges", "bytes");
        reply_free(&reply);
        assert_true(fetch(server->port, true, "GET", path, NULL, &hidden));
        assert_hidden(&hidden);
        assert_null(reply_header(&hidden, "CDN-Cache-Control"));
        assert_header(&hidden, "Surrogate-Control", "max-age=9");
        reply_free(&hidden);
    }
}

static void methods(void **state)
{
    static const struct {
        const char *method;
        const char *reason;
    } methods[] = {{"POST", NULL},
                   {"HEAD", "method"},
                   {"PUT", "method"},
                   {"DELETE", "method"},
                   {"PATCH", "method"}};

    (void)state;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct reply reply = get_with(methods[i].method, "/row/0", "Content-Length: 0\r\n");

        if (!methods[i].reason) {
            assert_page(&reply, page);
        } else if (strcmp(methods[i].method, "HEAD") == 0) {
            assert_skipped(&reply, "method", "", 0);
            /* Of the body that a GET without us would have. */
            assert_int_equal(strtoul(reply_header(&reply, "Content-Length"), NULL, 10),
                             sizeof page - 1);
        } else {
            assert_skipped(&reply, methods[i].reason, page, sizeof page - 1);
        }
        reply_free(&reply);
    }
    /* Never about a page; TRACE would send the key back. */
    for (int i = 0; i < 2; i++) {
        struct reply reply = get_with(i ? "TRACE" : "OPTIONS", "/row/0", NULL);

        assert_hidden(&reply);
        assert_string_equal(reply.body.data, page);
        reply_free(&reply);
    }
}

/* A second request on the connection must find its beginning: nothing may follow these. */
static void replies_without_body_leave_nothing_behind(void **state)
{
    struct client *client = client_open(server->port, true);

    (void)state;
    assert_non_null(client);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reply reply;
        char path[32];

        if (rows[i].status != 204 && rows[i].status != 304 && i) continue;
        snprintf(path, sizeof path, "/row/%zu", i);
        assert_true(client_fetch(client, i ? "GET" : "HEAD", path, SERVER_KEY_LINE, &reply));
        assert_int_equal(reply.body.length, 0);
        reply_free(&reply);
        assert_true(client_fetch(client, "GET", "/row/0", SERVER_KEY_LINE, &reply));
        assert_page(&reply, page);
        assert_true(client_drained(client));
        reply_free(&reply);
    }
    client_close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason),
        cmocka_unit_test(caches_keep_nothing_for_others),
        cmocka_unit_test(methods),
        cmocka_unit_test(replies_without_body_leave_nothing_behind),
    };

    server_options = (struct server_options){.mode = SERVER_POOL, .routes = routes};
    return RUN_OVER_BOTH("skips", tests);
}
