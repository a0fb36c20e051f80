/* What TLS the listener speaks and refuses, resumption, stalled and broken handshakes. */
#include "test_tls_peer.h"

static struct server server;

/* Only what a test is about is short, so that a slow machine does not make it fail. */
struct deadlines {
    unsigned handshake_ms;
    unsigned idle_ms;
};

static int setup(void **state)
{
    struct toolbar_tls_options options = default_options();
    const struct deadlines *deadlines = *state;

    if (deadlines->handshake_ms) options.handshake_timeout_ms = deadlines->handshake_ms;
    if (deadlines->idle_ms) options.idle_timeout_ms = deadlines->idle_ms;
    server_start(&server, EPOLL, 0, &options);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    server_stop(&server);
    return 0;
}

/* A ClientHello by hand: no session, two suites, no compression, P-256, ECDSA with SHA-256. */
#define HELLO(minor)                                                                               \
    "\x16\x03\x01\x00\x41"                                                                         \
    "\x01\x00\x00\x3d\x03" minor "0123456789abcdef0123456789abcdef"                                \
    "\x00\x00\x04\xc0\x2b\xc0\x09\x01\x00"                                                         \
    "\x00\x10\x00\x0a\x00\x04\x00\x02\x00\x17\x00\x0d\x00\x04\x00\x02\x04\x03"

static const char hello_1_1[] = HELLO("\x02");
static const char hello_1_2[] = HELLO("\x03");

/* What the server says until it ends the connection. */
static size_t read_raw(int fd, unsigned char *buffer, size_t size)
{
    size_t length = 0;
    ssize_t got;

    while (length < size && (got = recv(fd, buffer + length, size - length, 0)) > 0) {
        length += (size_t)got;
    }
    return length;
}

static void test_tls_1_1_is_refused(void **state)
{
    unsigned char answer[64];
    int fd = peer_connect(server.port);

    (void)state;
    assert_int_equal(send(fd, hello_1_1, sizeof hello_1_1 - 1, 0), sizeof hello_1_1 - 1);
    assert_int_equal(read_raw(fd, answer, sizeof answer), 7);
    /* alert, fatal, protocol_version */
    assert_int_equal(answer[0], 0x15);
    assert_memory_equal(answer + 3, "\x00\x02\x02\x46", 4);
    close(fd);
}

/* The same hello, but for the version. */
static void test_tls_1_2_is_not(void **state)
{
    unsigned char answer[64];
    int fd = peer_connect(server.port);

    (void)state;
    assert_int_equal(send(fd, hello_1_2, sizeof hello_1_2 - 1, 0), sizeof hello_1_2 - 1);
    assert_true(recv(fd, answer, sizeof answer, 0) > 5);
    assert_int_equal(answer[0], 0x16);
    close(fd);
}

static void test_alpn(void **state)
{
    static const char *h2[] = {"h2", NULL};
    static const char *both[] = {"h2", "http/1.1", NULL};
    static const char *old[] = {"http/1.0", NULL};
    struct peer peer;

    (void)state;
    peer_init(&peer, server.port);
    assert_int_equal(mbedtls_ssl_conf_alpn_protocols(&peer.config, h2), 0);
    assert_int_equal(peer_shake(&peer, NULL), MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
    peer_cut(&peer);

    peer_init(&peer, server.port);
    assert_int_equal(mbedtls_ssl_conf_alpn_protocols(&peer.config, both), 0);
    assert_int_equal(peer_shake(&peer, NULL), 0);
    assert_string_equal(mbedtls_ssl_get_alpn_protocol(&peer.ssl), "http/1.1");
    peer_close(&peer);

    peer_init(&peer, server.port);
    assert_int_equal(mbedtls_ssl_conf_alpn_protocols(&peer.config, old), 0);
    assert_int_equal(peer_shake(&peer, NULL), 0);
    assert_string_equal(mbedtls_ssl_get_alpn_protocol(&peer.ssl), "http/1.0");
    peer_close(&peer);
}

/* One suite at a time: those without forward secrecy or with CBC find no partner. */
static void test_suites(void **state)
{
    static const int suites[][2] = {
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM, 0},
        {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, 0},
        {MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256, 0},
        {MBEDTLS_TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        struct peer peer;
        int result;

        peer_init(&peer, server.port);
        mbedtls_ssl_conf_ciphersuites(&peer.config, suites[i]);
        result = peer_shake(&peer, NULL);
        if ((result == 0) != (i < 3)) fail_msg("suite %zu: %d", i, result);
        peer_cut(&peer);
    }
}

/* Resumed or not, which request it is, and that times and bytes are known. */
static void assert_facts(struct peer *peer, const char *rest)
{
    char expected[200];

    snprintf(expected, sizeof expected, "%s %s %s", mbedtls_ssl_get_version(&peer->ssl),
             mbedtls_ssl_get_ciphersuite(&peer->ssl), rest);
    peer_send(peer, GET_OF("/facts"));
    assert_response(peer, OK, expected);
}

static void test_resumption(void **state)
{
    mbedtls_ssl_session session;
    struct peer peer;

    (void)state;
    mbedtls_ssl_session_init(&session);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, OK, "secure");
    assert_int_equal(mbedtls_ssl_get_session(&peer.ssl, &session), 0);
    assert_true(peer.certificates_seen > 0);
    assert_facts(&peer, "new 2 1 1 1");
    peer_close(&peer);

    for (int i = 0; i < 3; i++) {
        peer_open(&peer, server.port, &session);
        assert_int_equal(peer.certificates_seen, 0);
        peer_send(&peer, GET_OF("/"));
        assert_response(&peer, OK, "secure");
        assert_facts(&peer, "resumed 2 1 1 1");
        peer_close(&peer);
    }
    mbedtls_ssl_session_free(&session);
}

#if MBEDTLS_VERSION_NUMBER < 0x03000000
/* Asking a hundred times changes nothing: each is turned down with a warning. */
static void test_renegotiation_is_refused(void **state)
{
    struct peer peer;

    (void)state;
    peer_init(&peer, server.port);
    mbedtls_ssl_conf_renegotiation(&peer.config, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
    assert_int_equal(peer_shake(&peer, NULL), 0);
    assert_int_not_equal(mbedtls_ssl_renegotiate(&peer.ssl), 0);
    peer_cut(&peer);
    assert_serves(server.port);
}
#endif

static void assert_ended(int fd)
{
    unsigned char buffer[4096];

    (void)read_raw(fd, buffer, sizeof buffer);
    /* Not the time-out of our own read. */
    assert_true(errno != EAGAIN);
    close(fd);
}

/* However far it got, a handshake that does not go on is ended by the deadline. */
static void test_stalled_handshake(void **state)
{
    enum { LENGTH = sizeof hello_1_2 - 1 };
    int fds[LENGTH + 1];

    (void)state;
    for (size_t length = 0; length <= LENGTH; length++) {
        fds[length] = peer_connect(server.port);
        if (length) assert_int_equal(send(fds[length], hello_1_2, length, MSG_NOSIGNAL), length);
    }
    for (size_t i = 0; i <= LENGTH; i++) {
        errno = 0;
        assert_ended(fds[i]);
    }
}

static void test_idle_connections_are_closed(void **state)
{
    struct peer silent;
    struct peer idle;
    struct peer half;

    (void)state;
    peer_open(&silent, server.port, NULL);
    peer_open(&idle, server.port, NULL);
    peer_send(&idle, GET_OF("/"));
    assert_response(&idle, OK, "secure");
    peer_open(&half, server.port, NULL);
    peer_send(&half, "GET / HTTP/1.1\r\nHo");
    assert_int_equal(peer_end(&silent), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    assert_int_equal(peer_end(&idle), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    assert_int_equal(peer_end(&half), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&silent);
    peer_cut(&idle);
    peer_cut(&half);
}

static void *release_later(void *cls)
{
    (void)cls;
    usleep(1200 * 1000);
    atomic_store(&server.hold, false);
    return NULL;
}

/* The application may take three times the idle deadline for its answer. */
static void test_waiting_for_the_application(void **state)
{
    struct peer peer;
    pthread_t releaser;

    (void)state;
    atomic_store(&server.hold, true);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/hold"));
    assert_int_equal(pthread_create(&releaser, NULL, release_later, NULL), 0);
    assert_response(&peer, OK, "path /hold\n");
    pthread_join(releaser, NULL);
    peer_close(&peer);
}

/* A head that grows by a byte now and then is not alive. */
static void test_slow_head(void **state)
{
    struct peer peer;
    bool open = true;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "GET / HTTP/1.1\r\nX: ");
    for (int i = 0; i < 200 && open; i++) {
        usleep(20 * 1000);
        open = peer_send_pieces(&peer, "x", 1, 1);
    }
    assert_false(open);
    peer_cut(&peer);
}

static void test_no_tls_at_all(void **state)
{
    static const char request[] = GET_OF("/");
    static const char *const words[] = {
        request, "", "\x16", "\x80\x2e\x01\x00\x02", "\x16\x03\x01\xff\xff", "SSH-2.0-x\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int fd = peer_connect(server.port);

        (void)send(fd, words[i], strlen(words[i]), MSG_NOSIGNAL);
        shutdown(fd, SHUT_WR);
        errno = 0;
        assert_ended(fd);
    }
    assert_serves(server.port);
}

/* A byte of the handshake is changed, each time another one. */
static void test_damaged_hello(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hello_1_2 - 1; i++) {
        char damaged[sizeof hello_1_2];
        int fd = peer_connect(server.port);

        memcpy(damaged, hello_1_2, sizeof damaged);
        damaged[i] = (char)(damaged[i] ^ (1 << i % 8));
        (void)send(fd, damaged, sizeof damaged - 1, MSG_NOSIGNAL);
        shutdown(fd, SHUT_WR);
        errno = 0;
        assert_ended(fd);
    }
    assert_serves(server.port);
}

/* Handshake records without end, none of which is a handshake. */
static void test_endless_handshake(void **state)
{
    /* The start of a hello of 16 MiB, in a record of the greatest size. */
    static const unsigned char start[] = {0x16, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff, 3, 3};
    static char record[16384 + 5];
    int fd = peer_connect(server.port);

    (void)state;
    memcpy(record, start, sizeof start);
    for (int i = 0; i < 100; i++) {
        (void)send(fd, record, sizeof record, MSG_NOSIGNAL);
    }
    errno = 0;
    assert_ended(fd);
    assert_serves(server.port);
}

/* Warnings between two messages of a handshake are legal, but not without end. */
static void test_endless_warnings(void **state)
{
    static const char user_canceled[] = "\x15\x03\x03\x00\x02\x01\x5a";
    static char flood[80 * 1024];
    int fd = peer_connect(server.port);

    (void)state;
    for (size_t i = 0; i < sizeof flood; i++) {
        flood[i] = user_canceled[i % (sizeof user_canceled - 1)];
    }
    assert_int_equal(send(fd, hello_1_2, sizeof hello_1_2 - 1, 0), sizeof hello_1_2 - 1);
    (void)send(fd, flood, sizeof flood, MSG_NOSIGNAL);
    errno = 0;
    assert_ended(fd);
}

int main(void)
{
    static struct deadlines usual = {0};
    static struct deadlines long_handshake = {.handshake_ms = 1000 * 60};
    static struct deadlines short_handshake = {.handshake_ms = 300};
    static struct deadlines short_idle = {.idle_ms = 500};
#define HANDSHAKE_TEST(name, deadlines)                                                            \
    {                                                                                              \
#name, name, setup, teardown, &(deadlines)                                                 \
    }
    const struct CMUnitTest tests[] = {
        HANDSHAKE_TEST(test_tls_1_1_is_refused, usual),
        HANDSHAKE_TEST(test_tls_1_2_is_not, usual),
        HANDSHAKE_TEST(test_alpn, usual),
        HANDSHAKE_TEST(test_suites, usual),
        HANDSHAKE_TEST(test_resumption, usual),
#if MBEDTLS_VERSION_NUMBER < 0x03000000
        HANDSHAKE_TEST(test_renegotiation_is_refused, usual),
#endif
        HANDSHAKE_TEST(test_no_tls_at_all, usual),
        HANDSHAKE_TEST(test_damaged_hello, usual),
        HANDSHAKE_TEST(test_endless_handshake, usual),
        HANDSHAKE_TEST(test_endless_warnings, long_handshake),
        HANDSHAKE_TEST(test_stalled_handshake, short_handshake),
        HANDSHAKE_TEST(test_idle_connections_are_closed, short_idle),
        HANDSHAKE_TEST(test_waiting_for_the_application, short_idle),
        HANDSHAKE_TEST(test_slow_head, short_idle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
