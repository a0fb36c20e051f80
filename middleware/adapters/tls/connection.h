/*
 * One TLS connection and the plain one behind it: the handshake, both directions of plaintext,
 * and an orderly end. It reacts to what its two sockets can do and says what it waits for; the
 * loop does the waiting. Used by one thread.
 *
 * libmicrohttpd gets its end of a socket pair once the first request head is complete and
 * valid. It owns that end from then on, and learns of the client's address only what it is told.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_CONNECTION_H
#define TOOLBAR_ADAPTERS_TLS_CONNECTION_H

#include <mbedtls/ssl.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "adapters/tls/registry.h"
#include "adapters/tls/validator.h"
#include "adapters/tls/wire.h"
#include "base/text.h"

/* A record's greatest size, and so that of one step in either direction. */
enum { TOOLBAR__TLS_STEP_BYTES = 16384 };

/* Which deadline a connection is under. Each is the same for all connections. */
enum toolbar__tls_timer {
    TOOLBAR__TLS_TIMER_HANDSHAKE,
    TOOLBAR__TLS_TIMER_IDLE,   /* begins anew whenever something moves */
    TOOLBAR__TLS_TIMER_LINGER, /* all is said, the other side should close */
    TOOLBAR__TLS_TIMER_NONE,   /* it is the application's turn: its own timeouts count */
    TOOLBAR__TLS_TIMERS
};

struct toolbar__tls_connection {
    enum {
        TOOLBAR__TLS_HANDSHAKE,
        TOOLBAR__TLS_OPEN,
        TOOLBAR__TLS_CLOSING,   /* the last bytes are on their way */
        TOOLBAR__TLS_LINGERING, /* so that what the peer still sends makes no reset */
        TOOLBAR__TLS_DEAD       /* to be freed */
    } phase;
    bool moved;       /* something was passed on; for the loop to read and clear */
    bool client_done; /* nothing more is taken from the client */
    bool half_closed; /* and libmicrohttpd knows */
    bool server_done; /* libmicrohttpd has said all it will say */
    bool answer_owed; /* the last thing that moved went to libmicrohttpd */
    unsigned refusal; /* the status to answer when libmicrohttpd is done, or 0 */
    int server_fd;    /* our end of the pair, or -1 */
    int given_fd;     /* libmicrohttpd's end, which it may have closed */
    uint64_t cookie;  /* of that */
    int64_t began_ns;
    struct toolbar__tls_facts facts;
    unsigned char *step; /* TOOLBAR__TLS_STEP_BYTES of the loop's */
    struct MHD_Daemon *daemon;
    mbedtls_ssl_context ssl;
    struct toolbar__tls_wire wire;
    struct toolbar__validator validator;
    struct toolbar_text to_server; /* valid bytes that libmicrohttpd has not taken yet */
    size_t to_server_at;
    struct toolbar_text unread; /* plaintext behind a request that asks for an upgrade */
    struct sockaddr_storage peer;
    socklen_t peer_length;
};

/*
 * Takes `fd` over, whatever it returns: false if out of memory. The connection must not move in
 * memory; `step` is shared with other connections of the same thread.
 */
bool toolbar__tls_connection_init(struct toolbar__tls_connection *connection, int fd,
                                  const struct sockaddr_storage *peer, socklen_t peer_length,
                                  const mbedtls_ssl_config *config, struct MHD_Daemon *daemon,
                                  unsigned char *step);
void toolbar__tls_connection_free(struct toolbar__tls_connection *connection);

/* What poll found on the TLS socket, and on the server's. */
void toolbar__tls_connection_wire_event(struct toolbar__tls_connection *connection,
                                        uint32_t events);
void toolbar__tls_connection_server_event(struct toolbar__tls_connection *connection,
                                          uint32_t events);

/* The events to wait for; 0 means that the socket has to be taken out of the poll set. */
uint32_t toolbar__tls_connection_wire_interest(const struct toolbar__tls_connection *connection);
uint32_t toolbar__tls_connection_server_interest(const struct toolbar__tls_connection *connection);

enum toolbar__tls_timer
toolbar__tls_connection_timer(const struct toolbar__tls_connection *connection);
void toolbar__tls_connection_expire(struct toolbar__tls_connection *connection);

/* The listener closes: what has been asked is still answered, nothing more is taken. */
void toolbar__tls_connection_finish(struct toolbar__tls_connection *connection);

#endif
