/*
 * What answers under the URL prefix, for those who are shown the toolbar: assets, the history,
 * kept requests and what can be said of them. Read-only but for clearing the history; no SQL,
 * path or template ever comes in from the client, only ids of kept requests and query numbers.
 */
#ifndef TOOLBAR_ROUTES_ROUTES_H
#define TOOLBAR_ROUTES_ROUTES_H

#include <debugtoolbar/toolbar.h>

#include "base/text.h"
#include "history/store.h"

enum {
    TOOLBAR__TOKEN_LENGTH = 32,           /* hex digits */
    TOOLBAR__OWN_BODY_MAXIMUM = 4 * 1024, /* bytes of a request to the toolbar itself */
};

struct toolbar__answer {
    unsigned status;
    const char *content_type;
    const char *content_encoding; /* NULL: none */
    const char *cache_control;
    const char *policy; /* Content-Security-Policy; NULL: nothing may be loaded */
    char *location;     /* malloc()ed; NULL: none */
    char *body;         /* malloc()ed, belongs to the caller */
    size_t length;
    /* The answer depends on the request's body: toolbar__route_body() makes it. */
    bool awaits_body;
};

/* An URL prefix with the versioned addresses of the assets below it. */
struct toolbar__urls {
    char *prefix; /* without a slash at its end */
    size_t prefix_length;
    char *style;
    char *script;
    char *page_script; /* of the toolbar's own pages */
};

enum toolbar_error toolbar__urls_init(struct toolbar__urls *urls, const char *prefix);
void toolbar__urls_free(struct toolbar__urls *urls);

/* The path is under the prefix; what it names need not exist. */
bool toolbar__urls_ours(const struct toolbar__urls *urls, const char *path);

/* What all answers are made from. */
struct toolbar__site {
    const struct toolbar__urls *urls;
    struct toolbar__store *store;
    const char *token; /* of this process: what changes something has to bring it along */
};

/*
 * Answers a request for one of the toolbar's own addresses; false: it is none of them, or there
 * is no memory, and the application shall answer. `own_page`: it was sent by a page of this very
 * origin, which is what a request that changes something has to prove.
 */
bool toolbar__route(const struct toolbar__site *site, const char *method, const char *path,
                    bool own_page, struct toolbar__answer *answer);

/*
 * The second half, for an answer that awaits the body. `token` is the request's header of that
 * name, NULL if there is none. False without memory.
 */
bool toolbar__route_body(const struct toolbar__site *site, const char *token, const char *body,
                         size_t length, struct toolbar__answer *answer);

/* Visits the headers that every answer of the toolbar carries. */
void toolbar__route_headers(const struct toolbar__answer *answer,
                            void (*add)(void *cls, const char *name, const char *value), void *cls);

void toolbar__answer_free(struct toolbar__answer *answer);

#endif
