/* Which targets of an intercepted redirect are linked: those that a browser would follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/redirect_page.h"

static char *render(const char *location)
{
    struct toolbar_text html;
    uint64_t place;

    toolbar__text_init(&html, 64 * 1024);
    toolbar__redirect_page_render(&html, "/s.css", "/<p>", 303, location, &place);
    assert_memory_equal(html.data + place, "</body></html>\n", 15);
    return toolbar__text_take(&html, NULL);
}

static void test_links(void **state)
{
    static const char *const linked[] = {"/",   "/a:b", "a/b:c", "?a:b",      "#a:b",
                                         "//a", "",     "a",     "http://a/", "HTTPS://a/"};
    static const char *const text[] = {
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        "\tjavascript:x",
        " javascript:x",
        "\x01javascript:x",
        "java\nscript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "https:a",
        "http:a",
        "/a b",
        "a:",
        ":",
    };

    (void)state;
    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++) {
        char *page = render(linked[i]);

        if (!strstr(page, "<a autofocus")) fail_msg("%s is not linked", linked[i]);
        free(page);
    }
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        char *page = render(text[i]);

        if (strstr(page, "<a ")) fail_msg("%s is linked", text[i]);
        free(page);
    }
}

static void test_escapes(void **state)
{
    char *page = render("/\"><script>alert(1)</script>");

    (void)state;
    assert_null(strstr(page, "<script>"));
    assert_non_null(strstr(page, "<title>/&lt;p&gt;</title>"));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
