/* JSON as a page: set out without changing a digit of it, escaped, bounded; or as it came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/json_page.h"

static const char style[] = "/s.css";

/* What stands in the page's <pre>; `as_it_came` says that it was not set out. */
static char *render(const char *json, size_t length, bool *as_it_came)
{
    struct toolbar_text html;
    uint64_t place;
    char *page, *pre, *end;

    toolbar__text_init(&html, (size_t)64 * 1024 * 1024);
    toolbar__json_page_render(&html, style, "<title>", json, length, &place);
    assert_false(html.failed);
    assert_memory_equal(html.data + place, "</body></html>\n", 15);
    page = toolbar__text_take(&html, NULL);
    assert_non_null(strstr(page, "&lt;title&gt;"));
    *as_it_came = strstr(page, "this is how it came") != NULL;
    pre = strstr(page, "<pre>");
    end = strstr(page, "</pre>");
    assert_true(pre && end);
    *end = '\0';
    memmove(page, pre + 5, strlen(pre + 5) + 1);
    return page;
}

/* The same without the spans. */
static char *text_of(const char *json, bool *as_it_came)
{
    char *text = render(json, strlen(json), as_it_came);
    char *to = text;

    for (const char *from = text; *from;) {
        if (strncmp(from, "<span class=\"", 13) == 0) {
            from += 16;
        } else if (strncmp(from, "</span>", 7) == 0) {
            from += 7;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return text;
}

static void test_layout(void **state)
{
    static const struct {
        const char *json, *text;
    } rows[] = {
        {"{}", "{}"},
        {"[]", "[]"},
        {" [ ] ", "[]"},
        {"1", "1"},
        {"{\"a\":1,\"b\":[true,null]}",
         "{\n  &quot;a&quot;: 1,\n  &quot;b&quot;: [\n    true,\n    null\n  ]\n}"},
        {"[[],{},[[]]]", "[\n  [],\n  {},\n  [\n    []\n  ]\n]"},
        /* Not a digit, escape or duplicate of it changes. */
        {"[123456789012345678901234567890.10e+400,-0.0,1E5]",
         "[\n  123456789012345678901234567890.10e+400,\n  -0.0,\n  1E5\n]"},
        {"{\"a\":1,\"a\":2}", "{\n  &quot;a&quot;: 1,\n  &quot;a&quot;: 2\n}"},
        {"\"\\u00e9\\n\\/\"", "&quot;\\u00e9\\n\\/&quot;"},
        {"\"</pre><script>alert(1)</script>\"",
         "&quot;&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;"},
        {"\"\xc3\xa9 \xe2\x80\xae\"", "&quot;&#233; \\u202E&quot;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool as_it_came;
        char *text = text_of(rows[i].json, &as_it_came);

        assert_string_equal(text, rows[i].text);
        assert_false(as_it_came);
        free(text);
    }
}

static void test_what_is_no_json(void **state)
{
    static const char *const rows[] = {
        "",
        "{",
        "[",
        "}",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "nul",
        "nulll",
        "True",
        "NaN",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "[] []",
        "{\"a\":1 \"b\":2}",
        "//\n1",
        "[,1]",
        "{,}",
        "\xef\xbb\xbf{}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool as_it_came;
        char *text = text_of(rows[i], &as_it_came);

        if (!as_it_came) fail_msg("%s", rows[i]);
        free(text);
    }
}

static void test_zero_bytes(void **state)
{
    bool as_it_came;
    char *text = render("[\"a\0b\"]", 7, &as_it_came);

    (void)state;
    assert_true(as_it_came);
    assert_non_null(strstr(text, "a\\x00b"));
    free(text);
}

static void test_nesting(void **state)
{
    enum { DEEP = 200000, FINE = 250 };
    char *json = malloc(2 * DEEP + 1);
    bool as_it_came;

    (void)state;
    assert_non_null(json);
    memset(json, '[', DEEP);
    memset(json + DEEP, ']', DEEP);
    free(render(json, (size_t)2 * DEEP, &as_it_came));
    assert_true(as_it_came);
    free(render(json + DEEP - FINE, (size_t)2 * FINE, &as_it_came));
    assert_false(as_it_came);
    free(json);
}

/* Much indentation from few bytes: over the bound it is shown as it came. */
static void test_blow_up(void **state)
{
    enum { DEPTH = 250, VALUES = 200000 };
    size_t length = 0;
    char *json = malloc(DEPTH + 2 * VALUES);
    bool as_it_came;

    (void)state;
    assert_non_null(json);
    for (; length < DEPTH; length++) {
        json[length] = '[';
    }
    for (int i = 0; i < VALUES; i++) {
        json[length++] = '1';
        json[length++] = ',';
    }
    free(render(json, length, &as_it_came));
    assert_true(as_it_came);
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),     cmocka_unit_test(test_what_is_no_json),
        cmocka_unit_test(test_zero_bytes), cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_blow_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
