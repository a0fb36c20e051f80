/*
 * One thread of a listener: accepts connections, waits for their sockets and their deadlines.
 * Several loops share the listening socket; a connection stays with the loop that accepted it.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_LOOP_H
#define TOOLBAR_ADAPTERS_TLS_LOOP_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/tls/config.h"
#include "adapters/tls/connection.h"

/* What the loops of one listener share. Constant while they run, apart from the atomics. */
struct toolbar__tls_service {
    struct MHD_Daemon *daemon;
    int daemon_fd; /* its epoll, if it is to be run by the loop, or -1 */
    struct toolbar__tls_config config;
    int listen_fd;
    size_t connection_limit;
    int64_t timeouts_ns[TOOLBAR__TLS_TIMERS]; /* by enum toolbar__tls_timer */
    atomic_size_t connections;
    atomic_bool closing;
};

struct toolbar__tls_loop;

/* NULL with errno set if a resource or the thread could not be had. */
struct toolbar__tls_loop *toolbar__tls_loop_start(struct toolbar__tls_service *service);

/* After service->closing has been set: makes the loop look at it. */
void toolbar__tls_loop_wake(struct toolbar__tls_loop *loop);

/* Waits for the thread, at most a little over a second, and frees the loop. */
void toolbar__tls_loop_join(struct toolbar__tls_loop *loop);

#endif
