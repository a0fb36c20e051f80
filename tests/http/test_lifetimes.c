/*
 * How requests and responses end: one response object for all threads and all time, clients that
 * go away in the middle, servers that stop with requests under way, and the mistake of leaving
 * out the completed callback. Nothing leaks, nothing is freed twice (the sanitizers watch), and
 * the panel never reaches the wrong client.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

enum { THREADS = 8, REQUESTS_EACH = 400, PIECE = 16 * 1024, PIECES = 512 };

static const char page[] = "<!doctype html><html><body><p>one for all</p></body></html>";

static struct MHD_Response *shared;
static atomic_uint bodies_freed;

static enum MHD_Result answer_shared(struct call *call)
{
    return call_queue(call, MHD_HTTP_OK, shared);
}

/* 8 MiB of a page, in pieces, or one that is never ready. */
static ssize_t read_long_page(void *cls, uint64_t position, char *buffer, size_t size)
{
    static const char start[] = "<!doctype html><body>";

    if (cls) return 0;
    if (position >= (uint64_t)PIECE * PIECES) return MHD_CONTENT_READER_END_OF_STREAM;
    memset(buffer, 'x', size);
    if (!position && size >= sizeof start) memcpy(buffer, start, sizeof start - 1);
    return (ssize_t)size;
}

static void count_free(void *cls)
{
    (void)cls;
    atomic_fetch_add(&bodies_freed, 1);
}

static enum MHD_Result answer_long(struct call *call)
{
    bool never = strcmp(call->url, "/never") == 0;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, PIECE, read_long_page, never ? call : NULL, count_free);

    MHD_add_response_header(response, "Content-Type", "text/html");
    return call_answer(call, MHD_HTTP_OK, response);
}

/* The application itself gives up on the connection. */
static enum MHD_Result answer_not(struct call *call)
{
    (void)call;
    return MHD_NO;
}

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", page);
}

static const struct route routes[] = {
    {"/shared", answer_shared}, {"/long", answer_long}, {"/never", answer_long},
    {"/not", answer_not},       {"/page", answer_page}, {NULL, NULL},
};

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;

static int make_toolbar(void **state)
{
    (void)state;
    log_clear(&test_log);
    toolbar = server_toolbar(NULL, &test_log);
    return 0;
}

static int free_toolbar(void **state)
{
    (void)state;
    toolbar_free(toolbar);
    log_clear(&test_log);
    return 0;
}

static struct server *start(enum server_mode mode, enum server_transport transport)
{
    struct server_options options = {
        .mode = mode, .transport = transport, .routes = routes, .toolbar = toolbar};

    return server_start(&options);
}

/* Alternately shown and not; what is not shown is not changed by what is. */
static void *request_shared(void *cls)
{
    const struct server *server = cls;
    struct client *client = client_open(server->port, true);
    size_t length = sizeof page - 1, wrong = 0;

    for (int i = 0; client && i < REQUESTS_EACH; i++) {
        const char *key = i % 3 ? SERVER_KEY_LINE : NULL;
        struct reply reply;

        if (!client_fetch(client, "GET", "/shared", key, &reply)) return cls;
        if (key) {
            wrong += !reply_header(&reply, "Debug-Toolbar-Id") || reply.body.length <= length ||
                     strncmp(reply.body.data, page, length - 14) != 0;
        } else {
            wrong += reply_header(&reply, "Debug-Toolbar-Id") != NULL || reply.field_count != 4 ||
                     strcmp(reply.body.data, page) != 0;
        }
        wrong += strcmp(reply_header(&reply, "ETag") ? reply_header(&reply, "ETag") : "",
                        key ? "" : "\"1\"") != 0;
        reply_free(&reply);
    }
    client_close(client);
    return wrong || !client ? cls : NULL;
}

static void shares_one_response(void **state)
{
    static const enum server_mode modes[] = {SERVER_POOL, SERVER_THREADS, SERVER_LOOP_EPOLL};

    (void)state;
    shared = MHD_create_response_from_buffer(sizeof page - 1, (void *)(uintptr_t)page,
                                             MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(shared, "Content-Type", "text/html");
    MHD_add_response_header(shared, "ETag", "\"1\"");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct server *server = start(modes[i], SERVER_GNUTLS);
        pthread_t threads[THREADS];
        unsigned failed = 0;

        for (int t = 0; t < THREADS; t++) {
            assert_int_equal(pthread_create(&threads[t], NULL, request_shared, server), 0);
        }
        for (int t = 0; t < THREADS; t++) {
            void *result;

            pthread_join(threads[t], &result);
            failed += result != NULL;
        }
        assert_int_equal(failed, 0);
        server_stop_complete(server);
    }
    /* Still what it was, whoever has it in hand. */
    assert_int_equal(MHD_get_response_headers(shared, NULL, NULL), 2);
    MHD_destroy_response(shared);
}

static void request_and_leave(struct server *server, const char *request, size_t read_bytes)
{
    static char buffer[64 * 1024];
    struct client *client = client_open(server->port, server->tls);
    unsigned before = atomic_load(&server->begun);

    assert_non_null(client);
    assert_true(client_send_text(client, request));
    if (read_bytes) assert_int_equal(client_read_bytes(client, buffer, read_bytes), read_bytes);
    /* The application has it. */
    for (int i = 0; i < CLIENT_TIMEOUT_MS && atomic_load(&server->begun) == before; i++) {
        usleep(1000);
    }
    client_abort(client);
}

static void survives_clients_that_leave(void **state)
{
    static const char head[] = "GET /long HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "\r\n";
    static const char upload[] = "POST /page HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
                                 "Content-Length: 100\r\n\r\nnot all of it";
    enum { ROUNDS = 10 };

    (void)state;
    for (enum server_mode mode = SERVER_SELECT; mode < SERVER_MODES; mode++) {
        struct server *server = start(mode, SERVER_GNUTLS);
        struct reply reply;

        atomic_store(&bodies_freed, 0);
        for (int i = 0; i < ROUNDS; i++) {
            request_and_leave(server, head, 20 * 1000);
            request_and_leave(server, upload, 0);
            request_and_leave(server, "GET /not HTTP/1.1\r\nHost: a\r\n" SERVER_KEY_LINE "\r\n", 0);
        }
        assert_true(fetch(server->port, true, "GET", "/page", NULL, &reply));
        assert_hidden(&reply);
        assert_string_equal(reply.body.data, page);
        reply_free(&reply);
        server_stop_complete(server);
        assert_int_equal(atomic_load(&bodies_freed), ROUNDS);
    }
}

static void stops_with_requests_under_way(void **state)
{
    static const char *const paths[] = {"/long", "/never"};
    enum { CLIENTS = 6 };

    (void)state;
    for (enum server_mode mode = SERVER_SELECT; mode < SERVER_MODES; mode++) {
        bool listener = mode == SERVER_POOL || mode == SERVER_POLL;
        struct server *server = start(mode, listener ? SERVER_MBEDTLS : SERVER_GNUTLS);
        struct client *clients[CLIENTS];

        atomic_store(&bodies_freed, 0);
        for (int i = 0; i < CLIENTS; i++) {
            char request[200], first;

            snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "\r\n", paths[i % 2]);
            clients[i] = client_open(server->port, true);
            assert_non_null(clients[i]);
            assert_true(client_send_text(clients[i], request));
            /* Its head has come: it is under way. */
            assert_int_equal(client_read_bytes(clients[i], &first, 1), 1);
        }
        server_stop_complete(server);
        assert_int_equal(atomic_load(&bodies_freed), CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            client_close(clients[i]);
        }
    }
}

/* The application forgot toolbar_mhd_completed(). It is told, and still works. */
static void survives_without_completed(void **state)
{
    struct server_options options = {.mode = SERVER_EPOLL,
                                     .transport = SERVER_GNUTLS,
                                     .routes = routes,
                                     .toolbar = toolbar,
                                     .no_completed = true};
    struct server *server = server_start(&options);
    struct client *client = client_open(server->port, true);
    struct reply reply;

    (void)state;
    assert_non_null(client);
    for (int i = 0; i < 9; i++) {
        const char *path = i % 3 == 2 ? "/__debug__/requests.json" : "/page";

        assert_true(client_fetch(client, "GET", path, i % 3 ? SERVER_KEY_LINE : NULL, &reply));
        assert_int_equal(reply.status, 200);
        if (i % 3 == 0) {
            assert_hidden(&reply);
        } else if (i % 3 == 1) {
            assert_page(&reply, page);
        } else {
            assert_header(&reply, "Content-Type", "application/json");
        }
        reply_free(&reply);
    }
    client_close(client);
    server_stop(server);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_ERROR), 1);
    assert_true(log_has(&test_log, TOOLBAR_LOG_ERROR, "MHD_OPTION_NOTIFY_COMPLETED"));
}

/* The server has noticed that its clients left. */
static void wait_until_idle(const struct server *server)
{
    for (int i = 0; i < CLIENT_TIMEOUT_MS; i++) {
        if (!MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
                 ->num_connections) {
            return;
        }
        usleep(1000);
    }
    fail_msg("the server keeps its connections");
}

/*
 * The same mistake, and a shown request that never got an answer. libmicrohttpd may use its
 * connection's memory again for somebody else, who must not inherit the panel.
 */
static void without_completed_nobody_inherits(void **state)
{
    struct server_options options = {.mode = SERVER_EPOLL,
                                     .transport = SERVER_GNUTLS,
                                     .routes = routes,
                                     .toolbar = toolbar,
                                     .no_completed = true};
    struct server *server = server_start(&options);
    struct reply reply;

    (void)state;
    for (int i = 0; i < 20; i++) {
        static const char *const requests[] = {
            "GET /not HTTP/1.1\r\nHost: a\r\n" SERVER_KEY_LINE "\r\n",
            "POST /page HTTP/1.1\r\nHost: a\r\n" SERVER_KEY_LINE "Content-Length: 9\r\n\r\nnot"};

        request_and_leave(server, requests[i % 2], 0);
        wait_until_idle(server);
        assert_true(fetch(server->port, true, "GET", "/page", NULL, &reply));
        assert_hidden(&reply);
        assert_string_equal(reply.body.data, page);
        reply_free(&reply);
    }
    server_stop(server);
}

/* The toolbar cannot get what it needs: then it is the application's page that comes. */
static void without_descriptors_the_page_still_comes(void **state)
{
    struct server *server = start(SERVER_EPOLL, SERVER_GNUTLS);
    struct client *client = client_open(server->port, true);
    int next = dup(0);
    struct rlimit limit, none;
    struct reply reply;

    (void)state;
    assert_non_null(client);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    for (int i = 0; i < 3; i++) {
        bool came = client_fetch(client, "GET", "/page", SERVER_KEY_LINE, &reply);

        if (i == 2 || !came) setrlimit(RLIMIT_NOFILE, &limit);
        assert_true(came);
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body.data, page);
        reply_free(&reply);
    }
    assert_true(client_fetch(client, "GET", "/page", SERVER_KEY_LINE, &reply));
    assert_page(&reply, page);
    reply_free(&reply);
    client_close(client);
    server_stop_complete(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_toolbar, free_toolbar)
        TEST(shares_one_response),           TEST(survives_clients_that_leave),
        TEST(stops_with_requests_under_way), TEST(without_descriptors_the_page_still_comes),
        TEST(survives_without_completed),    TEST(without_completed_nobody_inherits),
    };

    return cmocka_run_group_tests_name("lifetimes", tests, NULL, NULL);
}
