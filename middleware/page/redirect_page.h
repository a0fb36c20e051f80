/*
 * What is sent in place of a redirect that is intercepted: where it leads, a link to go there,
 * and a place for the panel of the request that redirected.
 */
#ifndef TOOLBAR_PAGE_REDIRECT_PAGE_H
#define TOOLBAR_PAGE_REDIRECT_PAGE_H

#include "page/page.h"

/* Where to, if the response is a redirect of somebody's who navigates; NULL: it is not. */
const char *toolbar__redirect_page_location(const struct toolbar__head *request, unsigned status,
                                            const struct toolbar__fields *response);

/* Appends the page; the panel goes at *place in it. `title` and `location` are escaped. */
void toolbar__redirect_page_render(struct toolbar_text *html, const char *style_url,
                                   const char *title, unsigned status, const char *location,
                                   uint64_t *place);

#endif
