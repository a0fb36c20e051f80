/*
 * What is wrong with the queries of a request, and what would be better. Found once, when the
 * request is over; kept in the recording's arena and only read from then on.
 */
#ifndef TOOLBAR_ADVISOR_ADVICE_H
#define TOOLBAR_ADVISOR_ADVICE_H

#include "record/advice.h"
#include "record/recording.h"

/*
 * Judges a finished recording that nobody else reads yet, and frees what was only tracked for
 * that. Without memory there is no advice.
 */
void toolbar__advise(struct toolbar_recording *recording);

bool toolbar__is_rule(const char *id);

#endif
