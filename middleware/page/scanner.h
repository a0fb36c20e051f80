/*
 * Finds where a page ends: an incremental HTML tokenizer that knows comments, attributes,
 * raw-text elements (script, style, textarea, title, ...), template contents, CDATA in foreign
 * content, and reports each real </body>. Bytes may come in pieces of any size.
 */
#ifndef TOOLBAR_PAGE_SCANNER_H
#define TOOLBAR_PAGE_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "page/drawing.h"
#include "page/nesting.h"
#include "page/rawtext.h"

/* The longest element name that means something: annotation-xml. */
enum { TOOLBAR__SCANNER_NAME_MAXIMUM = 14 };

/* The tokenizer's state between tags; scanner.c has the others. */
enum { TOOLBAR__SCANNER_DATA = 0 };

struct toolbar__scanner {
    uint64_t offset;   /* bytes seen */
    uint64_t body_end; /* where the last real </body> starts; meaningful if found */
    bool found;
    bool other_base; /* a <base> was seen that may lead addresses to another site */
    bool select;     /* in one: browsers differ on what else may be in there */
    bool document;   /* a doctype, or an html, head or body start tag was seen */
    bool inputs;     /* an <input> was seen, if only its name */
    /* The tokenizer's state follows; only scanner.c reads it. */
    bool closing;              /* the tag began with </ */
    char quote;                /* of the attribute value */
    bool in_base;              /* between the name and the > of a <base> */
    char base_last;            /* character in there */
    unsigned char state;       /* enum state */
    unsigned char matched;     /* characters of a fixed word seen so far */
    unsigned char name_length; /* one more than the maximum: too long to mean anything */
    char name[TOOLBAR__SCANNER_NAME_MAXIMUM + 1]; /* of the tag, in lower case */
    uint64_t tag_start;
    struct toolbar__rawtext raw;
    struct toolbar__nesting nesting;
    struct toolbar__drawing drawing;
};

void toolbar__scanner_init(struct toolbar__scanner *scanner);
void toolbar__scanner_feed(struct toolbar__scanner *scanner, const char *data, size_t length);

/* The next byte is text of the page: a < that a letter follows begins a tag. */
static inline bool toolbar__scanner_in_text(const struct toolbar__scanner *scanner)
{
    return scanner->state == TOOLBAR__SCANNER_DATA && toolbar__nesting_in_page(&scanner->nesting);
}

/*
 * After the last byte: true with the offset at which the panel goes, which is the last real
 * </body>, or the end of a full document that has none. A document that ends inside a comment,
 * a script, a tag or the like would swallow the panel there: false.
 */
bool toolbar__scanner_place(const struct toolbar__scanner *scanner, uint64_t *offset);

/*
 * The offset before which no later byte can make the scanner find a </body>: what a stream may
 * pass on at once. It is `offset`, or the start of a tag that is still open and may become one.
 */
uint64_t toolbar__scanner_settled(const struct toolbar__scanner *scanner);

#endif
