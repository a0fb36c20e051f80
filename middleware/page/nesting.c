/*
 * Element names and the nesting of templates, SVG and MathML. HTML Living Standard, 13.2.6.5
 * (foreign content) and 13.2.6.2 (elements with raw text).
 */
#include "page/nesting.h"

#include <string.h>

static const struct {
    const char *name;
    unsigned char length;
    bool raw;
    unsigned char island_in; /* HTML begins again inside it, if it is in SVG or MathML */
} elements[TOOLBAR__TAG_COUNT] = {
#define ELEMENT(id, name, ...) [TOOLBAR__TAG_##id] = {name, sizeof name - 1, __VA_ARGS__}
    ELEMENT(BODY, "body", false, 0),
    ELEMENT(HTML, "html", false, 0),
    ELEMENT(HEAD, "head", false, 0),
    ELEMENT(SCRIPT, "script", true, 0),
    ELEMENT(STYLE, "style", true, 0),
    ELEMENT(TITLE, "title", true, TOOLBAR__TAG_SVG),
    ELEMENT(TEXTAREA, "textarea", true, 0),
    ELEMENT(IFRAME, "iframe", true, 0),
    /* As browsers with scripts read it. */
    ELEMENT(NOSCRIPT, "noscript", true, 0),
    ELEMENT(NOEMBED, "noembed", true, 0),
    ELEMENT(NOFRAMES, "noframes", true, 0),
    ELEMENT(XMP, "xmp", true, 0),
    ELEMENT(PLAINTEXT, "plaintext", false, 0),
    ELEMENT(TEMPLATE, "template", false, 0),
    ELEMENT(SVG, "svg", false, 0),
    ELEMENT(MATH, "math", false, 0),
    ELEMENT(FOREIGNOBJECT, "foreignobject", false, TOOLBAR__TAG_SVG),
    ELEMENT(DESC, "desc", false, TOOLBAR__TAG_SVG),
    /* Only with an encoding of HTML; of other content nothing here depends on it. */
    ELEMENT(ANNOTATION_XML, "annotation-xml", false, TOOLBAR__TAG_MATH),
    ELEMENT(MI, "mi", false, TOOLBAR__TAG_MATH),
    ELEMENT(MN, "mn", false, TOOLBAR__TAG_MATH),
    ELEMENT(MO, "mo", false, TOOLBAR__TAG_MATH),
    ELEMENT(MS, "ms", false, TOOLBAR__TAG_MATH),
    ELEMENT(MTEXT, "mtext", false, TOOLBAR__TAG_MATH),
#undef ELEMENT
};

/* HTML Living Standard, 13.2.6.5; font is missing because it depends on its attributes. */
static const char breakouts[][11] = {
    "b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
    "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
    "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
    "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
    "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var",
};

const uint16_t toolbar__tag_lengths[26] = {
    ['a' - 'a'] = 1 << 14,
    ['b' - 'a'] = 1 << 4,
    ['d' - 'a'] = 1 << 4,
    ['f' - 'a'] = 1 << 13,
    ['h' - 'a'] = 1 << 4,
    ['i' - 'a'] = 1 << 6,
    ['m' - 'a'] = 1 << 2 | 1 << 4 | 1 << 5,
    ['n' - 'a'] = 1 << 7 | 1 << 8,
    ['p' - 'a'] = 1 << 9,
    ['s' - 'a'] = 1 << 3 | 1 << 5 | 1 << 6,
    ['t' - 'a'] = 1 << 5 | 1 << 8,
    ['x' - 'a'] = 1 << 3,
};

enum toolbar__tag toolbar__tag_find(const char *name, size_t length)
{
    if (!length || length > 14 || name[0] < 'a' || name[0] > 'z' ||
        !(toolbar__tag_lengths[name[0] - 'a'] >> length & 1)) {
        return TOOLBAR__TAG_OTHER;
    }
    for (unsigned i = 1; i < TOOLBAR__TAG_COUNT; i++) {
        if (elements[i].length == length && elements[i].name[0] == name[0] &&
            !memcmp(elements[i].name, name, length)) {
            return (enum toolbar__tag)i;
        }
    }
    return TOOLBAR__TAG_OTHER;
}

const char *toolbar__tag_name(enum toolbar__tag element)
{
    return elements[element].name;
}

bool toolbar__tag_is_raw(enum toolbar__tag element)
{
    return elements[element].raw;
}

static unsigned innermost(const struct toolbar__nesting *nesting)
{
    return nesting->depth ? nesting->open[nesting->depth - 1] : TOOLBAR__TAG_OTHER;
}

static bool is_root(unsigned element)
{
    return element == TOOLBAR__TAG_SVG || element == TOOLBAR__TAG_MATH;
}

bool toolbar__nesting_in_foreign(const struct toolbar__nesting *nesting)
{
    return is_root(innermost(nesting));
}

bool toolbar__nesting_in_island(const struct toolbar__nesting *nesting)
{
    unsigned element = innermost(nesting);

    return elements[element].island_in && element != TOOLBAR__TAG_ANNOTATION_XML;
}

/* In an island too: most are plain text (title, desc), where the element itself is foreign. */
bool toolbar__nesting_cdata(const struct toolbar__nesting *nesting)
{
    unsigned element = innermost(nesting);

    return element != TOOLBAR__TAG_OTHER && element != TOOLBAR__TAG_TEMPLATE;
}

bool toolbar__nesting_in_page(const struct toolbar__nesting *nesting)
{
    for (unsigned i = 0; i < nesting->depth; i++) {
        if (!is_root(nesting->open[i])) return false;
    }
    return true;
}

/*
 * The standard says so of start tags (and </p>, </br>). An end tag of the same names can only
 * belong to an element around the drawing and closes that, drawing included.
 */
void toolbar__nesting_break_out(struct toolbar__nesting *nesting, const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof breakouts / sizeof *breakouts; i++) {
        if (breakouts[i][0] != name[0] || strlen(breakouts[i]) != length ||
            memcmp(breakouts[i], name, length) != 0) {
            continue;
        }
        while (toolbar__nesting_foreign(nesting)) {
            nesting->depth--;
        }
        return;
    }
}

void toolbar__nesting_open(struct toolbar__nesting *nesting, enum toolbar__tag element,
                           bool self_closing)
{
    unsigned around = innermost(nesting);
    bool opens = is_root(element) || (is_root(around) && elements[element].island_in == around);

    /* A template cannot close itself, except as an unknown element in a drawing. */
    if (element == TOOLBAR__TAG_TEMPLATE) {
        if (is_root(around)) return;
    } else if (!opens || self_closing) {
        return;
    }
    if (nesting->depth < TOOLBAR__NESTING_MAXIMUM) {
        nesting->open[nesting->depth++] = (unsigned char)element;
    }
}

void toolbar__nesting_close(struct toolbar__nesting *nesting, enum toolbar__tag element)
{
    for (unsigned i = nesting->depth; i-- > 0;) {
        if (nesting->open[i] == element) {
            nesting->depth = i;
            return;
        }
        if (nesting->open[i] == TOOLBAR__TAG_TEMPLATE) return;
    }
}
