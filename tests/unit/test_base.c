/* Texts, escaping, JSON, arenas: what everything else is written with. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/html.h"
#include "base/json.h"
#include "base/put.h"
#include "base/utf8.h"

static void expect_text(struct toolbar_text *text, const char *expected)
{
    char *data = toolbar__text_take(text, NULL);

    assert_non_null(data);
    assert_string_equal(data, expected);
    free(data);
}

static void test_text_remembers_its_maximum(void **state)
{
    struct toolbar_text text;

    (void)state;
    toolbar__text_init(&text, 10);
    toolbar__text_string(&text, "0123456789");
    assert_false(text.failed);
    toolbar__text_char(&text, 'x');
    assert_true(text.failed);
    assert_int_equal(text.length, 10);
    toolbar__text_free(&text);

    toolbar__text_init(&text, 10);
    toolbar__text_printf(&text, "%s", "0123456789a");
    assert_true(text.failed);
    assert_null(toolbar__text_take(&text, NULL));
    assert_false(text.failed);
    toolbar__text_string(&text, "again");
    expect_text(&text, "again");
}

static void test_empty_text_is_an_empty_string(void **state)
{
    struct toolbar_text text;
    size_t length = 1;
    char *data;

    (void)state;
    toolbar__text_init(&text, 10);
    data = toolbar__text_take(&text, &length);
    assert_string_equal(data, "");
    assert_int_equal(length, 0);
    free(data);
}

static void test_figures(void **state)
{
    static const struct {
        int64_t ns;
        const char *ms;
    } cases[] = {{0, "0.000"},       {4000, "0.004"},   {99499, "0.099"},     {99500, "0.10"},
                 {994999, "0.99"},   {995000, "1.0"},   {1800000, "1.8"},     {12400000, "12.4"},
                 {99949999, "99.9"}, {99950000, "100"}, {1520000000, "1520"}, {-5, "0.000"}};
    struct toolbar_text text;

    (void)state;
    toolbar__text_init(&text, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        toolbar_text_ms(&text, cases[i].ns);
        expect_text(&text, cases[i].ms);
    }
    toolbar_text_integer(&text, INT64_MIN);
    expect_text(&text, "-9223372036854775808");
}

/* Numbers of every length, around each change of it. */
static void test_digits(void **state)
{
    char expected[32];
    char digits[TOOLBAR__PUT_INTEGER + 1];

    (void)state;
    for (uint64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int i = -11; i <= 11; i++) {
            int64_t value = (int64_t)power * (i < 0 ? -1 : 1) + i;

            snprintf(expected, sizeof expected, "%" PRId64, value);
            *toolbar__put_integer(digits, value) = '\0';
            assert_string_equal(digits, expected);
        }
    }
    *toolbar__put_digits(digits, 9007, 3) = '\0';
    assert_string_equal(digits, "007");
    *toolbar__put_digits(digits, 34, 6) = '\0';
    assert_string_equal(digits, "000034");
    assert_ptr_equal(toolbar__put_digits(digits, 5, 0), digits);
    assert_int_equal(toolbar__put_ms(digits, INT64_MAX) - digits, TOOLBAR__PUT_MS);
}

/* What is copied in pieces, at every length. */
static void test_pieces_of_every_length(void **state)
{
    char piece[70];
    struct toolbar_text text;

    (void)state;
    for (size_t i = 0; i < sizeof piece; i++) {
        piece[i] = (char)('0' + i);
    }
    for (size_t length = 0; length <= sizeof piece; length++) {
        /* Of its own, so that reading beyond it would be seen. */
        char *data = malloc(length ? length : 1);

        assert_non_null(data);
        memcpy(data, piece, length);
        toolbar__text_init(&text, length);
        toolbar_text_append(&text, data, length);
        free(data);
        assert_false(text.failed);
        assert_int_equal(text.length, length);
        if (length) assert_memory_equal(text.data, piece, length);
        toolbar__text_free(&text);
    }
}

static void test_cut_between_characters(void **state)
{
    (void)state;
    assert_int_equal(toolbar__utf8_cut("abc", 3, 10), 3);
    assert_int_equal(toolbar__utf8_cut("ab\xc3\xa9", 4, 3), 2);
    assert_int_equal(toolbar__utf8_cut("a\xf0\x9f\x98\x80", 5, 4), 1);
    /* Not UTF-8: cut where it was asked for. */
    assert_int_equal(toolbar__utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 1);
}

static void test_html_escapes(void **state)
{
    struct toolbar_text text;

    (void)state;
    toolbar__text_init(&text, 1000);
    toolbar_html_text(&text, "<script>alert(\"1\")&'`</script>");
    expect_text(&text, "&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;&#96;&lt;/script&gt;");
    toolbar_html_bytes(&text, "a\0b\x1b[0m\x7f\xe2\x80\xae\xe2\x80\x8b\xff\xc3\xa9", 17);
    expect_text(&text, "a\\x00b\\x1B[0m\\x7F\\u202E\\u200B&#65533;&#233;");
    toolbar__html_attribute(&text, "title", "\" onclick=\"x", 12);
    expect_text(&text, " title=\"&quot; onclick=&quot;x\"");
    toolbar_html_text(&text, "line\nand\ttab");
    expect_text(&text, "line\nand\ttab");
}

static void test_json(void **state)
{
    struct toolbar_text text;
    struct toolbar_json json;

    (void)state;
    toolbar__text_init(&text, 1000);
    toolbar__json_init(&json, &text);
    toolbar_json_open_object(&json);
    toolbar_json_name(&json, "a\"b");
    toolbar_json_open_array(&json);
    toolbar_json_integer(&json, -1);
    toolbar_json_string(&json, "</script>\xe2\x80\xa8\n\x01");
    toolbar_json_string(&json, NULL);
    toolbar_json_bool(&json, true);
    toolbar_json_close_array(&json);
    toolbar_json_name(&json, "ms");
    toolbar_json_ms(&json, 1234567);
    toolbar_json_name(&json, "unknown");
    toolbar_json_ms(&json, -1);
    toolbar_json_name(&json, "zero");
    toolbar_json_count(&json, 0);
    toolbar_json_name(&json, "when");
    toolbar__json_time(&json, 1000);
    toolbar_json_name(&json, "empty");
    toolbar_json_open_object(&json);
    toolbar_json_close_object(&json);
    toolbar_json_name(&json, "reals");
    toolbar_json_open_array(&json);
    toolbar_json_real(&json, 0.5);
    toolbar_json_real(&json, 0.1);
    toolbar_json_real(&json, 0.1 + 0.2);
    toolbar_json_close_array(&json);
    toolbar_json_close_object(&json);
    expect_text(&text, "{\"a\\\"b\":[-1,\"\\u003c/script\\u003e\\u2028\\n\\u0001\",null,true],"
                       "\"ms\":1.234567,\"unknown\":null,\"zero\":0,"
                       "\"when\":\"1970-01-01T00:00:01.000Z\",\"empty\":{},\"reals\":[0.5,0.1,0."
                       "30000000000000004]}");
}

static void test_utf8_rejects_what_is_not(void **state)
{
    static const char *const broken[] = {
        "\xc0\x80",         "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf0\x80\x80\x80", "\xff",         "\xc3"};
    uint32_t c;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_int_equal(toolbar__utf8_decode(broken[i], strlen(broken[i]), &c), 1);
        assert_int_equal(c, 0xfffd);
    }
    assert_int_equal(toolbar__utf8_decode("\xf0\x9f\x98\x80", 4, &c), 4);
    assert_int_equal(c, 0x1f600);
}

static void test_arena_is_bounded(void **state)
{
    struct toolbar__arena arena;
    size_t count = 0;
    char *copy;

    (void)state;
    toolbar__arena_init(&arena, 64 * 1024);
    copy = toolbar__arena_copy(&arena, "kept", 4);
    assert_string_equal(copy, "kept");
    assert_null(toolbar__arena_alloc(&arena, SIZE_MAX));
    assert_null(toolbar__arena_alloc(&arena, 64 * 1024 + 1));
    while (toolbar__arena_alloc(&arena, 1000)) {
        count++;
    }
    assert_in_range(count, 60, 66);
    assert_true(arena.used <= 64 * 1024);
    assert_string_equal(copy, "kept");
    toolbar__arena_free(&arena);
    toolbar__arena_free(&arena);
}

static void test_arena_zeroes_and_aligns(void **state)
{
    struct toolbar__arena arena;

    (void)state;
    toolbar__arena_init(&arena, 4 * 1024 * 1024);
    for (size_t size = 1; size < 9000; size += 37) {
        unsigned char *data = toolbar__arena_alloc(&arena, size);

        assert_non_null(data);
        assert_int_equal((uintptr_t)data % sizeof(long double), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(data[i], 0);
        }
        memset(data, 0xff, size);
    }
    toolbar__arena_free(&arena);
}

static void test_digests(void **state)
{
    unsigned char a[TOOLBAR__DIGEST_BYTES], b[TOOLBAR__DIGEST_BYTES];
    const unsigned char prefix[TOOLBAR__PREFIX_BYTES] = {1}, other[TOOLBAR__PREFIX_BYTES] = {2};
    static const char long_text[TOOLBAR__PREFIXED_MAXIMUM + 1];
    unsigned char whole[TOOLBAR__PREFIX_BYTES + TOOLBAR__PREFIXED_MAXIMUM] = {1};

    (void)state;
    assert_true(toolbar__sha256("abc", 3, a));
    assert_int_equal(a[0], 0xba);
    assert_int_equal(a[31], 0xad);
    assert_true(toolbar__prefixed_sha256(prefix, "abc", 3, a));
    memcpy(whole + sizeof prefix, "abc", 3);
    assert_true(toolbar__sha256(whole, sizeof prefix + 3, b));
    assert_memory_equal(a, b, sizeof a);
    memset(whole + sizeof prefix, 0, 3);
    assert_true(toolbar__prefixed_sha256(prefix, long_text, sizeof long_text - 1, a));
    assert_true(toolbar__sha256(whole, sizeof whole, b));
    assert_memory_equal(a, b, sizeof a);
    assert_false(toolbar__prefixed_sha256(prefix, long_text, sizeof long_text, b));
    assert_true(toolbar__prefixed_sha256(prefix, "abd", 3, b));
    assert_false(toolbar__digest_equal(a, b));
    assert_true(toolbar__prefixed_sha256(prefix, "abc", 3, a));
    assert_false(toolbar__digest_equal(a, b));
    assert_true(toolbar__prefixed_sha256(other, "abc", 3, b));
    assert_false(toolbar__digest_equal(a, b));
    assert_true(toolbar__digest_equal(a, a));
    assert_true(toolbar__random(a, sizeof a));
    assert_true(toolbar__random(b, sizeof b));
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_remembers_its_maximum),
        cmocka_unit_test(test_empty_text_is_an_empty_string),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_pieces_of_every_length),
        cmocka_unit_test(test_cut_between_characters),
        cmocka_unit_test(test_html_escapes),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_utf8_rejects_what_is_not),
        cmocka_unit_test(test_arena_is_bounded),
        cmocka_unit_test(test_arena_zeroes_and_aligns),
        cmocka_unit_test(test_digests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
