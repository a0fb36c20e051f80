/*
 * Most tags of a page mean nothing for where it ends: outside of templates and drawings they only
 * have to be stepped over. That is done here in one go, for tags that are there from end to end;
 * the scanner's own states are for all others.
 */
#ifndef TOOLBAR_PAGE_PLAIN_H
#define TOOLBAR_PAGE_PLAIN_H

/* `at` is text of the page. Returns the first < that the scanner has to look at, or `end`. */
const char *toolbar__plain_skip(const char *at, const char *end);

#endif
