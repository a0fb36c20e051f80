/*
 * Mistakes that browsers put up with and people search for: in a response's head, and in a page
 * that is there as a whole. What is found goes into the recording.
 */
#ifndef TOOLBAR_PAGE_LINT_H
#define TOOLBAR_PAGE_LINT_H

#include "page/page.h"
#include "record/http.h"

void toolbar__lint_head(struct toolbar_recording *recording, const struct toolbar__fields *response,
                        bool has_body);

/*
 * `place` is where the panel goes: before the last real </body>, or at the end. `inputs`: the
 * scanner saw one.
 */
void toolbar__lint_page(struct toolbar_recording *recording, const char *page, size_t length,
                        uint64_t place, bool inputs);

#endif
