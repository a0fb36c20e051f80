/*
 * Who asked, over which connection, and who served it. All of it is known when the request
 * begins; what is not known says so.
 */
#ifndef TOOLBAR_RECORD_CLIENT_H
#define TOOLBAR_RECORD_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

/* A figure is TOOLBAR__UNKNOWN, a string NULL, where it is not known. */
struct toolbar__client {
    const char *address;
    bool proxied; /* a trusted proxy's word was taken for it that its client speaks TLS */
    const char *protocol;
    const char *cipher;
    int resumed; /* -1: not known */
    int64_t handshake_ns;
    int64_t request_number; /* on its connection, from 1 */
    int64_t received_bytes; /* on the wire, up to this request */
    int64_t sent_bytes;
    const char *thread;
    const char *mode;   /* of the server */
    const char *server; /* its library with its version */
};

#define TOOLBAR__CLIENT_UNKNOWN                                                                    \
    {                                                                                              \
        .resumed = -1, .handshake_ns = TOOLBAR__UNKNOWN, .request_number = TOOLBAR__UNKNOWN,       \
        .received_bytes = TOOLBAR__UNKNOWN, .sent_bytes = TOOLBAR__UNKNOWN                         \
    }

#endif
