/*
 * Puts the element together. Everything is readable without styles and usable without the
 * script: the bar is the summary of a <details>, and so is the title of each panel. The script
 * stands outside of the shadow root, so that it also runs where a browser does not know
 * declarative ones and has to be helped.
 */
#include "panels/element.h"

#include "base/html.h"
#include "panels/bar.h"
#include "panels/switches.h"

enum {
    RESERVED_BYTES = 64 * 1024, /* for what is around the panels, and the lines of failed ones */
    SUBTITLE_MAXIMUM = 1024,
    PANELS_BYTES = 16 * 1024, /* of a usual page, and of each of its queries */
    QUERY_BYTES = 512
};

static void text_attribute(struct toolbar_text *text, const char *string)
{
    toolbar_html_text(text, string);
    toolbar__text_char(text, '"');
}

static void nonce_attribute(struct toolbar_text *text, const char *nonce)
{
    if (!nonce) return;
    toolbar_text_literal(text, " nonce=\"");
    text_attribute(text, nonce);
}

typedef void (*write_function)(const struct toolbar_recording *recording,
                               struct toolbar_text *text);

/* Lets a panel write; if that fails, or is longer than `maximum`, nothing of it stays. */
static bool write_bounded(write_function write, const struct toolbar_recording *recording,
                          struct toolbar_text *text, size_t maximum)
{
    size_t before = text->length, whole = text->maximum, capacity = text->capacity;
    bool written;

    if (text->failed) return false;
    if (maximum < whole - before) text->maximum = before + maximum;
    if (capacity > text->maximum) text->capacity = text->maximum;
    write(recording, text);
    /* A text that is as large as it may be does not grow. */
    if (capacity > text->maximum) text->capacity = capacity;
    text->maximum = whole;
    written = !text->failed;
    if (!written) text->length = before;
    text->failed = false;
    return written;
}

/* What one panel may have of the room that is left: a long one must not cost the others theirs. */
static size_t share(const struct toolbar_text *text)
{
    size_t left = text->maximum - text->length;

    return left > RESERVED_BYTES ? (left - RESERVED_BYTES) / 4 * 3 : 0;
}

/* A panel that fails is replaced by one line; the others stand. */
static void panel_render(const struct toolbar_recording *recording, size_t i,
                         struct toolbar_text *text)
{
    const struct toolbar_panel *panel = recording->application->panels[i];
    bool off = toolbar__panel_is_off(recording, i);

    toolbar_text_literal(text, "<details class=\"panel\" name=\"panel\" id=\"panel-");
    text_attribute(text, panel->id);
    if (i == 0) toolbar_text_literal(text, " open");
    toolbar_text_literal(text, "><summary><span>");
    toolbar_html_text(text, panel->title);
    toolbar_text_literal(text, "</span> <small>");
    if (off) {
        toolbar_text_literal(text, "off");
    } else if (panel->subtitle) {
        write_bounded(panel->subtitle, recording, text, SUBTITLE_MAXIMUM);
    }
    toolbar_text_literal(text, "</small></summary><div class=\"content\">");
    if (off) {
        toolbar_text_literal(text, "<p class=\"empty\">Switched off in this browser.</p>");
    } else if (panel->render && !write_bounded(panel->render, recording, text, share(text))) {
        toolbar_text_literal(text, "<p class=\"note\">This panel could not be shown.</p>");
    }
    toolbar_text_literal(text, "</div></details>\n");
}

static void style(const struct toolbar__element *element, struct toolbar_text *text)
{
    if (element->other_base) return;
    toolbar_text_literal(text, "<link rel=\"stylesheet\" href=\"");
    text_attribute(text, element->style_url);
    nonce_attribute(text, element->nonce);
    toolbar__text_char(text, '>');
}

static void script(const struct toolbar__element *element, struct toolbar_text *text)
{
    if (element->other_base) return;
    toolbar_text_literal(text, "<script async src=\"");
    text_attribute(text, element->script_url);
    nonce_attribute(text, element->nonce);
    toolbar_text_literal(text, "></script>");
}

/* So that what is written is not copied again and again as it grows. */
static void make_room(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    size_t left = text->maximum - text->length;
    size_t expected = PANELS_BYTES + (size_t)recording->kept_count * QUERY_BYTES;

    toolbar__text_reserve(text, expected < left ? expected : left);
}

void toolbar__element_render(const struct toolbar__element *element,
                             const struct toolbar_recording *recording, struct toolbar_text *text)
{
    size_t own;

    make_room(recording, text);
    toolbar_text_literal(text, "<debug-toolbar data-id=\"");
    text_attribute(text, recording->id);
    if (element->page) toolbar_text_literal(text, " data-page");
    toolbar_text_literal(text, "><template shadowrootmode=\"open\">");
    style(element, text);
    toolbar_text_literal(text, "<section dir=\"ltr\" lang=\"en\" aria-label=\"Debug toolbar\">"
                               "<details class=\"toolbar\"");
    if (element->page) toolbar_text_literal(text, " open");
    toolbar_text_literal(text, "><summary class=\"bar\">");
    toolbar__bar_render(recording, text);
    toolbar_text_literal(text, "</summary><div class=\"window\">");
    own = toolbar__head_render(element, recording, text);
    toolbar_text_literal(text, "<div class=\"panels\">\n");
    for (size_t i = 0; recording->application->panels[i]; i++) {
        panel_render(recording, i, text);
    }
    /* What is on a page of its own was all done before. */
    toolbar__head_own(
        text, own, element->page ? recording->own_ns : toolbar__now_ns() - element->work_began_ns);
    toolbar_text_literal(text, "</div></div></details></section></template>");
    script(element, text);
    toolbar_text_literal(text, "</debug-toolbar>");
}
