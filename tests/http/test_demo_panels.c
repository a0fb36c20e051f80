/* What the demo tells the toolbar of itself, in the records of its pages. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "demo.h"
#include "json_reader.h"
#include "scratch.h"
#include "server.h"

/* The record of a page, to be given back to reply_free(). */
static struct reply record_of(const struct demo_process *demo, const char *path)
{
    struct reply page, record;
    char url[80];

    assert_true(fetch(demo->https_port, true, "GET", path, NULL, &page));
    snprintf(url, sizeof url, "/__debug__/requests/%s.json",
             reply_header(&page, "Debug-Toolbar-Id"));
    reply_free(&page);
    assert_true(fetch(demo->https_port, true, "GET", url, NULL, &record));
    assert_int_equal(record.status, 200);
    return record;
}

static int number_at(const struct reply *record, const char *path)
{
    return (int)json_number(json_at(record->body.data, path));
}

static void assert_is(const struct reply *record, const char *path, const char *string)
{
    if (!json_is(json_at(record->body.data, path), string)) fail_msg("%s", path);
}

static void check_fathers(const struct demo_process *demo)
{
    struct reply record = record_of(demo, "/people/fathers");

    assert_is(&record, "panels.messages.messages[0].level", "warning");
    assert_is(&record, "panels.messages.messages[0].function", "people_fathers");
    assert_is(&record, "panels.time.spans[0].name", "people and fathers");
    assert_is(&record, "panels.templates.templates[0].name", "frame");
    assert_is(&record, "panels.cache.sqlite[0].connection", "main");
    assert_true(number_at(&record, "panels.cache.sqlite[0].hits") > 51);
    /* Fifty people and the fathers of some. */
    assert_int_equal(number_at(&record, "panels.people.named"), 100);
    assert_true(number_at(&record, "panels.people.different") > 50);
    assert_true(number_at(&record, "panels.memory.peak_rss_bytes") > 1024 * 1024);
    reply_free(&record);
}

/* The server asks for the page piece by piece: the callers end where it does so. */
static void check_streamed(const struct demo_process *demo)
{
    struct reply record = record_of(demo, "/streamed");

    assert_is(&record, "queries[1].stack[0].function", "people_next");
    assert_null(strstr(record.body.data, "\"MHD_"));
    assert_null(strstr(record.body.data, "reader.c"));
    reply_free(&record);
}

/* One query for each father, and nothing else is wrong with the demo. */
static void check_advice(const struct demo_process *demo)
{
    static const char *const fine[] = {"/", "/people", "/people/7", "/people/new", "/streamed"};
    struct reply record = record_of(demo, "/people/fathers"), page;

    assert_int_equal(json_count(json_at(record.body.data, "advice")), 1);
    assert_is(&record, "advice[0].rule", "n_plus_one");
    assert_int_equal(number_at(&record, "advice[0].tip"), 4);
    assert_int_equal(json_count(json_at(record.body.data, "advice[0].queries")), 50);
    assert_is(&record, "advice[0].fix",
              "SELECT person.id, person.name, person.father_id, other.name\n"
              "FROM person\nJOIN person AS other ON other.id = person.father_id\n"
              "WHERE person.father_id IS NOT NULL ORDER BY person.id LIMIT ?1");
    reply_free(&record);
    assert_true(fetch(demo->https_port, true, "GET", "/people/fathers", NULL, &page));
    assert_memory_equal(reply_header(&page, "Debug-Toolbar-Advice"), "n_plus_one; severity=", 21);
    assert_non_null(strstr(page.body.data, "1 advice ("));
    reply_free(&page);
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        record = record_of(demo, fine[i]);
        if (json_count(json_at(record.body.data, "advice")) != 0) {
            fail_msg("%s: %s", fine[i], strstr(record.body.data, "\"advice\":"));
        }
        reply_free(&record);
    }
}

static void check_facts(const struct demo_process *demo)
{
    static const char *const names[] = {"debugtoolbar", "libmicrohttpd", "SQLite", "mbedTLS",
                                        "debugtoolbar-demo"};
    struct reply record = record_of(demo, "/people");
    char text[64];

    assert_is(&record, "panels.settings.debug", "on");
    assert_is(&record, "panels.settings.secret_key_file", "********");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "{\"name\":\"%s\",\"version\":\"", names[i]);
        if (!strstr(record.body.data, text)) fail_msg("%s", text);
    }
    reply_free(&record);
}

static void check_cache(const struct demo_process *demo)
{
    struct reply first = record_of(demo, "/"), second = record_of(demo, "/");

    assert_int_equal(number_at(&first, "panels.cache.calls"), 2);
    assert_int_equal(number_at(&first, "panels.cache.misses"), 1);
    assert_int_equal(number_at(&second, "panels.cache.calls"), 1);
    assert_int_equal(number_at(&second, "panels.cache.hits"), 1);
    reply_free(&first);
    reply_free(&second);
}

static void the_demo_tells_of_itself(void **state)
{
    const char *arguments[] = {"--debug", "--secret-key-file",
                               scratch_file("key", SERVER_KEY "\n", 0600), NULL};
    struct demo_process *demo = demo_start(arguments);
    struct demo_result result;

    (void)state;
    check_fathers(demo);
    check_streamed(demo);
    check_facts(demo);
    check_cache(demo);
    check_advice(demo);
    result = demo_stop(demo, SIGTERM);
    assert_int_equal(result.status, 0);
    demo_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_demo_tells_of_itself)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
