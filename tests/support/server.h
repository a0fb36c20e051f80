/*
 * A small application on libmicrohttpd, started in any threading mode, over plain HTTP, over
 * libmicrohttpd's own TLS or over the toolbar's listener, with the toolbar or without it: the
 * same application either way, so that what the toolbar changes can be told.
 */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <debugtoolbar/mhd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "log.h"
#include "reply.h"

enum server_mode {
    SERVER_SELECT,
    SERVER_POLL,
    SERVER_EPOLL,
    SERVER_POOL,
    SERVER_THREADS,
    SERVER_LOOP_EPOLL, /* without threads of libmicrohttpd's: ours calls MHD_run() */
    SERVER_LOOP_SELECT,
    SERVER_MODES
};

enum server_transport { SERVER_PLAIN, SERVER_GNUTLS, SERVER_MBEDTLS };

/* At least 16 bytes; distinctive, so that a leak can be searched for. */
#define SERVER_KEY "canary-0f3a7c51d2e4b698"
#define SERVER_KEY_LINE "MYAPPKEY: " SERVER_KEY "\r\n"

/* This path is answered at once, without waiting for the request's body. */
#define SERVER_EARLY "/early"

struct server;

/* One request, when all of its body has come. */
struct call {
    struct server *server;
    struct MHD_Connection *connection;
    const char *method;
    const char *url;
    struct visit *visit;
};

/* The application's own request state, behind its req_cls. */
struct visit {
    struct bytes body;
    unsigned calls; /* of the answer function for this request */
    void *resumed;  /* free for an answer function that suspends */
    struct visit *next;
};

typedef enum MHD_Result (*answer_function)(struct call *call);

/* A path that ends in * stands for all that begin so; the table ends with a NULL path. */
struct route {
    const char *path;
    answer_function answer;
};

struct server_options {
    enum server_mode mode;
    enum server_transport transport;
    const struct route *routes;
    void *cls; /* for the answer functions */
    /* NULL: the application without the toolbar. */
    struct toolbar *toolbar;
    unsigned flags;    /* further ones for the daemon */
    bool uri_log;      /* the application has an MHD_OPTION_URI_LOG_CALLBACK */
    bool no_completed; /* the mistake of forgetting toolbar_mhd_completed() */
};

/* What the application has seen of its requests in all. */
struct server_totals {
    unsigned begun;
    unsigned completed;
    unsigned strange; /* a req_cls that was not the application's own */
};

struct server {
    struct server_options options;
    struct toolbar_mhd *mhd;
    struct MHD_Daemon *daemon;
    struct toolbar_tls_listener *listener;
    uint16_t port;
    bool tls;
    pthread_t loop;
    atomic_bool loop_ends;
    struct visit *left; /* by requests that nobody completes: no_completed, on one thread */
    atomic_uint begun;
    atomic_uint completed;
    atomic_uint strange;
};

/* Fails the running test if it does not start. */
struct server *server_start(const struct server_options *options);

struct server_totals server_stop(struct server *server);

/* Stops it, and fails the running test unless every request was completed. */
void server_stop_complete(struct server *server);

/* A toolbar with SERVER_KEY that logs to `log`; options NULL: the defaults. */
struct toolbar *server_toolbar(const struct toolbar_options *options, struct log *log);

/* Queues as the application would: through the toolbar if there is one. Keeps the response. */
enum MHD_Result call_queue(const struct call *call, unsigned status, struct MHD_Response *response);

/* The same, and gives the response up. NULL is MHD_NO. */
enum MHD_Result call_answer(const struct call *call, unsigned status,
                            struct MHD_Response *response);

/* Answers with a copy of the text, under that Content-Type if it is not NULL. */
enum MHD_Result call_text(const struct call *call, unsigned status, const char *type,
                          const char *text);

#endif
