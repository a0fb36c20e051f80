/*
 * One request on its way through libmicrohttpd, from the first call of the handler to the
 * completed callback. Requests that are hidden have none; all others are found by their
 * connection, so the application's req_cls stays its own, upgrade handlers included.
 */
#ifndef TOOLBAR_MHD_EXCHANGE_H
#define TOOLBAR_MHD_EXCHANGE_H

#include <debugtoolbar/mhd.h>

#include "page/skip.h"
#include "toolbar.h"

enum { TOOLBAR__HIDDEN_SLOTS = 256, TOOLBAR__CACHE_LINE = 64 /* bytes */ };

/* Far enough from the next one that threads with other connections do not wait for it. */
struct toolbar__hidden_slot {
    _Atomic(const struct MHD_Connection *) connection;
    char apart[TOOLBAR__CACHE_LINE - sizeof(void *)];
};

struct toolbar_mhd {
    struct toolbar *toolbar;
    MHD_AccessHandlerCallback handler;
    void *handler_cls;
    const char *handler_name; /* NULL: it has no symbol */
    MHD_RequestCompletedCallback completed;
    void *completed_cls;
    atomic_bool completes;    /* the daemon says when requests are over */
    atomic_bool warned;       /* that the completed callback is missing */
    atomic_bool warned_queue; /* that a response was queued past the toolbar */
    struct toolbar__hidden_slot hidden[TOOLBAR__HIDDEN_SLOTS];
};

enum toolbar__exchange_kind {
    TOOLBAR__EXCHANGE_SHOWN,
    TOOLBAR__EXCHANGE_OWN,   /* one of the toolbar's own addresses */
    TOOLBAR__EXCHANGE_BURNED /* hidden; remembered so that it is logged once */
};

struct toolbar__exchange {
    enum toolbar__exchange_kind kind;
    struct toolbar_mhd *mhd;
    struct MHD_Connection *connection;
    struct toolbar_request request;
    struct toolbar__answer answer; /* of TOOLBAR__EXCHANGE_OWN */
    struct toolbar_text own_body;  /* of the request, for an answer that awaits it */
    bool derived;                  /* the application's response has been looked at */
    bool queued;                   /* a response is on its way, or there will be none */
    struct toolbar__body *body;    /* NULL: none of it was taken, or it is complete */
    uint64_t body_bytes;           /* that the application took */
    unsigned calls;                /* of the application's handler */
    uint64_t socket_cookie;        /* of the connection: its memory may be used again */
    /* The running call of the application's handler; for its thread only. */
    bool answered;         /* in it */
    int64_t call_start_ns; /* from the start of the request */
    int64_t last_end_ns;   /* when the call before it ended */
    struct toolbar__usage call_usage;
    const void *call_thread; /* whose usage that is */
    int64_t brief_ns;        /* of calls that are not in the recording's usage yet */
};

/* How many requests have an exchange. */
extern atomic_uint toolbar__exchange_count;

/* There may be one; with nobody shown that is all that a request pays for. */
static inline bool toolbar__exchange_any(void)
{
    return atomic_load_explicit(&toolbar__exchange_count, memory_order_acquire) != 0;
}

/* The exchange of a connection's present request; NULL: hidden. Lock-free. */
struct toolbar__exchange *toolbar__exchange_find(const struct MHD_Connection *connection);

/* Makes it findable; false if too many requests are shown at once. */
bool toolbar__exchange_publish(struct toolbar__exchange *exchange);
void toolbar__exchange_withdraw(const struct toolbar__exchange *exchange);

/* Frees the exchanges of requests that the daemon never said were completed. */
void toolbar__exchange_forget(const struct toolbar_mhd *mhd);

/* Decides about a new request; NULL: hidden. */
struct toolbar__exchange *toolbar__exchange_begin(struct toolbar_mhd *mhd,
                                                  const struct toolbar__head *head);

/* Ends it and frees it, keeping what was recorded. */
void toolbar__exchange_end(struct toolbar__exchange *exchange);

/* Frees it; what was recorded is lost. */
void toolbar__exchange_free(struct toolbar__exchange *exchange);

/* The exchange whose handler this thread is inside of; NULL: none. */
extern _Thread_local struct toolbar__exchange *toolbar__exchange_running;

/*
 * What the thread has used is asked of the kernel, twice a call. A call that just looks at the
 * head of the request is over before that would be: it counts together with the next one.
 */
void toolbar__exchange_call_begin(struct toolbar__exchange *exchange);
void toolbar__exchange_call_end(struct toolbar__exchange *exchange);

/* The running handler's time up to now goes into the recording, unless it is finished. */
void toolbar__exchange_note_time(struct toolbar__exchange *exchange);

/* toolbar__finish(), after the statements that are still open have been closed. */
void toolbar__exchange_finish(struct toolbar__exchange *exchange, unsigned status,
                              enum toolbar__skip skip, const struct toolbar__surroundings *page,
                              int64_t work_began_ns, struct toolbar_text *element);

/* How libmicrohttpd tells of requests. */
extern const struct toolbar__head_source toolbar__mhd_source;

uint64_t toolbar__mhd_socket_cookie(struct MHD_Connection *connection);

/* Appends path and query as they were sent, near enough, but for arguments with the key. */
void toolbar__mhd_url(struct toolbar_text *text, const struct toolbar_request *request);

/* What is queued for a shown request. */
enum toolbar__derived {
    TOOLBAR__USE_DERIVED,
    TOOLBAR__USE_ORIGINAL,
    TOOLBAR__USE_NOTHING /* the original has been read and cannot be read again */
};

/*
 * Makes the response that is sent in place of `response`; *derived is set for USE_DERIVED, with
 * one reference for the caller, and *status to what it is sent with. `response` is not changed.
 */
enum toolbar__derived toolbar__derive(struct toolbar__exchange *exchange, unsigned *status,
                                      struct MHD_Response *response, struct MHD_Response **derived);

#endif
