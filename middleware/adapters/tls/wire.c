#include "adapters/tls/wire.h"

#include <errno.h>
#include <mbedtls/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One record of the greatest size and its header, tag and padding. */
enum { READ_BYTES = 16384 + 320, TURN_BYTES = 4 * READ_BYTES, HANDSHAKE_BYTES = 64 * 1024 };

/*
 * Much more than any flight, or than what becomes of one read from the server. Who makes us say
 * more without listening, by renegotiation attempts for instance, is cut off.
 */
enum { OUT_BYTES = 64 * 1024 };

void toolbar__tls_wire_init(struct toolbar__tls_wire *wire, int fd)
{
    *wire = (struct toolbar__tls_wire){.fd = fd, .dry = true};
    toolbar__text_init(&wire->out, OUT_BYTES);
}

void toolbar__tls_wire_free(struct toolbar__tls_wire *wire)
{
    toolbar__text_free(&wire->out);
    free(wire->in);
    close(wire->fd);
}

void toolbar__tls_wire_readable(struct toolbar__tls_wire *wire)
{
    wire->dry = false;
    wire->allowance = TURN_BYTES;
}

static int fill(struct toolbar__tls_wire *wire)
{
    ssize_t got;

    if (wire->dry || wire->allowance < READ_BYTES) return MBEDTLS_ERR_SSL_WANT_READ;
    if (!wire->established && wire->received >= HANDSHAKE_BYTES) return MBEDTLS_ERR_SSL_CONN_EOF;
    if (!wire->in) wire->in = malloc(READ_BYTES);
    if (!wire->in) return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    do {
        got = recv(wire->fd, wire->in, READ_BYTES, 0);
    } while (got < 0 && errno == EINTR);
    wire->dry = got < READ_BYTES;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return MBEDTLS_ERR_SSL_WANT_READ;
    if (got <= 0) return MBEDTLS_ERR_SSL_CONN_EOF;
    wire->allowance -= READ_BYTES;
    wire->received += (uint64_t)got;
    wire->in_at = 0;
    wire->in_end = (size_t)got;
    return 0;
}

int toolbar__tls_wire_receive(void *context, unsigned char *data, size_t length)
{
    struct toolbar__tls_wire *wire = context;
    size_t there;

    if (wire->in_at == wire->in_end) {
        int result = fill(wire);

        if (result) return result;
    }
    there = wire->in_end - wire->in_at;
    if (length > there) length = there;
    memcpy(data, wire->in + wire->in_at, length);
    wire->in_at += length;
    return (int)length;
}

/* How much the socket has taken. */
static size_t put(struct toolbar__tls_wire *wire, const void *data, size_t length)
{
    ssize_t sent;

    do {
        sent = send(wire->fd, data, length, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK) wire->broken = true;
        return 0;
    }
    wire->sent += (uint64_t)sent;
    return (size_t)sent;
}

int toolbar__tls_wire_send(void *context, const unsigned char *data, size_t length)
{
    struct toolbar__tls_wire *wire = context;
    size_t sent = 0;

    if (wire->established && !wire->out.length) sent = put(wire, data, length);
    toolbar_text_append(&wire->out, (const char *)data + sent, length - sent);
    if (wire->out.failed) wire->broken = true;
    return wire->broken ? MBEDTLS_ERR_SSL_CONN_EOF : (int)length;
}

bool toolbar__tls_wire_flush(struct toolbar__tls_wire *wire)
{
    size_t sent;

    if (!toolbar__tls_wire_pending(wire)) return false;
    sent = put(wire, wire->out.data + wire->out_at, wire->out.length - wire->out_at);
    wire->out_at += sent;
    if (wire->out_at == wire->out.length) {
        toolbar__text_free(&wire->out);
        wire->out_at = 0;
    }
    return sent > 0;
}

bool toolbar__tls_wire_pending(const struct toolbar__tls_wire *wire)
{
    return wire->out.length && !wire->broken;
}

void toolbar__tls_wire_rest(struct toolbar__tls_wire *wire)
{
    if (wire->in_at < wire->in_end) return;
    free(wire->in);
    wire->in = NULL;
}
