/*
 * The adapter in every threading mode of libmicrohttpd: pages come decorated and with an exact
 * length, connections are reused, suspended requests and upgrades work, and the application
 * sees its own req_cls and nothing else.
 */
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

static const char page[] = "<!DOCTYPE html>\n<html><head><title>\xc4\xb0</title></head>\n"
                           "<body><p>before</p><!-- </body> -->\n</body>\n</html>\n";

enum { WORKERS = 64, WORKER_QUERIES = 7 };

/* What suspends a request hands it to one of these; they are joined before the server stops. */
static pthread_t workers[WORKERS];
static atomic_uint worker_count;

struct job {
    struct call call;
    struct toolbar_request *request;
    bool queue; /* the worker itself queues the response */
};

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html; charset=utf-8", page);
}

static void query(struct toolbar *toolbar)
{
    sqlite3 *database;

    if (sqlite3_open(":memory:", &database) != SQLITE_OK) abort();
    if (toolbar && toolbar_sqlite_attach(toolbar, database, "worker") != TOOLBAR_OK) abort();
    for (int i = 0; i < WORKER_QUERIES; i++) {
        if (sqlite3_exec(database, "SELECT 1", NULL, NULL, NULL) != SQLITE_OK) abort();
    }
    sqlite3_close(database);
}

static void *work(void *cls)
{
    struct job *job = cls;

    toolbar_request_bind(job->request);
    query(job->call.server->options.toolbar);
    toolbar_request_unbind();
    if (job->queue && answer_page(&job->call) != MHD_YES) abort();
    MHD_resume_connection(job->call.connection);
    free(job);
    return NULL;
}

static enum MHD_Result suspend(struct call *call, bool queue)
{
    struct job *job = malloc(sizeof *job);
    unsigned number = atomic_fetch_add(&worker_count, 1);

    if (!job || number >= WORKERS) abort();
    *job = (struct job){*call, toolbar_request_current(), queue};
    call->visit->resumed = job;
    MHD_suspend_connection(call->connection);
    if (pthread_create(&workers[number], NULL, work, job) != 0) abort();
    return MHD_YES;
}

static enum MHD_Result answer_after_suspension(struct call *call)
{
    return call->visit->resumed ? answer_page(call) : suspend(call, false);
}

static enum MHD_Result answer_from_worker(struct call *call)
{
    return suspend(call, true);
}

static enum MHD_Result answer_with_body(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/plain", call->visit->body.data);
}

static void upgraded(void *cls, struct MHD_Connection *connection, void *req_cls, const char *extra,
                     size_t extra_length, MHD_socket socket,
                     struct MHD_UpgradeResponseHandle *handle)
{
    struct server *server = cls;
    struct visit *visit = req_cls;

    (void)connection, (void)extra, (void)extra_length;
    /* The application's own: libmicrohttpd hands it over by value. */
    if (!visit || visit->resumed != &workers) atomic_fetch_add(&server->strange, 1);
    if (send(socket, "no longer HTTP", 14, MSG_NOSIGNAL) != 14) abort();
    MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

static enum MHD_Result answer_upgrade(struct call *call)
{
    struct MHD_Response *response = MHD_create_response_for_upgrade(upgraded, call->server);

    call->visit->resumed = &workers;
    MHD_add_response_header(response, "Upgrade", "test");
    return call_answer(call, MHD_HTTP_SWITCHING_PROTOCOLS, response);
}

static const struct route routes[] = {
    {"/page", answer_page},          {"/suspended", answer_after_suspension},
    {"/worker", answer_from_worker}, {"/body", answer_with_body},
    {"/upgrade", answer_upgrade},    {NULL, NULL},
};

struct fixture {
    struct log log;
    struct toolbar *toolbar;
    struct server *server;
};

static struct fixture *start(enum server_mode mode, enum server_transport transport, bool uri_log)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct server_options options = {
        .mode = mode,
        .transport = transport,
        .routes = routes,
        .flags = MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE,
        .uri_log = uri_log,
    };

    assert_non_null(fixture);
    pthread_mutex_init(&fixture->log.lock, NULL);
    options.toolbar = fixture->toolbar = server_toolbar(NULL, &fixture->log);
    fixture->server = server_start(&options);
    return fixture;
}

static void stop(struct fixture *fixture)
{
    unsigned count = atomic_exchange(&worker_count, 0);

    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i], NULL);
    }
    server_stop_complete(fixture->server);
    toolbar_free(fixture->toolbar);
    assert_int_equal(log_count(&fixture->log, TOOLBAR_LOG_ERROR), 0);
    assert_false(fixture->log.multiline);
    log_clear(&fixture->log);
    free(fixture);
}

static enum server_mode mode_of(void **state)
{
    return *(const enum server_mode *)*state;
}

static void check_page(struct client *client, const char *path)
{
    struct reply reply;

    assert_true(client_fetch(client, "GET", path, SERVER_KEY_LINE, &reply));
    assert_int_equal(reply.status, 200);
    assert_page(&reply, page);
    assert_false(reply.chunked);
    assert_false(reply.closes);
    assert_true(client_drained(client));
    reply_free(&reply);
    assert_true(client_fetch(client, "GET", path, NULL, &reply));
    assert_hidden(&reply);
    assert_int_equal(reply.body.length, sizeof page - 1);
    assert_memory_equal(reply.body.data, page, sizeof page - 1);
    assert_true(client_drained(client));
    reply_free(&reply);
}

static void keeps_connections(void **state)
{
    struct fixture *fixture = start(mode_of(state), SERVER_GNUTLS, false);
    struct client *client = client_open(fixture->server->port, true);
    struct reply reply;

    assert_non_null(client);
    for (int i = 0; i < 40; i++) {
        check_page(client, "/page");
        assert_true(client_fetch(client, "GET", "/nowhere", SERVER_KEY_LINE, &reply));
        assert_int_equal(reply.status, 404);
        assert_skipped(&reply, "content-type", "the application's own 404\n", 26);
        reply_free(&reply);
    }
    client_close(client);
    assert_int_equal(log_count(&fixture->log, TOOLBAR_LOG_AUDIT), 80);
    stop(fixture);
}

static void reads_bodies(void **state)
{
    struct fixture *fixture = start(mode_of(state), SERVER_GNUTLS, true);
    struct client *client = client_open(fixture->server->port, true);
    struct reply reply;

    assert_non_null(client);
    for (int i = 0; i < 10; i++) {
        assert_true(client_send_text(
            client, "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n"));
        assert_true(client_send_text(client, i % 2 ? SERVER_KEY_LINE "\r\nhello" : "\r\nhello"));
        assert_true(client_send_text(client, " world"));
        assert_true(client_read(client, false, &reply));
        assert_int_equal(reply.status, 200);
        if (i % 2) {
            assert_skipped(&reply, "content-type", "hello world", 11);
        } else {
            assert_hidden(&reply);
            assert_string_equal(reply.body.data, "hello world");
        }
        reply_free(&reply);
    }
    client_close(client);
    stop(fixture);
}

static void answers_pipelined_requests(void **state)
{
    static const char requests[] =
        "GET /page HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "\r\n"
        "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
        "GET /page HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "\r\n";
    struct fixture *fixture = start(mode_of(state), SERVER_GNUTLS, false);
    struct client *client = client_open(fixture->server->port, true);
    struct reply reply;

    assert_non_null(client);
    assert_true(client_send_text(client, requests));
    for (int i = 0; i < 3; i++) {
        assert_true(client_read(client, false, &reply));
        if (i == 1) {
            assert_hidden(&reply);
        } else {
            assert_page(&reply, page);
        }
        reply_free(&reply);
    }
    assert_true(client_drained(client));
    client_close(client);
    stop(fixture);
}

/* The record of the request whose page this is says how many queries it made. */
static void check_queries(struct client *client, const struct reply *reply, int64_t expected)
{
    struct reply record;
    char path[80];

    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(reply, "Debug-Toolbar-Id"));
    assert_true(client_fetch(client, "GET", path, SERVER_KEY_LINE, &record));
    assert_int_equal(record.status, 200);
    assert_int_equal(json_count(json_at(record.body.data, "queries")), expected);
    reply_free(&record);
}

static void suspends(void **state)
{
    static const char *const paths[] = {"/suspended", "/worker"};
    struct fixture *fixture;
    struct client *client;
    struct reply reply;

    /* "not applicable to thread-per-connection", says libmicrohttpd, and loses the resumption. */
    if (mode_of(state) == SERVER_THREADS) return;
    fixture = start(mode_of(state), SERVER_GNUTLS, false);
    client = client_open(fixture->server->port, true);
    assert_non_null(client);
    for (int i = 0; i < 8; i++) {
        check_page(client, paths[i % 2]);
        assert_true(client_fetch(client, "GET", paths[i % 2], SERVER_KEY_LINE, &reply));
        assert_page(&reply, page);
        check_queries(client, &reply, WORKER_QUERIES);
        reply_free(&reply);
    }
    client_close(client);
    stop(fixture);
}

static void upgrades(void **state)
{
    struct fixture *fixture = start(mode_of(state), SERVER_GNUTLS, false);

    for (int i = 0; i < 4; i++) {
        struct client *client = client_open(fixture->server->port, true);
        struct reply reply;
        char text[14];

        assert_non_null(client);
        assert_true(client_fetch(
            client, "GET", "/upgrade",
            i % 2 ? "Connection: upgrade\r\n" SERVER_KEY_LINE : "Connection: upgrade\r\n", &reply));
        assert_int_equal(reply.status, 101);
        assert_hidden(&reply);
        assert_string_equal(reply_header(&reply, "Upgrade"), "test");
        assert_int_equal(client_read_bytes(client, text, sizeof text), sizeof text);
        assert_memory_equal(text, "no longer HTTP", sizeof text);
        assert_true(client_ended(client));
        client_close(client);
        reply_free(&reply);
    }
    stop(fixture);
}

static void works_behind_the_listener(void **state)
{
    enum server_mode mode = mode_of(state);
    struct fixture *fixture;
    struct client *client;

    if (mode >= SERVER_LOOP_EPOLL) return; /* refused: nobody would take the connections */
    fixture = start(mode, SERVER_MBEDTLS, false);
    client = client_open(fixture->server->port, true);
    assert_non_null(client);
    for (int i = 0; i < 20; i++) {
        check_page(client, i % 2 || mode == SERVER_THREADS ? "/page" : "/worker");
    }
    client_close(client);
    stop(fixture);
}

static void starts_again(void **state)
{
    for (int i = 0; i < 3; i++) {
        struct fixture *fixture = start(mode_of(state), SERVER_GNUTLS, false);
        struct client *client = client_open(fixture->server->port, true);

        assert_non_null(client);
        check_page(client, "/page");
        /* Every other time the connection is still open when the server stops. */
        if (i % 2) {
            stop(fixture);
            client_close(client);
        } else {
            client_close(client);
            stop(fixture);
        }
    }
}

#define TEST(function)                                                                             \
    {                                                                                              \
#function, function                                                                        \
    }

int main(void)
{
    static const char *const mode_names[] = {"select", "poll",       "epoll",      "pool",
                                             "thread", "loop_epoll", "loop_select"};
    static const struct {
        const char *name;
        CMUnitTestFunction function;
    } kinds[] = {
        TEST(keeps_connections), TEST(reads_bodies), TEST(answers_pipelined_requests),
        TEST(suspends),          TEST(upgrades),     TEST(works_behind_the_listener),
        TEST(starts_again),
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    static enum server_mode modes[SERVER_MODES];
    static char names[SERVER_MODES * KINDS][64];
    struct CMUnitTest tests[SERVER_MODES * KINDS] = {0};

    for (size_t i = 0; i < SERVER_MODES * KINDS; i++) {
        size_t mode = i / KINDS;

        modes[mode] = (enum server_mode)mode;
        snprintf(names[i], sizeof names[i], "%s %s", mode_names[mode], kinds[i % KINDS].name);
        tests[i].name = names[i];
        tests[i].test_func = kinds[i % KINDS].function;
        tests[i].initial_state = &modes[mode];
    }
    return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}
