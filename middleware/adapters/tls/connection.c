#include "adapters/tls/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "adapters/tls/config.h"
#include "base/clock.h"

/* What one event may move from the server, so that other connections get their turn. */
enum { STEPS = 4 };

bool toolbar__tls_connection_init(struct toolbar__tls_connection *connection, int fd,
                                  const struct sockaddr_storage *peer, socklen_t peer_length,
                                  const mbedtls_ssl_config *config, struct MHD_Daemon *daemon,
                                  unsigned char *step)
{
    *connection = (struct toolbar__tls_connection){
        .server_fd = -1,
        .began_ns = toolbar__now_ns(),
        .step = step,
        .daemon = daemon,
        .peer = *peer,
        .peer_length = peer_length,
    };
    toolbar__tls_wire_init(&connection->wire, fd);
    toolbar__validator_init(&connection->validator);
    /* A whole head and what else came with it in one record. */
    toolbar__text_init(&connection->to_server, TOOLBAR__HEAD_BYTES + TOOLBAR__TLS_STEP_BYTES);
    toolbar__text_init(&connection->unread, TOOLBAR__TLS_STEP_BYTES);
    mbedtls_ssl_init(&connection->ssl);
    if (mbedtls_ssl_setup(&connection->ssl, config) != 0) {
        toolbar__tls_connection_free(connection);
        return false;
    }
    mbedtls_ssl_set_bio(&connection->ssl, &connection->wire, toolbar__tls_wire_send,
                        toolbar__tls_wire_receive, NULL);
    return true;
}

void toolbar__tls_connection_free(struct toolbar__tls_connection *connection)
{
    mbedtls_ssl_free(&connection->ssl);
    toolbar__tls_wire_free(&connection->wire);
    toolbar__validator_free(&connection->validator);
    toolbar__text_free(&connection->to_server);
    toolbar__text_free(&connection->unread);
    if (connection->server_fd >= 0) close(connection->server_fd);
}

/* Flushes, and goes on to the next phase if there is nothing left to flush. */
static void flush(struct toolbar__tls_connection *connection)
{
    if (toolbar__tls_wire_flush(&connection->wire)) connection->moved = true;
    if (connection->wire.broken) connection->phase = TOOLBAR__TLS_DEAD;
    if (connection->phase != TOOLBAR__TLS_CLOSING || toolbar__tls_wire_pending(&connection->wire))
        return;
    /*
     * Closing a socket that has unread input sends a reset, and a reset makes the peer's kernel
     * throw away what it has received from us but not delivered.
     */
    shutdown(connection->wire.fd, SHUT_WR);
    connection->phase = TOOLBAR__TLS_LINGERING;
}

/* After a fatal alert there is no close_notify. */
static void begin_close(struct toolbar__tls_connection *connection, bool notify)
{
    if (connection->server_fd >= 0) shutdown(connection->server_fd, SHUT_RDWR);
    connection->server_done = true;
    connection->client_done = true;
    if (notify) (void)mbedtls_ssl_close_notify(&connection->ssl);
    connection->phase = TOOLBAR__TLS_CLOSING;
    flush(connection);
}

/* The wire takes everything, so that this never has to be continued later. */
static bool send_plain(struct toolbar__tls_connection *connection, const unsigned char *data,
                       size_t length)
{
    while (length) {
        int sent = mbedtls_ssl_write(&connection->ssl, data, length);

        if (sent <= 0) return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static const char *refusal_text(unsigned status)
{
#define REFUSAL(line) "HTTP/1.1 " line "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    switch (status) {
    case TOOLBAR__REQUEST_BAD: return REFUSAL("400 Bad Request");
    case TOOLBAR__REQUEST_TOO_LARGE: return REFUSAL("431 Request Header Fields Too Large");
    default: return REFUSAL("503 Service Unavailable");
    }
#undef REFUSAL
}

/* Neither side has anything more to say. */
static void end(struct toolbar__tls_connection *connection)
{
    if (connection->refusal) {
        const char *text = refusal_text(connection->refusal);

        (void)send_plain(connection, (const unsigned char *)text, strlen(text));
    }
    begin_close(connection, true);
}

/* What came before is still answered, and the refusal follows. */
static void refuse(struct toolbar__tls_connection *connection, unsigned status)
{
    connection->refusal = status;
    connection->client_done = true;
}

static bool attach(struct toolbar__tls_connection *connection)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) return false;
    connection->given_fd = pair[1];
    connection->cookie = toolbar__tls_remember(pair[1]);
    if (!connection->cookie) {
        close(pair[0]);
        close(pair[1]);
        return false;
    }
    /* It closes its end when it fails, too. */
    if (MHD_add_connection(connection->daemon, pair[1], (struct sockaddr *)&connection->peer,
                           connection->peer_length) != MHD_YES) {
        close(pair[0]);
        return false;
    }
    connection->server_fd = pair[0];
    return true;
}

/* How much the server's socket takes; if it is closed, the client's words are pointless. */
static size_t put(struct toolbar__tls_connection *connection, const char *data, size_t length)
{
    ssize_t sent;

    do {
        sent = send(connection->server_fd, data, length, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return (size_t)sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    connection->client_done = true;
    return length;
}

/* What a request is told of its connection has to be there before the request is. */
static void note(struct toolbar__tls_connection *connection)
{
    connection->facts.requests = connection->validator.requests;
    connection->facts.received_bytes = connection->wire.received;
    connection->facts.sent_bytes = connection->wire.sent;
    toolbar__tls_note(connection->given_fd, connection->cookie, &connection->facts);
}

static void pass_on(struct toolbar__tls_connection *connection,
                    const struct toolbar__passage *passage)
{
    size_t sent = 0;

    if (!passage->length) return;
    if (connection->server_fd < 0 && !attach(connection)) {
        refuse(connection, 503);
        return;
    }
    note(connection);
    connection->moved = true;
    connection->answer_owed = true;
    if (!connection->to_server.length) sent = put(connection, passage->data, passage->length);
    toolbar_text_append(&connection->to_server, passage->data + sent, passage->length - sent);
}

/* Plaintext from the client. */
static void take(struct toolbar__tls_connection *connection, const char *data, size_t length)
{
    while (length && !connection->client_done) {
        struct toolbar__passage passage;
        size_t consumed;
        enum toolbar__verdict verdict =
            toolbar__validator_feed(&connection->validator, data, length, &consumed, &passage);

        if (verdict != TOOLBAR__REQUEST_VALID) {
            refuse(connection, verdict);
            return;
        }
        pass_on(connection, &passage);
        if (!consumed) {
            toolbar_text_append(&connection->unread, data, length);
            return;
        }
        data += consumed;
        length -= consumed;
    }
}

/* The bytes that waited for the answer to an upgrade. */
static void take_unread(struct toolbar__tls_connection *connection)
{
    struct toolbar_text unread = connection->unread;

    if (!unread.length || toolbar__validator_awaits_answer(&connection->validator)) return;
    toolbar__text_init(&connection->unread, TOOLBAR__TLS_STEP_BYTES);
    take(connection, unread.data, unread.length);
    toolbar__text_free(&unread);
}

static bool takes_input(const struct toolbar__tls_connection *connection)
{
    return !connection->client_done && !connection->to_server.length &&
           !toolbar__validator_awaits_answer(&connection->validator);
}

/* One record from the client, or the end; false when there is none yet. */
static bool read_record(struct toolbar__tls_connection *connection)
{
    int got = mbedtls_ssl_read(&connection->ssl, connection->step, TOOLBAR__TLS_STEP_BYTES);

    if (got > 0) {
        take(connection, (const char *)connection->step, (size_t)got);
        return true;
    }
    switch (got) {
    case MBEDTLS_ERR_SSL_WANT_READ:
    case MBEDTLS_ERR_SSL_WANT_WRITE: return false;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: connection->client_done = true; return false;
    case 0:
    case MBEDTLS_ERR_SSL_CONN_EOF:
        /* Without close_notify: somebody may have cut it. What is half said is not said. */
        connection->phase = TOOLBAR__TLS_DEAD;
        return false;
    default: begin_close(connection, false); return false;
    }
}

static void flush_to_server(struct toolbar__tls_connection *connection)
{
    struct toolbar_text *text = &connection->to_server;
    size_t sent;

    if (!text->length) return;
    sent = put(connection, text->data + connection->to_server_at,
               text->length - connection->to_server_at);
    if (sent) connection->moved = true;
    connection->to_server_at += sent;
    if (connection->to_server_at < text->length) return;
    toolbar__text_free(text);
    connection->to_server_at = 0;
}

static void client_to_server(struct toolbar__tls_connection *connection)
{
    flush_to_server(connection);
    take_unread(connection);
    while (takes_input(connection) && read_record(connection))
        continue;
    /* Out of memory: a request with a hole in it must not go on. */
    if (connection->to_server.failed || connection->unread.failed)
        connection->phase = TOOLBAR__TLS_DEAD;
    if (connection->phase != TOOLBAR__TLS_OPEN || !connection->client_done) return;
    if (connection->server_fd < 0) {
        end(connection);
    } else if (!connection->to_server.length && !connection->half_closed) {
        shutdown(connection->server_fd, SHUT_WR);
        connection->half_closed = true;
    }
}

/* One step from the server, or its end; false when it has no more for now. */
static bool read_server(struct toolbar__tls_connection *connection)
{
    ssize_t got;

    do {
        got = recv(connection->server_fd, connection->step, TOOLBAR__TLS_STEP_BYTES, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (got <= 0) {
        /* A reset only says that it closed without reading everything we sent. */
        end(connection);
        return false;
    }
    connection->moved = true;
    connection->answer_owed = false;
    toolbar__validator_answer(&connection->validator, (const char *)connection->step, (size_t)got);
    if (!send_plain(connection, connection->step, (size_t)got)) {
        connection->phase = TOOLBAR__TLS_DEAD;
        return false;
    }
    return got == TOOLBAR__TLS_STEP_BYTES && !toolbar__tls_wire_pending(&connection->wire);
}

static void server_to_client(struct toolbar__tls_connection *connection)
{
    if (toolbar__tls_wire_pending(&connection->wire)) return;
    for (int i = 0; i < STEPS && read_server(connection); i++)
        continue;
}

/* The names are mbedTLS's own literals. */
static void begin_talking(struct toolbar__tls_connection *connection)
{
    connection->phase = TOOLBAR__TLS_OPEN;
    connection->wire.established = true;
    connection->facts.version = mbedtls_ssl_get_version(&connection->ssl);
    connection->facts.cipher = mbedtls_ssl_get_ciphersuite(&connection->ssl);
    connection->facts.handshake_ns = toolbar__now_ns() - connection->began_ns;
}

static void shake_hands(struct toolbar__tls_connection *connection)
{
    int result;

    toolbar__tls_ticket_taken = false;
    result = mbedtls_ssl_handshake(&connection->ssl);
    connection->facts.resumed |= toolbar__tls_ticket_taken;
    flush(connection);
    if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) return;
    if (result == MBEDTLS_ERR_SSL_CONN_EOF) {
        connection->phase = TOOLBAR__TLS_DEAD;
    } else if (result) {
        begin_close(connection, false);
    } else if (connection->phase == TOOLBAR__TLS_HANDSHAKE) {
        begin_talking(connection);
    }
}

/* Throws away what the peer still sends, until it closes as well. */
static void drain(struct toolbar__tls_connection *connection)
{
    ssize_t got = recv(connection->wire.fd, connection->step, TOOLBAR__TLS_STEP_BYTES, 0);

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        connection->phase = TOOLBAR__TLS_DEAD;
}

void toolbar__tls_connection_wire_event(struct toolbar__tls_connection *connection, uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP)) {
        connection->phase = TOOLBAR__TLS_DEAD;
        return;
    }
    if (connection->phase == TOOLBAR__TLS_LINGERING) {
        drain(connection);
        return;
    }
    if (events & EPOLLOUT) flush(connection);
    if (events & EPOLLIN) toolbar__tls_wire_readable(&connection->wire);
    if (connection->phase == TOOLBAR__TLS_HANDSHAKE) shake_hands(connection);
    if (connection->phase == TOOLBAR__TLS_OPEN) client_to_server(connection);
    toolbar__tls_wire_rest(&connection->wire);
}

void toolbar__tls_connection_server_event(struct toolbar__tls_connection *connection,
                                          uint32_t events)
{
    if (connection->phase != TOOLBAR__TLS_OPEN) return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) server_to_client(connection);
    if (connection->phase == TOOLBAR__TLS_OPEN) client_to_server(connection);
    toolbar__tls_wire_rest(&connection->wire);
}

uint32_t toolbar__tls_connection_wire_interest(const struct toolbar__tls_connection *connection)
{
    uint32_t events = toolbar__tls_wire_pending(&connection->wire) ? EPOLLOUT : 0;

    switch (connection->phase) {
    case TOOLBAR__TLS_HANDSHAKE:
    case TOOLBAR__TLS_LINGERING: return events | EPOLLIN;
    case TOOLBAR__TLS_OPEN: return takes_input(connection) ? events | EPOLLIN : events;
    default: return events;
    }
}

uint32_t toolbar__tls_connection_server_interest(const struct toolbar__tls_connection *connection)
{
    uint32_t events = connection->to_server.length ? EPOLLOUT : 0;

    if (connection->phase != TOOLBAR__TLS_OPEN || connection->server_fd < 0) return 0;
    return toolbar__tls_wire_pending(&connection->wire) ? events : events | EPOLLIN;
}

/*
 * libmicrohttpd waits with edge-triggered epoll and takes a short read for the end of what there
 * is, so the end of input that comes right behind other bytes escapes it until the next event:
 * that is when we read an answer. In the middle of a request there may never be one.
 */
static bool needs_a_push(const struct toolbar__tls_connection *connection)
{
    return connection->half_closed && !toolbar__validator_between_requests(&connection->validator);
}

enum toolbar__tls_timer
toolbar__tls_connection_timer(const struct toolbar__tls_connection *connection)
{
    switch (connection->phase) {
    case TOOLBAR__TLS_HANDSHAKE: return TOOLBAR__TLS_TIMER_HANDSHAKE;
    case TOOLBAR__TLS_LINGERING: return TOOLBAR__TLS_TIMER_LINGER;
    case TOOLBAR__TLS_OPEN: break;
    default: return TOOLBAR__TLS_TIMER_IDLE;
    }
    if (toolbar__tls_wire_pending(&connection->wire)) return TOOLBAR__TLS_TIMER_IDLE;
    if (needs_a_push(connection)) return TOOLBAR__TLS_TIMER_LINGER;
    if (connection->client_done || connection->to_server.length) return TOOLBAR__TLS_TIMER_NONE;
    return connection->answer_owed && toolbar__validator_between_requests(&connection->validator)
               ? TOOLBAR__TLS_TIMER_NONE
               : TOOLBAR__TLS_TIMER_IDLE;
}

void toolbar__tls_connection_expire(struct toolbar__tls_connection *connection)
{
    if (connection->phase == TOOLBAR__TLS_OPEN && !toolbar__tls_wire_pending(&connection->wire))
        end(connection);
    else
        connection->phase = TOOLBAR__TLS_DEAD;
}

void toolbar__tls_connection_finish(struct toolbar__tls_connection *connection)
{
    if (connection->phase == TOOLBAR__TLS_HANDSHAKE) {
        connection->phase = TOOLBAR__TLS_DEAD;
    } else if (connection->phase == TOOLBAR__TLS_OPEN) {
        connection->client_done = true;
        if (toolbar__validator_between_requests(&connection->validator))
            client_to_server(connection);
        else
            end(connection);
    }
}
