/*
 * The toolbar as adapters use it: decides, routes, finishes. One per process; it owns the gate,
 * the history and the addresses.
 */
#ifndef TOOLBAR_TOOLBAR_H
#define TOOLBAR_TOOLBAR_H

#include <debugtoolbar/toolbar.h>

#include "gate/gate.h"
#include "page/page.h"
#include "record/recording.h"
#include "routes/routes.h"

/* Bytes of one element in a page: more is not worth sending. */
enum { TOOLBAR__ELEMENT_MAXIMUM = 512 * 1024 };

struct toolbar {
    struct toolbar__gate *gate;
    struct toolbar__store *store;
    struct toolbar__urls urls;
    struct toolbar__application application;
    char *key_header;
    char *editor_link;                     /* NULL: none */
    char token[TOOLBAR__TOKEN_LENGTH + 1]; /* of this process, for what changes something */
    bool json_pages;
    bool intercept_redirects;
    bool hide_values;
    toolbar_log_callback log;
    void *log_cls;
};

/*
 * Asks the gate. `request` needs its head. A shown request gets its recording, with one
 * reference for the caller; without memory for it the request is hidden.
 */
enum toolbar__verdict toolbar__decide(struct toolbar *toolbar, struct toolbar_request *request);

/*
 * The application is about to be asked: panels get their states, and a page that a redirect led
 * to learns where from. `url` is path and query, as they were sent.
 */
void toolbar__begin(struct toolbar_request *request, const char *url, size_t length);

/* Answers one of the toolbar's own addresses for a shown request; see toolbar__route(). */
bool toolbar__answer(struct toolbar_request *request, struct toolbar__answer *answer);

/* The second half, for an answer that awaits the request's body; see toolbar__route_body(). */
bool toolbar__answer_body(const struct toolbar_request *request, const char *body, size_t length,
                          struct toolbar__answer *answer);

/*
 * Finishes the recording; `skipped` is NULL for a decorated response, whose element, made for
 * `page`, is appended to `element`. `work_began_ns` is when the toolbar began to work on the
 * response. Keeps the recording in the history. Only for an unfinished recording, by one thread.
 */
void toolbar__finish(const struct toolbar_request *request, unsigned status, const char *skipped,
                     const struct toolbar__surroundings *page, int64_t work_began_ns,
                     struct toolbar_text *element);

/* One line to the application's log, if it has one. */
void toolbar__log(const struct toolbar *toolbar, enum toolbar_log_level level, const char *line);

#endif
