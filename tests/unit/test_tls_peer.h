/*
 * What the tests of the TLS listener share: a client that is in control of every byte, and a
 * server with a small application. Functions are inline so that a test may leave some unused.
 */
#ifndef TEST_TLS_PEER_H
#define TEST_TLS_PEER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <debugtoolbar/tls.h>
#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/tls/registry.h"
#include "adapters/tls/versions.h"
#include "scratch.h"

enum { WAIT_SECONDS = 20, BIG_BYTES = 1024 * 1024 };

/* ---- The client ---- */

struct peer {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    int fd;
    unsigned certificates_seen; /* none when a session was resumed */
};

static mbedtls_entropy_context peer_entropy;
static mbedtls_ctr_drbg_context peer_random;

static inline int peer_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval wait = {.tv_sec = WAIT_SECONDS};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    assert_true(fd >= 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline int peer_bio_send(void *cls, const unsigned char *data, size_t length)
{
    ssize_t sent = send(*(int *)cls, data, length, MSG_NOSIGNAL);

    return sent < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)sent;
}

static inline int peer_bio_receive(void *cls, unsigned char *data, size_t length)
{
    ssize_t got = recv(*(int *)cls, data, length, 0);

    /* A time-out is an error as well: nothing here waits for it. */
    return got < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)got;
}

static inline int peer_certificate(void *cls, mbedtls_x509_crt *certificate, int depth,
                                   uint32_t *flags)
{
    (void)certificate, (void)depth;
    ++*(unsigned *)cls;
    *flags = 0;
    return 0;
}

/* A client that has not spoken yet; its config may still be changed. */
static inline void peer_init(struct peer *peer, uint16_t port)
{
    static bool seeded;

    if (!seeded) {
        mbedtls_entropy_init(&peer_entropy);
        mbedtls_ctr_drbg_init(&peer_random);
        assert_int_equal(toolbar__tls_prepare(), 0);
        assert_int_equal(mbedtls_ctr_drbg_seed(&peer_random, mbedtls_entropy_func, &peer_entropy,
                                               (const unsigned char *)"peer", 4),
                         0);
        seeded = true;
    }
    *peer = (struct peer){.fd = peer_connect(port)};
    mbedtls_ssl_init(&peer->ssl);
    mbedtls_ssl_config_init(&peer->config);
    assert_int_equal(mbedtls_ssl_config_defaults(&peer->config, MBEDTLS_SSL_IS_CLIENT,
                                                 MBEDTLS_SSL_TRANSPORT_STREAM,
                                                 MBEDTLS_SSL_PRESET_DEFAULT),
                     0);
    mbedtls_ssl_conf_rng(&peer->config, mbedtls_ctr_drbg_random, &peer_random);
    mbedtls_ssl_conf_authmode(&peer->config, MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_verify(&peer->config, peer_certificate, &peer->certificates_seen);
}

/* The result of the handshake. */
static inline int peer_shake(struct peer *peer, mbedtls_ssl_session *session)
{
    assert_int_equal(mbedtls_ssl_setup(&peer->ssl, &peer->config), 0);
    mbedtls_ssl_set_bio(&peer->ssl, &peer->fd, peer_bio_send, peer_bio_receive, NULL);
    if (session) assert_int_equal(mbedtls_ssl_set_session(&peer->ssl, session), 0);
    return mbedtls_ssl_handshake(&peer->ssl);
}

static inline void peer_open(struct peer *peer, uint16_t port, mbedtls_ssl_session *session)
{
    peer_init(peer, port);
    assert_int_equal(peer_shake(peer, session), 0);
}

/* Cuts the connection, without a close_notify. */
static inline void peer_cut(struct peer *peer)
{
    mbedtls_ssl_free(&peer->ssl);
    mbedtls_ssl_config_free(&peer->config);
    if (peer->fd >= 0) close(peer->fd);
    peer->fd = -1;
}

static inline void peer_close(struct peer *peer)
{
    (void)mbedtls_ssl_close_notify(&peer->ssl);
    peer_cut(peer);
}

/* In records of at most `piece` bytes. False: the server does not listen any more. */
static inline bool peer_send_pieces(struct peer *peer, const char *data, size_t length,
                                    size_t piece)
{
    while (length) {
        size_t take = length < piece ? length : piece;
        int sent = mbedtls_ssl_write(&peer->ssl, (const unsigned char *)data, take);

        if (sent <= 0) return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static inline void peer_send(struct peer *peer, const char *text)
{
    assert_true(peer_send_pieces(peer, text, strlen(text), SIZE_MAX));
}

/* All of the next response, in a buffer that the next call uses again. */
static inline const char *peer_response(struct peer *peer)
{
    static char buffer[2 * BIG_BYTES];
    size_t length = 0;
    size_t wanted = SIZE_MAX;

    while (length < wanted) {
        /* The head byte by byte, because another response may follow in the same record. */
        size_t room = wanted == SIZE_MAX ? 1 : wanted - length;
        int got = mbedtls_ssl_read(&peer->ssl, (unsigned char *)buffer + length, room);
        const char *field;

        if (got <= 0) return "";
        length += (size_t)got;
        buffer[length] = '\0';
        if (wanted != SIZE_MAX || length < 4 || memcmp(buffer + length - 4, "\r\n\r\n", 4) != 0)
            continue;
        field = strstr(buffer, "Content-Length: ");
        wanted = length + (field ? strtoul(field + 16, NULL, 10) : 0);
    }
    return buffer;
}

static inline void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("no \"%s\" in: %.300s", part, text);
}

static inline void assert_response(struct peer *peer, const char *start, const char *part)
{
    const char *response = peer_response(peer);

    if (strncmp(response, start, strlen(start)) != 0)
        fail_msg("expected %s, got: %.300s", start, response);
    assert_contains(response, part);
}

/* What ends the connection: 0 for one that is cut, or an error of mbedTLS. */
static inline int peer_end(struct peer *peer)
{
    unsigned char byte;

    return mbedtls_ssl_read(&peer->ssl, &byte, 1);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define GET_OF(path) "GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static inline void assert_serves(uint16_t port)
{
    struct peer peer;

    peer_open(&peer, port, NULL);
    peer_send(&peer, GET_OF("/"));
    assert_response(&peer, OK, "secure from 127.0.0.1 path /\n");
    peer_close(&peer);
}

/* ---- The server ---- */

struct server {
    struct MHD_Daemon *daemon;
    struct toolbar_tls_listener *listener;
    uint16_t port;
    atomic_uint requests; /* that reached the application */
    atomic_uint cut;      /* that were begun, and ended by anything but success */
    atomic_uint finished; /* in any way */
    atomic_bool hold;     /* "/hold" does not answer as long as this is set */
};

/* What a request has behind its req_cls. */
struct upload {
    char *data;
    size_t length;
};

static inline void quiet(void *cls, const char *format, va_list arguments)
{
    (void)cls, (void)format, (void)arguments;
}

static inline enum MHD_Result answer_data(struct MHD_Connection *connection, const void *data,
                                          size_t length)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)(uintptr_t)data, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);

    MHD_destroy_response(response);
    return result;
}

static inline enum MHD_Result answer_facts(struct MHD_Connection *connection, const char *path)
{
    const union MHD_ConnectionInfo *info;
    char text[256];
    char address[INET6_ADDRSTRLEN] = "?";
    bool ours;

    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    ours = toolbar__tls_is_ours(info->connect_fd);
    if (ours && strcmp(path, "/facts") == 0) {
        struct toolbar__tls_facts facts;
        char line[200];

        toolbar__tls_facts(info->connect_fd, &facts);
        snprintf(line, sizeof line, "%s %s %s %d %d %d %d", facts.version, facts.cipher,
                 facts.resumed ? "resumed" : "new", (int)facts.requests, facts.handshake_ns > 0,
                 facts.received_bytes > 300, facts.sent_bytes > 100);
        return answer_data(connection, line, strlen(line));
    }
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr, address,
                  sizeof address);
    else if (info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)info->client_addr)->sin6_addr, address,
                  sizeof address);
    snprintf(text, sizeof text, "%s from %s path %.100s\n", ours ? "secure" : "plain", address,
             path);
    return answer_data(connection, text, strlen(text));
}

struct tunnel {
    struct MHD_UpgradeResponseHandle *handle;
    int fd;
};

/* Says every byte back, plus one, until the client is done. */
static inline void *run_tunnel(void *cls)
{
    struct tunnel *tunnel = cls;
    struct pollfd wait = {.fd = tunnel->fd, .events = POLLIN};
    char byte;

    while (poll(&wait, 1, WAIT_SECONDS * 1000) > 0 && recv(tunnel->fd, &byte, 1, 0) == 1) {
        byte++;
        if (send(tunnel->fd, &byte, 1, MSG_NOSIGNAL) != 1) break;
    }
    MHD_upgrade_action(tunnel->handle, MHD_UPGRADE_ACTION_CLOSE);
    free(tunnel);
    return NULL;
}

static inline void upgraded(void *cls, struct MHD_Connection *connection, void *req_cls,
                            const char *extra, size_t extra_length, MHD_socket fd,
                            struct MHD_UpgradeResponseHandle *handle)
{
    struct tunnel *tunnel = malloc(sizeof *tunnel);
    pthread_t thread;

    (void)cls, (void)connection, (void)req_cls, (void)extra;
    /* The client's next bytes were kept back until it was clear what they are. */
    if (extra_length) abort();
    *tunnel = (struct tunnel){handle, fd};
    if (pthread_create(&thread, NULL, run_tunnel, tunnel) != 0) abort();
    pthread_detach(thread);
}

static inline enum MHD_Result answer_upgrade(struct MHD_Connection *connection)
{
    struct MHD_Response *response = MHD_create_response_for_upgrade(upgraded, NULL);
    enum MHD_Result result;

    MHD_add_response_header(response, "Upgrade", "echo");
    result = MHD_queue_response(connection, MHD_HTTP_SWITCHING_PROTOCOLS, response);
    MHD_destroy_response(response);
    return result;
}

/* Answers what was uploaded, 1 MiB of x for "/big", or what the server knows of the client. */
static inline enum MHD_Result application(void *cls, struct MHD_Connection *connection,
                                          const char *path, const char *method, const char *version,
                                          const char *data, size_t *length, void **req_cls)
{
    struct server *server = cls;
    struct upload *upload = *req_cls;

    (void)version;
    if (!upload) {
        *req_cls = calloc(1, sizeof *upload);
        atomic_fetch_add(&server->requests, 1);
        return strcmp(path, "/early") == 0 ? answer_facts(connection, path) : MHD_YES;
    }
    if (*length) {
        upload->data = realloc(upload->data, upload->length + *length);
        memcpy(upload->data + upload->length, data, *length);
        upload->length += *length;
        *length = 0;
        return MHD_YES;
    }
    while (strcmp(path, "/hold") == 0 && atomic_load(&server->hold))
        usleep(1000);
    if (strcmp(path, "/upgrade") == 0) return answer_upgrade(connection);
    if (strcmp(path, "/impatient") == 0)
        MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 1U);
    if (strcmp(path, "/big") == 0) {
        static char big[BIG_BYTES];

        memset(big, 'x', sizeof big);
        return answer_data(connection, big, sizeof big);
    }
    if (strcmp(method, "POST") == 0) return answer_data(connection, upload->data, upload->length);
    return answer_facts(connection, path);
}

static inline void completed(void *cls, struct MHD_Connection *connection, void **req_cls,
                             enum MHD_RequestTerminationCode code)
{
    struct server *server = cls;
    struct upload *upload = *req_cls;

    (void)connection;
    if (!upload) return;
    free(upload->data);
    free(upload);
    if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK) atomic_fetch_add(&server->cut, 1);
    atomic_fetch_add(&server->finished, 1);
}

static inline struct MHD_Daemon *start_daemon(struct server *server, unsigned flags,
                                              unsigned threads)
{
    return MHD_start_daemon(flags | MHD_USE_ERROR_LOG, 0, NULL, NULL, application, server,
                            MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_THREAD_POOL_SIZE,
                            threads, MHD_OPTION_NOTIFY_COMPLETED, completed, server,
                            MHD_OPTION_CONNECTION_LIMIT, 3000U, MHD_OPTION_END);
}

static inline struct toolbar_tls_options default_options(void)
{
    static struct toolbar_tls_development_files files;
    struct toolbar_tls_options options = TOOLBAR_TLS_OPTIONS_INIT;

    if (!files.key_file[0])
        assert_int_equal(toolbar_tls_development_certificate(scratch_directory(), &files), 0);
    options.certificate_file = files.certificate_file;
    options.key_file = files.key_file;
    return options;
}

enum {
    EPOLL = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC | MHD_USE_EPOLL,
    RUN_BY_US = MHD_USE_EPOLL | MHD_ALLOW_UPGRADE
};

static inline void server_start(struct server *server, unsigned flags, unsigned threads,
                                const struct toolbar_tls_options *options)
{
    struct toolbar_tls_options defaults = default_options();

    defaults.run_daemon = flags == RUN_BY_US;
    memset(server, 0, sizeof *server);
    server->daemon = start_daemon(server, flags, threads);
    assert_non_null(server->daemon);
    assert_int_equal(
        toolbar_tls_listen(server->daemon, options ? options : &defaults, &server->listener), 0);
    server->port = toolbar_tls_port(server->listener);
    assert_true(server->port > 0);
}

static inline void server_stop(struct server *server)
{
    toolbar_tls_close(server->listener);
    MHD_stop_daemon(server->daemon);
}

#endif
