/*
 * The toolbar's own pages: the history, one request, two compared, the trace, the plan; for whom,
 * and what comes of hostile input.
 */
#include "own_pages.h"

static void history_page(void **state)
{
    char first[33], second[33], again[33], path[160];
    struct reply reply;

    (void)state;
    reply = get("/__debug__/");
    check_own_page(&reply, 200);
    find(&reply, "No requests yet");
    assert_null(strstr(reply.body.data, "data-id"));
    reply_free(&reply);
    visit("GET", "/page?one", first);
    visit("POST", "/queries/2", second);
    visit("GET", "/page?one", again);
    reply = get("/__debug__/");
    check_own_page(&reply, 200);
    /* Newest first; a form, a script and a style sheet of this origin. */
    assert_true(find(&reply, second) < strstr(reply.body.data, "/page?one</span>") ||
                find(&reply, again) < find(&reply, second));
    find(&reply, "<form class=\"clear\" method=\"post\" action=\"/__debug__/clear\">");
    find(&reply, "<script src=\"/__debug__/static/history.");
    find(&reply, "href=\"/__debug__/static/toolbar.");
    find(&reply, "<th scope=\"col\">Duration</th>");
    snprintf(path, sizeof path, "href=\"/__debug__/requests/%s\"", second);
    find(&reply, path);
    snprintf(path, sizeof path, "href=\"/__debug__/requests/%s/trace.json\"", second);
    find(&reply, path);
    /* What was asked twice can be compared without a script. */
    snprintf(path, sizeof path, "href=\"/__debug__/compare/%s/%s\"", first, again);
    find(&reply, path);
    reply_free(&reply);
    reply = ask("HEAD", "/__debug__/", SERVER_KEY_LINE);
    assert_int_equal(reply.status, 200);
    reply_free(&reply);
    /* It is not part of itself. */
    assert_int_equal(count_kept(), 3);
}

static void request_page(void **state)
{
    struct reply reply;
    char id[33], path[80];

    (void)state;
    visit("GET", "/queries/3", id);
    snprintf(path, sizeof path, "/__debug__/requests/%s", id);
    reply = get(path);
    check_own_page(&reply, 200);
    find(&reply, "<title>GET /queries/3 - Debug toolbar</title>");
    find(&reply, "data-page");
    find(&reply, "<details class=\"toolbar\" open>");
    find(&reply, "id=\"panel-sql\"");
    find(&reply, "href=\"/__debug__/\"");
    reply_free(&reply);
}

/* Every page leads to the history; the request's own page has its one link at the top. */
static void the_way_there(void **state)
{
    static const char link[] = "href=\"/__debug__/\"";
    struct reply shown = get("/queries/1"), alone;
    char path[80];

    (void)state;
    find(&shown, link);
    snprintf(path, sizeof path, "/__debug__/requests/%s", reply_header(&shown, "Debug-Toolbar-Id"));
    alone = get(path);
    assert_null(strstr(find(&alone, link) + 1, link));
    reply_free(&alone);
    reply_free(&shown);
}

static void what_is_gone(void **state)
{
    static const char *const pages[] = {"/__debug__/requests/" NOBODY,
                                        "/__debug__/compare/" NOBODY "/" NOBODY};
    static const char *const records[] = {"/__debug__/requests/" NOBODY ".json",
                                          "/__debug__/requests/" NOBODY "/trace.json",
                                          "/__debug__/requests/" NOBODY "/queries/1/plan",
                                          "/__debug__/requests/" NOBODY "/queries/1/index",
                                          "/__debug__/compare/" NOBODY "/" NOBODY ".json"};
    struct reply reply;
    char id[33], path[160];

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        reply = get(pages[i]);
        check_own_page(&reply, 404);
        find(&reply, GONE);
        find(&reply, "href=\"/__debug__/\"");
        reply_free(&reply);
    }
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        reply = get(records[i]);
        assert_int_equal(reply.status, 404);
        assert_header(&reply, "Content-Type", "application/json");
        assert_int_equal(json_at(reply.body.data, "error").type, JSON_STRING);
        find(&reply, GONE);
        reply_free(&reply);
    }
    /* One of two is as good as none. */
    visit("GET", "/page", id);
    snprintf(path, sizeof path, "/__debug__/compare/%s/" NOBODY, id);
    reply = get(path);
    check_own_page(&reply, 404);
    reply_free(&reply);
}

static void comparison(void **state)
{
    char a[33], b[33], path[160];
    struct reply reply;
    const char *json;

    (void)state;
    visit("GET", "/queries/0", a);
    visit("GET", "/queries/5", b);
    snprintf(path, sizeof path, "/__debug__/compare/%s/%s", a, b);
    reply = get(path);
    check_own_page(&reply, 200);
    find(&reply, "<span class=\"badge\">added</span>");
    find(&reply, "<td>1</td><td>6</td><td>+5</td>");
    assert_null(strstr(reply.body.data, "<script>"));
    reply_free(&reply);
    snprintf(path, sizeof path, "/__debug__/compare/%s/%s.json", b, a);
    reply = get(path);
    assert_int_equal(reply.status, 200);
    json = reply.body.data;
    assert_true(json_is(json_at(json, "a.id"), b));
    assert_true(json_is(json_at(json, "b.id"), a));
    assert_int_equal((int)json_number(json_at(json, "a.queries")), 6);
    assert_int_equal((int)json_number(json_at(json, "b.queries")), 1);
    assert_int_equal(json_at(json, "a.cpu_ms").type, JSON_NUMBER);
    assert_int_equal(json_count(json_at(json, "statements")), 2);
    assert_true(json_is(json_at(json, "statements[0].change"), "gone"));
    assert_int_equal((int)json_number(json_at(json, "statements[0].a.count")), 5);
    assert_int_equal(json_at(json, "statements[0].b").type, JSON_NULL);
    assert_true(json_is(json_at(json, "statements[0].connection"), "main"));
    reply_free(&reply);
}

static void trace(void **state)
{
    struct reply reply;
    const char *json;
    char id[33], path[100];
    int64_t count, queries = 0, spans = 0, messages = 0;

    (void)state;
    visit("GET", "/queries/4", id);
    snprintf(path, sizeof path, "/__debug__/requests/%s/trace.json", id);
    reply = get(path);
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "application/json");
    json = reply.body.data;
    count = json_count(json_at(json, "traceEvents"));
    for (int64_t i = 0; i < count; i++) {
        struct json phase;

        snprintf(path, sizeof path, "traceEvents[%lld].ph", (long long)i);
        phase = json_at(json, path);
        if (json_is(phase, "M")) continue;
        assert_true(json_is(phase, "X"));
        snprintf(path, sizeof path, "traceEvents[%lld].ts", (long long)i);
        assert_true(json_number(json_at(json, path)) >= 0);
        snprintf(path, sizeof path, "traceEvents[%lld].dur", (long long)i);
        assert_true(json_number(json_at(json, path)) >= 0);
        snprintf(path, sizeof path, "traceEvents[%lld].cat", (long long)i);
        if (json_is(json_at(json, path), "sql")) queries++;
        if (json_is(json_at(json, path), "span")) spans++;
        if (json_is(json_at(json, path), "message")) messages++;
    }
    assert_int_equal(queries, 5);
    assert_int_equal(spans, 2);
    assert_int_equal(messages, 1);
    reply_free(&reply);
}

static void plans(void **state)
{
    struct reply reply;
    char id[33], path[100];

    (void)state;
    visit("GET", "/queries/0", id);
    for (unsigned i = 0; i < 4; i++) {
        unsigned n = i % 2 ? 7 : 1;

        snprintf(path, sizeof path, "/__debug__/requests/%s/queries/%u/%s", id, n,
                 i < 2 ? "plan" : "index");
        reply = get(path);
        assert_header(&reply, "Content-Type", "application/json");
        assert_int_equal(json_at(reply.body.data, "").type, JSON_OBJECT);
        if (n == 7) assert_int_equal(reply.status, 404);
        reply_free(&reply);
    }
}

static void odd_addresses(void **state)
{
    static const char *const paths[] = {
        "/__debug__",
        "/__debug__//",
        "/__debug__/?/",
        "/__debug__/requests",
        "/__debug__/requests/",
        "/__debug__/requests/" NOBODY "/",
        "/__debug__/requests/" NOBODY "x",
        "/__debug__/requests/" NOBODY ".json/",
        "/__debug__/requests/" NOBODY "/trace",
        "/__debug__/requests/" NOBODY "/queries/0/plan",
        "/__debug__/requests/" NOBODY "/queries/0/index",
        "/__debug__/requests/" NOBODY "/queries/1/index/",
        "/__debug__/requests/" NOBODY "/queries/01/plan",
        "/__debug__/requests/" NOBODY "/queries/-1/plan",
        "/__debug__/requests/" NOBODY "/queries/+1/plan",
        "/__debug__/requests/" NOBODY "/queries/1x/plan",
        "/__debug__/requests/" NOBODY "/queries//plan",
        "/__debug__/requests/" NOBODY "/queries/99999999999999999999/plan",
        "/__debug__/requests/" NOBODY "/queries/1/plan/",
        "/__debug__/compare/" NOBODY,
        "/__debug__/compare/" NOBODY "/",
        "/__debug__/compare/" NOBODY "/0",
        "/__debug__/compare/" NOBODY "//" NOBODY,
        "/__debug__/compare/" NOBODY "/" NOBODY "/" NOBODY,
        "/__debug__/compare/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF/" NOBODY,
        "/__debug__/clear",
        "/__debug__/clear/",
        "/__debug__/requests/@",
        "/__debug__/*",
    };

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply reply = get(paths[i]);

        if (strcmp(paths[i], "/__debug__/?/") == 0) {
            assert_int_equal(reply.status, 200);
        } else if (reply.status != 404 || strcmp(reply.body.data, own) != 0) {
            fail_msg("%s: %u", paths[i], reply.status);
        }
        reply_free(&reply);
    }
}

static void for_nobody_else(void **state)
{
    static const char *const headers[] = {
        "",
        "MYAPPKEY: wrong-wrong-wrong-00\r\n",
        SERVER_KEY_LINE SERVER_KEY_LINE,
        SERVER_KEY_LINE "Sec-Fetch-Site: cross-site\r\n",
        SERVER_KEY_LINE "Sec-Fetch-Site: same-site\r\n",
        SERVER_KEY_LINE "Origin: https://evil.example\r\n",
    };
    static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"};
    char id[33], paths[7][120];
    struct reply reply;

    (void)state;
    visit("GET", "/page", id);
    snprintf(paths[0], sizeof *paths, "/__debug__/");
    snprintf(paths[1], sizeof *paths, "/__debug__/requests/%s", id);
    snprintf(paths[2], sizeof *paths, "/__debug__/requests/%s/trace.json", id);
    snprintf(paths[3], sizeof *paths, "/__debug__/requests/%s/queries/1/plan", id);
    snprintf(paths[4], sizeof *paths, "/__debug__/compare/%s/%s", id, id);
    snprintf(paths[5], sizeof *paths, "/__debug__/compare/%s/%s.json", id, id);
    snprintf(paths[6], sizeof *paths, "/__debug__/requests/%s/queries/1/index", id);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        for (size_t h = 0; h < sizeof headers / sizeof *headers; h++) {
            reply = ask("GET", paths[p], headers[h]);
            assert_hidden(&reply);
            check_untouched(&reply);
            reply_free(&reply);
        }
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            reply = ask(methods[m], paths[p], SERVER_KEY_LINE SAME "Content-Length: 0\r\n");
            check_untouched(&reply);
            reply_free(&reply);
        }
    }
}

/* Markup in method and URL stays text in all pages, and JSON in all JSON. */
static void hostile_strings(void **state)
{
    static const char *const urls[] = {
        "/page?%3Cscript%3Ealert(1)%3C/script%3E",
        "/page/<script>alert(1)</script>",
        "/page?a=\"><img/src=x>",
        "/page/</title></textarea>'`{{1}}",
        "/page?%E2%80%AE%00%0D%0A",
    };
    char a[33], b[33], paths[5][120];
    struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        visit("GET", urls[i], a);
        visit("X<svg/onload=alert(1)>", urls[i], b);
        snprintf(paths[0], sizeof *paths, "/__debug__/");
        snprintf(paths[1], sizeof *paths, "/__debug__/requests/%s", b);
        snprintf(paths[2], sizeof *paths, "/__debug__/compare/%s/%s", a, b);
        snprintf(paths[3], sizeof *paths, "/__debug__/compare/%s/%s.json", a, b);
        snprintf(paths[4], sizeof *paths, "/__debug__/requests/%s/trace.json", b);
        for (size_t p = 0; p < 5; p++) {
            static const char *const markup[] = {"<script>", "<img", "<svg/", "</title></text"};

            reply = get(paths[p]);
            assert_int_equal(reply.status, 200);
            for (size_t m = 0; m < sizeof markup / sizeof *markup; m++) {
                assert_null(strstr(reply.body.data, markup[m]));
            }
            if (p >= 3) assert_int_equal(json_at(reply.body.data, "").type, JSON_OBJECT);
            reply_free(&reply);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(history_page),    TEST(request_page),  TEST(what_is_gone),  TEST(comparison),
        TEST(trace),           TEST(plans),         TEST(odd_addresses), TEST(for_nobody_else),
        TEST(hostile_strings), TEST(the_way_there),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
