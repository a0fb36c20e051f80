/* The figures and strips that all panels are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "panels/figures.h"
#include "panels/timeline.h"

static void assert_has(const char *haystack, const char *needle)
{
    if (!strstr(haystack, needle)) fail_msg("not found: %s", needle);
}

static void one_is_singular(void **state)
{
    struct toolbar_text text;
    char *string;

    (void)state;
    toolbar__text_init(&text, 100);
    toolbar__figure_count(&text, 1, "query", "queries");
    string = toolbar__text_take(&text, NULL);
    assert_string_equal(string, "1 query");
    free(string);
}

static void times_never_round_to_nothing(void **state)
{
    struct toolbar_text text;
    char *string;

    (void)state;
    toolbar__text_init(&text, 100);
    toolbar__figure_ms(&text, 400);
    toolbar__text_char(&text, '|');
    toolbar__figure_ms(&text, 500);
    toolbar__text_char(&text, '|');
    toolbar__figure_ms(&text, 0);
    string = toolbar__text_take(&text, NULL);
    assert_string_equal(string, "&lt;0.001 ms|0.001 ms|0.000 ms");
    free(string);
}

static void metrics_have_three_decimals(void **state)
{
    struct toolbar_text text;
    char *string;

    (void)state;
    toolbar__text_init(&text, 100);
    toolbar__figure_metric(&text, "a", 0);
    toolbar__text_char(&text, '|');
    toolbar__figure_metric(&text, "b", 7654321);
    toolbar__text_char(&text, '|');
    toolbar__figure_metric(&text, "c", INT64_C(12000050000));
    string = toolbar__text_take(&text, NULL);
    assert_string_equal(string, "a;dur=0.000|b;dur=7.654|c;dur=12000.050");
    free(string);
}

static void shares_never_round_to_nothing(void **state)
{
    struct toolbar_text text;
    char *string;

    (void)state;
    toolbar__text_init(&text, 100);
    toolbar__figure_share(&text, 1, 1000);
    toolbar__text_char(&text, '|');
    toolbar__figure_share(&text, 0, 1000);
    toolbar__text_char(&text, '|');
    toolbar__figure_share(&text, 1800, 12400);
    toolbar__text_char(&text, '|');
    toolbar__figure_share(&text, 5, 0);
    string = toolbar__text_take(&text, NULL);
    assert_string_equal(string, "&lt;1 %|0 %|15 %|");
    free(string);
}

static char *timeline(int64_t whole_ns, const int64_t (*marks)[2], size_t mark_count)
{
    struct toolbar__timeline strip;
    struct toolbar_text text;

    toolbar__text_init(&text, 4096);
    toolbar__timeline_open(&strip, &text, marks[0][0], whole_ns);
    for (size_t i = 0; i < mark_count; i++) {
        toolbar__timeline_mark(&strip, marks[i][0], marks[i][1]);
    }
    toolbar__timeline_close(&strip);
    return toolbar__text_take(&text, NULL);
}

static void marks_merge_and_stay_inside(void **state)
{
    static const int64_t touching[][2] = {{1000, 10}, {1001, 10}, {5000, 1000}, {5500, 200}};
    static const int64_t outside[][2] = {{9999, 5000}, {20000, 1}};
    char *svg = timeline(10000, touching, 4);

    (void)state;
    assert_has(svg, "<title>at 0.001 ms</title><rect x=\"10%\" width=\"0.5%\" height=\"9\"/>"
                    "<rect x=\"50%\" width=\"10%\" height=\"9\"/></svg>");
    free(svg);
    svg = timeline(10000, outside, 2);
    assert_has(svg, "</title><rect x=\"99.5%\" width=\"0.5%\" height=\"9\"/></svg>");
    free(svg);
    svg = timeline(0, outside, 1);
    assert_has(svg, "</title><rect x=\"0%\" width=\"0.5%\" height=\"9\"/></svg>");
    free(svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_singular),
        cmocka_unit_test(times_never_round_to_nothing),
        cmocka_unit_test(shares_never_round_to_nothing),
        cmocka_unit_test(metrics_have_three_decimals),
        cmocka_unit_test(marks_merge_and_stay_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
