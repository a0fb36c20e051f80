/*
 * Figures as a person reads them, for every panel: one place, so that the same number looks the
 * same in the bar, in a row and in a summary.
 */
#ifndef TOOLBAR_PANELS_FIGURES_H
#define TOOLBAR_PANELS_FIGURES_H

#include "base/text.h"

/* "1.80 ms" */
void toolbar__figure_ms(struct toolbar_text *text, int64_t ns);

/* "51 queries", "1 query" */
void toolbar__figure_count(struct toolbar_text *text, int64_t count, const char *singular,
                           const char *plural);

/* "15 %", "&lt;1 %"; nothing if the whole is not known. */
void toolbar__figure_share(struct toolbar_text *text, int64_t part, int64_t whole);

/* One metric of a Server-Timing header, in milliseconds with microseconds as decimals. */
void toolbar__figure_metric(struct toolbar_text *text, const char *name, int64_t ns);

#endif
