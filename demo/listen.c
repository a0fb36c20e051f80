/* See the header. Addresses are numeric: options.c has seen to it. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128 };

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t parse(const char *text, uint16_t port, union address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, &address->four.sin_addr) == 1) {
        address->four.sin_family = AF_INET;
        address->four.sin_port = htons(port);
        return sizeof address->four;
    }
    inet_pton(AF_INET6, text, &address->six.sin6_addr);
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = htons(port);
    return sizeof address->six;
}

int listen_on(const char *text, uint16_t port, uint16_t *given)
{
    union address address;
    socklen_t size = parse(text, port, &address);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, &address.any, size) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &address.any, &size) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    /* The port is at the same place for both families. */
    *given = ntohs(address.four.sin_port);
    return fd;
}

void listen_complain(const char *option, const char *address, uint16_t port, int error)
{
    if (error == EADDRINUSE)
        fprintf(stderr, "debugtoolbar-demo: port %u is in use: choose another with %s\n", port,
                option);
    else
        fprintf(stderr, "debugtoolbar-demo: cannot listen on %s port %u: %s\n", address, port,
                strerror(error));
}

struct url listen_url(const char *scheme, const char *address, uint16_t port)
{
    static const char *const local[] = {"127.0.0.1", "0.0.0.0", "::1", "::"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        if (strcmp(address, local[i]) == 0) address = "localhost";
    }
    struct url url;
    bool six = strchr(address, ':') != NULL;
    snprintf(url.text, sizeof url.text, "%s://%s%s%s:%u/", scheme, six ? "[" : "", address,
             six ? "]" : "", port);
    return url;
}
