/*
 * CIDR blocks. An IPv4 address that came in through an IPv6 socket (::ffff:a.b.c.d) is the IPv4
 * address, on both sides of the comparison; no other IPv6 block contains IPv4 addresses.
 */
#include "gate/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { NETWORKS_MAXIMUM = 1024, MAPPED_BITS = 96 };

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* ::ffff:a.b.c.d/96+n becomes a.b.c.d/n. */
static void unmap(struct toolbar__network *network)
{
    if (!network->v6 || network->bits < MAPPED_BITS) return;
    if (memcmp(network->address, mapped_prefix, sizeof mapped_prefix) != 0) return;
    memmove(network->address, network->address + sizeof mapped_prefix, 4);
    network->bits = (unsigned char)(network->bits - MAPPED_BITS);
    network->v6 = false;
}

/* Decimal, without sign and leading zeros. */
static bool parse_bits(const char *text, unsigned maximum, unsigned char *bits)
{
    unsigned value = 0;

    if (!*text || (text[0] == '0' && text[1])) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > maximum) return false;
    }
    *bits = (unsigned char)value;
    return true;
}

static bool parse(const char *text, struct toolbar__network *network)
{
    char address[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "/");
    unsigned maximum = 128;

    if (length >= sizeof address) return false;
    memcpy(address, text, length);
    address[length] = '\0';
    *network = (struct toolbar__network){.v6 = true};
    if (inet_pton(AF_INET, address, network->address) == 1) {
        network->v6 = false;
        maximum = 32;
    } else if (inet_pton(AF_INET6, address, network->address) != 1) {
        return false;
    }
    network->bits = (unsigned char)maximum;
    if (text[length] && !parse_bits(text + length + 1, maximum, &network->bits)) return false;
    unmap(network);
    return network->bits > 0;
}

enum toolbar_error toolbar__networks_init(struct toolbar__networks *networks,
                                          const char *const *texts)
{
    struct toolbar__network *list;
    size_t count = 0;

    *networks = (struct toolbar__networks){0};
    while (texts && texts[count]) {
        count++;
    }
    if (count > NETWORKS_MAXIMUM) return TOOLBAR_ERROR_LIMIT;
    if (!count) return TOOLBAR_OK;
    list = calloc(count, sizeof *list);
    if (!list) return TOOLBAR_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (parse(texts[i], &list[i])) continue;
        free(list);
        return TOOLBAR_ERROR_NETWORK;
    }
    *networks = (struct toolbar__networks){list, count};
    return TOOLBAR_OK;
}

void toolbar__networks_done(struct toolbar__networks *networks)
{
    free(networks->list);
    *networks = (struct toolbar__networks){0};
}

/* The peer's address as a network of one; false if it has none. */
static bool address_of(const struct sockaddr *peer, struct toolbar__network *address)
{
    if (!peer) return false;
    *address = (struct toolbar__network){.bits = 32};
    if (peer->sa_family == AF_INET) {
        memcpy(address->address, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
        return true;
    }
    if (peer->sa_family != AF_INET6) return false;
    memcpy(address->address, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, 16);
    address->bits = 128;
    address->v6 = true;
    unmap(address);
    return true;
}

static bool contains(const struct toolbar__network *network, const struct toolbar__network *address)
{
    size_t bytes = network->bits / 8;
    unsigned rest = network->bits % 8;
    unsigned char mask = (unsigned char)(0xff << (8 - rest));

    if (network->v6 != address->v6) return false;
    if (memcmp(network->address, address->address, bytes) != 0) return false;
    return !rest || ((network->address[bytes] ^ address->address[bytes]) & mask) == 0;
}

bool toolbar__networks_contain(const struct toolbar__networks *networks,
                               const struct sockaddr *peer)
{
    struct toolbar__network address;

    if (!networks->count || !address_of(peer, &address)) return false;
    for (size_t i = 0; i < networks->count; i++) {
        if (contains(&networks->list[i], &address)) return true;
    }
    return false;
}

bool toolbar__is_loopback(const struct sockaddr *peer)
{
    struct toolbar__network v4 = {.address = {127}, .bits = 8};
    struct toolbar__network v6 = {.address = {[15] = 1}, .bits = 128, .v6 = true};
    struct toolbar__network address;

    if (!address_of(peer, &address)) return false;
    return contains(&v4, &address) || contains(&v6, &address);
}
