/*
 * The life of a TLS listener: the daemons it works with, what TLS it speaks, its deadlines and
 * limits, and its end.
 */
#include "test_tls_peer.h"

#include <sys/resource.h>

static void test_every_kind_of_daemon(void **state)
{
    static const struct {
        unsigned flags;
        unsigned threads;
    } kinds[] = {
        {EPOLL, 0},
        {EPOLL, 2},
        {MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, 0},
        {MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC, 0},
        {MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC, 2},
        {MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC, 0},
        {EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0},
        {MHD_USE_AUTO_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0},
        {RUN_BY_US, 0},
    };
    struct server server;

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        server_start(&server, kinds[i].flags, kinds[i].threads, NULL);
        assert_serves(server.port);
        assert_serves(server.port);
        server_stop(&server);
        assert_int_equal(atomic_load(&server.finished), 2);
        assert_int_equal(atomic_load(&server.cut), 0);
    }
}

/* The same daemon over its own port. */
static void test_plain_is_not_secure(void **state)
{
    static const char request[] = GET_OF("/");
    struct server server;
    const union MHD_DaemonInfo *info;
    char buffer[1024] = "";

    (void)state;
    server_start(&server, EPOLL, 0, NULL);
    assert_serves(server.port);
    info = MHD_get_daemon_info(server.daemon, MHD_DAEMON_INFO_BIND_PORT);
    for (int i = 0; i < 20; i++) {
        int fd = peer_connect(info->port);
        size_t length = 0;

        assert_int_equal(send(fd, request, sizeof request - 1, 0), sizeof request - 1);
        while (!strstr(buffer, "path /")) {
            ssize_t got = recv(fd, buffer + length, sizeof buffer - 1 - length, 0);

            assert_true(got > 0);
            length += (size_t)got;
            buffer[length] = '\0';
        }
        assert_contains(buffer, "plain from 127.0.0.1");
        buffer[0] = '\0';
        close(fd);
    }
    server_stop(&server);
}

static enum toolbar_error try_listen(struct MHD_Daemon *daemon,
                                     const struct toolbar_tls_options *options)
{
    struct toolbar_tls_listener *listener = NULL;
    enum toolbar_error error = toolbar_tls_listen(daemon, options, &listener);

    if (error)
        assert_null(listener);
    else
        toolbar_tls_close(listener);
    return error;
}

static void test_unfit_daemons(void **state)
{
    static const unsigned unfit[] = {MHD_USE_EPOLL, MHD_NO_FLAG, MHD_USE_INTERNAL_POLLING_THREAD,
                                     EPOLL};
    struct server server = {0};
    struct toolbar_tls_options options = default_options();

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct MHD_Daemon *daemon = start_daemon(&server, unfit[i], 0);

        assert_non_null(daemon);
        assert_int_equal(try_listen(daemon, &options), i < 3 ? TOOLBAR_ERROR_DAEMON : TOOLBAR_OK);
        options.run_daemon = true;
        assert_int_equal(try_listen(daemon, &options), i ? TOOLBAR_ERROR_DAEMON : TOOLBAR_OK);
        options.run_daemon = false;
        MHD_stop_daemon(daemon);
    }
}

static void test_bad_options(void **state)
{
    struct server server;
    struct toolbar_tls_options good = default_options();
    struct toolbar_tls_options options;

    (void)state;
    server_start(&server, EPOLL, 0, NULL);
#define ASSERT_REFUSED(error, ...)                                                                 \
    do {                                                                                           \
        options = good;                                                                            \
        __VA_ARGS__;                                                                               \
        assert_int_equal(try_listen(server.daemon, &options), error);                              \
    } while (0)
    assert_int_equal(try_listen(NULL, &good), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(try_listen(server.daemon, NULL), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_tls_listen(server.daemon, &good, NULL), TOOLBAR_ERROR_ARGUMENT);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.address = NULL);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.certificate_file = NULL);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.key_file = NULL);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.threads = 0);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.threads = 65);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.threads = 2, options.run_daemon = true);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.connection_limit = 0);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.handshake_timeout_ms = 0);
    ASSERT_REFUSED(TOOLBAR_ERROR_ARGUMENT, options.idle_timeout_ms = 0);
    ASSERT_REFUSED(TOOLBAR_ERROR_ADDRESS, options.address = "localhost");
    ASSERT_REFUSED(TOOLBAR_ERROR_ADDRESS, options.address = "192.0.2.1");
    assert_int_equal(errno, EADDRNOTAVAIL);
    ASSERT_REFUSED(TOOLBAR_ERROR_ADDRESS, options.port = server.port);
    assert_int_equal(errno, EADDRINUSE);
    ASSERT_REFUSED(TOOLBAR_ERROR_CERTIFICATE, options.certificate_file = "/nowhere");
    ASSERT_REFUSED(TOOLBAR_ERROR_CERTIFICATE, options.key_file = "/nowhere");
    ASSERT_REFUSED(TOOLBAR_ERROR_CERTIFICATE, options.key_file = good.certificate_file);
    ASSERT_REFUSED(TOOLBAR_ERROR_CERTIFICATE, options.key_file = scratch_path("ca.key"));
    ASSERT_REFUSED(TOOLBAR_OK, options.threads = 4);
#undef ASSERT_REFUSED
    server_stop(&server);
    toolbar_tls_close(NULL);
}

static bool has_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;

    if (fd >= 0) close(fd);
    return has;
}

static void test_both_families(void **state)
{
    struct toolbar_tls_options options = default_options();
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct server server;
    struct peer peer;
    int fd;

    (void)state;
    options.address = "::";
    if (!has_ipv6()) skip();
    server_start(&server, EPOLL, 0, &options);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, OK, "secure from ::ffff:127.0.0.1");
    peer_close(&peer);

    peer_init(&peer, server.port);
    close(peer.fd);
    fd = socket(AF_INET6, SOCK_STREAM, 0);
    address.sin6_port = htons(server.port);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    peer.fd = fd;
    assert_int_equal(peer_shake(&peer, NULL), 0);
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, OK, "secure from ::1 path");
    peer_close(&peer);
    server_stop(&server);
}

static void test_again_on_the_same_port(void **state)
{
    struct toolbar_tls_options options = default_options();
    struct server server;

    (void)state;
    server_start(&server, EPOLL, 2, NULL);
    options.port = server.port;
    for (int i = 0; i < 3; i++) {
        assert_serves(options.port);
        toolbar_tls_close(server.listener);
        assert_int_equal(toolbar_tls_listen(server.daemon, &options, &server.listener), 0);
    }
    server_stop(&server);
}

/* Two listeners, of several threads, on one daemon. */
static void test_two_listeners(void **state)
{
    struct toolbar_tls_options options = default_options();
    struct toolbar_tls_listener *second;
    struct server server;

    (void)state;
    options.threads = 3;
    server_start(&server, EPOLL, 0, &options);
    assert_int_equal(toolbar_tls_listen(server.daemon, &options, &second), 0);
    for (int i = 0; i < 8; i++) {
        assert_serves(server.port);
        assert_serves(toolbar_tls_port(second));
    }
    toolbar_tls_close(second);
    assert_serves(server.port);
    server_stop(&server);
}

static void *close_listener(void *listener)
{
    toolbar_tls_close(listener);
    return NULL;
}

/* Closing ends idle and half-open connections, and lets what is being answered go out. */
static void test_close_with_connections(void **state)
{
    struct server server;
    struct peer idle;
    struct peer silent;
    struct peer half;
    struct peer busy;
    pthread_t closer;
    int raw;

    (void)state;
    server_start(&server, EPOLL, 2, NULL);
    raw = peer_connect(server.port);
    peer_open(&silent, server.port, NULL);
    peer_open(&idle, server.port, NULL);
    peer_send(&idle, GET_OF("/"));
    assert_response(&idle, OK, "secure");
    peer_open(&half, server.port, NULL);
    peer_send(&half, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12");
    atomic_store(&server.hold, true);
    peer_open(&busy, server.port, NULL);
    peer_send(&busy, GET_OF("/hold"));
    while (atomic_load(&server.requests) < 3)
        usleep(1000);

    assert_int_equal(pthread_create(&closer, NULL, close_listener, server.listener), 0);
    assert_int_equal(peer_end(&silent), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    atomic_store(&server.hold, false);
    assert_response(&busy, OK, "path /hold\n");
    assert_int_equal(peer_end(&busy), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    assert_int_equal(peer_end(&idle), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    assert_int_equal(peer_end(&half), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    pthread_join(closer, NULL);
    MHD_stop_daemon(server.daemon);
    peer_cut(&idle);
    peer_cut(&silent);
    peer_cut(&half);
    peer_cut(&busy);
    close(raw);
}

/* A request that does not come to an end does not keep the listener from closing. */
static void test_close_is_bounded(void **state)
{
    struct server server;
    struct peer busy;

    (void)state;
    server_start(&server, EPOLL, 0, NULL);
    atomic_store(&server.hold, true);
    peer_open(&busy, server.port, NULL);
    peer_send(&busy, GET_OF("/hold"));
    while (atomic_load(&server.requests) < 1)
        usleep(1000);
    toolbar_tls_close(server.listener);
    assert_int_not_equal(peer_end(&busy), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    atomic_store(&server.hold, false);
    MHD_stop_daemon(server.daemon);
    peer_cut(&busy);
}

static void test_connection_limit(void **state)
{
    struct toolbar_tls_options options = default_options();
    struct server server;
    struct peer first;
    struct peer second;

    (void)state;
    options.connection_limit = 2;
    server_start(&server, EPOLL, 0, &options);
    peer_open(&first, server.port, NULL);
    peer_open(&second, server.port, NULL);
    for (int i = 0; i < 4; i++) {
        struct peer third;

        peer_init(&third, server.port);
        peer_send(&second, GET_OF("/"));
        assert_response(&second, OK, "secure");
        peer_close(&first);
        assert_int_equal(peer_shake(&third, NULL), 0);
        peer_send(&third, GET_OF("/"));
        assert_response(&third, OK, "secure");
        peer_close(&third);
        peer_open(&first, server.port, NULL);
    }
    peer_close(&first);
    peer_close(&second);
    server_stop(&server);
}

/* Its accept() takes a connection first and closes it when it has no descriptor for it. */
static bool on_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload");
}

/* Out of descriptors: it goes on when there are some again. */
static void test_descriptors_run_out(void **state)
{
    struct rlimit limit;
    struct rlimit low;
    struct server server;
    struct peer peer;
    struct peer late;

    (void)state;
    server_start(&server, EPOLL, 0, NULL);
    assert_serves(server.port);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    peer_init(&peer, server.port); /* accepted sooner or later */
    assert_int_equal(peer_shake(&peer, NULL), 0);
    peer_init(&late, server.port);
    low = limit;
    low.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    /* There is none for the pair. */
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, "HTTP/1.1 503 Service Unavailable\r\n", "Connection: close");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    if (on_valgrind()) {
        peer_close(&late);
        peer_init(&late, server.port);
    }
    assert_int_equal(peer_shake(&late, NULL), 0);
    peer_send(&late, GET_OF("/"));
    assert_response(&late, OK, "secure");
    peer_close(&late);
    peer_close(&peer);
    server_stop(&server);
}

enum { MANY = 1150, NEEDED = 5 * MANY };

/* Every client makes four descriptors in this process, so most are beyond what select() takes. */
static void test_more_than_1024(void **state)
{
    static struct peer peers[MANY];
    static const unsigned kinds[] = {EPOLL, MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, RUN_BY_US};
    struct rlimit limit;
    struct server server;
    mbedtls_ssl_session session;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < NEEDED) limit.rlim_cur = NEEDED;
    if (limit.rlim_max < NEEDED || setrlimit(RLIMIT_NOFILE, &limit) != 0) skip();
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        server_start(&server, kinds[kind], 0, NULL);
        mbedtls_ssl_session_init(&session);
        for (size_t i = 0; i < MANY; i++) {
            peer_open(&peers[i], server.port, i ? &session : NULL);
            if (!i) assert_int_equal(mbedtls_ssl_get_session(&peers[0].ssl, &session), 0);
            peer_send(&peers[i], GET_OF("/"));
            assert_response(&peers[i], OK, "secure");
        }
        for (size_t i = 0; i < MANY; i++) {
            peer_send(&peers[i], GET_OF("/again"));
            assert_response(&peers[i], OK, "secure from 127.0.0.1 path /again\n");
        }
        for (size_t i = 0; i < MANY; i++) {
            peer_close(&peers[i]);
        }
        mbedtls_ssl_session_free(&session);
        server_stop(&server);
    }
}

/* In a daemon on select() the rest is told so, and those that are in are not disturbed. */
static void test_select_is_full(void **state)
{
    enum { CLIENTS = 300 };
    static struct peer peers[CLIENTS];
    struct server server;
    struct rlimit limit;
    mbedtls_ssl_session session;
    unsigned refused = 0;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < 2000) skip();
    server_start(&server, MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC, 0, NULL);
    mbedtls_ssl_session_init(&session);
    for (size_t i = 0; i < CLIENTS; i++) {
        const char *response;

        peer_open(&peers[i], server.port, i ? &session : NULL);
        if (!i) assert_int_equal(mbedtls_ssl_get_session(&peers[0].ssl, &session), 0);
        peer_send(&peers[i], GET_OF("/"));
        response = peer_response(&peers[i]);
        if (strncmp(response, "HTTP/1.1 503", 12) == 0)
            refused++;
        else
            assert_contains(response, "secure");
    }
    assert_true(refused > 0 && refused < CLIENTS / 2);
    peer_send(&peers[0], GET_OF("/again"));
    assert_response(&peers[0], OK, "path /again\n");
    for (size_t i = 0; i < CLIENTS; i++) {
        peer_close(&peers[i]);
    }
    mbedtls_ssl_session_free(&session);
    server_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_of_daemon), cmocka_unit_test(test_plain_is_not_secure),
        cmocka_unit_test(test_unfit_daemons),        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_both_families),        cmocka_unit_test(test_again_on_the_same_port),
        cmocka_unit_test(test_two_listeners),        cmocka_unit_test(test_close_with_connections),
        cmocka_unit_test(test_close_is_bounded),     cmocka_unit_test(test_connection_limit),
        cmocka_unit_test(test_descriptors_run_out),  cmocka_unit_test(test_select_is_full),
        cmocka_unit_test(test_more_than_1024),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
