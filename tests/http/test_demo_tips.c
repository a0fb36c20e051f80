/*
 * The demo's thirteen pairs of pages, and whether the table on its first page tells the truth of
 * them: the mistake gets the one advice that the table names, the better way none, and both show
 * the same.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "demo.h"
#include "json_reader.h"
#include "scratch.h"
#include "server.h"

enum { TIPS = 13, CLIENTS = 6 };

static const char wrong_key[] = "MYAPPKEY: wrong-wrong-wrong-00\r\n";
static struct demo_process *demo;
static struct client *client; /* for one page after the other */

static void start(const char *const *arguments)
{
    demo = demo_start(arguments);
    client = client_open(demo->https_port, true);
    assert_non_null(client);
}

static void stop(void)
{
    struct demo_result result;

    client_close(client);
    result = demo_stop(demo, SIGTERM);
    if (result.status) {
        size_t length = result.errors.length;

        /* What it says last; a message has no room for all of it. */
        fail_msg("ended with %d: %s", result.status,
                 result.errors.data + (length > 500 ? length - 500 : 0));
    }
    demo_result_free(&result);
}

static const char *const *with_key(void)
{
    static const char *arguments[] = {"--secret-key-file", NULL, "--threads", "3", NULL};

    arguments[1] = scratch_file("key", SERVER_KEY "\n", 0600);
    return arguments;
}

static struct reply get(const char *path, const char *headers)
{
    struct reply reply;

    if (!client_fetch(client, "GET", path, headers, &reply)) fail_msg("%s", path);
    return reply;
}

/* The text from `from` up to `to`, which are both there; to be freed. */
static char *piece(const struct reply *reply, const char *from, const char *to)
{
    const char *start_at = strstr(reply->body.data, from);
    const char *end = start_at ? strstr(start_at + strlen(from), to) : NULL;

    if (!end) {
        fail_msg("no %s ... %s", from, to);
        return NULL;
    }
    start_at += strlen(from);
    return strndup(start_at, (size_t)(end - start_at));
}

/* What the first page says of a tip's page. */
static char *verdict(const struct reply *first_page, int tip, const char *way)
{
    char link[96];

    snprintf(link, sizeof link, "href=\"/tips/%d/%s\"><span class=\"verdict %s\">", tip, way, way);
    return piece(first_page, link, "</span>");
}

static void check_advice(const struct reply *page, int tip, const char *rule)
{
    char path[80];
    struct reply record;
    struct json advice;

    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(page, "Debug-Toolbar-Id"));
    record = get(path, SERVER_KEY_LINE);
    advice = json_at(record.body.data, "advice");
    if (json_count(advice) != (rule ? 1 : 0)) {
        fail_msg("tip %d, %s: %s", tip, rule ? rule : "none", advice.start);
    }
    if (rule) {
        assert_true(json_is(json_at(record.body.data, "advice[0].rule"), rule));
        assert_int_equal((int)json_number(json_at(record.body.data, "advice[0].tip")), tip);
    }
    assert_int_equal(reply_header_count(page, "Debug-Toolbar-Advice"), rule ? 1 : 0);
    reply_free(&record);
}

static struct reply get_way(int tip, const char *way, const char *headers)
{
    char path[32];

    snprintf(path, sizeof path, "/tips/%d/%s", tip, way);
    return get(path, headers);
}

/* The page as the visitor without the key gets it, who finds the function in it and the other way.
 */
static struct reply check_page(int tip, const char *way, const char *other, const char *rule)
{
    struct reply shown = get_way(tip, way, SERVER_KEY_LINE);
    struct reply hidden = get_way(tip, way, wrong_key);
    char text[64];

    assert_int_equal(hidden.status, 200);
    assert_hidden(&hidden);
    assert_page(&shown, hidden.body.data);
    check_advice(&shown, tip, rule);
    snprintf(text, sizeof text, "<a href=\"/tips/%d/%s\">", tip, other);
    assert_non_null(strstr(hidden.body.data, text));
    /* What runs is what is shown. */
    snprintf(text, sizeof text, "<pre><code>void tip_%d_%s(struct result *result)\n{", tip, way);
    assert_non_null(strstr(hidden.body.data, text));
    reply_free(&shown);
    return hidden;
}

static void the_table_tells_the_truth(void **state)
{
    struct reply first_page;

    (void)state;
    start(with_key());
    first_page = get("/", NULL);
    for (int tip = 1; tip <= TIPS; tip++) {
        char *rule = verdict(&first_page, tip, "dont");
        char *none = verdict(&first_page, tip, "do");
        struct reply one = check_page(tip, "dont", "do", rule);
        struct reply two = check_page(tip, "do", "dont", NULL);
        char *from_one = piece(&one, "<tbody>", "</tbody>");
        char *from_two = piece(&two, "<tbody>", "</tbody>");

        assert_string_equal(none, "no advice");
        assert_non_null(strstr(from_one, "<td>"));
        assert_string_equal(from_one, from_two);
        free(rule);
        free(none);
        free(from_one);
        free(from_two);
        reply_free(&one);
        reply_free(&two);
    }
    reply_free(&first_page);
    stop();
}

/* With neither debug mode nor a key there is no toolbar at all; over plain HTTP never. */
static void without_the_toolbar(void **state)
{
    char *pages[2 * TIPS];

    (void)state;
    start(NULL);
    for (int i = 0; i < 2 * TIPS; i++) {
        struct reply reply = get_way(1 + i / 2, i % 2 ? "do" : "dont", SERVER_KEY_LINE);

        assert_hidden(&reply);
        pages[i] = strdup(reply.body.data);
        reply_free(&reply);
    }
    stop();
    start(with_key());
    client_close(client);
    client = client_open(demo->http_port, false);
    for (int i = 0; i < 2 * TIPS; i++) {
        struct reply reply = get_way(1 + i / 2, i % 2 ? "do" : "dont", SERVER_KEY_LINE);

        assert_hidden(&reply);
        assert_string_equal(reply.body.data, pages[i]);
        free(pages[i]);
        reply_free(&reply);
    }
    stop();
}

/* Visitors of other pages, and of the ones that write, all at the same time. */
static void check_together(struct client **clients, const struct reply *first_page, int tip)
{
    char *rule = verdict(first_page, tip, "dont"), dont[32], follow[32];
    const struct {
        const char *path;
        int tip;
        const char *rule;
    } visits[CLIENTS] = {
        {dont, tip, rule},
        {"/tips/11/dont", 11, "bulk_write"},
        {follow, tip, NULL},
        {"/people", 0, NULL},
        {"/tips/12/dont", 12, "bulk_insert"},
        {"/people/fathers", 4, "n_plus_one"},
    };

    snprintf(dont, sizeof dont, "/tips/%d/dont", tip);
    snprintf(follow, sizeof follow, "/tips/%d/do", tip);
    for (int i = 0; i < CLIENTS; i++) {
        char request[160];

        snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "\r\n", visits[i].path);
        assert_true(client_send_text(clients[i], request));
    }
    for (int i = 0; i < CLIENTS; i++) {
        struct reply reply;

        assert_true(client_read(clients[i], false, &reply));
        assert_int_equal(reply.status, 200);
        check_advice(&reply, visits[i].tip, visits[i].rule);
        reply_free(&reply);
    }
    free(rule);
}

static char *data_now(void)
{
    struct reply people = get("/api/people.json", NULL), jobs = get("/tips/9/do", NULL);
    char *data = NULL;

    if (asprintf(&data, "%s%s", people.body.data, jobs.body.data) < 0) fail();
    reply_free(&people);
    reply_free(&jobs);
    return data;
}

static void many_visitors_at_once(void **state)
{
    struct client *clients[CLIENTS];
    struct reply first_page;
    char *before, *after;

    (void)state;
    start(with_key());
    first_page = get("/", NULL);
    before = data_now();
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_open(demo->https_port, true);
        assert_non_null(clients[i]);
    }
    for (int i = 0; i < 2 * TIPS; i++) {
        check_together(clients, &first_page, 1 + i % TIPS);
    }
    for (int i = 0; i < CLIENTS; i++) {
        client_close(clients[i]);
    }
    after = data_now();
    assert_string_equal(before, after);
    free(before);
    free(after);
    reply_free(&first_page);
    stop();
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
}

static int number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    int result;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    result = sqlite3_column_int(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return result;
}

/* Somebody else writes and does not end: the page must not write what nobody would roll back. */
static void while_another_program_writes(void **state)
{
    sqlite3 *other;
    struct reply reply;
    int sum;

    (void)state;
    start(with_key());
    assert_int_equal(sqlite3_open(scratch_path("demo.sqlite"), &other), SQLITE_OK);
    sum = number(other, "SELECT sum(salary) FROM job");
    run(other, "BEGIN IMMEDIATE");
    reply = get("/tips/11/dont", NULL);
    assert_int_equal(reply.status, 500);
    reply_free(&reply);
    run(other, "ROLLBACK");
    assert_int_equal(number(other, "SELECT sum(salary) FROM job"), sum);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    reply = get("/tips/11/dont", NULL);
    assert_int_equal(reply.status, 200);
    reply_free(&reply);
    stop();
}

/* As the first demos made it. */
static void make_old_database(const char *path)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run(db, "CREATE TABLE job (id INTEGER PRIMARY KEY, title TEXT NOT NULL, salary INTEGER NOT "
            "NULL);"
            "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER NOT "
            "NULL, father_id INTEGER REFERENCES person, job_id INTEGER NOT NULL REFERENCES job);"
            "PRAGMA application_id = 1685348978;"
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 32)"
            "INSERT INTO job SELECT i, 'job ' || i, i * 1000 FROM n;"
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            "INSERT INTO person SELECT i, 'person ' || i, 1900, NULL, 1 + i % 32 FROM n");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void databases_of_older_demos(void **state)
{
    const char *arguments[] = {"--database", scratch_path("old.sqlite"), "--secret-key-file",
                               with_key()[1], NULL};
    sqlite3 *db;

    (void)state;
    make_old_database(arguments[1]);
    /* Upgraded by the first start, left alone by the second. */
    for (int i = 0; i < 2; i++) {
        struct reply reply;

        start(arguments);
        reply = get_way(9, "dont", SERVER_KEY_LINE);
        check_advice(&reply, 9, "wide_column");
        assert_non_null(strstr(reply.body.data, "<td>job 32</td><td>32000</td>"));
        reply_free(&reply);
        stop();
    }
    assert_int_equal(sqlite3_open(arguments[1], &db), SQLITE_OK);
    assert_int_equal(number(db, "PRAGMA user_version"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM job WHERE length(handbook) >= 5000"), 32);
    assert_int_equal(number(db, "SELECT count(*) FROM person"), 1000);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void no_other_pages(void **state)
{
    static const char *const paths[] = {"/tips/",      "/tips/0/do",  "/tips/14/do", "/tips/1",
                                        "/tips/01/do", "/tips/1/do/", "/tips/1/DO",  "/tips/1/d"};

    (void)state;
    start(NULL);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct reply reply = get(paths[i], NULL);

        if (reply.status != 404) fail_msg("%s: %u", paths[i], reply.status);
        reply_free(&reply);
    }
    stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_tells_the_truth), cmocka_unit_test(without_the_toolbar),
        cmocka_unit_test(many_visitors_at_once),     cmocka_unit_test(while_another_program_writes),
        cmocka_unit_test(databases_of_older_demos),  cmocka_unit_test(no_other_pages),
    };

    return cmocka_run_group_tests_name("demo tips", tests, NULL, NULL);
}
