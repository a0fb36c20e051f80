/*
 * What answers under the URL prefix, for those who are shown the toolbar: assets, the list of
 * kept requests and their records. Read-only: no SQL, path, id or template ever comes in from
 * the client other than the id of a kept request.
 */
#ifndef TOOLBAR_ROUTES_ROUTES_H
#define TOOLBAR_ROUTES_ROUTES_H

#include <debugtoolbar/toolbar.h>

#include "base/text.h"
#include "history/store.h"

struct toolbar__answer {
    unsigned status;
    const char *content_type;
    const char *cache_control;
    char *body; /* malloc()ed, belongs to the caller */
    size_t length;
};

/* An URL prefix with the versioned addresses of the assets below it. */
struct toolbar__urls {
    char *prefix; /* without a slash at its end */
    size_t prefix_length;
    char *style;
    char *script;
};

enum toolbar_error toolbar__urls_init(struct toolbar__urls *urls, const char *prefix);
void toolbar__urls_free(struct toolbar__urls *urls);

/*
 * Answers a request for one of the toolbar's own addresses. False: it is none of them, or there
 * is no memory, and the application shall answer.
 */
bool toolbar__route(const struct toolbar__urls *urls, struct toolbar__store *store,
                    const char *method, const char *path, struct toolbar__answer *answer);

/* Visits the headers that every answer of the toolbar carries. */
void toolbar__route_headers(const struct toolbar__answer *answer,
                            void (*add)(void *cls, const char *name, const char *value), void *cls);

#endif
