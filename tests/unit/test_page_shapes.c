/*
 * Two thousand generated pages, each built together with the knowledge of where it ends, through
 * the scanner in one piece and through the filter in random ones: the panel goes to the known
 * place, and no other byte changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/filter.h"

enum { PAGES = 2000, ENDS_MAXIMUM = 64, LARGE = 1048576 };

static uint64_t seed;

/* splitmix64 */
static uint64_t next_random(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t below(size_t limit)
{
    return (size_t)(next_random() % limit);
}

#define ONE_OF(list) list[below(sizeof(list) / sizeof *(list))]

struct page {
    struct toolbar_text text;
    bool document; /* a doctype or an html, head or body start tag is in it */
    bool open;     /* it ends inside something that never ends */
    size_t end_count;
    struct {
        size_t start;
        size_t after;
    } ends[ENDS_MAXIMUM]; /* the real </body> tags */
};

static const char *const end_tags[] = {
    "</body>",
    "</BODY>",
    "</Body\n>",
    "</body >",
    "</body/>",
    "</body foo=\"x>\">",
    "</body a='</body>' b=c/ d>",
};

/* What is closed again, and has no end tag that counts. */
static const char *const decoys[] = {
    "<!-- </body> -->",
    "<!-- > -- </body> --!>",
    "<!--><p>",
    "<!---><p>",
    "<!-->",
    "<!x \"</body\">",
    "<?php '</body' ?>",
    "</ </body>",
    "<a href=\"</body>\" title='</body>'>a</a>",
    "<img alt=</body src=x>",
    "<p a=\"1\"b='</body>'/>",
    "<script>document.write(\"</body>\")</script>",
    "<script><!-- </body> --></script >",
    "<script><!--<script></script></body>--></script>",
    "<script>a</ script></body></script\tx=\"</body>\">",
    "<SCRIPT src=\"x\"></SCRIPT>",
    "<style>p::after { content: '</body>' }</style>",
    "<textarea></body></textareas></TEXTAREA>",
    "<title></body></title>",
    "<noscript></body></noscript>",
    "<iframe></body></iframe>",
    "<xmp></body></xmp/>",
    "<template></body><template></body></template></body></template>",
    "<svg><style><![CDATA[ > </body> ]]></style></svg>",
    "<svg><title><![CDATA[></body>]]></title><path d=\"</body>\"/></svg>",
    "<svg><foreignObject><body></body></foreignObject></svg>",
    "<svg/><svg viewBox='0 0 1 1'/>",
    "<math><mi><textarea></body></textarea></mi></math>",
    "</bodyx></bod></body-></ body>< /body>",
    "1 < 2 <3 <> </> a<b>c</b> & </\xc3\xb6> <<b>",
    "\xff\xfe\xc4\xb0 \x80\xc3",
};

/* What ends the page early: nothing after it is markup. */
static const char *const open_ends[] = {
    "<!-- never closed ",
    "<script>\"",
    "<textarea>",
    "<title>",
    "<plaintext>",
    "<a title=\"",
    "</body title='",
    "<template>",
    "<style>",
    "<svg><![CDATA[ ",
    "<!-- -",
};

static const char *const starts[] = {
    "<!DOCTYPE html>\n<html>\n<head><title>x</title></head>\n<body class=\"a\">\n",
    "<!doctype html>",
    "<HTML><BODY>",
    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
    "\xef\xbb\xbf<html lang=en>",
    "<body>",
    "<head></head>",
};

static void put(struct page *page, const char *string)
{
    toolbar__text_string(&page->text, string);
}

static void put_end(struct page *page)
{
    if (page->end_count == ENDS_MAXIMUM) return;
    page->ends[page->end_count].start = page->text.length;
    put(page, ONE_OF(end_tags));
    page->ends[page->end_count++].after = page->text.length;
}

/* Any bytes but <, so that it has no markup of its own. */
static void put_filler(struct page *page, size_t length)
{
    if (!toolbar__text_reserve(&page->text, length)) return;
    for (size_t i = 0; i < length; i++) {
        char c = (char)(i % 61 ? (uint64_t)'a' + i % 26 : next_random());

        if (c == '<') c = '>';
        page->text.data[page->text.length++] = c;
    }
}

static void put_something(struct page *page)
{
    size_t what = below(24);

    if (what == 0) {
        put_end(page);
    } else if (what == 1) {
        toolbar_text_append(&page->text, "\0<\0>\0", 5);
    } else if (what < 8) {
        put_filler(page, below(200));
    } else {
        put(page, ONE_OF(decoys));
    }
}

/* Most pages are small; every 250th is of megabytes, every 20th has a long stretch. */
static size_t filler_length(unsigned number)
{
    if (number % 250 == 0) return below(4194304);
    if (number % 20 == 0) return below(204800);
    return below(400);
}

static void generate(struct page *page, unsigned number)
{
    seed = number;
    *page = (struct page){0};
    toolbar__text_init(&page->text, PTRDIFF_MAX);
    if (number % 97 == 0) return;
    if (below(5)) {
        put(page, ONE_OF(starts));
        page->document = true;
    }
    for (size_t i = below(30); i > 0; i--) {
        put_something(page);
    }
    put_filler(page, filler_length(number));
    if (below(4)) put_end(page);
    for (size_t i = below(6); i > 0; i--) {
        put_something(page);
    }
    if (!below(8)) {
        put(page, ONE_OF(open_ends));
        page->open = true;
    } else if (below(2)) {
        put(page, "</html>\n");
    }
}

/* The last real end, or the end of a document. */
static bool expected_place(const struct page *page, uint64_t *place)
{
    if (page->end_count) {
        *place = page->ends[page->end_count - 1].start;
        return true;
    }
    *place = page->text.length;
    return page->document && !page->open;
}

/* As above, but an end that is not followed by another within the bound is taken. */
static bool expected_in_stream(const struct page *page, uint64_t *place)
{
    for (size_t i = 0; i < page->end_count; i++) {
        size_t until = page->ends[i].start + TOOLBAR__HOLD_MAXIMUM;

        if (page->text.length < until) break;
        if (i + 1 < page->end_count && page->ends[i + 1].after <= until) continue;
        *place = page->ends[i].start;
        return true;
    }
    return expected_place(page, place);
}

static void expect_scan(const struct page *page, unsigned number)
{
    struct toolbar__scanner scanner;
    uint64_t place = 0;
    uint64_t expected = 0;
    bool is = expected_place(page, &expected);

    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, page->text.data, page->text.length);
    if (toolbar__scanner_place(&scanner, &place) != is || (is && place != expected)) {
        fail_msg("page %u: %llu instead of %llu", number, (unsigned long long)place,
                 (unsigned long long)expected);
    }
}

/* Sends the page through the filter; where did the panel go? */
static bool stream(const struct page *page, size_t piece_maximum, struct toolbar_text *out,
                   uint64_t *place)
{
    struct toolbar__filter filter;
    bool placed = false;

    toolbar__filter_init(&filter);
    for (size_t at = 0; at < page->text.length;) {
        size_t left = page->text.length - at;
        size_t piece = 1 + below(piece_maximum);

        if (piece > left) piece = left;
        if (toolbar__filter_feed(&filter, page->text.data + at, piece, out)) {
            assert_false(placed);
            placed = true;
            *place = out->length;
            toolbar__filter_rest(&filter, out);
        }
        at += piece;
    }
    if (toolbar__filter_end(&filter, out)) {
        assert_false(placed);
        placed = true;
        *place = out->length;
    }
    toolbar__filter_rest(&filter, out);
    toolbar__filter_free(&filter);
    return placed;
}

static void expect_stream(const struct page *page, size_t piece_maximum, unsigned number)
{
    struct toolbar_text out;
    uint64_t place = 0;
    uint64_t expected = 0;
    bool is = expected_in_stream(page, &expected);

    toolbar__text_init(&out, PTRDIFF_MAX);
    if (stream(page, piece_maximum, &out, &place) != is || (is && place != expected)) {
        fail_msg("page %u, pieces of %zu: %llu instead of %llu", number, piece_maximum,
                 (unsigned long long)place, (unsigned long long)expected);
    }
    /* Without the panel it is the page: before and after are unchanged. */
    assert_int_equal(out.length, page->text.length);
    if (out.length) assert_memory_equal(out.data, page->text.data, out.length);
    toolbar__text_free(&out);
}

static void pages_get_the_panel_where_they_end(void **state)
{
    (void)state;
    for (unsigned number = 0; number < PAGES; number++) {
        struct page page;
        bool large;

        generate(&page, number);
        large = page.text.length > LARGE;
        assert_false(page.text.failed);
        expect_scan(&page, number);
        if (!large || number == PAGES / 2) expect_stream(&page, 1, number);
        expect_stream(&page, 1 + below(64), number);
        expect_stream(&page, TOOLBAR__HOLD_MAXIMUM, number);
        expect_stream(&page, 1 + page.text.length, number);
        toolbar__text_free(&page.text);
    }
}

/* The generator makes every kind of page, or the test above would be worth little. */
static void generator_covers_the_kinds(void **state)
{
    unsigned none = 0, at_end = 0, several = 0, large = 0, early = 0;

    (void)state;
    for (unsigned number = 0; number < PAGES; number++) {
        struct page page;
        uint64_t place;
        uint64_t in_stream;

        generate(&page, number);
        none += !expected_place(&page, &place);
        at_end += !page.end_count && page.document && !page.open;
        several += page.end_count > 1;
        large += page.text.length > LARGE;
        early += expected_in_stream(&page, &in_stream) && in_stream != place;
        toolbar__text_free(&page.text);
    }
    assert_in_range(none, 50, PAGES / 2);
    assert_in_range(at_end, 50, PAGES / 2);
    assert_in_range(several, 200, PAGES);
    assert_in_range(large, 4, 20);
    assert_in_range(early, 10, PAGES / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_get_the_panel_where_they_end),
        cmocka_unit_test(generator_covers_the_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
