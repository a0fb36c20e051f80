/* Listening sockets, made here so that a port in use can be told from everything else. */
#ifndef DEMO_LISTEN_H
#define DEMO_LISTEN_H

#include <stddef.h>
#include <stdint.h>

/* A listening socket and, for port 0, the port that the system gave; -1 and errno. */
int listen_on(const char *address, uint16_t port, uint16_t *given);

/* One line on stderr for a port that could not be had, from errno. */
void listen_complain(const char *option, const char *address, uint16_t port, int error);

/* "https://localhost:8443/" and the like. */
struct url {
    char text[80];
};

/* What a browser is to be sent to. The development certificate says localhost, and so does this
 * wherever localhost leads to the address. */
struct url listen_url(const char *scheme, const char *address, uint16_t port);

#endif
