/*
 * Where in the tree the scanner stands, as far as it changes how markup is read: inside template
 * contents, inside SVG or MathML, and inside the places in these where HTML begins again. The
 * full stack of open elements is not kept: a page that forgets to close other elements reads the
 * same without it.
 */
#ifndef TOOLBAR_PAGE_NESTING_H
#define TOOLBAR_PAGE_NESTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The elements that matter; the order is that of the table in nesting.c. */
enum toolbar__tag {
    TOOLBAR__TAG_OTHER,
    TOOLBAR__TAG_BODY,
    TOOLBAR__TAG_HTML,
    TOOLBAR__TAG_HEAD,
    TOOLBAR__TAG_SCRIPT,
    TOOLBAR__TAG_STYLE,
    TOOLBAR__TAG_TITLE, /* of the page; in SVG, a place for HTML */
    TOOLBAR__TAG_TEXTAREA,
    TOOLBAR__TAG_IFRAME,
    TOOLBAR__TAG_NOSCRIPT,
    TOOLBAR__TAG_NOEMBED,
    TOOLBAR__TAG_NOFRAMES,
    TOOLBAR__TAG_XMP,
    TOOLBAR__TAG_PLAINTEXT,
    TOOLBAR__TAG_TEMPLATE,
    TOOLBAR__TAG_SVG,
    TOOLBAR__TAG_MATH,
    TOOLBAR__TAG_FOREIGNOBJECT,
    TOOLBAR__TAG_DESC,
    TOOLBAR__TAG_ANNOTATION_XML,
    TOOLBAR__TAG_MI,
    TOOLBAR__TAG_MN,
    TOOLBAR__TAG_MO,
    TOOLBAR__TAG_MS,
    TOOLBAR__TAG_MTEXT,
    TOOLBAR__TAG_COUNT
};

/* How long their names are, one bit each, by the first letter: most others are told by that. */
extern const uint16_t toolbar__tag_lengths[26];

/* `name` is in lower case. */
enum toolbar__tag toolbar__tag_find(const char *name, size_t length);
const char *toolbar__tag_name(enum toolbar__tag element);

/* Its content is text up to its own end tag. */
bool toolbar__tag_is_raw(enum toolbar__tag element);

/* Deeper nesting than this is not followed. */
enum { TOOLBAR__NESTING_MAXIMUM = 32 };

struct toolbar__nesting {
    unsigned char open[TOOLBAR__NESTING_MAXIMUM];
    unsigned depth;
};

/* Inside SVG or MathML: no raw text, but CDATA sections and tags that close themselves. */
bool toolbar__nesting_in_foreign(const struct toolbar__nesting *nesting);

static inline bool toolbar__nesting_foreign(const struct toolbar__nesting *nesting)
{
    return nesting->depth && toolbar__nesting_in_foreign(nesting);
}

/*
 * HTML again, inside of SVG or MathML. What an annotation holds is not told: it may be MathML.
 */
bool toolbar__nesting_in_island(const struct toolbar__nesting *nesting);

static inline bool toolbar__nesting_island(const struct toolbar__nesting *nesting)
{
    return nesting->depth && toolbar__nesting_in_island(nesting);
}

/* `<![CDATA[` starts a section. */
bool toolbar__nesting_cdata(const struct toolbar__nesting *nesting);

/* What stands here belongs to the page, not to a template or an HTML island in a drawing. */
bool toolbar__nesting_in_page(const struct toolbar__nesting *nesting);

/* A tag of this name ends SVG and MathML, as HTML's parser has it. */
void toolbar__nesting_break_out(struct toolbar__nesting *nesting, const char *name, size_t length);

void toolbar__nesting_open(struct toolbar__nesting *nesting, enum toolbar__tag element,
                           bool self_closing);
void toolbar__nesting_close(struct toolbar__nesting *nesting, enum toolbar__tag element);

#endif
