/*
 * What a hostile or unlucky client does to the demo server: requests and handshakes that end at
 * any byte, headers without end, handshakes that stall. It goes on serving the others, and ends
 * cleanly when it is told to.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asserts.h"
#include "client.h"
#include "demo.h"
#include "scratch.h"
#include "server.h"

static const char request[] = "POST /people/new HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
                              "Content-Type: application/x-www-form-urlencoded\r\n"
                              "Content-Length: 18\r\n\r\nname=x&born=y&job=";

static struct demo_process *demo;
static const char *tls;

static int start(void)
{
    const char *arguments[] = {"--secret-key-file", scratch_file("key", SERVER_KEY "\n", 0600),
                               "--tls", tls, NULL};

    demo = demo_start(arguments);
    return 0;
}

static int start_mbedtls(void **state)
{
    (void)state;
    tls = "mbedtls";
    return start();
}

static int start_gnutls(void **state)
{
    (void)state;
    tls = "gnutls";
    return start();
}

/* Whatever happened before, it is still there and ends as it should. */
static int stop(void **state)
{
    struct demo_result result = demo_stop(demo, SIGTERM);
    int status = result.status;

    (void)state;
    if (status) print_error("the demo ended with %d: %s", status, result.errors.data);
    demo_result_free(&result);
    return status;
}

static void check_alive(void)
{
    for (int https = 0; https < 2; https++) {
        struct reply reply;

        assert_true(fetch(https ? demo->https_port : demo->http_port, https, "GET",
                          "/people/fathers", SERVER_KEY_LINE, &reply));
        assert_int_equal(reply.status, 200);
        if (https) {
            assert_own_headers(&reply, NULL);
        } else {
            assert_null(reply_header(&reply, "Debug-Toolbar-Id"));
        }
        reply_free(&reply);
    }
}

static void requests_cut_off(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof request - 1; length++) {
        struct client *client = client_open(demo->http_port, false);

        assert_non_null(client);
        assert_true(client_send(client, request, length));
        client_abort(client);
        /* A handshake each: every third byte, and all around the end of the head. */
        if (length % 3 && length < 90) continue;
        client = client_open(demo->https_port, true);
        assert_non_null(client);
        assert_true(client_send(client, request, length));
        if (length % 2) {
            client_abort(client);
        } else {
            client_close(client);
        }
    }
    check_alive();
}

static int connect_raw(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The beginning of a ClientHello that never becomes a whole one. */
static const unsigned char hello[120] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03,
                                         0x03, 0x55, 0xaa, 0x55, 0xaa, 0x55, 0xaa, 0x55, 0xaa};

static void handshakes_cut_off(void **state)
{
    static const char plain[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    (void)state;
    for (size_t length = 0; length <= sizeof hello; length++) {
        int fd = connect_raw(demo->https_port);

        assert_int_equal(send(fd, hello, length, MSG_NOSIGNAL), length);
        close(fd);
    }
    /* No TLS at all. */
    for (int i = 0; i < 10; i++) {
        int fd = connect_raw(demo->https_port);

        assert_int_equal(send(fd, plain, sizeof plain - 1, MSG_NOSIGNAL), sizeof plain - 1);
        close(fd);
    }
    check_alive();
}

static void stalled_clients_block_nobody(void **state)
{
    enum { STALLED = 60 };
    int handshakes[STALLED], heads[STALLED];

    (void)state;
    for (int i = 0; i < STALLED; i++) {
        handshakes[i] = connect_raw(demo->https_port);
        assert_int_equal(send(handshakes[i], hello, (size_t)i, MSG_NOSIGNAL), i);
        heads[i] = connect_raw(demo->http_port);
        assert_int_equal(send(heads[i], request, (size_t)i, MSG_NOSIGNAL), i);
    }
    for (int i = 0; i < 5; i++) {
        check_alive();
    }
    for (int i = 0; i < STALLED; i++) {
        close(handshakes[i]);
        close(heads[i]);
    }
}

/* Refused as too large, or cut off: never answered with a page. */
static void headers_without_end(void **state)
{
    static char line[1024 * 1024];

    (void)state;
    memset(line, 'x', sizeof line);
    for (int https = 0; https < 2; https++) {
        for (size_t length = 64 * 1024; length <= sizeof line; length *= 4) {
            struct client *client = client_open(https ? demo->https_port : demo->http_port, https);
            struct reply reply;

            assert_non_null(client);
            assert_true(client_send_text(
                client, "GET / HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "X-Long: "));
            /* It may close before it has read all of this. */
            client_send(client, line, length);
            client_send_text(client, "\r\n\r\n");
            if (client_read(client, false, &reply)) {
                assert_true(reply.status == 431 || reply.status == 413 || reply.status == 400);
                assert_null(reply_header(&reply, "Debug-Toolbar-Id"));
                reply_free(&reply);
            }
            client_close(client);
        }
    }
    check_alive();
}

static void bodies_without_end(void **state)
{
    static char body[256 * 1024];

    (void)state;
    memset(body, 'x', sizeof body);
    for (int https = 0; https < 2; https++) {
        struct client *client = client_open(https ? demo->https_port : demo->http_port, https);
        struct reply reply;

        assert_non_null(client);
        assert_true(client_send_text(client, "POST /people/new HTTP/1.1\r\nHost: localhost\r\n"
                                             "Content-Type: application/x-www-form-urlencoded\r\n"
                                             "Content-Length: 262144\r\n\r\n"));
        client_send(client, body, sizeof body);
        if (client_read(client, false, &reply)) {
            assert_true(reply.status / 100 == 4);
            reply_free(&reply);
        }
        client_close(client);
    }
    check_alive();
}

/* With connections open in every state. */
static void ends_when_told(void **state)
{
    struct client *open[6];
    int stalled = connect_raw(demo->https_port);

    assert_int_equal(send(stalled, hello, 50, MSG_NOSIGNAL), 50);
    for (int i = 0; i < 6; i++) {
        open[i] = client_open(i % 2 ? demo->https_port : demo->http_port, i % 2);
        assert_non_null(open[i]);
        assert_true(client_send_text(open[i], "GET /large HTTP/1.1\r\nHost: localhost\r\n"));
        if (i > 1) assert_true(client_send_text(open[i], SERVER_KEY_LINE "\r\n"));
    }
    assert_int_equal(stop(state), 0);
    for (int i = 0; i < 6; i++) {
        client_close(open[i]);
    }
    close(stalled);
    start();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_cut_off),
        cmocka_unit_test(handshakes_cut_off),
        cmocka_unit_test(stalled_clients_block_nobody),
        cmocka_unit_test(headers_without_end),
        cmocka_unit_test(bodies_without_end),
        cmocka_unit_test(ends_when_told),
    };

    return cmocka_run_group_tests_name("input over mbedTLS", tests, start_mbedtls, stop) +
           cmocka_run_group_tests_name("input over GnuTLS", tests, start_gnutls, stop);
}
