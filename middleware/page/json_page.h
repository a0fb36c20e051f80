/*
 * A JSON answer as a page, for somebody who opened its address in the browser: the same JSON,
 * set out in lines and coloured, with a place for the panel. Nothing of it is changed: numbers
 * keep all their digits, strings their escapes, members their order. What is not JSON after all
 * is shown as it came.
 */
#ifndef TOOLBAR_PAGE_JSON_PAGE_H
#define TOOLBAR_PAGE_JSON_PAGE_H

#include "page/page.h"

/* The media type, without its parameters, is one of JSON. */
bool toolbar__is_json(const char *type, size_t length);

/* The response is JSON, in UTF-8, and the request somebody's who navigates. */
bool toolbar__json_page_applies(const struct toolbar__head *request,
                                const struct toolbar__fields *response);

/* Appends the page; the panel goes at *place in it. `title` is escaped. */
void toolbar__json_page_render(struct toolbar_text *html, const char *style_url, const char *title,
                               const char *body, size_t length, uint64_t *place);

#endif
