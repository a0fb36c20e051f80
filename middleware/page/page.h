/*
 * May this response carry the panel, and with which headers? Works on what the adapter knows of
 * request and response; the body's own rules are in scanner.h and filter.h.
 */
#ifndef TOOLBAR_PAGE_PAGE_H
#define TOOLBAR_PAGE_PAGE_H

#include "base/text.h"
#include "page/skip.h"
#include "record/request.h"

/* One response header or trailer. The strings belong to the response. */
struct toolbar__field {
    const char *name;
    const char *value;
    bool trailer;
};

struct toolbar__fields {
    const struct toolbar__field *items;
    size_t count;
};

/* What the panel has to know of the page around it. */
struct toolbar__surroundings {
    const char *nonce; /* the policy's own; NULL: none */
    bool other_base;   /* addresses on it may lead to another site */
};

/*
 * What decides before the body is read; SKIP_NONE if the body may be looked at. Of several
 * reasons the first in this order: method, status (range for 206), what the request's headers
 * say of its sender (fetch, frame, cross-origin), and what the response's say of the body.
 */
enum toolbar__skip toolbar__page_check(const struct toolbar__head *request, unsigned status,
                                       const struct toolbar__fields *response);

/*
 * What the first bytes of the body add: is it HTML if no Content-Type says so, is it in a
 * charset in which markup is ASCII, is it JSON or nothing in spite of its type? `complete`: these
 * are all the bytes there are.
 */
enum toolbar__skip toolbar__page_check_body(const struct toolbar__fields *response,
                                            const char *body, size_t length, bool complete);

/* How a header of the application's response goes into a decorated one. */
enum toolbar__field_action {
    TOOLBAR__FIELD_KEEP,
    TOOLBAR__FIELD_DROP,   /* it described the body that was sent before, or is the toolbar's own */
    TOOLBAR__FIELD_REPLACE /* one of toolbar__page_headers() comes in its place */
};
enum toolbar__field_action toolbar__page_field(const struct toolbar__field *field);

/*
 * Visits the headers that a decorated response gets beside the kept ones: no caching, no
 * cross-origin reading, no framing by others unless the application's policy speaks of it.
 * `key_header` is added to Vary.
 */
void toolbar__page_headers(const struct toolbar__fields *response, const char *key_header,
                           void (*add)(void *cls, const char *name, const char *value), void *cls);

/*
 * The same for a shown response whose body is left alone. It has headers that are meant for one
 * person, so caches that others share may not keep it; the browser's own still may, and what
 * describes the body stays.
 */
enum toolbar__field_action toolbar__page_undecorated_field(const struct toolbar__fields *response,
                                                           const struct toolbar__field *field);
void toolbar__page_undecorated_headers(const struct toolbar__fields *response,
                                       const char *key_header,
                                       void (*add)(void *cls, const char *name, const char *value),
                                       void *cls);

/*
 * The nonce that the response's Content-Security-Policy headers want on scripts, or else on
 * styles, as a new string to be freed with free(); NULL if there is none, or no memory. Policies
 * that are enforced come before those that only report.
 */
char *toolbar__page_nonce(const struct toolbar__fields *response);

/* A browser says that this request opens a page in a window: what else could does not count. */
bool toolbar__page_navigation(const struct toolbar__head *request);

/*
 * The beginning, up to and with <body>, of a page that is sent in place of an answer that is
 * none: formatted JSON, an intercepted redirect. `body_class` is a literal.
 */
void toolbar__made_page_open(struct toolbar_text *html, const char *style_url, const char *title,
                             const char *body_class);

#endif
