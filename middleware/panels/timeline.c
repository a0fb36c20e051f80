/* Draws a strip of marks; marks that would touch are merged, which also bounds their number. */
#include "panels/timeline.h"

#include "panels/figures.h"

enum { WHOLE = 1000, NARROWEST = 5, OPEN_BYTES = 96, MARK_BYTES = 64 /* and the end */ };

void toolbar__timeline_open(struct toolbar__timeline *timeline, struct toolbar_text *text,
                            int64_t start_ns, int64_t whole_ns)
{
    char *at = toolbar__text_room(text, OPEN_BYTES);

    *timeline = (struct toolbar__timeline){.text = text, .whole_ns = whole_ns};
    if (!at) return;
    at = toolbar__put(at, "<svg role=\"img\" width=\"200\" height=\"9\"><title>at ");
    at = toolbar__put_figure_ms(at, start_ns);
    toolbar__text_wrote(text, toolbar__put(at, "</title>"));
}

static char *percent(char *to, int thousandths)
{
    to = toolbar__put_integer(to, thousandths / 10);
    if (thousandths % 10) {
        to[0] = '.';
        to[1] = (char)('0' + thousandths % 10);
        to += 2;
    }
    return to;
}

static char *put_mark(char *at, const struct toolbar__timeline *timeline)
{
    if (!timeline->to) return at;
    at = percent(toolbar__put(at, "<rect x=\""), timeline->from);
    at = percent(toolbar__put(at, "%\" width=\""), timeline->to - timeline->from);
    return toolbar__put(at, "%\" height=\"9\"/>");
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
    char *at;

    if (to - from < NARROWEST) to = from + NARROWEST;
    if (to > WHOLE) {
        to = WHOLE;
        if (from > WHOLE - NARROWEST) from = WHOLE - NARROWEST;
    }
    if (timeline->to && from >= timeline->from && from <= timeline->to) {
        if (to > timeline->to) timeline->to = to;
        return;
    }
    at = toolbar__text_room(timeline->text, MARK_BYTES);
    if (at) toolbar__text_wrote(timeline->text, put_mark(at, timeline));
    timeline->from = from;
    timeline->to = to;
}

void toolbar__timeline_close(struct toolbar__timeline *timeline)
{
    char *at = toolbar__text_room(timeline->text, MARK_BYTES);

    if (!at) return;
    toolbar__text_wrote(timeline->text, toolbar__put(put_mark(at, timeline), "</svg>"));
}
