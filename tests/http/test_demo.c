/*
 * The demo server as a visitor sees it: every page in debug mode, with the key and without, over
 * both kinds of TLS and over plain HTTP.
 */
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

static const struct {
    const char *path;
    unsigned status;
    const char *reason; /* NULL: decorated */
    int queries;        /* -1: does not matter */
} pages[] = {
    {"/", 200, NULL, -1},
    {"/people", 200, NULL, 1},
    {"/people/fathers", 200, NULL, 51},
    {"/people/7", 200, NULL, -1},
    {"/people/new", 200, NULL, -1},
    {"/people/0", 404, NULL, -1},
    {"/people/999999999999999999999", 404, NULL, -1},
    {"/people/x", 404, NULL, -1},
    {"/large", 200, NULL, 0},
    {"/streamed", 200, NULL, 2},
    {"/tips", 200, NULL, 0},
    {"/tips/4/dont", 200, NULL, 13},
    {"/nowhere", 404, NULL, 0},
    {"/demo.css", 200, "content-type", 0},
    {"/api/people.json", 200, "content-type", 1},
    {"/download/people.csv", 200, "attachment", 1},
    {"/old", 302, "status", 0},
};
enum { PAGES = sizeof pages / sizeof *pages };

static const char wrong_key[] = "MYAPPKEY: wrong-wrong-wrong-00\r\n";

static void check_page(struct client *client, struct client *plain, size_t number,
                       const char *headers)
{
    const char *path = pages[number].path;
    struct reply hidden, shown, unencrypted;

    assert_true(client_fetch(client, "GET", path, wrong_key, &hidden));
    assert_true(client_fetch(plain, "GET", path, headers, &unencrypted));
    assert_true(client_fetch(client, "GET", path, headers, &shown));
    assert_null(reply_header(&hidden, "Debug-Toolbar-Id"));
    assert_null(reply_header(&unencrypted, "Debug-Toolbar-Id"));
    assert_null(strstr(unencrypted.body.data, "<debug-toolbar"));
    assert_int_equal(shown.status, hidden.status);
    assert_int_equal(shown.status, pages[number].status);
    if (pages[number].reason) {
        assert_skipped(&shown, pages[number].reason, hidden.body.data, hidden.body.length);
    } else {
        assert_page(&shown, hidden.body.data);
    }
    if (pages[number].queries >= 0) {
        char expected[64];

        snprintf(expected, sizeof expected, "desc=\"%d quer", pages[number].queries);
        assert_non_null(strstr(reply_header(&shown, "Server-Timing"), expected));
    }
    reply_free(&hidden);
    reply_free(&shown);
    reply_free(&unencrypted);
}

static void check_pages(const struct demo_process *demo, const char *headers)
{
    struct client *client = client_open(demo->https_port, true);
    struct client *plain = client_open(demo->http_port, false);
    struct reply reply;

    assert_non_null(client);
    assert_non_null(plain);
    for (size_t i = 0; i < PAGES; i++) {
        check_page(client, plain, i, headers);
    }
    assert_true(client_fetch(client, "GET", "/people/fathers", headers, &reply));
    assert_non_null(strstr(reply.body.data, "51 queries,"));
    reply_free(&reply);
    client_close(client);
    client_close(plain);
}

static void stop_cleanly(struct demo_process *demo, int signal)
{
    struct demo_result result = demo_stop(demo, signal);

    if (result.status) fail_msg("ended with %d: %s", result.status, result.errors.data);
    assert_no_key(&result.out, SERVER_KEY);
    assert_no_key(&result.errors, SERVER_KEY);
    demo_result_free(&result);
}

static void debug_mode(void **state)
{
    static const char *const kinds[] = {"mbedtls", "gnutls"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *arguments[] = {"--debug", "--tls", kinds[i], NULL};
        struct demo_process *demo = demo_start(arguments);

        check_pages(demo, NULL);
        stop_cleanly(demo, i ? SIGINT : SIGTERM);
    }
}

static void with_the_key(void **state)
{
    static const char *const kinds[] = {"mbedtls", "gnutls"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *arguments[] = {"--secret-key-file",
                                   scratch_file("key", SERVER_KEY "\n", 0600),
                                   "--tls",
                                   kinds[i],
                                   "--threads",
                                   "3",
                                   NULL};
        struct demo_process *demo = demo_start(arguments);
        struct reply reply;

        check_pages(demo, SERVER_KEY_LINE);
        assert_true(fetch(demo->https_port, true, "GET", "/people", NULL, &reply));
        assert_null(reply_header(&reply, "Debug-Toolbar-Id"));
        assert_null(strstr(reply.body.data, "<debug-toolbar"));
        reply_free(&reply);
        stop_cleanly(demo, SIGTERM);
    }
}

static void with_neither(void **state)
{
    struct demo_process *demo = demo_start(NULL);

    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        struct reply reply;

        assert_true(fetch(demo->https_port, true, "GET", pages[i].path, SERVER_KEY_LINE, &reply));
        assert_null(reply_header(&reply, "Debug-Toolbar-Id"));
        assert_null(strstr(reply.body.data, "<debug-toolbar"));
        reply_free(&reply);
    }
    stop_cleanly(demo, SIGTERM);
}

static bool post(struct client *client, const char *form, struct reply *reply)
{
    char request[512];

    snprintf(request, sizeof request,
             "POST /people/new HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(form), form);
    return client_send_text(client, request) && client_read(client, false, reply);
}

/* POST, redirect, GET: both requests can be looked at afterwards. */
static void form(void **state)
{
    const char *arguments[] = {"--debug", NULL};
    struct demo_process *demo = demo_start(arguments);
    struct client *client = client_open(demo->https_port, true);
    struct reply reply;
    char location[64];

    (void)state;
    assert_non_null(client);
    assert_true(post(client, "name=&born=x&job=1&father=", &reply));
    assert_int_equal(reply.status, 400);
    assert_own_headers(&reply, NULL);
    assert_non_null(strstr(reply.body.data, "<debug-toolbar"));
    reply_free(&reply);
    assert_true(post(client, "name=New+%3Cb%3E+Person&born=1990&job=1&father=", &reply));
    assert_skipped(&reply, "status", reply.body.data, reply.body.length);
    assert_int_equal(reply.status, 303);
    snprintf(location, sizeof location, "%s", reply_header(&reply, "Location"));
    reply_free(&reply);
    assert_true(client_fetch(client, "GET", location, NULL, &reply));
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body.data, "New &lt;b&gt; Person"));
    assert_null(strstr(reply.body.data, "New <b>"));
    reply_free(&reply);
    assert_true(client_fetch(client, "GET", "/__debug__/requests.json", NULL, &reply));
    assert_true(json_is(json_at(reply.body.data, "[0].url"), location));
    assert_true(json_is(json_at(reply.body.data, "[1].method"), "POST"));
    assert_int_equal((int)json_number(json_at(reply.body.data, "[1].status")), 303);
    reply_free(&reply);
    client_close(client);
    stop_cleanly(demo, SIGTERM);
}

static void behind_a_trusted_proxy(void **state)
{
    const char *arguments[] = {"--secret-key-file",
                               scratch_file("key", SERVER_KEY "\n", 0600),
                               "--trusted-proxy",
                               "127.0.0.1",
                               "--trusted-proxy",
                               "::1/128",
                               NULL};
    struct demo_process *demo = demo_start(arguments);
    struct reply reply;

    (void)state;
    assert_true(fetch(demo->http_port, false, "GET", "/people",
                      SERVER_KEY_LINE "X-Forwarded-Proto: https\r\n", &reply));
    assert_own_headers(&reply, NULL);
    assert_non_null(strstr(reply.body.data, "<debug-toolbar"));
    reply_free(&reply);
    assert_true(fetch(demo->http_port, false, "GET", "/people", SERVER_KEY_LINE, &reply));
    assert_null(reply_header(&reply, "Debug-Toolbar-Id"));
    reply_free(&reply);
    stop_cleanly(demo, SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debug_mode),
        cmocka_unit_test(with_the_key),
        cmocka_unit_test(with_neither),
        cmocka_unit_test(form),
        cmocka_unit_test(behind_a_trusted_proxy),
    };

    return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
