/*
 * The inside of raw-text elements (script, style, textarea, title, ...): everything is text up
 * to the element's own end tag. A script has two levels of escape in addition: after <!-- it may
 * contain a <script> of its own, whose </script> does not end it.
 */
#ifndef TOOLBAR_PAGE_RAWTEXT_H
#define TOOLBAR_PAGE_RAWTEXT_H

#include "page/nesting.h"

struct toolbar__rawtext {
    unsigned char element; /* enum toolbar__tag; OTHER outside of raw text */
    unsigned char state;
    unsigned char escape;
    unsigned char matched; /* letters of the element's name, or dashes, seen so far */
    bool closing;          /* the name that is being matched stands behind </ */
};

void toolbar__rawtext_begin(struct toolbar__rawtext *raw, enum toolbar__tag element);

/* Reads on from `at`; returns `end`, or where the name in the element's end tag is over. */
const char *toolbar__rawtext_read(struct toolbar__rawtext *raw, const char *at, const char *end);

#endif
