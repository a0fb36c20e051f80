/*
 * Which sockets are the server's end of one of our TLS connections. This is what makes a request
 * count as secure, so it must never hold for a socket that merely got the number of one that is
 * closed: what is kept is the kernel's cookie of the socket, which is unique and never used again.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_REGISTRY_H
#define TOOLBAR_ADAPTERS_TLS_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

/* What is known of a TLS connection. Strings are literals. */
struct toolbar__tls_facts {
    const char *version;
    const char *cipher;
    bool resumed;
    int64_t handshake_ns;
    uint64_t requests; /* passed on so far */
    uint64_t received_bytes;
    uint64_t sent_bytes;
};

/*
 * To be called before anybody else learns of the socket. Returns its cookie, or 0 if it cannot
 * be remembered: no memory, or a kernel without socket cookies. Any thread.
 */
uint64_t toolbar__tls_remember(int fd);

/* Any thread, without a lock; the socket must not be closed meanwhile. */
bool toolbar__tls_is_ours(int fd);

/*
 * Changes what is known of the connection with this cookie. The server may have closed its socket
 * by now; nothing happens once its number belongs to another of our connections.
 */
void toolbar__tls_note(int fd, uint64_t cookie, const struct toolbar__tls_facts *facts);

/* As toolbar__tls_is_ours(); the figures are of about the same moment. */
bool toolbar__tls_facts(int fd, struct toolbar__tls_facts *facts);

#endif
