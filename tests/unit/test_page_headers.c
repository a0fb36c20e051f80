/* The headers of a response that carries the panel, and the nonce that its policy asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/page.h"

enum { FIELDS_MAXIMUM = 8 };

static enum toolbar__field_action action(const char *name, const char *value, bool trailer)
{
    struct toolbar__field field = {name, value, trailer};

    return toolbar__page_field(&field);
}

static void drops_what_described_the_body(void **state)
{
    static const char *const names[] = {
        "Content-Length",   "transfer-encoding", "ETag",          "LAST-MODIFIED", "Age",
        "Accept-Ranges",    "Content-MD5",       "Digest",        "Repr-Digest",   "Content-Digest",
        "Signature",        "Signature-Input",   "Content-Range", "Expires",       "Pragma",
        "Unencoded-Digest",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(action(names[i], "x", false), TOOLBAR__FIELD_DROP);
        assert_int_equal(action(names[i], "x", true), TOOLBAR__FIELD_DROP);
    }
    assert_int_equal(action("Content-Encoding", "text/html", false), TOOLBAR__FIELD_DROP);
}

static void keeps_the_rest(void **state)
{
    static const char *const names[] = {
        "Set-Cookie",
        "Content-Type",
        "Date",
        "Connection",
        "Content-Security-Policy",
        "Link",
        "Content-Encoding",
        "X-Frame-Options",
        "Server-Timing",
        "Content-Language",
        "Trailer",
        "X-ETag",
        "ETags",
        "CDN-Cache",
        "Digest-X",
        "Location",
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(action(names[i], "identity", false), TOOLBAR__FIELD_KEEP);
        assert_int_equal(action(names[i], "identity", true), TOOLBAR__FIELD_KEEP);
    }
}

static void replaces_what_caches_and_others_obey(void **state)
{
    static const char *const names[] = {
        "Cache-Control",
        "surrogate-control",
        "CDN-Cache-Control",
        "Vary",
        "Cloudflare-CDN-Cache-Control",
        "X-Content-Type-Options",
        "X-Accel-Expires",
        "Cross-Origin-Resource-Policy",
        "Edge-Control",
        "X-LiteSpeed-Cache-Control",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(action(names[i], "x", false), TOOLBAR__FIELD_REPLACE);
        assert_int_equal(action(names[i], "x", true), TOOLBAR__FIELD_DROP);
    }
}

static void append(void *cls, const char *name, const char *value)
{
    struct toolbar_text *text = cls;

    toolbar__text_string(text, name);
    toolbar_text_literal(text, ": ");
    toolbar__text_string(text, value);
    toolbar__text_char(text, '\n');
}

static struct toolbar__fields fields_of(const struct toolbar__field *items)
{
    struct toolbar__fields fields = {.items = items};

    while (fields.count < FIELDS_MAXIMUM && items[fields.count].name) {
        fields.count++;
    }
    return fields;
}

#define CACHING                                                                                    \
    "Cache-Control: private, no-store\nSurrogate-Control: no-store\nCDN-Cache-Control: no-store\n"
#define ISOLATION "Cross-Origin-Resource-Policy: same-origin\n"
#define FRAMING "X-Frame-Options: SAMEORIGIN\n"

static const struct {
    struct toolbar__field response[FIELDS_MAXIMUM];
    const char *expected;
} responses[] = {
    {{{0}}, CACHING "Vary: MYAPPKEY\n" ISOLATION FRAMING},
    {{{"content-type", "text/html", false}},
     CACHING "Vary: MYAPPKEY\nX-Content-Type-Options: nosniff\n" ISOLATION FRAMING},
    {{{"Vary", "Accept-Language,  Cookie ", false}, {"vary", "Origin", false}},
     CACHING "Vary: Accept-Language, Cookie, Origin, MYAPPKEY\n" ISOLATION FRAMING},
    {{{"Vary", "Cookie, myappkey", false}}, CACHING "Vary: Cookie, myappkey\n" ISOLATION FRAMING},
    {{{"Vary", "Cookie", false}, {"Vary", "*", false}}, CACHING "Vary: *\n" ISOLATION FRAMING},
    {{{"Vary", "Cookie", true}}, CACHING "Vary: MYAPPKEY\n" ISOLATION FRAMING},
    {{{"X-Frame-Options", "DENY", false}}, CACHING "Vary: MYAPPKEY\n" ISOLATION},
    {{{"Content-Security-Policy", "default-src 'self'; Frame-Ancestors\t'none'", false}},
     CACHING "Vary: MYAPPKEY\n" ISOLATION},
    {{{"Content-Security-Policy", "default-src 'self', frame-ancestors *", false}},
     CACHING "Vary: MYAPPKEY\n" ISOLATION},
    {{{"Content-Security-Policy", "frame-src frame-ancestors", false},
      {"Content-Security-Policy-Report-Only", "frame-ancestors 'none'", false}},
     CACHING "Vary: MYAPPKEY\n" ISOLATION FRAMING},
    {{{"X-Accel-Expires", "3600", false},
      {"Cloudflare-CDN-Cache-Control", "max-age=1", false},
      {"cloudflare-cdn-cache-control", "max-age=2", false},
      {"Netlify-CDN-Cache-Control", "max-age=3", false},
      {"CDN-Cache-Control", "max-age=4", false},
      {"Edge-Control", "cache-maxage=1d", false}},
     CACHING "Edge-Control: no-store\nX-Accel-Expires: 0\n"
             "Cloudflare-CDN-Cache-Control: no-store\nNetlify-CDN-Cache-Control: no-store\n"
             "Vary: MYAPPKEY\n" ISOLATION FRAMING},
};

static void adds_caching_and_isolation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        struct toolbar__fields fields = fields_of(responses[i].response);
        struct toolbar_text text;
        char *headers;

        toolbar__text_init(&text, 4096);
        toolbar__page_headers(&fields, "MYAPPKEY", append, &text);
        headers = toolbar__text_take(&text, NULL);
        assert_string_equal(headers, responses[i].expected);
        free(headers);
    }
}

#define POLICY(value)                                                                              \
    {                                                                                              \
        "Content-Security-Policy", value, false                                                    \
    }
#define REPORT(value)                                                                              \
    {                                                                                              \
        "content-security-policy-report-only", value, false                                        \
    }

static const struct {
    const char *nonce;
    struct toolbar__field response[FIELDS_MAXIMUM];
} policies[] = {
    {NULL, {{0}}},
    {NULL, {POLICY("")}},
    {NULL, {POLICY("default-src 'self'; script-src 'self' 'unsafe-inline'")}},
    {"abc123", {POLICY("script-src 'nonce-abc123'")}},
    {"a+/-_Z9==", {POLICY("default-src 'none'; Script-Src 'self' 'NONCE-a+/-_Z9==' https:")}},
    {"elem", {POLICY("script-src 'nonce-src'; script-src-elem\t'nonce-elem'")}},
    {"src", {POLICY("default-src 'nonce-def';script-src 'nonce-src'")}},
    {"def", {POLICY("img-src *;; default-src 'nonce-def'")}},
    {NULL, {POLICY("default-src 'nonce-def'; script-src 'self'; style-src 'self'")}},
    {"def", {POLICY("default-src 'nonce-def'; script-src 'self'")}},
    {"one", {POLICY("script-src 'nonce-one'; script-src 'nonce-two'")}},
    {"one", {POLICY("script-src 'nonce-one' 'nonce-two'")}},
    {"script", {POLICY("style-src 'nonce-style'; script-src 'nonce-script'")}},
    {"style", {POLICY("script-src 'self'; style-src 'nonce-style'")}},
    {NULL, {POLICY("img-src 'nonce-abc'; script-src-attr 'nonce-abc'")}},
    {"two", {POLICY("img-src 'self', script-src 'nonce-two'")}},
    {"two", {POLICY("script-src 'self'"), POLICY("script-src 'nonce-two'")}},
    {"one", {POLICY("script-src 'nonce-one'"), POLICY("script-src 'nonce-two'")}},
    {"enforced", {REPORT("script-src 'nonce-report'"), POLICY("script-src 'nonce-enforced'")}},
    {"report", {REPORT("script-src 'nonce-report'"), POLICY("script-src 'self'")}},
    {NULL, {{"Content-Security-Policy", "script-src 'nonce-x'", true}}},
    /* No nonces. */
    {NULL, {POLICY("script-src 'nonce-'")}},
    {NULL, {POLICY("script-src 'nonce-")}},
    {NULL, {POLICY("script-src 'nonce'")}},
    {NULL, {POLICY("script-src 'nonce-abc")}},
    {NULL, {POLICY("script-src nonce-abc")}},
    {NULL, {POLICY("script-src 'nonce-a\"b'")}},
    {NULL, {POLICY("script-src 'nonce-<b>'")}},
    {NULL, {POLICY("script-src 'nonce-='")}},
    {NULL, {POLICY("script-src 'nonce-a==='")}},
    {NULL, {POLICY("script-src 'nonce-a=b'")}},
    {NULL, {POLICY("script-src 'nonce-\xc3\xb6'")}},
    {"ok", {POLICY("script-src 'nonce-a\"b' 'nonce-ok'")}},
};

static void finds_the_nonce(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct toolbar__fields fields = fields_of(policies[i].response);
        char *nonce = toolbar__page_nonce(&fields);

        if (policies[i].nonce ? !nonce || strcmp(nonce, policies[i].nonce) != 0 : nonce != NULL) {
            fail_msg("%zu: %s instead of %s", i, nonce ? nonce : "none",
                     policies[i].nonce ? policies[i].nonce : "none");
        }
        free(nonce);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drops_what_described_the_body),
        cmocka_unit_test(keeps_the_rest),
        cmocka_unit_test(replaces_what_caches_and_others_obey),
        cmocka_unit_test(adds_caching_and_isolation),
        cmocka_unit_test(finds_the_nonce),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
