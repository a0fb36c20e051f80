/*
 * A strip that shows when something happened within the request: SVG with presentation
 * attributes, because a strict Content-Security-Policy forbids style attributes.
 */
#ifndef TOOLBAR_PANELS_TIMELINE_H
#define TOOLBAR_PANELS_TIMELINE_H

#include "base/text.h"

struct toolbar__timeline {
    struct toolbar_text *text;
    int64_t whole_ns;
    int from; /* the mark not yet written, in thousandths of the whole; to == 0: none */
    int to;
};

/* `start_ns` is said in words too, for those who cannot see the strip. */
void toolbar__timeline_open(struct toolbar__timeline *timeline, struct toolbar_text *text,
                            int64_t start_ns, int64_t whole_ns);

/* Marks come in order of start; those that touch on the screen become one. */
void toolbar__timeline_mark(struct toolbar__timeline *timeline, int64_t start_ns,
                            int64_t duration_ns);

void toolbar__timeline_close(struct toolbar__timeline *timeline);

#endif
