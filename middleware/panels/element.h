/*
 * The one element that goes into a page: <debug-toolbar>, with the bar and all panels in a
 * declarative shadow root.
 */
#ifndef TOOLBAR_PANELS_ELEMENT_H
#define TOOLBAR_PANELS_ELEMENT_H

#include "panels/panel.h"

struct toolbar__element {
    const char *prefix;     /* URL prefix, without a slash at its end */
    const char *style_url;  /* versioned */
    const char *script_url; /* versioned */
    const char *nonce;      /* the page's own CSP nonce; NULL: none */
    bool other_base;        /* none of these would lead to us, so none goes in */
    bool page;              /* of its own: the element is all there is, and open */
    /* When the toolbar would have begun, had it done all its work at once; not of a page. */
    int64_t work_began_ns;
};

void toolbar__element_render(const struct toolbar__element *element,
                             const struct toolbar_recording *recording, struct toolbar_text *text);

/* The whole record, as the contract of requests/<id>.json says. */
void toolbar__record_json(const struct toolbar_recording *recording, struct toolbar_text *text);

/* The value of the Server-Timing header; of an unfinished recording, with its figures so far. */
void toolbar__server_timing(struct toolbar_recording *recording, struct toolbar_text *text);
void toolbar__finished_timing(const struct toolbar_recording *recording, struct toolbar_text *text);

#endif
