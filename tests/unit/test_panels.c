/*
 * What a person sees of a recording: wording of the bar, folding, escaping, sizes. What a
 * program sees of it is tested in test_record_json.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "panels/element.h"
#include "sample_recording.h"

enum { MAXIMUM = 4 * 1024 * 1024 };

typedef struct toolbar_recording *(*sample)(void);

static const sample samples[] = {
    sample_fathers,  sample_fathers_open, sample_no_queries, sample_thousand,
    sample_distinct, sample_order,        sample_hostile,
};

static const struct toolbar__element plain = {
    .prefix = "/__debug__",
    .style_url = "/__debug__/static/toolbar.1.css",
    .script_url = "/__debug__/static/toolbar.2.js",
};

static char *render(const struct toolbar__element *element, sample make, size_t *length)
{
    struct toolbar_recording *recording = make();
    struct toolbar_text text;
    char *html;

    toolbar__text_init(&text, MAXIMUM);
    toolbar__element_render(element, recording, &text);
    toolbar__recording_unref(recording);
    html = toolbar__text_take(&text, length);
    assert_non_null(html);
    return html;
}

static char *html_of(sample make)
{
    return render(&plain, make, NULL);
}

static unsigned count(const char *haystack, const char *needle)
{
    unsigned found = 0;

    for (const char *at = haystack; (at = strstr(at, needle)); at += strlen(needle)) {
        found++;
    }
    return found;
}

static void assert_has(const char *haystack, const char *needle)
{
    if (!strstr(haystack, needle)) fail_msg("not found: %s", needle);
}

static void assert_has_not(const char *haystack, const char *needle)
{
    if (strstr(haystack, needle)) fail_msg("found: %s", needle);
}

/* The text of the closed bar, without its tags. */
static char *bar_of(sample make)
{
    char *html = html_of(make);
    const char *at = strstr(html, "<summary class=\"bar\">");
    char *end = strstr(html, "</summary>");
    char *out = html;

    assert_non_null(at);
    assert_non_null(end);
    while (at < end) {
        if (*at == '<') {
            at = strchr(at, '>') + 1;
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return html;
}

static void assert_bar(sample make, const char *expected)
{
    char *bar = bar_of(make);

    assert_string_equal(bar, expected);
    free(bar);
}

static struct toolbar_recording *not_all_kept(void)
{
    struct toolbar_recording *recording = sample_order();

    recording->query_count = 600;
    return recording;
}

static void the_bar_tells_the_news(void **state)
{
    (void)state;
    assert_bar(sample_fathers, "Debug toolbar: 12.4 ms, 51 queries, 1.8 ms, 50 x similar");
    assert_bar(sample_no_queries, "Debug toolbar: 0.38 ms, 0 queries");
    assert_bar(not_all_kept, "Debug toolbar: 7.4 ms, 600 queries, 4.6 ms, 4 x similar, "
                             "at least 4 x duplicate, 1 error");
    assert_bar(sample_distinct, "Debug toolbar: 61.0 ms, 500 queries, 30.0 ms");
    assert_bar(sample_order, "Debug toolbar: 7.4 ms, 10 queries, 4.6 ms, 4 x similar, "
                             "4 x duplicate, 1 error");
}

static void the_bar_says_queries_in_one_piece(void **state)
{
    char *html = html_of(sample_fathers);

    (void)state;
    assert_has(html, ">51 queries, 1.8 ms<");
    free(html);
}

static void the_head_names_the_request(void **state)
{
    char *html = html_of(sample_order);

    (void)state;
    assert_has(html, "<b class=\"method\">POST</b> <b class=\"url\">/orders?from=cart&amp;token=");
    assert_has(html, "<span class=\"bad\">409</span> &#183; 7.4 ms &#183; TLS at the proxy");
    assert_has(html, " <span class=\"own\">toolbar itself ");
    assert_has(html, "href=\"/__debug__/requests/" SAMPLE_ID ".json\"");
    free(html);
}

/* Not what it takes to show it once more. */
static void a_page_of_its_own_has_the_share_of_then(void **state)
{
    struct toolbar__element page = plain;
    char *html;

    (void)state;
    page.page = true;
    html = render(&page, sample_order, NULL);
    assert_has(html, " <span class=\"own\">toolbar itself 0.081 ms<");
    free(html);
}

static struct toolbar_recording *redirected(void)
{
    static const struct toolbar__previous first = {
        .id = "0a", .method = "POST", .url = "/people/new?<b>", .status = 303, .query_count = 3};
    static const struct toolbar__previous second = {
        .next = &first, .id = "0b", .method = "GET", .url = "/old", .status = 301};
    struct toolbar_recording *recording = sample_no_queries();

    recording->previous = &second;
    return recording;
}

static void the_head_names_what_led_here(void **state)
{
    struct toolbar__element element = plain;
    char *html = html_of(redirected);

    (void)state;
    assert_has(html, "<p class=\"previous\">after <a href=\"/__debug__/requests/0b\">GET /old</a> "
                     "301, 0.000 ms, 0 queries, after <a href=\"/__debug__/requests/0a\">POST "
                     "/people/new?&lt;b&gt;</a> 303, 0.000 ms, 3 queries</p></header>");
    free(html);
    element.other_base = true;
    html = render(&element, redirected, NULL);
    assert_has(html, "after GET /old 301");
    free(html);
    html = html_of(sample_no_queries);
    assert_has_not(html, "previous");
    free(html);
}

static void similar_queries_fold_into_one_row(void **state)
{
    char *html = html_of(sample_fathers);

    (void)state;
    assert_int_equal(count(html, "<summary class=\"row"), 1);
    assert_int_equal(count(html, "<tr class=\"row"), 1 + 50);
    assert_int_equal(count(html, "<span class=\"badge\">50 x similar</span>"), 1);
    assert_int_equal(count(html, "<b>SELECT</b> name"), 1);
    assert_int_equal(count(html, "<var>?1</var> = "), 50);
    assert_int_equal(count(html, "father_name()"), 1);
    assert_has(html, "<b>main</b>: 51 queries, 2 statements, 1.8 ms of 12.4 ms (15 %), ");
    assert_has(html, ">50 similar</abbr>");
    assert_has_not(html, "duplicate");
    free(html);
}

static void duplicates_say_so(void **state)
{
    char *html = html_of(sample_order);

    (void)state;
    assert_has(html, "4 x similar</span> <span class=\"badge\">4 x duplicate</span>");
    assert_has(html, ">4 duplicate</abbr>");
    /* The same parameters for all: they stand in the group's row too. */
    assert_int_equal(count(html, "<var>@name</var> = <i>&#39;Ada Byron&#39;</i>"), 1 + 4);
    /* A caller of its own is named, the group's is not repeated. */
    assert_int_equal(count(html, "setting()"), 1);
    assert_int_equal(count(html, "setting_or_default()"), 1);
    free(html);
}

static void a_row_tells_what_happened(void **state)
{
    char *html = html_of(sample_order);

    (void)state;
    assert_has(html, "Error 275: CHECK constraint failed: amount &gt;= 0</strong>");
    assert_has(
        html,
        "<tr class=\"row failed transaction\" data-n=\"8\" data-ms=\"0.140\" data-rows=\"0\">");
    assert_has(html, "place_order() &#183; main &#183; in transaction &#183; 40 VM steps");
    assert_has(html, "12960 rows scanned &#183; 2 sorts &#183; <em>automatic index</em>");
    assert_has(html, "1 statement could not be observed");
    assert_has(html, "2 queries came after the response");
    assert_has(html, "not ended, 12 %");
    free(html);
}

static void parameters_show_their_kind(void **state)
{
    char *html = html_of(sample_order);

    (void)state;
    assert_has(html, "<var>?1</var> = <i class=\"n\">-9</i>");
    assert_has(html, "<var>?2</var> = <i class=\"n\">19.5</i>");
    assert_has(html, "<var>:password</var> = <abbr");
    assert_has(html, ">********</abbr>");
    assert_has_not(html, "hunter2");
    assert_has(html, "<var>?4</var> = <b>NULL</b>");
    assert_has(html, "<var>?5</var> = <i>x&#39;00ff103c623e&#39;</i>");
    assert_has(html, ". A&#39;</i>&#8230; <small>(2999 bytes)</small>");
    assert_has(html, "<var>?7</var> = <small>not known</small>");
    free(html);
}

static void long_statements_unfold(void **state)
{
    char *html = html_of(sample_order);

    (void)state;
    assert_has(html, "&#8230;</code><br>");
    assert_int_equal(count(html, "<pre>"), 1);
    /* On one line in the row, as written below. */
    assert_has(html, "depth) <b>AS</b> ( <b>SELECT</b>");
    assert_has(html, "depth) <b>AS</b> (\n  <b>SELECT</b>");
    free(html);
}

static void what_was_not_kept_is_said(void **state)
{
    char *html = html_of(sample_thousand);

    (void)state;
    assert_has(html, "500 more queries were counted, not kept");
    assert_has(html, "500 more of these were counted, not kept");
    assert_has(html, "1000 x similar");
    assert_int_equal(count(html, "<tr class=\"row"), 500);
    /* The figures of the row are those of all. */
    assert_has(html, "14000 VM steps");
    assert_has(html, "31.0 ms");
    free(html);
}

static void open_times_are_marked(void **state)
{
    char *with = html_of(sample_fathers);
    char *without = html_of(sample_fathers_open);

    (void)state;
    assert_has_not(with, "open for");
    assert_int_equal(count(without, "open for"), 2 + 50);
    assert_int_equal(count(without, "debugtoolbar::sqlite3"), 2);
    assert_has(without, "<abbr title=\"not known\">");
    free(with);
    free(without);
}

static void no_queries_are_no_table(void **state)
{
    char *html = html_of(sample_no_queries);

    (void)state;
    assert_has(html, "This request made no SQL queries.");
    assert_has_not(html, "class=\"queries\"");
    free(html);
}

static void the_time_panel_has_all_figures(void **state)
{
    char *html = html_of(sample_fathers);

    (void)state;
    assert_has(html, "User CPU</dt><dd>8.1 ms <small>65 %</small>");
    assert_has(html, "System CPU</dt><dd>1.2 ms <small>10 %</small>");
    assert_has(html, "Off the CPU</dt><dd>3.0 ms <small>25 %</small>");
    assert_has(html, "3 <small>voluntary</small>, 1 <small>involuntary</small>");
    assert_has(html, "12 <small>minor</small>, 0 <small>major</small>");
    assert_has(html, "<th>handler</th>");
    assert_has(html, "9.4 ms <small>76 %</small>");
    free(html);
}

static void pages_stay_small(void **state)
{
    size_t length;

    (void)state;
    free(render(&plain, sample_fathers, &length));
    assert_in_range(length, 1, 40 * 1000);
    free(render(&plain, sample_fathers_open, &length));
    assert_in_range(length, 1, 40 * 1000);
    free(render(&plain, sample_thousand, &length));
    assert_in_range(length, 1, 320 * 1000);
    free(render(&plain, sample_distinct, &length));
    assert_in_range(length, 1, 320 * 1000);
}

static void nothing_is_loaded_from_another_base(void **state)
{
    struct toolbar__element element = plain;
    char *html;

    (void)state;
    element.other_base = true;
    element.nonce = "r4nd";
    html = render(&element, sample_fathers, NULL);
    assert_has_not(html, "<link");
    assert_has_not(html, "<script");
    assert_has_not(html, "href=");
    assert_has_not(html, "src=");
    assert_has_not(html, "r4nd");
    assert_has(html, "<details class=\"toolbar\">");
    free(html);
}

static void nonces_go_on_both_assets(void **state)
{
    struct toolbar__element element = plain;
    char *html = html_of(sample_no_queries);

    (void)state;
    assert_has_not(html, "nonce");
    free(html);
    element.nonce = "r4nd\"om";
    html = render(&element, sample_no_queries, NULL);
    assert_has(html, "toolbar.1.css\" nonce=\"r4nd&quot;om\">");
    assert_has(html, "toolbar.2.js\" nonce=\"r4nd&quot;om\">");
    free(html);
}

/* Reads a start or end tag's name at `at`, which is behind '<' or '</'. */
static size_t tag_name(const char *at, char *name, size_t size)
{
    size_t length = strcspn(at, " />\n");

    assert_in_range(length, 1, size - 1);
    memcpy(name, at, length);
    name[length] = '\0';
    return length;
}

static bool is_void(const char *name)
{
    return strcmp(name, "link") == 0 || strcmp(name, "br") == 0 || strcmp(name, "rect") == 0;
}

static void assert_known(const char *name)
{
    static const char known[] =
        " debug-toolbar template link section details summary div header span b i a button small "
        "h2 ul li abbr em strong table thead tbody tr th td code pre p var br svg title rect dl dt "
        "dd script h3 ";
    char padded[32];
    int length = snprintf(padded, sizeof padded, " %s ", name);

    assert_in_range(length, 1, sizeof padded - 1);
    assert_has(known, padded);
}

/* Every tag is one of ours, and each one that opens is closed in the right place. */
static void assert_skeleton(const char *html)
{
    char stack[32][24];
    size_t depth = 0;
    char name[24];

    for (const char *at = html; (at = strchr(at, '<')); at++) {
        if (at[1] == '/') {
            tag_name(at + 2, name, sizeof name);
            assert_true(depth > 0);
            assert_string_equal(stack[--depth], name);
            continue;
        }
        tag_name(at + 1, name, sizeof name);
        assert_known(name);
        assert_true(depth < 32);
        if (!is_void(name)) memcpy(stack[depth++], name, sizeof name);
    }
    assert_int_equal(depth, 0);
}

static void every_sample_keeps_the_skeleton(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char *html = html_of(samples[i]);

        assert_skeleton(html);
        assert_int_equal(count(html, "<script"), 1);
        assert_int_equal(count(html, "</script"), 1);
        assert_int_equal(count(html, "</template"), 1);
        assert_int_equal(count(html, "</debug-toolbar"), 1);
        assert_has_not(html, " style=");
        assert_has_not(html, " onclick");
        free(html);
    }
}

static void hostile_strings_stay_text(void **state)
{
    size_t length;
    char *html = render(&plain, sample_hostile, &length);

    (void)state;
    assert_int_equal(strlen(html), length);
    assert_has_not(html, "<img");
    assert_has_not(html, "\x01");
    assert_has_not(html, "\xff");
    assert_has_not(html, "\xe2\x80\xae");
    assert_has_not(html, "\xe2\x80\x8b");
    assert_has(html, "&lt;/template&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&#96;");
    assert_has(html, "\\u202E\\u200B\\x01");
    assert_has(html, "\\x00");
    free(html);
}

static void a_full_text_is_only_marked_as_failed(void **state)
{
    struct toolbar_recording *recording = sample_order();

    (void)state;
    for (size_t maximum = 0; maximum < 2400; maximum += 29) {
        struct toolbar_text text;

        toolbar__text_init(&text, maximum);
        toolbar__element_render(&plain, recording, &text);
        assert_true(text.failed);
        assert_true(text.length <= maximum);
        toolbar__text_free(&text);
        toolbar__text_init(&text, maximum / 4);
        toolbar__record_json(recording, &text);
        assert_true(text.failed);
        toolbar__text_free(&text);
    }
    toolbar__recording_unref(recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bar_tells_the_news),
        cmocka_unit_test(the_bar_says_queries_in_one_piece),
        cmocka_unit_test(the_head_names_the_request),
        cmocka_unit_test(a_page_of_its_own_has_the_share_of_then),
        cmocka_unit_test(the_head_names_what_led_here),
        cmocka_unit_test(similar_queries_fold_into_one_row),
        cmocka_unit_test(duplicates_say_so),
        cmocka_unit_test(a_row_tells_what_happened),
        cmocka_unit_test(parameters_show_their_kind),
        cmocka_unit_test(long_statements_unfold),
        cmocka_unit_test(what_was_not_kept_is_said),
        cmocka_unit_test(open_times_are_marked),
        cmocka_unit_test(no_queries_are_no_table),
        cmocka_unit_test(the_time_panel_has_all_figures),
        cmocka_unit_test(pages_stay_small),
        cmocka_unit_test(nothing_is_loaded_from_another_base),
        cmocka_unit_test(nonces_go_on_both_assets),
        cmocka_unit_test(every_sample_keeps_the_skeleton),
        cmocka_unit_test(hostile_strings_stay_text),
        cmocka_unit_test(a_full_text_is_only_marked_as_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
