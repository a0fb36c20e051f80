/*
 * Puts a panel into a page that comes in pieces. Bytes go through at once, except from a
 * possible </body> on: these wait for the end of the page, or until more than a bound of them
 * wait; then the panel goes in front of them and the rest passes unseen. The result does not
 * depend on how the page is cut into pieces.
 */
#ifndef TOOLBAR_PAGE_FILTER_H
#define TOOLBAR_PAGE_FILTER_H

#include "base/text.h"
#include "page/scanner.h"

enum { TOOLBAR__HOLD_MAXIMUM = 64 * 1024 };

struct toolbar__filter {
    struct toolbar__scanner scanner;
    struct toolbar_text held;
    uint64_t held_start; /* offset of the first held byte */
    bool passing;        /* inserted or given up: nothing is looked at any more */
};

void toolbar__filter_init(struct toolbar__filter *filter);
void toolbar__filter_free(struct toolbar__filter *filter);

/*
 * Takes the next piece. Appends to `out` what may go now. True, once: the panel goes after
 * these bytes, and toolbar__filter_rest() gives what comes behind it. Without memory the filter
 * gives up inserting and passes everything on.
 */
bool toolbar__filter_feed(struct toolbar__filter *filter, const char *data, size_t length,
                          struct toolbar_text *out);

/*
 * The page is over; as toolbar__filter_feed(). False: it was no full page, or the panel has its
 * place already; toolbar__filter_rest() gives what is still held in any case.
 */
bool toolbar__filter_end(struct toolbar__filter *filter, struct toolbar_text *out);

/* Appends everything that is still held. */
void toolbar__filter_rest(struct toolbar__filter *filter, struct toolbar_text *out);

#endif
