/*
 * Figures as a person reads them, for every panel: one place, so that the same number looks the
 * same in the bar, in a row and in a summary.
 */
#ifndef TOOLBAR_PANELS_FIGURES_H
#define TOOLBAR_PANELS_FIGURES_H

#include "base/put.h"
#include "base/text.h"

/* "1.80 ms" */
void toolbar__figure_ms(struct toolbar_text *text, int64_t ns);

/* "51 queries", "1 query" */
void toolbar__figure_count(struct toolbar_text *text, int64_t count, const char *singular,
                           const char *plural);

/* "15 %", "&lt;1 %"; nothing if the whole is not known. */
void toolbar__figure_share(struct toolbar_text *text, int64_t part, int64_t whole);

/* The same two at a bare pointer, and how many bytes they are at most. */
enum {
    TOOLBAR__PUT_FIGURE_MS = TOOLBAR__PUT_MS + 3,
    TOOLBAR__PUT_FIGURE_SHARE = TOOLBAR__PUT_INTEGER + 2
};
char *toolbar__put_figure_ms(char *to, int64_t ns);
char *toolbar__put_figure_share(char *to, int64_t part, int64_t whole);

/* One metric of a Server-Timing header, in milliseconds with microseconds as decimals. */
void toolbar__figure_metric(struct toolbar_text *text, const char *name, int64_t ns);

#endif
