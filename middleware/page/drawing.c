#include "page/drawing.h"

#include "base/text.h"

static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    }
    return hash;
}

/* HTML Living Standard, 13.1.2: they have no end tag. */
static bool is_void(const char *name, size_t length)
{
    static const char *const names[] = {"area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                        "input", "link", "meta", "param", "source", "track", "wbr"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (toolbar__ascii_is(name, length, names[i])) return true;
    }
    return false;
}

void toolbar__drawing_open(struct toolbar__drawing *drawing, const char *name, size_t length,
                           unsigned depth, bool html)
{
    /* A font with a color is HTML and ends the drawing. */
    if (!html && toolbar__ascii_is(name, length, "font")) drawing->lost = true;
    if (html && is_void(name, length)) return;
    if (drawing->count == TOOLBAR__DRAWING_MAXIMUM) {
        drawing->lost = true;
        return;
    }
    drawing->open[drawing->count].name = hash_of(name, length);
    drawing->open[drawing->count].depth = (unsigned char)depth;
    drawing->open[drawing->count++].html = html;
}

/*
 * 13.2.6.5, "any other end tag": in a drawing it closes what is open in there up to its element.
 * In HTML only the innermost element is closed for sure.
 */
void toolbar__drawing_close(struct toolbar__drawing *drawing, const char *name, size_t length,
                            unsigned depth, bool html)
{
    uint32_t hash = hash_of(name, length);

    for (unsigned i = drawing->count; i-- > 0 && drawing->open[i].depth == depth;) {
        if (drawing->open[i].name == hash) {
            drawing->count = i;
            return;
        }
        if (html) break;
    }
    drawing->lost = true;
}

/* An end tag does not leave HTML that is still open: the drawing around it goes on in there. */
void toolbar__drawing_leave(struct toolbar__drawing *drawing, unsigned depth)
{
    while (drawing->count && drawing->open[drawing->count - 1].depth > depth) {
        drawing->lost |= drawing->open[--drawing->count].html;
    }
}
