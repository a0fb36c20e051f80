/* The public face of the listener: checks the options, opens the port, starts and ends the loops.
 */
#include <debugtoolbar/tls.h>

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/tls/loop.h"
#include "adapters/tls/registry.h"
#include "adapters/tls/versions.h"

enum { THREADS_MAXIMUM = 64 };

/* How long a peer may take to close after all is sent. */
static const int64_t linger_ns = 1000 * 1000000LL;

struct toolbar_tls_listener {
    struct toolbar__tls_service service;
    uint16_t port;
    unsigned loop_count;
    struct toolbar__tls_loop *loops[THREADS_MAXIMUM];
};

static enum toolbar_error check_daemon(struct MHD_Daemon *daemon,
                                       const struct toolbar_tls_options *options)
{
    const unsigned own_threads = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;
    const unsigned needed = options->run_daemon ? MHD_USE_EPOLL : own_threads;
    /* With TLS it would wait for a handshake inside our plaintext. */
    const unsigned wrong =
        options->run_daemon ? MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD : MHD_USE_TLS;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_FLAGS);
    unsigned flags = info ? (unsigned)info->flags : 0;

    return (flags & (needed | wrong)) == needed ? TOOLBAR_OK : TOOLBAR_ERROR_DAEMON;
}

static enum toolbar_error check(struct MHD_Daemon *daemon,
                                const struct toolbar_tls_options *options)
{
    if (!daemon || !options || !options->address || !options->certificate_file ||
        !options->key_file)
        return TOOLBAR_ERROR_ARGUMENT;
    if (options->threads < 1 || options->threads > THREADS_MAXIMUM ||
        options->connection_limit < 1 || options->handshake_timeout_ms < 1 ||
        options->idle_timeout_ms < 1 || options->handshake_timeout_ms > INT_MAX ||
        options->idle_timeout_ms > INT_MAX)
        return TOOLBAR_ERROR_ARGUMENT;
    if (options->run_daemon && options->threads > 1) return TOOLBAR_ERROR_ARGUMENT;
    if (options->threads > 1 && !TOOLBAR__TLS_THREADS) return TOOLBAR_ERROR_TLS;
    return check_daemon(daemon, options);
}

/* The backlog is the kernel's maximum: with a short one a burst of clients waits for seconds. */
static int bind_and_listen(const struct addrinfo *where)
{
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    const int off = 0;

    if (fd < 0) return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (where->ai_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0) ||
        bind(fd, where->ai_addr, where->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static enum toolbar_error open_port(const struct toolbar_tls_options *options, int *listen_fd)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *where = NULL;
    char port[8];
    int error;

    snprintf(port, sizeof port, "%u", (unsigned)options->port);
    error = getaddrinfo(options->address, port, &hints, &where);
    if (error) {
        if (error != EAI_SYSTEM) errno = EINVAL;
        return TOOLBAR_ERROR_ADDRESS;
    }
    *listen_fd = bind_and_listen(where);
    error = errno;
    freeaddrinfo(where);
    errno = error;
    return *listen_fd < 0 ? TOOLBAR_ERROR_ADDRESS : TOOLBAR_OK;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr_in6 v6;
        struct sockaddr_in v4;
        struct sockaddr any;
    } address = {.v6 = {0}};
    socklen_t length = sizeof address;

    if (getsockname(fd, &address.any, &length) != 0) return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

static int64_t ms_to_ns(unsigned ms)
{
    return (int64_t)ms * 1000000;
}

static enum toolbar_error start(struct toolbar_tls_listener *listener,
                                const struct toolbar_tls_options *options)
{
    struct toolbar__tls_service *service = &listener->service;
    enum toolbar_error error;

    error =
        toolbar__tls_config_init(&service->config, options->certificate_file, options->key_file);
    if (error) return error;
    error = open_port(options, &service->listen_fd);
    if (error) return error;
    /* Any socket shows whether the kernel can tell sockets apart. */
    if (!toolbar__tls_remember(service->listen_fd)) return TOOLBAR_ERROR_SYSTEM;

    listener->port = port_of(service->listen_fd);
    service->connection_limit = options->connection_limit;
    service->timeouts_ns[TOOLBAR__TLS_TIMER_HANDSHAKE] = ms_to_ns(options->handshake_timeout_ms);
    service->timeouts_ns[TOOLBAR__TLS_TIMER_IDLE] = ms_to_ns(options->idle_timeout_ms);
    service->timeouts_ns[TOOLBAR__TLS_TIMER_LINGER] = linger_ns;
    while (listener->loop_count < options->threads) {
        struct toolbar__tls_loop *loop = toolbar__tls_loop_start(service);

        if (!loop) return TOOLBAR_ERROR_SYSTEM;
        listener->loops[listener->loop_count++] = loop;
    }
    return TOOLBAR_OK;
}

static int epoll_of(struct MHD_Daemon *daemon)
{
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

enum toolbar_error toolbar_tls_listen(struct MHD_Daemon *daemon,
                                      const struct toolbar_tls_options *options,
                                      struct toolbar_tls_listener **listener)
{
    struct toolbar_tls_listener *made;
    enum toolbar_error error;
    int system_error;

    if (!listener) return TOOLBAR_ERROR_ARGUMENT;
    error = check(daemon, options);
    if (error) return error;
    made = calloc(1, sizeof *made);
    if (!made) return TOOLBAR_ERROR_MEMORY;
    made->service.daemon = daemon;
    made->service.daemon_fd = options->run_daemon ? epoll_of(daemon) : -1;
    made->service.listen_fd = -1;
    atomic_init(&made->service.connections, 0);
    atomic_init(&made->service.closing, false);

    error = start(made, options);
    if (error) {
        system_error = errno;
        toolbar_tls_close(made);
        errno = system_error;
        return error;
    }
    *listener = made;
    return TOOLBAR_OK;
}

uint16_t toolbar_tls_port(const struct toolbar_tls_listener *listener)
{
    return listener->port;
}

void toolbar_tls_close(struct toolbar_tls_listener *listener)
{
    if (!listener) return;
    atomic_store(&listener->service.closing, true);
    /* Refuses clients at once; the number stays taken until no loop can use it any more. */
    if (listener->service.listen_fd >= 0) shutdown(listener->service.listen_fd, SHUT_RDWR);
    for (unsigned i = 0; i < listener->loop_count; i++) {
        toolbar__tls_loop_wake(listener->loops[i]);
    }
    for (unsigned i = 0; i < listener->loop_count; i++) {
        toolbar__tls_loop_join(listener->loops[i]);
    }
    if (listener->service.listen_fd >= 0) close(listener->service.listen_fd);
    toolbar__tls_config_free(&listener->service.config);
    free(listener);
}
