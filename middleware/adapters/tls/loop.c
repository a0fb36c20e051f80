#include "adapters/tls/loop.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"

enum { EVENTS = 64, ACCEPTS = 64 };

/* How long new connections wait in the kernel when there is no descriptor or memory for them. */
static const int64_t accept_pause_ns = 100 * 1000000LL;

/* What may still happen after the listener was closed. */
static const int64_t farewell_ns = 1000 * 1000000LL;

struct session;

struct list {
    struct list *next;
    struct list *previous;
    struct session *session; /* NULL: the head of a list */
};

/* What epoll hands back. It is asked for `events` now; 0: not in the set. */
struct watch {
    struct session *session; /* NULL: the loop's own sockets */
    uint32_t events;
};

struct session {
    struct list all;   /* in loop->all */
    struct list state; /* in one of loop->timers or in loop->dead */
    enum toolbar__tls_timer timer;
    int64_t deadline_ns;
    struct watch wire;
    struct watch server;
    struct toolbar__tls_connection connection;
};

struct toolbar__tls_loop {
    struct toolbar__tls_service *service;
    pthread_t thread;
    int epoll_fd;
    int wake_fd;
    struct watch listen;
    struct watch wake;
    struct watch daemon;
    int64_t now_ns;
    int64_t accept_again_ns; /* 0: accepting */
    int64_t farewell_ns;     /* the end of everything; 0: not closing */
    struct list all;
    /* Every timer has one timeout, so appending keeps each list in the order of its deadlines. */
    struct list timers[TOOLBAR__TLS_TIMERS];
    /* Freed when all events of a round are handled: one of them may still point there. */
    struct list dead;
    unsigned char step[TOOLBAR__TLS_STEP_BYTES];
};

static void list_init(struct list *list)
{
    *list = (struct list){list, list, NULL};
}

static void list_remove(struct list *item)
{
    item->previous->next = item->next;
    item->next->previous = item->previous;
}

static void list_append(struct list *list, struct list *item)
{
    item->previous = list->previous;
    item->next = list;
    list->previous->next = item;
    list->previous = item;
}

static struct session *list_first(const struct list *list)
{
    return list->next->session;
}

/*
 * A socket is taken out before it is closed and never left to the kernel: in a process that has
 * forked it would stay in the set, together with a pointer to a freed session.
 */
static bool watch(struct toolbar__tls_loop *loop, struct watch *what, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = what};
    int operation = EPOLL_CTL_MOD;

    if (events == what->events) return true;
    if (!what->events) operation = EPOLL_CTL_ADD;
    if (!events) operation = EPOLL_CTL_DEL;
    what->events = events;
    return epoll_ctl(loop->epoll_fd, operation, fd, &event) == 0;
}

static void accept_or_pause(struct toolbar__tls_loop *loop, bool pause)
{
    /* Exclusive: a new connection wakes one of the loops, not all. */
    uint32_t events = EPOLLIN | EPOLLEXCLUSIVE;

    loop->accept_again_ns = pause ? loop->now_ns + accept_pause_ns : 0;
    (void)watch(loop, &loop->listen, loop->service->listen_fd, pause ? 0 : events);
}

/* Brings poll set and timers in line with what the connection waits for now. */
static void settle(struct toolbar__tls_loop *loop, struct session *session)
{
    struct toolbar__tls_connection *connection = &session->connection;
    enum toolbar__tls_timer timer;

    if (connection->phase != TOOLBAR__TLS_DEAD &&
        !(watch(loop, &session->wire, connection->wire.fd,
                toolbar__tls_connection_wire_interest(connection)) &&
          watch(loop, &session->server, connection->server_fd,
                toolbar__tls_connection_server_interest(connection))))
        connection->phase = TOOLBAR__TLS_DEAD;
    if (connection->phase == TOOLBAR__TLS_DEAD) {
        (void)watch(loop, &session->wire, connection->wire.fd, 0);
        (void)watch(loop, &session->server, connection->server_fd, 0);
        list_remove(&session->state);
        list_append(&loop->dead, &session->state);
        return;
    }
    timer = toolbar__tls_connection_timer(connection);
    if (timer == session->timer && !(connection->moved && timer == TOOLBAR__TLS_TIMER_IDLE)) return;
    connection->moved = false;
    session->timer = timer;
    session->deadline_ns = loop->now_ns + loop->service->timeouts_ns[timer];
    list_remove(&session->state);
    list_append(&loop->timers[timer], &session->state);
}

static void bury(struct toolbar__tls_loop *loop)
{
    struct list *next;

    for (struct list *item = loop->dead.next; item->session; item = next) {
        struct session *session = item->session;

        next = item->next;
        list_remove(&session->all);
        toolbar__tls_connection_free(&session->connection);
        free(session);
        atomic_fetch_sub(&loop->service->connections, 1);
    }
    list_init(&loop->dead);
}

static void welcome(struct toolbar__tls_loop *loop, int fd, const struct sockaddr_storage *peer,
                    socklen_t peer_length)
{
    struct session *session = calloc(1, sizeof *session);
    int one = 1;

    if (!session) {
        close(fd);
        return;
    }
    /* Nagle's algorithm makes a handshake nine times as slow. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!toolbar__tls_connection_init(&session->connection, fd, peer, peer_length,
                                      &loop->service->config.ssl, loop->service->daemon,
                                      loop->step)) {
        free(session);
        return;
    }
    atomic_fetch_add(&loop->service->connections, 1);
    session->wire.session = session->server.session = session;
    session->all.session = session->state.session = session;
    session->timer = TOOLBAR__TLS_TIMER_NONE;
    list_append(&loop->all, &session->all);
    list_append(&loop->timers[session->timer], &session->state);
    settle(loop, session);
}

/* Whether accept() failed because of us, not because of one client. */
static bool is_exhausted(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void accept_all(struct toolbar__tls_loop *loop)
{
    struct toolbar__tls_service *service = loop->service;

    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage peer;
        socklen_t length = sizeof peer;
        int fd;

        if (atomic_load(&service->connections) >= service->connection_limit) {
            accept_or_pause(loop, true);
            return;
        }
        fd = accept4(service->listen_fd, (struct sockaddr *)&peer, &length,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            welcome(loop, fd, &peer, length);
        } else {
            if (is_exhausted(errno)) accept_or_pause(loop, true);
            if (errno != ECONNABORTED && errno != EINTR) return;
        }
    }
}

static void expire(struct toolbar__tls_loop *loop)
{
    for (int timer = 0; timer < TOOLBAR__TLS_TIMER_NONE; timer++) {
        struct session *session;

        while ((session = list_first(&loop->timers[timer])) != NULL &&
               session->deadline_ns <= loop->now_ns) {
            toolbar__tls_connection_expire(&session->connection);
            settle(loop, session);
        }
    }
    if (loop->accept_again_ns && loop->accept_again_ns <= loop->now_ns && !loop->farewell_ns)
        accept_or_pause(loop, false);
}

/* Ends what can be ended, or everything. */
static void finish_all(struct toolbar__tls_loop *loop, bool kill)
{
    for (struct list *item = loop->all.next; item->session; item = item->next) {
        struct toolbar__tls_connection *connection = &item->session->connection;

        if (kill)
            connection->phase = TOOLBAR__TLS_DEAD;
        else
            toolbar__tls_connection_finish(connection);
        settle(loop, item->session);
    }
}

static void begin_farewell(struct toolbar__tls_loop *loop)
{
    loop->farewell_ns = loop->now_ns + farewell_ns;
    accept_or_pause(loop, true);
    (void)watch(loop, &loop->wake, loop->wake_fd, 0);
    finish_all(loop, false);
}

static void earlier(int64_t *soonest_ns, int64_t time_ns)
{
    if (time_ns && (!*soonest_ns || time_ns < *soonest_ns)) *soonest_ns = time_ns;
}

/* A daemon that we run has timeouts of its own, and work that no socket tells of. */
static void daemon_due(struct toolbar__tls_loop *loop, int64_t now_ns, int64_t *soonest_ns)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (!loop->daemon.events || MHD_get_timeout(loop->service->daemon, &ms) != MHD_YES) return;
    earlier(soonest_ns, now_ns + (int64_t)(ms < INT_MAX ? ms : INT_MAX) * 1000000);
}

/* For epoll_wait(): milliseconds until something is due, rounded up, or -1. */
static int timeout_ms(struct toolbar__tls_loop *loop)
{
    int64_t soonest_ns = 0;
    int64_t now_ns = toolbar__now_ns();

    for (int timer = 0; timer < TOOLBAR__TLS_TIMER_NONE; timer++) {
        struct session *session = list_first(&loop->timers[timer]);

        if (session) earlier(&soonest_ns, session->deadline_ns);
    }
    if (!loop->farewell_ns) earlier(&soonest_ns, loop->accept_again_ns);
    earlier(&soonest_ns, loop->farewell_ns);
    daemon_due(loop, now_ns, &soonest_ns);
    if (!soonest_ns) return -1;
    if (soonest_ns <= now_ns) return 0;
    return (int)((soonest_ns - now_ns + 999999) / 1000000);
}

static void dispatch(struct toolbar__tls_loop *loop, const struct epoll_event *event)
{
    struct watch *what = event->data.ptr;
    struct session *session = what->session;

    if (what == &loop->listen) {
        if (!loop->farewell_ns) accept_all(loop);
        return;
    }
    if (!session || session->connection.phase == TOOLBAR__TLS_DEAD) return;
    if (what == &session->wire)
        toolbar__tls_connection_wire_event(&session->connection, event->events);
    else
        toolbar__tls_connection_server_event(&session->connection, event->events);
    settle(loop, session);
}

static void *run(void *cls)
{
    struct toolbar__tls_loop *loop = cls;
    struct epoll_event events[EVENTS];

    while (!loop->farewell_ns || list_first(&loop->all)) {
        int count = epoll_wait(loop->epoll_fd, events, EVENTS, timeout_ms(loop));

        loop->now_ns = toolbar__now_ns();
        for (int i = 0; i < count; i++) {
            dispatch(loop, &events[i]);
        }
        if (loop->daemon.events) MHD_run(loop->service->daemon);
        expire(loop);
        if (!loop->farewell_ns && atomic_load(&loop->service->closing)) begin_farewell(loop);
        if (loop->farewell_ns && loop->now_ns >= loop->farewell_ns) finish_all(loop, true);
        bury(loop);
    }
    return NULL;
}

static void free_loop(struct toolbar__tls_loop *loop)
{
    if (loop->epoll_fd >= 0) close(loop->epoll_fd);
    if (loop->wake_fd >= 0) close(loop->wake_fd);
    toolbar__wipe(loop->step, sizeof loop->step);
    free(loop);
}

/* The application's signal handlers stay on the application's threads. */
static int start_thread(struct toolbar__tls_loop *loop)
{
    sigset_t all;
    sigset_t saved;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &saved);
    error = pthread_create(&loop->thread, NULL, run, loop);
    pthread_sigmask(SIG_SETMASK, &saved, NULL);
    return error;
}

struct toolbar__tls_loop *toolbar__tls_loop_start(struct toolbar__tls_service *service)
{
    struct toolbar__tls_loop *loop = calloc(1, sizeof *loop);
    int error;

    if (!loop) return NULL;
    loop->service = service;
    list_init(&loop->all);
    list_init(&loop->dead);
    for (int timer = 0; timer < TOOLBAR__TLS_TIMERS; timer++) {
        list_init(&loop->timers[timer]);
    }
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll_fd < 0 || loop->wake_fd < 0 ||
        !watch(loop, &loop->wake, loop->wake_fd, EPOLLIN) ||
        (service->daemon_fd >= 0 && !watch(loop, &loop->daemon, service->daemon_fd, EPOLLIN)) ||
        !watch(loop, &loop->listen, service->listen_fd, EPOLLIN | EPOLLEXCLUSIVE))
        goto fail;
    error = start_thread(loop);
    if (!error) return loop;
    errno = error;
fail:
    error = errno;
    free_loop(loop);
    errno = error;
    return NULL;
}

void toolbar__tls_loop_wake(struct toolbar__tls_loop *loop)
{
    const uint64_t one = 1;

    /* It fails only when the counter is full, and then the loop is awake. */
    if (write(loop->wake_fd, &one, sizeof one) < 0) return;
}

void toolbar__tls_loop_join(struct toolbar__tls_loop *loop)
{
    pthread_join(loop->thread, NULL);
    free_loop(loop);
}
