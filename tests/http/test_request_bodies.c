/*
 * What the Request panel says of bodies: forms and files in pieces of every size, JSON, what is
 * none of these, and more than is kept. And the command line that makes a request again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "both_transports.h"
#include "client.h"
#include "record.h"

#define PAGE "<!doctype html><html><body>page</body></html>"
#define BOUNDARY "----WebKitFormBoundary7MA4YWxkTrZu0gW"

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", PAGE);
}

static const struct route routes[] = {{"/*", answer_page}, {NULL, NULL}};

static char *get(const char *path, const char *headers)
{
    return record_get(server, path, headers);
}

static char *post(const char *path, const char *type, const char *body, size_t length, size_t step)
{
    return record_post(server, path, type, body, length, step);
}

static void forms_in_pieces(void **state)
{
    static const char type[] = "application/x-www-form-urlencoded";
    static const char body[] = "name=Ann+Lee&note=%3Cb%3E%e2%82%ac&empty=&api_key=canary-1&last=x";

    (void)state;
    for (size_t step = 1; step <= sizeof body; step += step < 8 ? 1 : 13) {
        char *record = post("/form", type, body, sizeof body - 1, step);

        assert_int_equal(json_count(json_at(record, "panels.request.form")), 5);
        assert_value(record, "panels.request.form", "name", "Ann Lee");
        assert_value(record, "panels.request.form", "note", "<b>\xe2\x82\xac");
        assert_value(record, "panels.request.form", "empty", "");
        assert_value(record, "panels.request.form", "api_key", "********");
        assert_value(record, "panels.request.form", "last", "x");
        assert_is(record, "panels.request.body.type", type);
        assert_true(json_number(json_at(record, "panels.request.body.bytes")) == sizeof body - 1);
        assert_true(json_true(json_at(record, "panels.request.body.complete")));
        assert_null(strstr(record, "canary-1"));
        free(record);
    }
}

/* RFC 7578 wants a name of every part; clients are free not to give one. */
static void parts_without_names(void **state)
{
    static const char body[] =
        "--" BOUNDARY "\r\nContent-Type: text/plain\r\n\r\none\r\n"
        "--" BOUNDARY "\r\nContent-Type: text/plain\r\n\r\ntwo\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data\r\n\r\n\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
        "b\r\n--" BOUNDARY "--\r\n";

    (void)state;
    for (size_t step = 1; step <= sizeof body; step += step < 40 ? 1 : 97) {
        char *record =
            post("/files", "multipart/form-data; boundary=" BOUNDARY, body, sizeof body - 1, step);

        assert_value(record, "panels.request.form", "a", "b");
        free(record);
    }
}

static void files_in_pieces(void **state)
{
    static const char body[] =
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA \"title\"\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"a.txt\"\r\n"
        "Content-Type: text/plain\r\n\r\nfile canary-content\r\n--not the end\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncanary-1\r\n"
        "--" BOUNDARY "--\r\n";

    (void)state;
    for (size_t step = 1; step <= sizeof body; step += step < 5 ? 1 : 97) {
        char *record =
            post("/files", "multipart/form-data; boundary=" BOUNDARY, body, sizeof body - 1, step);

        assert_int_equal(json_count(json_at(record, "panels.request.form")), 3);
        assert_value(record, "panels.request.form", "title", "A \"title\"");
        assert_value(record, "panels.request.form", "empty", "");
        assert_value(record, "panels.request.form", "password", "********");
        assert_int_equal(json_count(json_at(record, "panels.request.uploads")), 1);
        assert_is(record, "panels.request.uploads[0].field", "doc");
        assert_is(record, "panels.request.uploads[0].file", "a.txt");
        assert_is(record, "panels.request.uploads[0].type", "text/plain");
        assert_true(json_number(json_at(record, "panels.request.uploads[0].bytes")) == 34);
        assert_true(json_true(json_at(record, "panels.request.body.complete")));
        assert_null(strstr(record, "canary"));
        free(record);
    }
}

static void json_is_masked_and_indented(void **state)
{
    static const char body[] = "{\"a\":[1, {\"password\":{\"x\":[\"canary-1\"]}}],\n"
                               "\"p\\u0069n\":42,\"ok\":\"<b>\",\"e\":{}}";
    char *record = post("/json", "application/json; charset=utf-8", body, sizeof body - 1, 7);

    (void)state;
    assert_is(record, "panels.request.body.json",
              "{\n  \"a\": [\n    1,\n    {\n      \"password\": \"********\"\n    }\n  ],\n"
              "  \"p\\u0069n\": \"********\",\n  \"ok\": \"<b>\",\n  \"e\": {}\n}");
    assert_true(json_true(json_at(record, "panels.request.body.complete")));
    free(record);
}

static void other_bodies(void **state)
{
    static const struct {
        const char *type, *body;
    } cases[] = {
        {"application/octet-stream", "canary \1\2\377"},
        {"application/x-www-form-urlencoded", "{\"token\" : \"canary\"}"},
        {"application/x-www-form-urlencoded", "\n<token>canary</token>"},
        {"application/json", "token=canary"},
        {"application/json", "tokens canary"},
        {"text/plain", "token=canary"},
        {"multipart/form-data", "token=canary"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].body);
        char *record = post("/other", cases[i].type, cases[i].body, length, 1000);

        assert_is(record, "panels.request.body.type", cases[i].type);
        assert_true(json_number(json_at(record, "panels.request.body.bytes")) == (double)length);
        assert_unknown(record, "panels.request.body.json");
        assert_int_equal(json_count(json_at(record, "panels.request.form")), 0);
        assert_null(strstr(record, "canary"));
        free(record);
    }
}

/* More than is kept, in every place; what is kept is whole characters. */
static void long_bodies(void **state)
{
    enum { LENGTH = 40000 };
    char *body = malloc(LENGTH + 1), *record, *value;

    (void)state;
    assert_non_null(body);
    memset(body, '9', LENGTH);
    memcpy(body, "[\"a\",[\"", 7);
    record = post("/long", "application/json", body, LENGTH, LENGTH);
    assert_false(json_true(json_at(record, "panels.request.body.complete")));
    free(record);
    memset(body, '[', LENGTH);
    record = post("/long", "application/json", body, LENGTH, LENGTH);
    assert_false(json_true(json_at(record, "panels.request.body.complete")));
    value = json_string(json_at(record, "panels.request.body.json"));
    assert_true(strlen(value) <= 32 * 1024);
    free(value);
    free(record);
    for (size_t i = 0; i < LENGTH; i += 2) {
        memcpy(body + i, "\xc3\xa9", 2);
    }
    memcpy(body, "a=xy", 4);
    record = post("/long", "application/x-www-form-urlencoded", body, LENGTH, 999);
    value = value_of(record, "panels.request.form", "a");
    assert_non_null(value);
    assert_true(strlen(value) <= 1024 && strlen(value) > 1000);
    free(value);
    free(record);
    for (size_t i = 0; i < LENGTH; i += 4) {
        memcpy(body + i, "f=1&", 4);
    }
    record = post("/long", "application/x-www-form-urlencoded", body, LENGTH, LENGTH);
    assert_int_equal(json_count(json_at(record, "panels.request.form")), 100);
    free(record);
    free(body);
}

static void curl_makes_it_again(void **state)
{
    static const char expected[] =
        "curl -g 'https://localhost/a'\\''b%20c?x[]=1&token=********' \\\n"
        "  -H \"MYAPPKEY: $MYAPPKEY\" \\\n"
        "  -H 'X-Note: it'\\''s $HOME `id`' \\\n"
        "  -H 'X-Empty;'";
    char *record = get("/a%27b%20c?x[]=1&token=canary", "X-Note: it's $HOME `id`\r\nX-Empty:\r\n");
    char *form = post("/f", "application/x-www-form-urlencoded", "a=%27%40&pin=12", 15, 15);

    (void)state;
    assert_is(record, "panels.request.curl", expected);
    assert_is(form, "panels.request.curl",
              "curl 'https://localhost/f' \\\n"
              "  -H \"MYAPPKEY: $MYAPPKEY\" \\\n"
              "  --data-urlencode 'a='\\''@' \\\n"
              "  --data-urlencode 'pin=********'");
    free(record);
    free(form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_in_pieces),     cmocka_unit_test(files_in_pieces),
        cmocka_unit_test(parts_without_names), cmocka_unit_test(json_is_masked_and_indented),
        cmocka_unit_test(other_bodies),        cmocka_unit_test(long_bodies),
        cmocka_unit_test(curl_makes_it_again),
    };

    server_options = (struct server_options){.routes = routes};
    return RUN_OVER_BOTH("request bodies", tests);
}
