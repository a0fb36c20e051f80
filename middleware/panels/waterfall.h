/*
 * The picture of the Time panel: phases, spans and queries under each other on one scale, and
 * the time of which nothing is known. A table, whose rows hold one strip of the picture each, so
 * that it can be read without seeing it, and has a bounded size.
 */
#ifndef TOOLBAR_PANELS_WATERFALL_H
#define TOOLBAR_PANELS_WATERFALL_H

#include "panels/timeline.h"
#include "record/recording.h"

void toolbar__waterfall(struct toolbar_text *text, const struct toolbar_recording *recording);

/*
 * The time in which neither a span nor a query was open, nor the request waiting; marks it in
 * `timeline` unless that is NULL. UNKNOWN if there are neither spans nor queries to compare with.
 */
int64_t toolbar__waterfall_gaps(const struct toolbar_recording *recording,
                                struct toolbar__timeline *timeline);

#endif
