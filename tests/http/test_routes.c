/*
 * What answers under the prefix, for whom, and that nothing else does: the assets, the list of
 * requests, their records; everything else and everybody else gets the application's own answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";
/* Digits, but not of ASCII. */
#define FOUR_ONES "\xd9\xa1\xd9\xa1\xd9\xa1\xd9\xa1"

static const char own[] = "the application's own answer";

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static struct server *server, *plain;

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", page);
}

static enum MHD_Result answer_own(struct call *call)
{
    return call_text(call, MHD_HTTP_NOT_FOUND, "text/plain", own);
}

static const struct route routes[] = {{"/page*", answer_page}, {"/*", answer_own}, {NULL, NULL}};

static int start_under(const char *prefix)
{
    struct toolbar_options toolbar_options = TOOLBAR_OPTIONS_INIT;
    struct server_options options = {
        .mode = SERVER_POOL, .transport = SERVER_GNUTLS, .routes = routes};

    toolbar_options.url_prefix = prefix;
    options.toolbar = toolbar = server_toolbar(&toolbar_options, &test_log);
    server = server_start(&options);
    options.transport = SERVER_PLAIN;
    plain = server_start(&options);
    return 0;
}

static int start(void **state)
{
    (void)state;
    return start_under("/__debug__");
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    server_stop(plain);
    toolbar_free(toolbar);
    log_clear(&test_log);
    return 0;
}

static struct reply get(const char *path)
{
    struct reply reply = {0};

    if (!fetch(server->port, true, "GET", path, SERVER_KEY_LINE, &reply)) {
        fail_msg("no reply to %s", path);
    }
    return reply;
}

static void check_own_headers(const struct reply *reply)
{
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    assert_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    assert_header(reply, "Referrer-Policy", "no-referrer");
    assert_header(reply, "X-Frame-Options", "DENY");
    assert_non_null(strstr(reply_header(reply, "Content-Security-Policy"), "default-src 'none'"));
    assert_null(reply_header(reply, "Access-Control-Allow-Origin"));
    assert_null(reply_header(reply, "Debug-Toolbar-Id"));
    assert_false(reply->closes);
}

/* The first URL behind `attribute` in the page. */
static void find_url(const struct reply *reply, const char *attribute, char url[256])
{
    const char *at = strstr(reply->body.data, attribute);
    size_t length;

    assert_non_null(at);
    at += strlen(attribute);
    length = strcspn(at, "\"");
    assert_true(length < 256);
    memcpy(url, at, length);
    url[length] = '\0';
}

static void assets(void **state)
{
    static const struct {
        const char *attribute;
        const char *type;
    } rows[] = {{" href=\"", "text/css"}, {" src=\"", "text/javascript"}};
    struct reply decorated = get("/page");

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct reply reply;
        char url[256], wrong[512];

        find_url(&decorated, rows[i].attribute, url);
        assert_memory_equal(url, "/__debug__/static/", 18);
        reply = get(url);
        assert_int_equal(reply.status, 200);
        assert_memory_equal(reply_header(&reply, "Content-Type"), rows[i].type,
                            strlen(rows[i].type));
        assert_non_null(strstr(reply_header(&reply, "Cache-Control"), "private"));
        assert_non_null(strstr(reply_header(&reply, "Cache-Control"), "immutable"));
        assert_header(&reply, "Content-Encoding", "gzip");
        assert_memory_equal(reply.body.data, "\x1f\x8b", 2);
        assert_true(reply.body.length > 100);
        check_own_headers(&reply);
        reply_free(&reply);
        assert_true(fetch(server->port, true, "HEAD", url, SERVER_KEY_LINE, &reply));
        assert_int_equal(reply.status, 200);
        reply_free(&reply);
        /* Another hash is another file. */
        snprintf(wrong, sizeof wrong, "%s", url);
        wrong[strlen(wrong) - 6] ^= 1;
        reply = get(wrong);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
    reply_free(&decorated);
}

static void check_entry(const char *text, int index, const char *id)
{
    static const struct {
        const char *name;
        enum json_type type;
    } members[] = {
        {"id", JSON_STRING},      {"time", JSON_STRING},   {"method", JSON_STRING},
        {"url", JSON_STRING},     {"status", JSON_NUMBER}, {"duration_ms", JSON_NUMBER},
        {"queries", JSON_NUMBER}, {"sql_ms", JSON_NUMBER}, {"advice", JSON_NUMBER},
    };
    char path[64];

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        snprintf(path, sizeof path, "[%d].%s", index, members[i].name);
        assert_int_equal(json_at(text, path).type, members[i].type);
    }
    snprintf(path, sizeof path, "[%d].id", index);
    if (id) assert_true(json_is(json_at(text, path), id));
}

static void list_of_requests(void **state)
{
    enum { REQUESTS = 60, KEPT = 50 };
    static char ids[REQUESTS][33];
    struct reply reply;

    (void)state;
    reply = get("/__debug__/requests.json");
    assert_int_equal(json_count(json_at(reply.body.data, "")), 0);
    reply_free(&reply);
    for (int i = 0; i < REQUESTS; i++) {
        char path[32];

        snprintf(path, sizeof path, "/page?n=%d", i);
        reply = get(path);
        assert_own_headers(&reply, ids[i]);
        reply_free(&reply);
    }
    reply = get("/__debug__/requests.json");
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "application/json");
    assert_header(&reply, "Cache-Control", "private, no-store");
    check_own_headers(&reply);
    /* The toolbar's own requests are not among them. */
    assert_int_equal(json_count(json_at(reply.body.data, "")), KEPT);
    for (int i = 0; i < KEPT; i++) {
        check_entry(reply.body.data, i, ids[REQUESTS - 1 - i]);
    }
    assert_true(json_is(json_at(reply.body.data, "[0].method"), "GET"));
    assert_true(json_is(json_at(reply.body.data, "[0].url"), "/page?n=59"));
    assert_int_equal((int)json_number(json_at(reply.body.data, "[0].status")), 200);
    reply_free(&reply);
}

/* A body does not belong there, but is no reason to hang or to break the connection. */
static void request_with_a_body(void **state)
{
    struct client *client = client_open(server->port, true);
    struct reply reply;

    (void)state;
    assert_non_null(client);
    for (int i = 0; i < 2; i++) {
        assert_true(client_send_text(
            client, "GET /__debug__/requests.json HTTP/1.1\r\nHost: a\r\n" SERVER_KEY_LINE
                    "Content-Length: 6\r\n\r\nabc"));
        assert_true(client_send_text(client, "def"));
        assert_true(client_read(client, false, &reply));
        assert_int_equal(reply.status, 200);
        check_own_headers(&reply);
        reply_free(&reply);
    }
    client_close(client);
}

static struct reply record_of(const char *id)
{
    char path[80];

    snprintf(path, sizeof path, "/__debug__/requests/%s.json", id);
    return get(path);
}

static void record_of_a_request(void **state)
{
    static const struct {
        const char *name;
        enum json_type type;
    } members[] = {
        {"version", JSON_NUMBER},    {"id", JSON_STRING},          {"time", JSON_STRING},
        {"method", JSON_STRING},     {"url", JSON_STRING},         {"status", JSON_NUMBER},
        {"skipped", JSON_NULL},      {"duration_ms", JSON_NUMBER}, {"queries", JSON_ARRAY},
        {"advice", JSON_ARRAY},      {"panels", JSON_OBJECT},      {"panels.time", JSON_OBJECT},
        {"panels.sql", JSON_OBJECT},
    };
    struct reply reply = get("/page?a=%3Cb%3E"), record;
    char id[33];

    (void)state;
    assert_own_headers(&reply, id);
    reply_free(&reply);
    record = record_of(id);
    assert_int_equal(record.status, 200);
    check_own_headers(&record);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        assert_int_equal(json_at(record.body.data, members[i].name).type, members[i].type);
    }
    assert_int_equal((int)json_number(json_at(record.body.data, "version")), 1);
    assert_true(json_is(json_at(record.body.data, "id"), id));
    assert_true(json_is(json_at(record.body.data, "url"), "/page?a=%3Cb%3E"));
    reply_free(&record);

    reply = get("/nothing");
    assert_skipped(&reply, "content-type", own, sizeof own - 1);
    assert_own_headers(&reply, id);
    reply_free(&reply);
    record = record_of(id);
    assert_true(json_is(json_at(record.body.data, "skipped"), "content-type"));
    assert_int_equal((int)json_number(json_at(record.body.data, "status")), 404);
    reply_free(&record);
}

static void unknown_ids(void **state)
{
    static const char *const ids[] = {"00000000000000000000000000000000",
                                      "ffffffffffffffffffffffffffffffff"};
    /* No ids at all: not the toolbar's addresses. */
    static const char *const odd[] = {
        "0",
        "-1",
        "18446744073709551616",
        "1%20OR%201=1",
        "..%2f..%2fetc%2fpasswd",
        "../../x",
        "0000000000000000000000000000000",
        "000000000000000000000000000000000",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "0000000000000000000000000000000g",
        FOUR_ONES FOUR_ONES FOUR_ONES FOUR_ONES,
        "%00",
        "a/b",
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct reply reply = record_of(ids[i]);

        assert_int_equal(reply.status, 404);
        assert_int_equal(json_at(reply.body.data, "error").type, JSON_STRING);
        assert_header(&reply, "Cache-Control", "private, no-store");
        check_own_headers(&reply);
        reply_free(&reply);
    }
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct reply reply = record_of(odd[i]);

        assert_int_equal(reply.status, 404);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
}

static const char *const paths[] = {
    "/__debug__",
    "/__debug__/requests.json",
    "/__debug__/requests/00000000000000000000000000000000.json",
    "/__debug__/static/toolbar.css",
    "/__debug__/static/",
    "/__debug__/sql?sql=SELECT+1&raw_sql=SELECT+2",
    "//__debug__/requests.json",
    "/__DEBUG__/requests.json",
    "/__debug__x/requests.json",
    "/x/../__debug__/requests.json",
    "/__debug__/./requests.json",
    "/__debug__/requests.json/",
    "/__debug__;x/requests.json",
};

/* Whoever is not shown the toolbar gets the application's answer for its addresses. */
static void hidden_clients(void **state)
{
    struct reply decorated = get("/page"), reply;
    char urls[2][256];
    const char *all[sizeof paths / sizeof *paths + 2] = {urls[0], urls[1]};

    (void)state;
    find_url(&decorated, " href=\"", urls[0]);
    find_url(&decorated, " src=\"", urls[1]);
    reply_free(&decorated);
    memcpy(all + 2, paths, sizeof paths);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        static const char *const keys[] = {NULL, "MYAPPKEY: wrong-wrong-wrong-00\r\n",
                                           SERVER_KEY_LINE "Sec-Fetch-Site: cross-site\r\n",
                                           SERVER_KEY_LINE SERVER_KEY_LINE};

        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            assert_true(fetch(server->port, true, "GET", all[i], keys[k], &reply));
            assert_hidden(&reply);
            assert_int_equal(reply.status, 404);
            assert_string_equal(reply.body.data, own);
            reply_free(&reply);
        }
        assert_true(fetch(plain->port, false, "GET", all[i], SERVER_KEY_LINE, &reply));
        assert_hidden(&reply);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
}

/* For those who are shown it too: other methods, other spellings. */
static void only_its_own_addresses(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
    struct reply reply;

    (void)state;
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        assert_true(fetch(server->port, true, methods[m], "/__debug__/requests.json",
                          SERVER_KEY_LINE "Content-Length: 0\r\n", &reply));
        assert_int_equal(reply.status, 404);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
    for (size_t i = 3; i < sizeof paths / sizeof *paths; i++) {
        reply = get(paths[i]);
        assert_int_equal(reply.status, 404);
        assert_string_equal(reply.body.data, own);
        reply_free(&reply);
    }
}

/* Debug mode shows pages that another site links to, but not the recorded requests to it. */
static void records_are_for_the_same_origin(void **state)
{
    static const char navigation[] =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    struct reply reply;

    (void)state;
    toolbar_set_debug(toolbar, true);
    assert_true(fetch(server->port, true, "GET", "/page", navigation, &reply));
    assert_page(&reply, page);
    reply_free(&reply);
    assert_true(fetch(server->port, true, "GET", "/__debug__/requests.json", navigation, &reply));
    assert_int_equal(reply.status, 404);
    assert_string_equal(reply.body.data, own);
    reply_free(&reply);
}

/* However the client repeats its key, it comes back in nothing. */
static void the_key_is_in_no_answer(void **state)
{
    static const char *const requests[] = {
        "/page",
        "/page?key=" SERVER_KEY,
        "/page/" SERVER_KEY,
        "/nothing?MYAPPKEY=" SERVER_KEY,
    };
    struct reply reply, record;
    char id[33];

    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        assert_true(fetch(server->port, true, "GET", requests[i],
                          SERVER_KEY_LINE "Cookie: k=" SERVER_KEY
                                          "\r\nReferer: https://a/?k=" SERVER_KEY
                                          "\r\nX-Copy: " SERVER_KEY "\r\n",
                          &reply));
        assert_no_key(&reply.raw, SERVER_KEY);
        assert_own_headers(&reply, id);
        reply_free(&reply);
        record = record_of(id);
        assert_int_equal(record.status, 200);
        assert_no_key(&record.raw, SERVER_KEY);
        reply_free(&record);
    }
    reply = get("/__debug__/requests.json");
    assert_no_key(&reply.raw, SERVER_KEY);
    reply_free(&reply);
    for (int level = 0; level < 3; level++) {
        if (test_log.lines[level].data) assert_no_key(&test_log.lines[level], SERVER_KEY);
    }
}

static void another_prefix(void **state)
{
    struct reply reply;
    char url[256];

    stop(state);
    start_under("/_my/tools/");
    reply = get("/page");
    find_url(&reply, " href=\"", url);
    assert_memory_equal(url, "/_my/tools/static/", 18);
    reply_free(&reply);
    reply = get("/_my/tools/requests.json");
    assert_int_equal(json_count(json_at(reply.body.data, "")), 1);
    reply_free(&reply);
    reply = get("/__debug__/requests.json");
    assert_string_equal(reply.body.data, own);
    reply_free(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
        TEST(assets),
        TEST(list_of_requests),
        TEST(request_with_a_body),
        TEST(record_of_a_request),
        TEST(unknown_ids),
        TEST(hidden_clients),
        TEST(only_its_own_addresses),
        TEST(records_are_for_the_same_origin),
        TEST(the_key_is_in_no_answer),
        TEST(another_prefix),
    };

    return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
