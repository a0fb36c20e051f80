/* Draws a strip of marks; marks that would touch are merged, which also bounds their number. */
#include "panels/timeline.h"

#include "panels/figures.h"

enum { WHOLE = 1000, NARROWEST = 5 };

void toolbar__timeline_open(struct toolbar__timeline *timeline, struct toolbar_text *text,
                            int64_t start_ns, int64_t whole_ns)
{
    *timeline = (struct toolbar__timeline){.text = text, .whole_ns = whole_ns};
    toolbar_text_literal(text, "<svg role=\"img\" width=\"200\" height=\"9\"><title>at ");
    toolbar__figure_ms(text, start_ns);
    toolbar_text_literal(text, "</title>");
}

static void percent(struct toolbar_text *text, int thousandths)
{
    toolbar_text_integer(text, thousandths / 10);
    if (thousandths % 10) {
        toolbar__text_char(text, '.');
        toolbar_text_integer(text, thousandths % 10);
    }
    toolbar_text_literal(text, "%\"");
}

static void write_mark(struct toolbar__timeline *timeline)
{
    if (!timeline->to) return;
    toolbar_text_literal(timeline->text, "<rect x=\"");
    percent(timeline->text, timeline->from);
    toolbar_text_literal(timeline->text, " width=\"");
    percent(timeline->text, timeline->to - timeline->from);
    toolbar_text_literal(timeline->text, " height=\"9\"/>");
}

/* Thousandths of the whole; clamped, because a late query may end after the request. */
static int position(const struct toolbar__timeline *timeline, int64_t ns)
{
    double part;

    if (timeline->whole_ns <= 0 || ns <= 0) return 0;
    part = (double)ns / (double)timeline->whole_ns;
    return part >= 1 ? WHOLE : (int)(part * WHOLE + 0.5);
}

void toolbar__timeline_mark(struct toolbar__timeline *timeline, int64_t start_ns,
                            int64_t duration_ns)
{
    int64_t end_ns = duration_ns > 0 ? start_ns + duration_ns : start_ns;
    int from = position(timeline, start_ns);
    int to = position(timeline, end_ns);

    if (to - from < NARROWEST) to = from + NARROWEST;
    if (to > WHOLE) {
        to = WHOLE;
        if (from > WHOLE - NARROWEST) from = WHOLE - NARROWEST;
    }
    if (timeline->to && from >= timeline->from && from <= timeline->to) {
        if (to > timeline->to) timeline->to = to;
        return;
    }
    write_mark(timeline);
    timeline->from = from;
    timeline->to = to;
}

void toolbar__timeline_close(struct toolbar__timeline *timeline)
{
    write_mark(timeline);
    toolbar_text_literal(timeline->text, "</svg>");
}
