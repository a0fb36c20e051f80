/*
 * Requests through the TLS listener: bodies, pipelining, refusals, truncation, upgrades; with a
 * real daemon behind it and real TLS in front.
 */
#include "test_tls_peer.h"

static struct server server;
static unsigned daemon_flags;

static int setup(void **state)
{
    (void)state;
    server_start(&server, daemon_flags, 0, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (server.daemon) server_stop(&server);
    return 0;
}

static void test_keep_alive(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    for (int i = 0; i < 300; i++) {
        char request[128];
        char expected[64];

        snprintf(request, sizeof request, "GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n", i);
        snprintf(expected, sizeof expected, "path /%d\n", i);
        peer_send(&peer, request);
        assert_response(&peer, OK, expected);
    }
    assert_int_equal(atomic_load(&server.requests), 300);
    peer_close(&peer);
}

static void test_big_response(void **state)
{
    struct peer peer;
    const char *response;

    (void)state;
    peer_open(&peer, server.port, NULL);
    for (int i = 0; i < 3; i++) {
        peer_send(&peer, GET_OF("/big"));
        response = peer_response(&peer);
        assert_contains(response, "Content-Length: 1048576\r\n");
        assert_int_equal(strspn(strstr(response, "\r\n\r\n") + 4, "x"), BIG_BYTES);
    }
    peer_close(&peer);
}

/* The client asks for more than all buffers on the way hold before it reads anything. */
static void test_slow_reader(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    for (int i = 0; i < 12; i++) {
        peer_send(&peer, GET_OF("/big"));
    }
    for (int i = 0; i < 12; i++) {
        const char *response = peer_response(&peer);

        assert_contains(response, OK);
        assert_int_equal(strlen(strstr(response, "\r\n\r\n") + 4), BIG_BYTES);
    }
    peer_close(&peer);
}

static void fill(char *body, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        body[i] = (char)('a' + (i * 7 + i / 251) % 26);
    }
    body[length] = '\0';
}

static void test_big_upload(void **state)
{
    static char body[BIG_BYTES + 1];
    struct peer peer;

    (void)state;
    fill(body, BIG_BYTES);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
    peer_send(&peer, body);
    peer_send(&peer, GET_OF("/after"));
    assert_response(&peer, OK, body);
    assert_response(&peer, OK, "path /after\n");
    peer_close(&peer);
}

static void test_chunked_upload(void **state)
{
    static char body[5000 + 1];
    struct peer peer;

    (void)state;
    fill(body, 5000);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (size_t i = 0; i < 5000; i += 50) {
        char chunk[64];

        snprintf(chunk, sizeof chunk, "32\r\n%.50s\r\n", body + i);
        peer_send(&peer, chunk);
    }
    peer_send(&peer, "0\r\nX-Trailer: 1\r\n\r\n" GET_OF("/after"));
    assert_response(&peer, OK, body);
    assert_response(&peer, OK, "path /after\n");
    peer_close(&peer);
}

static void test_single_bytes(void **state)
{
    static const char text[] =
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" GET_OF("/after");
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    assert_true(peer_send_pieces(&peer, text, sizeof text - 1, 1));
    assert_response(&peer, OK, "\r\n\r\nhello");
    assert_response(&peer, OK, "path /after\n");
    peer_close(&peer);
}

static void assert_refused(const char *request, const char *status)
{
    struct peer peer;
    unsigned before = atomic_load(&server.requests);

    peer_open(&peer, server.port, NULL);
    peer_send(&peer, request);
    assert_response(&peer, status, "Connection: close\r\nContent-Length: 0\r\n");
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_close(&peer);
    assert_int_equal(atomic_load(&server.requests), before);
}

static void test_refusals(void **state)
{
    static char big[40000];

    (void)state;
    memset(big, 'x', sizeof big - 1);
    big[snprintf(big, sizeof big, "GET / HTTP/1.1\r\nX: ")] = 'x';
    assert_refused("GET / HTTP/1.1\r\nMYAPPKE: k\r\n Y\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n");
    assert_refused("nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n");
    assert_refused(big, "HTTP/1.1 431 Request Header Fields Too Large\r\n");
}

/* Earlier requests get their answers, and the refusal comes after them. */
static void test_refusal_after_answers(void **state)
{
    struct peer peer;

    (void)state;
    for (int i = 0; i < 10; i++) {
        peer_open(&peer, server.port, NULL);
        peer_send(&peer, GET_OF("/1") GET_OF("/2")
                             GET_OF("/big") "GET / HTTP/1.1\r\nA : b\r\n\r\n" GET_OF("/4"));
        assert_response(&peer, OK, "path /1\n");
        assert_response(&peer, OK, "path /2\n");
        assert_response(&peer, OK, "xxx");
        assert_response(&peer, "HTTP/1.1 400 Bad Request\r\n", "Content-Length: 0");
        assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
        peer_close(&peer);
    }
    assert_int_equal(atomic_load(&server.requests), 30);
}

/* The head and the bad chunk come together, so that the daemon gets the end with the head. */
static void test_refusal_in_body(void **state)
{
    struct peer peer;

    (void)state;
    for (int i = 0; i < 3; i++) {
        peer_open(&peer, server.port, NULL);
        peer_send(&peer,
                  "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n");
        assert_response(&peer, "HTTP/1.1 400 Bad Request\r\n", "Content-Length: 0");
        peer_close(&peer);
    }
}

/* What a client goes on sending must not make its kernel throw the answer away. */
static void test_refusal_outlives_more_input(void **state)
{
    static char more[256 * 1024];
    struct peer peer;

    (void)state;
    memset(more, 'x', sizeof more);
    for (int i = 0; i < 5; i++) {
        peer_open(&peer, server.port, NULL);
        peer_send(&peer, "nonsense\r\n\r\n");
        assert_true(peer_send_pieces(&peer, more, sizeof more, 4096));
        assert_response(&peer, "HTTP/1.1 400 Bad Request\r\n", "Content-Length: 0");
        peer_close(&peer);
    }
}

/* The end of the TCP connection is not the end of what the client has to say. */
static void test_end_without_close_notify(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, OK, "secure");
    assert_int_equal(shutdown(peer.fd, SHUT_WR), 0);
    assert_int_not_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&peer);
}

/* A connection that is cut is not a request that has ended. */
static void test_truncation(void **state)
{
    static const char text[] = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345";
    struct peer peer;

    (void)state;
    for (size_t length = 1; length < sizeof text; length++) {
        peer_open(&peer, server.port, NULL);
        assert_true(peer_send_pieces(&peer, text, length, SIZE_MAX));
        peer_cut(&peer);
    }
    assert_serves(server.port);
    server_stop(&server);
    /* Some of those with a whole head may have begun. All but the one above ended badly. */
    assert_true(atomic_load(&server.requests) <= 7);
    assert_int_equal(atomic_load(&server.finished), atomic_load(&server.requests));
    assert_int_equal(atomic_load(&server.cut), atomic_load(&server.requests) - 1);
    server.daemon = NULL;
}

static void test_close_notify_is_passed_on(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/big"));
    assert_int_equal(mbedtls_ssl_close_notify(&peer.ssl), 0);
    assert_response(&peer, OK, "xxx");
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&peer);

    /* Before any request. */
    peer_open(&peer, server.port, NULL);
    assert_int_equal(mbedtls_ssl_close_notify(&peer.ssl), 0);
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&peer);
}

static void test_server_closes(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_response(&peer, OK, "secure");
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_close(&peer);
}

/* The answer arrives although the server closes without reading what the client still sends. */
static void test_early_answer(void **state)
{
    static char body[BIG_BYTES / 2 + 1];
    struct peer peer;

    (void)state;
    fill(body, sizeof body - 1);
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 524288\r\n\r\n");
    (void)peer_send_pieces(&peer, body, sizeof body - 1, 4096);
    assert_response(&peer, OK, "path /early\n");
    peer_close(&peer);
}

static void test_expect_continue(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                     "Content-Length: 5\r\n\r\n");
    assert_response(&peer, "HTTP/1.1 100 Continue\r\n", "");
    peer_send(&peer, "hello");
    assert_response(&peer, OK, "\r\n\r\nhello");
    peer_close(&peer);
}

#define UPGRADE_OF(path)                                                                           \
    "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"

/* What follows an upgrade is not HTTP, and goes through as it is. */
static void test_upgrade(void **state)
{
    static const char frames[] = "\x01\n\r \r\n\r\nx : y";
    unsigned char echo[sizeof frames - 1];
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, UPGRADE_OF("/upgrade") "\x01\n\r");
    assert_response(&peer, "HTTP/1.1 101 Switching Protocols\r\n", "Upgrade: echo\r\n");
    peer_send(&peer, frames + 3);
    for (size_t i = 0; i < sizeof echo; i++) {
        assert_int_equal(mbedtls_ssl_read(&peer.ssl, &echo[i], 1), 1);
        assert_int_equal(echo[i], frames[i] + 1);
    }
    assert_int_equal(mbedtls_ssl_close_notify(&peer.ssl), 0);
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&peer);
}

/* An application that does not upgrade goes on getting HTTP only. */
static void test_upgrade_ignored(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, UPGRADE_OF("/no") GET_OF("/next") "GET / HTTP/1.1\r\nx : y\r\n\r\n");
    assert_response(&peer, OK, "path /no\n");
    assert_response(&peer, OK, "path /next\n");
    assert_response(&peer, "HTTP/1.1 400 Bad Request\r\n", "Content-Length: 0");
    peer_close(&peer);
}

/* Nothing happens any more but the server's time-out, which whoever runs it has to keep. */
static void test_server_gives_up(void **state)
{
    struct peer peer;

    (void)state;
    peer_open(&peer, server.port, NULL);
    peer_send(&peer, GET_OF("/impatient"));
    assert_response(&peer, OK, "path /impatient\n");
    assert_int_equal(peer_end(&peer), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
    peer_cut(&peer);
}

int main(void)
{
#define REQUEST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        REQUEST_TEST(test_keep_alive),
        REQUEST_TEST(test_big_response),
        REQUEST_TEST(test_slow_reader),
        REQUEST_TEST(test_big_upload),
        REQUEST_TEST(test_chunked_upload),
        REQUEST_TEST(test_single_bytes),
        REQUEST_TEST(test_refusals),
        REQUEST_TEST(test_refusal_after_answers),
        REQUEST_TEST(test_refusal_in_body),
        REQUEST_TEST(test_refusal_outlives_more_input),
        REQUEST_TEST(test_end_without_close_notify),
        REQUEST_TEST(test_truncation),
        REQUEST_TEST(test_close_notify_is_passed_on),
        REQUEST_TEST(test_server_closes),
        REQUEST_TEST(test_server_gives_up),
        REQUEST_TEST(test_early_answer),
        REQUEST_TEST(test_expect_continue),
        REQUEST_TEST(test_upgrade),
        REQUEST_TEST(test_upgrade_ignored),
    };

    int failed;

    daemon_flags = EPOLL | MHD_ALLOW_UPGRADE;
    failed = cmocka_run_group_tests_name("daemon with a thread", tests, NULL, NULL);
    daemon_flags = RUN_BY_US;
    return failed + cmocka_run_group_tests_name("daemon that we run", tests, NULL, NULL);
}
