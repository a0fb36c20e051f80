/*
 * POST, redirect, GET: the page that a redirect leads to knows the requests before it. A request
 * that answers with a redirect keeps a hash of where it points to and whom it was sent to; the
 * next request of that client to that place gets it as its previous one.
 */
#ifndef TOOLBAR_RECORD_REDIRECT_H
#define TOOLBAR_RECORD_REDIRECT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct toolbar_recording;

enum {
    TOOLBAR__REDIRECT_SECONDS = 10, /* how long a browser may take to follow */
    TOOLBAR__REDIRECT_CHAIN = 5     /* requests that a landing page remembers */
};

struct toolbar__redirect {
    uint64_t target_hash; /* where it leads to; 0: it does not, or to another site */
    uint64_t client_hash;
};

/* A request that led to this one, as it was kept. */
struct toolbar__previous {
    const struct toolbar__previous *next; /* what led to that one; NULL: nothing */
    const char *id;
    const char *method;
    const char *url;
    unsigned status;
    unsigned query_count;
    int64_t duration_ns;
};

/* Path and query, however they are encoded; never 0. */
uint64_t toolbar__redirect_target(const char *url, size_t length);

/* An address without its port; 0 for NULL. */
uint64_t toolbar__redirect_client(const struct sockaddr *address);

/*
 * The response redirects to `location`, which is relative to `path`. `host` is the request's, NULL
 * if it sent none: a redirect to another one leads to nothing that can be seen here.
 */
void toolbar__redirect_note(struct toolbar_recording *recording, const char *location,
                            const char *path, const char *host);

/* The finished recording `from` led to this one. */
void toolbar__redirect_landed(struct toolbar_recording *recording,
                              const struct toolbar_recording *from);

#endif
