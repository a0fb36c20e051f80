/*
 * The socket under one TLS session, as mbedTLS's input and output. Reads ahead, so that a record
 * costs one system call; keeps what the socket would not take, so that mbedTLS never has to
 * wait while it writes, and so that the messages of a handshake flight leave together.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_WIRE_H
#define TOOLBAR_ADAPTERS_TLS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct toolbar__tls_wire {
    int fd;            /* owned */
    bool established;  /* the handshake is over */
    bool dry;          /* the socket had nothing left when it was last read */
    bool broken;       /* the peer cannot be written to any more */
    size_t allowance;  /* bytes that may still be read in this turn */
    uint64_t received; /* bytes */
    uint64_t sent;
    unsigned char *in;
    size_t in_at;
    size_t in_end;
    struct toolbar_text out;
    size_t out_at;
};

void toolbar__tls_wire_init(struct toolbar__tls_wire *wire, int fd);
void toolbar__tls_wire_free(struct toolbar__tls_wire *wire);

/* The socket has something to be read. Limits what one turn reads, so that all get theirs. */
void toolbar__tls_wire_readable(struct toolbar__tls_wire *wire);

/* For mbedtls_ssl_set_bio(), with the wire as context. */
int toolbar__tls_wire_receive(void *wire, unsigned char *data, size_t length);
int toolbar__tls_wire_send(void *wire, const unsigned char *data, size_t length);

/* Sends what is kept, as far as the socket takes it; whether that was anything. */
bool toolbar__tls_wire_flush(struct toolbar__tls_wire *wire);
bool toolbar__tls_wire_pending(const struct toolbar__tls_wire *wire);

/* Gives back the memory that is not needed until the next turn. */
void toolbar__tls_wire_rest(struct toolbar__tls_wire *wire);

#endif
