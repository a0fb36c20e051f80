/* A page in pieces: what is held, for how long, and what happens without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/filter.h"

static struct toolbar__filter filter;
static struct toolbar_text out;

static int set_up(void **state)
{
    (void)state;
    toolbar__filter_init(&filter);
    toolbar__text_init(&out, PTRDIFF_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    toolbar__filter_free(&filter);
    toolbar__text_free(&out);
    return 0;
}

static void expect_out(const char *expected)
{
    assert_int_equal(out.length, strlen(expected));
    assert_memory_equal(out.data, expected, out.length);
}

/* Puts "[]" where the panel goes. */
static bool feed(const char *data, size_t length)
{
    if (!toolbar__filter_feed(&filter, data, length, &out)) return false;
    toolbar_text_literal(&out, "[]");
    toolbar__filter_rest(&filter, &out);
    return true;
}

static bool feed_string(const char *string)
{
    return feed(string, strlen(string));
}

static bool end_page(void)
{
    bool place = toolbar__filter_end(&filter, &out);

    if (place) toolbar_text_literal(&out, "[]");
    toolbar__filter_rest(&filter, &out);
    return place;
}

static void passes_at_once_what_is_settled(void **state)
{
    (void)state;
    assert_false(feed_string("<html><body>hello <b"));
    expect_out("<html><body>hello <b");
    assert_false(feed_string(">you</"));
    expect_out("<html><body>hello <b>you");
    assert_false(feed_string("b></bod"));
    expect_out("<html><body>hello <b>you</b>");
    assert_false(feed_string("y></html>"));
    expect_out("<html><body>hello <b>you</b>");
    assert_true(end_page());
    expect_out("<html><body>hello <b>you</b>[]</body></html>");
    assert_false(end_page());
}

static void later_end_releases_earlier(void **state)
{
    (void)state;
    assert_false(feed_string("<body>1</body>2"));
    expect_out("<body>1");
    assert_false(feed_string("3</body"));
    expect_out("<body>1");
    assert_false(feed_string(">4"));
    expect_out("<body>1</body>23");
    assert_true(end_page());
    expect_out("<body>1</body>23[]</body>4");
}

static void document_without_end_gets_it_last(void **state)
{
    (void)state;
    assert_false(feed_string("<!doctype html><p>x"));
    assert_true(end_page());
    expect_out("<!doctype html><p>x[]");
}

static void fragment_gets_nothing(void **state)
{
    (void)state;
    assert_false(feed_string("<p>x</p></bod"));
    expect_out("<p>x</p>");
    assert_false(end_page());
    expect_out("<p>x</p></bod");
}

static void empty_page_gets_nothing(void **state)
{
    (void)state;
    assert_false(feed(NULL, 0));
    assert_false(end_page());
    assert_int_equal(out.length, 0);
}

static void unfinished_end_tag_is_given_back(void **state)
{
    (void)state;
    assert_false(feed_string("<html></body x='"));
    expect_out("<html>");
    assert_false(end_page());
    expect_out("<html></body x='");
}

/* "<body>", "</body>" and then `count` more bytes, `piece` at a time; did the panel go in? */
static bool fill_after_end(size_t count, size_t piece)
{
    static char spaces[262144];
    bool placed = feed_string("<body></body>");

    memset(spaces, ' ', sizeof spaces);
    while (count) {
        size_t length = count < piece ? count : piece;

        placed |= feed(spaces, length);
        count -= length;
    }
    return placed;
}

static void bound_is_the_same_in_any_pieces(void **state)
{
    static const size_t pieces[] = {1, 7, 4096, 65536, 262144};
    enum { ROOM = TOOLBAR__HOLD_MAXIMUM - 7 };

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        /* The later end tag ends with the last byte that fits. */
        assert_false(fill_after_end(ROOM - 7, pieces[i]));
        assert_int_equal(out.length, 6);
        assert_false(feed_string("</body>"));
        assert_true(end_page());
        assert_memory_equal(out.data + 6 + 7 + ROOM - 7, "[]</body>", 9);
        tear_down(NULL);
        set_up(NULL);

        assert_true(fill_after_end(ROOM, pieces[i]));
        assert_int_equal(out.length, 6 + 2 + 7 + ROOM);
        assert_memory_equal(out.data, "<body>[]</body> ", 16);
        assert_false(feed_string("later</body>"));
        assert_memory_equal(out.data + out.length - 12, "later</body>", 12);
        assert_false(end_page());
        assert_int_equal(out.length, 6 + 2 + 7 + ROOM + 12);
        tear_down(NULL);
        set_up(NULL);
    }
}

static void one_piece_may_exceed_the_bound(void **state)
{
    enum { LENGTH = 300 * 1024 };
    static char page[LENGTH + 1] = "<body></body>";

    (void)state;
    memset(page + 13, 'x', LENGTH - 13);
    memcpy(page + LENGTH - 7, "</body>", 8);
    assert_true(feed(page, LENGTH));
    assert_int_equal(out.length, LENGTH + 2);
    assert_memory_equal(out.data, "<body>[]</body>", 15);
    assert_memory_equal(out.data + 15, page + 13, LENGTH - 13);
    assert_false(end_page());
}

/* A </body that takes too long to end is let go; the page then ends where its bytes end. */
static void endless_end_tag_is_let_go(void **state)
{
    static char attribute[TOOLBAR__HOLD_MAXIMUM];

    (void)state;
    memset(attribute, 'x', sizeof attribute);
    assert_false(feed_string("<p></body a='"));
    assert_false(feed(attribute, sizeof attribute - 11));
    assert_int_equal(out.length, 3);
    assert_false(feed_string("x"));
    assert_int_equal(out.length, 3 + sizeof attribute);
    assert_false(feed_string("y"));
    assert_false(feed_string("z"));
    assert_false(feed_string("'>bye"));
    assert_true(end_page());
    assert_int_equal(out.length, 3 + sizeof attribute + 2 + 5 + 2);
    assert_memory_equal(out.data + out.length - 10, "xyz'>bye[]", 10);
}

static void without_memory_everything_passes(void **state)
{
    (void)state;
    filter.held.maximum = 12;
    assert_false(feed_string("<body>x</body>"));
    expect_out("<body>x");
    assert_false(feed_string("123456"));
    expect_out("<body>x</body>123456");
    assert_false(feed_string("</body>"));
    assert_false(end_page());
    expect_out("<body>x</body>123456</body>");
}

static void without_memory_for_the_rest_there_is_no_panel(void **state)
{
    static char page[TOOLBAR__HOLD_MAXIMUM + 4096] = "</body>";

    (void)state;
    memset(page + 7, ' ', sizeof page - 7);
    filter.held.maximum = TOOLBAR__HOLD_MAXIMUM;
    assert_false(feed(page, sizeof page));
    assert_false(feed_string("more"));
    assert_false(end_page());
    assert_int_equal(out.length, sizeof page + 4);
    assert_memory_equal(out.data, page, sizeof page);
    assert_memory_equal(out.data + sizeof page, "more", 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(passes_at_once_what_is_settled),
        TEST(later_end_releases_earlier),
        TEST(document_without_end_gets_it_last),
        TEST(fragment_gets_nothing),
        TEST(empty_page_gets_nothing),
        TEST(unfinished_end_tag_is_given_back),
        TEST(bound_is_the_same_in_any_pieces),
        TEST(one_piece_may_exceed_the_bound),
        TEST(endless_end_tag_is_let_go),
        TEST(without_memory_everything_passes),
        TEST(without_memory_for_the_rest_there_is_no_panel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
