/*
 * What is set up wrongly is said in words, at the start or at the first request that shows it;
 * and whatever is wrong, the application answers.
 */
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static sqlite3 *database;

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", page);
}

/* As a server that the toolbar was added to, all but this call. */
static enum MHD_Result answer_past_the_toolbar(struct call *call)
{
    unsigned status = call->url[1] == 'e' ? MHD_HTTP_NOT_FOUND : MHD_HTTP_OK;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(call->connection, status, response);

    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_not(struct call *call)
{
    (void)call;
    return MHD_NO;
}

static enum MHD_Result answer_query(struct call *call)
{
    if (sqlite3_exec(database, "SELECT 1", NULL, NULL, NULL) != SQLITE_OK) return MHD_NO;
    return answer_page(call);
}

static const struct route routes[] = {{"/page", answer_page},
                                      {"/query", answer_query},
                                      {"/past", answer_past_the_toolbar},
                                      {"/error", answer_past_the_toolbar},
                                      {"/not", answer_not},
                                      {NULL, NULL}};

static int start(void **state)
{
    (void)state;
    toolbar = server_toolbar(NULL, &test_log);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    toolbar_free(toolbar);
    assert_false(test_log.multiline);
    log_clear(&test_log);
    return 0;
}

static struct server *serve(enum server_transport transport)
{
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = transport, .routes = routes, .toolbar = toolbar};

    return server_start(&options);
}

static struct reply get(const struct server *server, const char *path, const char *headers)
{
    struct reply reply = {0};

    if (!fetch(server->port, server->tls, "GET", path, headers, &reply)) {
        fail_msg("no reply to %s", path);
    }
    return reply;
}

static void every_error_has_its_own_words(void **state)
{
    (void)state;
    for (int i = 0; i <= TOOLBAR_ERROR_ADDRESS; i++) {
        const char *text = toolbar_error_text((enum toolbar_error)i);

        assert_true(strlen(text) > 7);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(text, toolbar_error_text((enum toolbar_error)j));
        }
    }
    assert_non_null(toolbar_error_text((enum toolbar_error)1000));
}

/* An empty one would take the application's own addresses. */
static void a_prefix_that_is_none_is_refused(void **state)
{
    static const char *const prefixes[] = {NULL,   "",       "/",      "//",      "debug",
                                           "/a b", "/a?b=c", "/a/../", "/a%2fb/", "/\xc3\xa4"};

    (void)state;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
        struct toolbar *none = NULL;

        options.url_prefix = prefixes[i];
        assert_int_equal(toolbar_new(&options, &none), TOOLBAR_ERROR_URL_PREFIX);
        assert_null(none);
    }
    assert_non_null(strstr(toolbar_error_text(TOOLBAR_ERROR_URL_PREFIX), "URL prefix"));
}

static void installing_twice_is_refused(void **state)
{
    struct server *server = serve(SERVER_GNUTLS);
    struct reply reply;

    (void)state;
    assert_null(toolbar_mhd_new(toolbar, toolbar_mhd_handler, server->mhd));
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_ERROR), 1);
    assert_true(log_has(&test_log, TOOLBAR_LOG_ERROR, "own handler"));
    toolbar_mhd_on_completed(server->mhd, toolbar_mhd_completed, server->mhd);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_ERROR), 2);
    assert_true(log_has(&test_log, TOOLBAR_LOG_ERROR, "own callback"));
    reply = get(server, "/page", SERVER_KEY_LINE);
    assert_page(&reply, page);
    reply_free(&reply);
    server_stop_complete(server);
}

/* Attaching is how a connection gets another name. */
static void a_database_that_is_attached_twice_counts_once(void **state)
{
    struct server *server = serve(SERVER_GNUTLS);
    struct reply reply;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_int_equal(toolbar_sqlite_attach(toolbar, database, "main"), TOOLBAR_OK);
    assert_int_equal(toolbar_sqlite_attach(toolbar, database, "renamed"), TOOLBAR_OK);
    reply = get(server, "/query", SERVER_KEY_LINE);
    assert_non_null(strstr(reply_header(&reply, "Server-Timing"), "desc=\"1 query\""));
    assert_non_null(strstr(reply.body.data, "renamed"));
    reply_free(&reply);
    server_stop_complete(server);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void a_response_queued_past_the_toolbar_is_told_once(void **state)
{
    struct server *server = serve(SERVER_MBEDTLS);
    struct reply reply;
    bool came;

    (void)state;
    reply = get(server, "/past", NULL);
    reply_free(&reply);
    reply = get(server, "/page", SERVER_KEY_LINE);
    reply_free(&reply);
    /* An error may have been libmicrohttpd's own. */
    reply = get(server, "/error", SERVER_KEY_LINE);
    reply_free(&reply);
    came = fetch(server->port, true, "GET", "/not", SERVER_KEY_LINE, &reply);
    assert_false(came);
    for (int i = 0; i < 3; i++) {
        reply = get(server, "/past", SERVER_KEY_LINE);
        assert_hidden(&reply);
        assert_string_equal(reply.body.data, page);
        reply_free(&reply);
    }
    server_stop_complete(server);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_ERROR), 1);
    assert_true(log_has(&test_log, TOOLBAR_LOG_ERROR, "toolbar_mhd_queue_response()"));
}

/* Nothing is shown, and whoever turned debug mode on is told why: once, and only then. */
static void debug_mode_over_plain_http_is_told_once(void **state)
{
    struct server *server = serve(SERVER_PLAIN);

    (void)state;
    for (int i = 0; i < 6; i++) {
        struct reply reply;

        toolbar_set_debug(toolbar, i >= 2);
        reply = get(server, "/page", i % 2 ? "MYAPPKEY: wrong-wrong-wrong-00\r\n" : NULL);
        assert_hidden(&reply);
        reply_free(&reply);
        assert_int_equal(log_count(&test_log, TOOLBAR_LOG_WARNING), i >= 2);
    }
    assert_true(log_has(&test_log, TOOLBAR_LOG_WARNING, "plain HTTP"));
    server_stop_complete(server);
}

static bool never(struct toolbar_request *request, void *cls)
{
    (void)request, (void)cls;
    return false;
}

/* What cannot be meant is refused by name. */
static void options_that_contradict_each_other_are_refused(void **state)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    static const char *const wrong[] = {"127.0.0.1/33", NULL};
    struct toolbar_options rows[6];
    static const enum toolbar_error errors[6] = {
        TOOLBAR_ERROR_KEY_SOURCES, TOOLBAR_ERROR_FORWARDED, TOOLBAR_ERROR_FORWARDED,
        TOOLBAR_ERROR_NETWORK,     TOOLBAR_ERROR_KEY_WEAK,  TOOLBAR_ERROR_HEADER_NAME};
    struct toolbar *none = NULL;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        rows[i] = (struct toolbar_options)TOOLBAR_OPTIONS_INIT;
        rows[i].show = never;
    }
    rows[0].secret_key = SERVER_KEY;
    rows[0].secret_key_file = "/nowhere";
    rows[1].trusted_proxies = proxies;
    rows[2].forwarded = TOOLBAR_FORWARDED_RFC7239;
    rows[3].debug_peers = wrong;
    rows[4].secret_key = "short";
    rows[5].key_header = "MY APP KEY";
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(toolbar_new(&rows[i], &none), errors[i]);
        assert_null(none);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
        TEST(every_error_has_its_own_words),
        TEST(a_prefix_that_is_none_is_refused),
        TEST(options_that_contradict_each_other_are_refused),
        TEST(installing_twice_is_refused),
        TEST(a_database_that_is_attached_twice_counts_once),
        TEST(a_response_queued_past_the_toolbar_is_told_once),
        TEST(debug_mode_over_plain_http_is_told_once),
    };

    return cmocka_run_group_tests_name("behaviours at the start", tests, NULL, NULL);
}
