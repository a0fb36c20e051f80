/* Which responses carry the panel, by what request, headers and first bytes say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "page/page.h"

enum { HEADERS_MAXIMUM = 4 };

struct exchange {
    const char *method;
    unsigned status;
    enum toolbar__skip skip;
    const char *request[HEADERS_MAXIMUM][2];
    const char *response[HEADERS_MAXIMUM][2];
};

#define HTML                                                                                       \
    {                                                                                              \
        "Content-Type", "text/html; charset=utf-8"                                                 \
    }
#define GET_200 .method = "GET", .status = 200

#define REQUEST(reason, ...)                                                                       \
    {                                                                                              \
        GET_200, .request = {__VA_ARGS__}, .response = {HTML}, .skip = TOOLBAR__SKIP_##reason      \
    }
#define RESPONSE(reason, ...)                                                                      \
    {                                                                                              \
        GET_200, .response = {__VA_ARGS__}, .skip = TOOLBAR__SKIP_##reason                         \
    }
#define STATUS(code, reason)                                                                       \
    {                                                                                              \
        .method = "GET", .status = (code), .response = {HTML}, .skip = TOOLBAR__SKIP_##reason      \
    }
#define METHOD(name, reason)                                                                       \
    {                                                                                              \
        .method = (name), .status = 200, .response = {HTML}, .skip = TOOLBAR__SKIP_##reason        \
    }
#define TYPE(reason, type) RESPONSE(reason, {"Content-Type", type})

static const struct exchange exchanges[] = {
    METHOD("GET", NONE),
    METHOD("POST", NONE),
    METHOD("HEAD", METHOD),
    METHOD("PUT", METHOD),
    METHOD("DELETE", METHOD),
    METHOD("OPTIONS", METHOD),
    METHOD("get", METHOD),
    STATUS(200, NONE),
    STATUS(201, NONE),
    STATUS(400, NONE),
    STATUS(404, NONE),
    STATUS(500, NONE),
    STATUS(100, STATUS),
    STATUS(101, STATUS),
    STATUS(204, STATUS),
    STATUS(205, STATUS),
    STATUS(206, RANGE),
    STATUS(301, STATUS),
    STATUS(302, STATUS),
    STATUS(304, STATUS),
    STATUS(307, STATUS),
    RESPONSE(RANGE, HTML, {"content-range", "bytes 0-1/2"}),

    REQUEST(NONE, {"Sec-Fetch-Dest", "document"}, {"Sec-Fetch-Mode", "navigate"},
            {"Sec-Fetch-Site", "none"}),
    REQUEST(NONE, {"Sec-Fetch-Site", "same-origin"}),
    REQUEST(NONE, {"sec-fetch-dest", " Document\t"}),
    REQUEST(FETCH, {"Sec-Fetch-Dest", "empty"}),
    REQUEST(FETCH, {"Sec-Fetch-Dest", "image"}),
    REQUEST(FETCH, {"Sec-Fetch-Dest", ""}),
    REQUEST(FETCH, {"Sec-Fetch-Mode", "cors"}),
    REQUEST(FETCH, {"Sec-Fetch-Mode", "no-cors"}, {"Sec-Fetch-Dest", "document"}),
    REQUEST(FETCH, {"Sec-Fetch-Mode", "cors"}, {"Sec-Fetch-Mode", "navigate"}),
    REQUEST(FETCH, {"Sec-Fetch-Dest", "document"}, {"Sec-Fetch-Dest", "empty"}),
    REQUEST(FETCH, {"X-Requested-With", "XMLHttpRequest"}),
    REQUEST(FETCH, {"x-requested-with", "xmlhttprequest"}),
    REQUEST(NONE, {"X-Requested-With", "com.android.browser"}),
    REQUEST(FETCH, {"Turbo-Frame", "messages"}),
    REQUEST(FETCH, {"HX-Request", "true"}, {"HX-Target", "list"}),
    REQUEST(NONE, {"HX-Request", "true"}),
    REQUEST(NONE, {"HX-Target", "list"}),
    REQUEST(FETCH, {"HX-Request", "true"}, {"Sec-Fetch-Dest", "empty"}),
    REQUEST(FRAME, {"Sec-Fetch-Dest", "iframe"}, {"Sec-Fetch-Mode", "navigate"}),
    REQUEST(FRAME, {"Sec-Fetch-Dest", "frame"}),
    REQUEST(FRAME, {"Sec-Fetch-Dest", "embed"}, {"Sec-Fetch-Mode", "no-cors"}),
    REQUEST(FRAME, {"Sec-Fetch-Dest", "object"}),
    REQUEST(FRAME, {"Sec-Fetch-Dest", "fencedframe"}),
    REQUEST(CROSS_ORIGIN, {"Sec-Fetch-Site", "cross-site"}),
    REQUEST(CROSS_ORIGIN, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Mode", "navigate"}),
    REQUEST(NONE, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"},
            {"Sec-Fetch-Dest", "document"}),
    REQUEST(FRAME, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Dest", "iframe"}),

    RESPONSE(CROSS_ORIGIN, HTML, {"Access-Control-Allow-Origin", "*"}),
    RESPONSE(CROSS_ORIGIN, HTML, {"access-control-allow-origin", "null"}),
    RESPONSE(CROSS_ORIGIN, HTML, {"Cross-Origin-Resource-Policy", "Cross-Origin"}),
    RESPONSE(NONE, HTML, {"Cross-Origin-Resource-Policy", "same-site"}),
    RESPONSE(ATTACHMENT, HTML, {"Content-Disposition", "attachment"}),
    RESPONSE(ATTACHMENT, HTML, {"Content-Disposition", "Attachment; filename=\"a;b.html\""}),
    RESPONSE(ATTACHMENT, HTML, {"Content-Disposition", "form-data"}),
    RESPONSE(NONE, HTML, {"Content-Disposition", "inline"}),
    RESPONSE(NONE, HTML, {"Content-Disposition", " Inline ; filename=a,attachment.html"}),
    RESPONSE(CONTENT_ENCODING, HTML, {"Content-Encoding", "gzip"}),
    RESPONSE(CONTENT_ENCODING, HTML, {"Content-Encoding", "identity, br"}),
    RESPONSE(CONTENT_ENCODING, HTML, {"Content-Encoding", "identity"},
             {"content-encoding", "zstd"}),
    RESPONSE(NONE, HTML, {"Content-Encoding", "Identity"}),
    RESPONSE(NONE, HTML, {"Content-Encoding", " "}),
    RESPONSE(NONE, HTML, {"Content-Encoding", "text/html"}),
    RESPONSE(NO_TRANSFORM, HTML, {"Cache-Control", "max-age=1, No-Transform"}),
    RESPONSE(NO_TRANSFORM, HTML, {"Cache-Control", "private"}, {"Cache-Control", "no-transform"}),
    RESPONSE(NONE, HTML, {"Cache-Control", "private=\"a, no-transform, b\""}),
    RESPONSE(NONE, HTML, {"Cache-Control", "x-no-transform"}),

    RESPONSE(NONE, {"Date", "now"}),
    TYPE(NONE, "text/html"),
    TYPE(NONE, " TEXT/HTML "),
    TYPE(NONE, "text/html;charset=ISO-8859-1"),
    TYPE(NONE, "text/html, text/html; charset=utf-8"),
    TYPE(CONTENT_TYPE, "text/htmlx"),
    TYPE(CONTENT_TYPE, "text/plain"),
    TYPE(CONTENT_TYPE, "application/json"),
    TYPE(CONTENT_TYPE, "application/xhtml+xml"),
    TYPE(CONTENT_TYPE, "multipart/mixed; boundary=\"text/html\""),
    TYPE(CONTENT_TYPE, "text/html, text/plain"),
    TYPE(CONTENT_TYPE, "text / html"),
    RESPONSE(NONE, HTML, HTML),
    RESPONSE(CONTENT_TYPE, HTML, {"content-type", "text/plain"}),
    RESPONSE(CHARSET, HTML, {"content-type", "text/html; charset=utf-16"}),
    TYPE(CHARSET, "text/html; charset=UTF-16LE"),
    TYPE(CHARSET, "text/html; x=y; Charset = \"utf-32\""),
    TYPE(CHARSET, "text/html;charset=utf-7"),
    TYPE(CHARSET, "text/html;charset=iso-2022-jp"),
    TYPE(CHARSET, "text/html;charset=HZ-GB-2312"),
    TYPE(CHARSET, "text/html;charset=cp037"),
    TYPE(CHARSET, "text/html;charset=IBM1047"),
    TYPE(CHARSET, "text/html;charset=ebcdic-us"),
    TYPE(CHARSET, "text/html;charset=ucs-2"),
    TYPE(CHARSET, "text/html;charset=unicode"),
    TYPE(NONE, "text/html;charset=unicode-1-1-utf-8"),
    TYPE(NONE, "text/html;charset=shift_jis"),
    TYPE(NONE, "text/html;charset=gb18030"),
    TYPE(NONE, "text/html;charset=cp1252"),
    TYPE(NONE, "text/html;charset=x-unheard-of"),
    TYPE(NONE, "text/html;charset="),
    TYPE(NONE, "text/html;title=\";charset=utf-16\""),

    /* Of several reasons, the one that says most. */
    {.method = "HEAD", .status = 304, .skip = TOOLBAR__SKIP_METHOD},
    {.method = "GET",
     .status = 302,
     .request = {{"Sec-Fetch-Dest", "empty"}},
     .skip = TOOLBAR__SKIP_STATUS},
    {GET_200, .request = {{"Sec-Fetch-Dest", "empty"}},
     .response = {{"Content-Type", "application/json"}}, .skip = TOOLBAR__SKIP_FETCH},
    RESPONSE(ATTACHMENT, {"Content-Type", "text/csv"}, {"Content-Disposition", "attachment"}),
    RESPONSE(CONTENT_ENCODING, HTML, {"Content-Encoding", "br"}, {"Cache-Control", "no-transform"}),
};

static void visit_request(void *connection, toolbar__header_visitor visit, void *cls)
{
    const struct exchange *exchange = connection;

    for (size_t i = 0; i < HEADERS_MAXIMUM && exchange->request[i][0]; i++) {
        const char *name = exchange->request[i][0];
        const char *value = exchange->request[i][1];

        if (!visit(cls, name, strlen(name), value, strlen(value))) return;
    }
}

static enum toolbar__skip check(const struct exchange *exchange)
{
    static const struct toolbar__head_source source = {.headers = visit_request};
    struct toolbar__head head = {
        .method = exchange->method,
        .url = "/",
        .version = "HTTP/1.1",
        .source = &source,
        .connection = (void *)(uintptr_t)exchange,
    };
    struct toolbar__field items[HEADERS_MAXIMUM];
    struct toolbar__fields fields = {.items = items};

    while (fields.count < HEADERS_MAXIMUM && exchange->response[fields.count][0]) {
        items[fields.count] = (struct toolbar__field){exchange->response[fields.count][0],
                                                      exchange->response[fields.count][1], false};
        fields.count++;
    }
    return toolbar__page_check(&head, exchange->status, &fields);
}

static void tells_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
        enum toolbar__skip skip = check(&exchanges[i]);

        if (skip != exchanges[i].skip) {
            fail_msg("%zu: %s %u: %s", i, exchanges[i].method, exchanges[i].status,
                     toolbar__skip_text(skip));
        }
    }
}

static void trailers_do_not_count(void **state)
{
    struct toolbar__field items[] = {{"Content-Type", "text/html", false},
                                     {"Content-Encoding", "gzip", true}};
    struct toolbar__fields fields = {items, 2};
    struct exchange none = {0};
    struct toolbar__head_source source = {.headers = visit_request};
    struct toolbar__head head = {.method = "GET", .source = &source, .connection = &none};

    (void)state;
    assert_int_equal(toolbar__page_check(&head, 200, &fields), TOOLBAR__SKIP_NONE);
}

struct body {
    const char *type; /* of the response; NULL: none */
    const char *data;
    size_t length;
    enum toolbar__skip complete;
    enum toolbar__skip partial; /* if more may follow */
};

#define BODY(type, data, complete, partial)                                                        \
    {                                                                                              \
        (type), (data), sizeof(data) - 1, TOOLBAR__SKIP_##complete, TOOLBAR__SKIP_##partial        \
    }
#define UNTYPED(data, complete, partial) BODY(NULL, data, complete, partial)
#define TYPED(data, complete, partial) BODY("text/html", data, complete, partial)

static const struct body bodies[] = {
    UNTYPED("<!DOCTYPE html><p>", NONE, NONE),
    UNTYPED("\r\n\t <!doctype HTML>", NONE, NONE),
    UNTYPED("<html lang=en>", NONE, NONE),
    UNTYPED("<html\n lang=en>", NONE, NONE),
    UNTYPED("<HTML>", NONE, NONE),
    UNTYPED("\xef\xbb\xbf<!doctype html>", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("<head><title>x</title>", NONE, NONE),
    UNTYPED("<body>x", NONE, NONE),
    UNTYPED("<title>x</title>", NONE, NONE),
    UNTYPED("<!-- made by hand --><html>", NONE, NONE),
    UNTYPED("<h1>Not found</h1>", NONE, NONE),
    UNTYPED("<p", CONTENT_TYPE, NONE),
    UNTYPED("<ht", CONTENT_TYPE, NONE),
    UNTYPED("<html", CONTENT_TYPE, NONE),
    UNTYPED("<htmlx>", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("<!doctype htmlx>", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED(" ", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("x<html>", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("{\"a\":1}", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("<?xml version=\"1.0\"?><html>", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("\x89PNG\r\n", CONTENT_TYPE, CONTENT_TYPE),
    UNTYPED("\xff\xfe<\0h\0", CHARSET, CHARSET),
    UNTYPED("\xfe\xff\0<\0h", CHARSET, CHARSET),
    UNTYPED("<\0h\0t\0", CHARSET, CHARSET),
    UNTYPED("\0<\0h\0t", CHARSET, CHARSET),

    TYPED("<p>x", NONE, NONE),
    TYPED("hello", NONE, NONE),
    TYPED("\xef\xbb\xbf<html>", NONE, NONE),
    TYPED("", NOT_HTML, NONE),
    TYPED(" \n", NOT_HTML, NONE),
    TYPED("{\"a\": \"<html></body>\"}\n", NOT_HTML, NOT_HTML),
    TYPED(" [{\"a\": 1}]", NOT_HTML, NOT_HTML),
    TYPED("[1, 2]", NOT_HTML, NOT_HTML),
    TYPED("{}", NOT_HTML, NOT_HTML),
    TYPED("{\n  \"a", NONE, NOT_HTML),
    TYPED("{", NONE, NONE),
    TYPED("\"<html>\"", NOT_HTML, NONE),
    TYPED("\"", NONE, NONE),
    TYPED("{{ title }}<html></body>", NONE, NONE),
    TYPED("[DEBUG] on<html>", NONE, NONE),
    TYPED("\xff\xfe<\0", CHARSET, CHARSET),
    TYPED("\0\0\xfe\xff\0\0\0<", CHARSET, CHARSET),
    TYPED("<\0\0\0", CHARSET, CHARSET),
    TYPED("<", NONE, NONE),
};

static void looks_at_the_first_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct body *body = &bodies[i];
        struct toolbar__field type = {"Content-Type", body->type, false};
        struct toolbar__fields fields = {&type, body->type ? 1 : 0};

        if (toolbar__page_check_body(&fields, body->data, body->length, true) != body->complete ||
            toolbar__page_check_body(&fields, body->data, body->length, false) != body->partial) {
            fail_msg("%zu: %s", i, body->data);
        }
    }
}

static void does_not_guess_when_browsers_may_not(void **state)
{
    struct toolbar__field nosniff = {"X-Content-Type-Options", "NoSniff", false};
    struct toolbar__fields fields = {&nosniff, 1};

    (void)state;
    assert_int_equal(toolbar__page_check_body(&fields, "<html>", 6, true),
                     TOOLBAR__SKIP_CONTENT_TYPE);
}

static void every_reason_has_a_text(void **state)
{
    (void)state;
    assert_null(toolbar__skip_text(TOOLBAR__SKIP_NONE));
    assert_string_equal(toolbar__skip_text(TOOLBAR__SKIP_METHOD), "method");
    assert_string_equal(toolbar__skip_text(TOOLBAR__SKIP_NO_TRANSFORM), "no-transform");
    assert_string_equal(toolbar__skip_text(TOOLBAR__SKIP_ERROR), "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_reason),
        cmocka_unit_test(trailers_do_not_count),
        cmocka_unit_test(looks_at_the_first_bytes),
        cmocka_unit_test(does_not_guess_when_browsers_may_not),
        cmocka_unit_test(every_reason_has_a_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
