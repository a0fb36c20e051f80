/*
 * What is open inside of SVG and MathML. Browsers leave a drawing, or stay in the HTML inside of
 * it, depending on elements that have no other meaning for the scanner; where an end tag does not
 * match what is open, it is not worth following them, because the scanner may be led astray.
 */
#ifndef TOOLBAR_PAGE_DRAWING_H
#define TOOLBAR_PAGE_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOOLBAR__DRAWING_MAXIMUM = 64 };

struct toolbar__drawing {
    struct {
        uint32_t name;       /* its hash */
        unsigned char depth; /* of the nesting around it */
        bool html;           /* else SVG or MathML */
    } open[TOOLBAR__DRAWING_MAXIMUM];
    unsigned count;
    bool lost; /* browsers may read what follows otherwise */
};

/* `name` is in lower case, `depth` the nesting's, and not 0. */
void toolbar__drawing_open(struct toolbar__drawing *drawing, const char *name, size_t length,
                           unsigned depth, bool html);
void toolbar__drawing_close(struct toolbar__drawing *drawing, const char *name, size_t length,
                            unsigned depth, bool html);

/* The nesting has been left, down to this depth. */
void toolbar__drawing_leave(struct toolbar__drawing *drawing, unsigned depth);

#endif
