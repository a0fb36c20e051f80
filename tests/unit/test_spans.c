/* Spans, and the picture of where a request's time went. */
#include "test_activity.h"

#include "panels/waterfall.h"

static const struct toolbar__span *span_at(unsigned number)
{
    const struct toolbar__entry *entry = request.recording->activity.spans.first;

    while (number--) {
        entry = entry->next;
    }
    return (const struct toolbar__span *)entry;
}

static void spans_nest(void **state)
{
    struct toolbar_span outer = toolbar_span_begin("outer");
    struct toolbar_span first = toolbar_span_begin("first");
    struct toolbar_span second;

    (void)state;
    toolbar_span_end(first);
    second = toolbar_span_begin("second");
    toolbar_span_end(second);
    toolbar_span_end(outer);
    toolbar_span_end(toolbar_span_begin("after"));
    assert_int_equal(request.recording->activity.spans.count, 4);
    assert_int_equal(span_at(0)->depth, 0);
    assert_int_equal(span_at(1)->depth, 1);
    assert_int_equal(span_at(2)->depth, 1);
    assert_ptr_equal(span_at(2)->parent, span_at(0));
    assert_int_equal(span_at(3)->depth, 0);
    assert_true(span_at(0)->duration_ns >= span_at(1)->duration_ns + span_at(2)->duration_ns);
}

static void *begin_one(void *nothing)
{
    toolbar_request_bind(&request);
    toolbar_span_end(toolbar_span_begin("other thread's"));
    toolbar_request_unbind();
    return nothing;
}

static void spans_nest_within_their_thread(void **state)
{
    struct toolbar_span open = toolbar_span_begin("open");
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, begin_one, NULL), 0);
    pthread_join(thread, NULL);
    toolbar_span_end(toolbar_span_begin("inside"));
    toolbar_span_end(open);
    assert_int_equal(span_at(1)->depth, 0);
    assert_ptr_equal(span_at(2)->parent, span_at(0));
}

static void spans_ended_wrongly_do_no_harm(void **state)
{
    struct toolbar_span never = toolbar_span_begin("never");
    struct toolbar_span twice = toolbar_span_begin("twice");
    struct toolbar_span nothing = {0, NULL};
    int64_t duration_ns;
    char *page;

    (void)state;
    toolbar_span_end(twice);
    duration_ns = span_at(1)->duration_ns;
    toolbar_span_end(twice);
    assert_int_equal(span_at(1)->duration_ns, duration_ns);
    toolbar_span_end(nothing);
    finish();
    toolbar_span_end(never);
    assert_int_equal(span_at(0)->duration_ns, TOOLBAR__UNKNOWN);
    assert_null(toolbar_span_begin("late").record);
    page = html();
    assert_text(page, "<th>never <small>not ended</small></th>");
    assert_text(page, "<th>&#160;&#160;twice</th>");
    free(page);
}

static void handles_of_another_request_are_ignored(void **state)
{
    struct toolbar_span span = toolbar_span_begin("other's");
    struct toolbar_query query = toolbar_query_begin("pg", "SELECT 1");

    end(state);
    begin(state);
    toolbar_span_end(span);
    toolbar_query_end(query, 1, NULL);
    assert_int_equal(request.recording->activity.spans.count, 0);
    assert_int_equal(request.recording->query_count, 0);
}

static void the_waterfall_shows_what_is_not_known(void **state)
{
    struct toolbar__span *span;
    char *page;

    (void)state;
    assert_int_equal(toolbar__waterfall_gaps(request.recording, NULL), TOOLBAR__UNKNOWN);
    toolbar_span_begin("first");
    toolbar_span_begin("second");
    span = (struct toolbar__span *)span_at(0);
    span->start_ns = 1000000;
    span->duration_ns = 4000000;
    span = (struct toolbar__span *)span_at(1);
    span->start_ns = 2000000;
    span->duration_ns = 1000000;
    toolbar__recording_phase(request.recording, "handler", 0, 10000000);
    toolbar__recording_phase(request.recording, "waiting", 8000000, 1000000);
    toolbar__recording_finish(request.recording, 200, NULL, 10000000);
    /* 0 to 1, 5 to 8, 9 to 10. */
    assert_int_equal(toolbar__waterfall_gaps(request.recording, NULL), 5000000);
    page = html();
    assert_text(page, "<tr class=\"gaps\"><th>nothing recorded</th>");
    assert_text(page, "<rect x=\"0%\" width=\"10%\" height=\"9\"/><rect x=\"50%\" width=\"30%\" "
                      "height=\"9\"/><rect x=\"90%\" width=\"10%\" height=\"9\"/>");
    assert_text(page, "5.0 ms <small>50 %</small>");
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spans_nest),
        TEST(spans_nest_within_their_thread),
        TEST(spans_ended_wrongly_do_no_harm),
        TEST(handles_of_another_request_are_ignored),
        TEST(the_waterfall_shows_what_is_not_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
