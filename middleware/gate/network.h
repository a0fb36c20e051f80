/* Lists of networks: who is a trusted proxy, who may see debug mode. */
#ifndef TOOLBAR_GATE_NETWORK_H
#define TOOLBAR_GATE_NETWORK_H

#include <debugtoolbar/toolbar.h>
#include <sys/socket.h>

struct toolbar__network {
    unsigned char address[16]; /* IPv4 in the first four */
    unsigned char bits;        /* of the prefix */
    bool v6;
};

struct toolbar__networks {
    struct toolbar__network *list;
    size_t count;
};

/*
 * Reads a NULL-terminated list of addresses and CIDR blocks; NULL is the empty one. Bits beyond
 * the prefix do not matter. A block of all addresses is refused: it would trust everybody.
 */
enum toolbar_error toolbar__networks_init(struct toolbar__networks *networks,
                                          const char *const *texts);
void toolbar__networks_done(struct toolbar__networks *networks);

/* NULL and peers without an IP address, such as those of a Unix socket, are in no network. */
bool toolbar__networks_contain(const struct toolbar__networks *networks,
                               const struct sockaddr *peer);

bool toolbar__is_loopback(const struct sockaddr *peer);

#endif
