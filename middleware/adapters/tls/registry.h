/*
 * Which sockets are the server's end of one of our TLS connections. This is what makes a request
 * count as secure, so it must never hold for a socket that merely got the number of one that is
 * closed: what is kept is the kernel's cookie of the socket, which is unique and never used again.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_REGISTRY_H
#define TOOLBAR_ADAPTERS_TLS_REGISTRY_H

#include <stdbool.h>

/*
 * To be called before anybody else learns of the socket. False if it cannot be remembered: no
 * memory, or a kernel without socket cookies. Any thread.
 */
bool toolbar__tls_remember(int fd);

/* Any thread, without a lock; the socket must not be closed meanwhile. */
bool toolbar__tls_is_ours(int fd);

#endif
