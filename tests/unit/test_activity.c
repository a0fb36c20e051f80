/* Recording by hand: what is kept, nested, added up, bounded and masked, and what does no harm. */
#include <pthread.h>
#include <stdlib.h>

#include "sample_recording.h"
#include "test_activity.h"
#include "toolbar.h"

enum { THREADS = 4 };

static void without_a_shown_request_nothing_happens(void **state)
{
    struct toolbar_query query;

    (void)state;
    toolbar_request_unbind();
    assert_null(toolbar_span_begin("x").record);
    query = toolbar_query_begin("pg", "SELECT 1");
    toolbar_query_end(query, 1, NULL);
    toolbar_message(TOOLBAR_MESSAGE_INFO, "x");
    toolbar_cache_call("c", "get", "k", 1, 0, 5);
    toolbar_template_rendered("t", 5, "a=b");
    toolbar_static_file("/f", 5);
    toolbar_request_bind(&request);
    assert_null(request.recording->activity.spans.first);
    assert_null(request.recording->activity.messages.first);
    assert_int_equal(request.recording->activity.cache.calls, 0);
    assert_null(request.recording->activity.templates.first);
    assert_null(request.recording->activity.files.first);
    assert_int_equal(request.recording->query_count, 0);
}

static void after_the_response_nothing_happens(void **state)
{
    struct toolbar_query query = toolbar_query_begin("pg", "SELECT 1");
    char *before, *after;

    (void)state;
    finish();
    before = json();
    toolbar_query_end(query, 1, "too late");
    toolbar_message(TOOLBAR_MESSAGE_INFO, "x");
    toolbar_cache_call("c", "get", "k", 1, 0, 5);
    toolbar_template_rendered("t", 5, "a=b");
    toolbar_static_file("/f", 5);
    after = json();
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void messages_say_where_they_come_from(void **state)
{
    const int line = __LINE__ + 5;
    char *record, *page;
    const struct toolbar__message *message;

    (void)state;
    toolbar_message(TOOLBAR_MESSAGE_WARNING, "%d of %s <b>", 3, "five");
    toolbar_message_at(TOOLBAR_MESSAGE_ERROR, NULL, 0, NULL, "from nowhere");
    toolbar_message_at(TOOLBAR_MESSAGE_INFO, "/src/a/b.c", 7, "f", "from elsewhere");
    application.editor_link = "edit:{file}:{line}";
    message = (const struct toolbar__message *)request.recording->activity.messages.first;
    assert_string_equal(message->text, "3 of five <b>");
    assert_int_equal(message->line, line);
    finish();
    page = html();
    assert_text(page, "3 of five &lt;b&gt;");
    assert_text(page, ">test_activity.c:");
    assert_text(page, "messages_say_where_they_come_from()");
    assert_text(page, "from nowhere</td><td><small></small>");
    assert_text(page, "<small><a href=\"edit:/src/a/b.c:7\">b.c:7</a> f()</small>");
    assert_text(page, "3, 1 error");
    free(page);
    application.editor_link = NULL;
    record = json();
    assert_int_equal(json_count(json_at(record, "panels.messages.messages")), 3);
    assert_text(record, "\"file\":\"/src/a/b.c\",\"line\":7");
    assert_text(record, "\"level\":\"warning\",\"text\":\"3 of five \\u003cb\\u003e\"");
    free(record);
}

static void messages_are_bounded(void **state)
{
    char longest[3 * TOOLBAR__MESSAGE_MAXIMUM];
    const struct toolbar__message *message;
    char *page;

    (void)state;
    memset(longest, '-', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    toolbar_message(TOOLBAR_MESSAGE_DEBUG, "%s", longest);
    for (int i = 0; i < TOOLBAR__MESSAGES_MAXIMUM + 4; i++) {
        toolbar_message(TOOLBAR_MESSAGE_DEBUG, "%d", i);
    }
    message = (const struct toolbar__message *)request.recording->activity.messages.first;
    assert_int_equal(strlen(message->text), TOOLBAR__MESSAGE_MAXIMUM);
    assert_true(message->cut);
    assert_int_equal(request.recording->activity.messages.count, TOOLBAR__MESSAGES_MAXIMUM);
    finish();
    page = html();
    assert_text(page, "5 more came and were counted, not kept.");
    free(page);
}

static void secrets_are_not_kept(void **state)
{
    char *record;

    (void)state;
    toolbar_message(TOOLBAR_MESSAGE_INFO, "user %d, password: %s", 7, "hunter2 and more");
    toolbar_message(TOOLBAR_MESSAGE_INFO, "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl");
    toolbar_cache_call("sessions", "get", "session:hunter2", 1, 0, 1);
    toolbar_template_rendered("t", 1, "title=Welcome\napi_key=hunter2\nname=Ada");
    toolbar_static_file("/srv/4111111111111111/page.html", 3);
    finish();
    record = json();
    assert_no_text(record, "hunter2");
    assert_no_text(record, "eyJhbGci");
    assert_no_text(record, "4111");
    assert_text(record, "user 7, password:********");
    assert_text(record, "title=Welcome\\napi_key=********\\nname=Ada");
    assert_text(record, "/page.html");
    free(record);
}

static void the_strict_mode_keeps_no_values(void **state)
{
    char *record;

    (void)state;
    request.recording->hide_values = true;
    toolbar_message(TOOLBAR_MESSAGE_INFO, "user %s logged in", "ada");
    toolbar_cache_call("names", "get", "person:ada", 1, 0, 1);
    toolbar_cache_call("names", "get", "ada", 1, 0, 1);
    toolbar_template_rendered("t", 1, "name=ada");
    finish();
    record = json();
    assert_no_text(record, "ada\"");
    assert_text(record, "user %s logged in");
    assert_text(record, "\"key\":\"person:********\"");
    assert_text(record, "\"key\":\"********\"");
    assert_text(record, "\"context\":\"name=********\"");
    free(record);
}

static void assert_cache(unsigned calls, int64_t hits, int64_t misses)
{
    const struct toolbar__cache_sum *all = &request.recording->activity.cache;

    assert_int_equal(all->calls, calls);
    assert_int_equal(all->hits, hits);
    assert_int_equal(all->misses, misses);
}

/* The longest of everything, in characters that take the most room when they are escaped. */
static void the_worst_is_shown_in_part(void **state)
{
    char worst[2048], *page, *record;

    (void)state;
    memset(worst, '\'', sizeof worst - 1);
    worst[sizeof worst - 1] = '\0';
    for (int i = 0; i < 200; i++) {
        toolbar_message(TOOLBAR_MESSAGE_INFO, "%s", worst);
        toolbar_cache_call(worst, worst, worst, 1, 0, 1);
        toolbar_template_rendered(worst, 1, worst);
        toolbar_static_file(worst, 1);
        toolbar_span_end(toolbar_span_begin(worst));
    }
    finish();
    page = html();
    assert_no_text(page, "could not be shown");
    assert_text(page, "more are in the JSON record");
    assert_true(strlen(page) < TOOLBAR__ELEMENT_MAXIMUM);
    free(page);
    record = json();
    assert_int_equal(json_count(json_at(record, "panels.messages.messages")), 200);
    free(record);
}

static void hostile_strings_stay_text(void **state)
{
    char *page;

    (void)state;
    toolbar_message(TOOLBAR_MESSAGE_INFO, "%s", SAMPLE_HOSTILE);
    toolbar_message_at(TOOLBAR_MESSAGE_INFO, SAMPLE_HOSTILE, 1, SAMPLE_HOSTILE, "x");
    toolbar_cache_call(SAMPLE_HOSTILE, SAMPLE_HOSTILE, SAMPLE_HOSTILE, 1, 0, 1);
    toolbar_template_rendered(SAMPLE_HOSTILE, 1, SAMPLE_HOSTILE);
    toolbar_static_file(SAMPLE_HOSTILE, 1);
    toolbar_span_end(toolbar_span_begin(SAMPLE_HOSTILE));
    toolbar_query_end(toolbar_query_begin(SAMPLE_HOSTILE, SAMPLE_HOSTILE), 1, SAMPLE_HOSTILE);
    finish();
    page = html();
    assert_no_text(page, "<img");
    assert_no_text(page, "alert(1)</script>");
    assert_no_text(page, "\x01");
    assert_no_text(page, "\xe2\x80\xae");
    free(page);
    free(json());
}

static void caches_are_added_up(void **state)
{
    struct toolbar_text timing;
    char *record, *page;

    (void)state;
    toolbar_cache_call("default", "get", "foo", 0, 1, 1000);
    assert_cache(1, 0, 1);
    toolbar_cache_call("default", "set", "foo", 0, 0, 1000);
    toolbar_cache_call("default", "get", "foo", 1, 0, 1000);
    assert_cache(3, 1, 1);
    toolbar_cache_call("default", "get_many", "foo bar", 1, 1, 2000000);
    assert_cache(4, 2, 2);
    toolbar_cache_call("default", "set", "bar", 0, 0, -1);
    toolbar_cache_call("default", "get_many", "foo bar", 2, 0, 1000);
    assert_cache(6, 4, 2);
    finish();
    record = json();
    assert_int_equal(json_count(json_at(record, "panels.cache.operations")), 3);
    assert_text(record, "{\"cache\":\"default\",\"operation\":\"get\",\"calls\":2,\"hits\":1,"
                        "\"misses\":1,\"cache_ms\":0.002000}");
    assert_text(record, "\"hits\":0,\"misses\":0,\"duration_ms\":null}");
    free(record);
    page = html();
    assert_text(page, "6, 4 hits, 2 misses");
    assert_text(page, "<td>get_many</td><td>2</td><td>3</td><td>1</td>");
    free(page);
    toolbar__text_init(&timing, 1024);
    toolbar__server_timing(request.recording, &timing);
    assert_non_null(memmem(timing.data, timing.length, ", cache;dur=2.004;desc=\"6 calls\"", 32));
    toolbar__text_free(&timing);
}

static void no_cache_is_no_metric(void **state)
{
    struct toolbar_text timing;

    (void)state;
    toolbar__text_init(&timing, 1024);
    toolbar__server_timing(request.recording, &timing);
    toolbar_text_append(&timing, "", 1);
    assert_null(strstr(timing.data, "cache"));
    assert_null(strstr(timing.data, ", ,"));
    assert_true(timing.data[timing.length - 2] != ' ');
    toolbar__text_free(&timing);
}

static void everything_is_bounded(void **state)
{
    const struct toolbar__activity *activity = &request.recording->activity;
    char operation[16];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(operation, sizeof operation, "%d", i % 100);
        toolbar_span_end(toolbar_span_begin(operation));
        toolbar_cache_call("c", operation, "k", 1, 0, 1);
        toolbar_template_rendered("t", 1, "a=b");
        toolbar_static_file("/f", 1);
    }
    assert_int_equal(activity->spans.count, TOOLBAR__SPANS_MAXIMUM);
    assert_int_equal(activity->spans.dropped, 500);
    assert_int_equal(activity->cache_calls.count, TOOLBAR__CACHE_CALLS_MAXIMUM);
    assert_int_equal(activity->cache_sums.count, TOOLBAR__CACHE_SUMS_MAXIMUM);
    assert_cache(1000, 1000, 0);
    assert_int_equal(activity->templates.count, TOOLBAR__TEMPLATES_MAXIMUM);
    assert_int_equal(activity->templates.dropped, 800);
    assert_int_equal(activity->files.count, TOOLBAR__FILES_MAXIMUM);
    assert_true(toolbar__recording_bytes(request.recording) <= TOOLBAR__RECORDING_MAXIMUM + 8192);
    finish();
    free(json());
}

static void a_full_recording_does_no_harm(void **state)
{
    (void)state;
    request.recording->arena.maximum = 0;
    toolbar_span_end(toolbar_span_begin("s"));
    toolbar_query_end(toolbar_query_begin("pg", "SELECT 1"), 1, "e");
    toolbar_message(TOOLBAR_MESSAGE_INFO, "m");
    toolbar_cache_call("c", "get", "k", 1, 0, 1);
    toolbar_template_rendered("t", 1, NULL);
    toolbar_static_file(NULL, 1);
    assert_int_equal(request.recording->activity.messages.dropped, 1);
    assert_cache(1, 1, 0);
    finish();
    free(json());
}

static void queries_by_hand_stand_among_the_others(void **state)
{
    struct toolbar_query failed = toolbar_query_begin("pg", "SELECT boom");
    struct toolbar_query first = toolbar_query_begin("pg", "SELECT name FROM t WHERE id = $1");
    struct toolbar_query second = toolbar_query_begin("pg", "SELECT name FROM t WHERE id = $1");
    struct toolbar_query open = toolbar_query_begin(NULL, "SELECT 2");
    int64_t sql_ns;
    char *record, *page;

    (void)state;
    toolbar_query_end(second, 2, NULL);
    toolbar_query_end(first, -1, NULL);
    toolbar_query_end(failed, -1, "no such column: boom");
    sql_ns = request.recording->sql_ns;
    toolbar_query_end(failed, 9, NULL);
    assert_int_equal(request.recording->sql_ns, sql_ns);
    assert_non_null(open.record);
    finish();
    record = json();
    assert_int_equal(json_count(json_at(record, "queries")), 4);
    assert_text(record,
                "\"error\":{\"code\":null,\"name\":null,\"message\":\"no such column: boom\"}");
    /* Their parameters were not seen, so nobody can call them duplicates. */
    assert_text(record, "\"similar\":2,\"duplicate\":0");
    assert_text(record, "\"rows\":2,");
    assert_text(record, "\"connection\":\"database\"");
    free(record);
    page = html();
    assert_text(page, "Error: no such column: boom");
    free(page);
}

/* Works beside others for one request. */
static void *work(void *number)
{
    char name[16];

    snprintf(name, sizeof name, "%d", *(const int *)number);
    toolbar_request_bind(&request);
    for (int i = 0; i < 100; i++) {
        struct toolbar_span outer = toolbar_span_begin(name);
        struct toolbar_span inner = toolbar_span_begin(name);
        struct toolbar_query query = toolbar_query_begin("pg", "SELECT 1");

        toolbar_message(TOOLBAR_MESSAGE_INFO, "%d", i);
        toolbar_cache_call("c", "get", name, 1, 1, 1);
        toolbar_template_rendered(name, 1, "a=b");
        toolbar_static_file(name, 1);
        toolbar_query_end(query, 1, NULL);
        toolbar_span_end(inner);
        toolbar_span_end(outer);
    }
    toolbar_request_unbind();
    return NULL;
}

static void threads_share_a_request(void **state)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_cache(THREADS * 100, THREADS * 100, THREADS * 100);
    assert_int_equal(request.recording->query_count, THREADS * 100);
    for (toolbar__each(span, &request.recording->activity.spans, struct toolbar__span)) {
        assert_true(span->depth <= 1);
        if (span->parent) assert_string_equal(span->parent->name, span->name);
    }
    finish();
    free(json());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_shown_request_nothing_happens),
        TEST(after_the_response_nothing_happens),
        TEST(messages_say_where_they_come_from),
        TEST(messages_are_bounded),
        TEST(secrets_are_not_kept),
        TEST(the_strict_mode_keeps_no_values),
        TEST(the_worst_is_shown_in_part),
        TEST(hostile_strings_stay_text),
        TEST(caches_are_added_up),
        TEST(no_cache_is_no_metric),
        TEST(everything_is_bounded),
        TEST(a_full_recording_does_no_harm),
        TEST(queries_by_hand_stand_among_the_others),
        TEST(threads_share_a_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
