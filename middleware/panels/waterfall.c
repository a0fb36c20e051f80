#include "panels/waterfall.h"

#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/parts.h"

enum { SPAN_ROWS_MAXIMUM = 40, INDENTS_MAXIMUM = 8 };

/* The ends of a row: what comes before its strip and what comes after. */
static void row_open(struct toolbar_text *text, const char *class)
{
    toolbar_text_literal(text, "<tr");
    if (class) {
        toolbar_text_literal(text, " class=\"");
        toolbar__text_string(text, class);
        toolbar__text_char(text, '"');
    }
    toolbar_text_literal(text, "><th>");
}

static void row_close(struct toolbar_text *text, int64_t start_ns, int64_t duration_ns,
                      int64_t whole_ns)
{
    toolbar_text_literal(text, "</td><td>");
    toolbar__figure_ms(text, start_ns);
    toolbar_text_literal(text, "</td><td>");
    toolbar__figure_ms(text, duration_ns);
    toolbar_text_literal(text, " <small>");
    toolbar__figure_share(text, duration_ns, whole_ns);
    toolbar_text_literal(text, "</small></td></tr>");
}

static void strip(struct toolbar_text *text, int64_t start_ns, int64_t duration_ns,
                  int64_t whole_ns)
{
    struct toolbar__timeline timeline;

    toolbar_text_literal(text, "</th><td>");
    toolbar__timeline_open(&timeline, text, start_ns, whole_ns);
    toolbar__timeline_mark(&timeline, start_ns, duration_ns);
    toolbar__timeline_close(&timeline);
    row_close(text, start_ns, duration_ns, whole_ns);
}

static void phases(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    for (unsigned i = 0; i < recording->phase_count; i++) {
        const struct toolbar__phase *phase = &recording->phases[i];

        row_open(text, NULL);
        toolbar_html_text(text, phase->name);
        strip(text, phase->start_ns, phase->duration_ns, recording->duration_ns);
    }
}

/* One that is still open when the response is queued counts up to there. */
static int64_t span_ns(const struct toolbar_recording *recording, const struct toolbar__span *span)
{
    int64_t open_ns = recording->duration_ns - span->start_ns;

    if (span->duration_ns != TOOLBAR__UNKNOWN) return span->duration_ns;
    return open_ns > 0 ? open_ns : 0;
}

static void spans(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    unsigned rows = 0;

    for (toolbar__each(span, &recording->activity.spans, struct toolbar__span)) {
        if (rows++ == SPAN_ROWS_MAXIMUM) break;
        row_open(text, "span");
        for (unsigned i = 0; i < span->depth && i < INDENTS_MAXIMUM; i++) {
            toolbar_text_literal(text, "&#160;&#160;");
        }
        toolbar_html_text(text, span->name);
        if (span->duration_ns == TOOLBAR__UNKNOWN) {
            toolbar_text_literal(text, " <small>not ended</small>");
        }
        strip(text, span->start_ns, span_ns(recording, span), recording->duration_ns);
    }
}

/* Below the spans they show which of them went to the database. */
static void queries(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__query *query = recording->queries;
    struct toolbar__timeline timeline;

    if (!query) return;
    row_open(text, "sql");
    toolbar__figure_count(text, recording->query_count, "query", "queries");
    toolbar_text_literal(text, "</th><td>");
    toolbar__timeline_open(&timeline, text, query->start_ns, recording->duration_ns);
    for (; query; query = query->next) {
        toolbar__timeline_mark(&timeline, query->start_ns, query->open_ns);
    }
    toolbar__timeline_close(&timeline);
    row_close(text, recording->queries->start_ns, recording->sql_ns, recording->duration_ns);
}

/* What is known of the request's time, as a walk over stretches in order of their start. */
struct walk {
    const struct toolbar_recording *recording;
    unsigned phase;
    const struct toolbar__entry *span;
    const struct toolbar__query *query;
};

struct stretch {
    int64_t start_ns;
    int64_t end_ns;
};

static bool earlier(struct stretch *next, int64_t start_ns, int64_t duration_ns)
{
    if (next->start_ns <= start_ns) return false;
    *next = (struct stretch){start_ns, start_ns + duration_ns};
    return true;
}

static bool walk_next(struct walk *walk, struct stretch *next)
{
    const struct toolbar_recording *recording = walk->recording;
    const struct toolbar__span *span = (const struct toolbar__span *)walk->span;
    const struct toolbar__phase *phase;
    enum { NONE, PHASE, SPAN, QUERY } which = NONE;

    /* What a handler did is told by the rest; waiting is waiting. */
    while (walk->phase < recording->phase_count &&
           strcmp(recording->phases[walk->phase].name, "handler") == 0) {
        walk->phase++;
    }
    phase = walk->phase < recording->phase_count ? &recording->phases[walk->phase] : NULL;
    *next = (struct stretch){INT64_MAX, 0};
    if (phase && earlier(next, phase->start_ns, phase->duration_ns)) which = PHASE;
    if (span && earlier(next, span->start_ns, span_ns(recording, span))) which = SPAN;
    if (walk->query && earlier(next, walk->query->start_ns, walk->query->open_ns)) which = QUERY;
    if (which == PHASE) walk->phase++;
    if (which == SPAN) walk->span = walk->span->next;
    if (which == QUERY) walk->query = walk->query->next;
    return which != NONE;
}

int64_t toolbar__waterfall_gaps(const struct toolbar_recording *recording,
                                struct toolbar__timeline *timeline)
{
    struct walk walk = {recording, 0, recording->activity.spans.first, recording->queries};
    int64_t known_ns = 0, gaps_ns = 0;
    struct stretch next;
    bool more = true;

    if (!walk.span && !walk.query) return TOOLBAR__UNKNOWN;
    while (more) {
        more = walk_next(&walk, &next);
        if (!more || next.start_ns > recording->duration_ns) {
            next.start_ns = next.end_ns = recording->duration_ns;
        }
        if (next.start_ns > known_ns) {
            int64_t gap_ns = next.start_ns - known_ns;

            gaps_ns += gap_ns;
            /* Drawn as wide as can be seen, the tiny ones would look like all of the time. */
            if (timeline && gap_ns >= recording->duration_ns / 200) {
                toolbar__timeline_mark(timeline, known_ns, gap_ns);
            }
        }
        if (next.end_ns > known_ns) known_ns = next.end_ns;
    }
    return gaps_ns;
}

static void gaps(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    struct toolbar__timeline timeline;
    int64_t gaps_ns = toolbar__waterfall_gaps(recording, NULL);

    if (gaps_ns <= 0) return;
    toolbar_text_literal(text, "<tr class=\"gaps\"><th>nothing recorded</th><td>");
    toolbar__timeline_open(&timeline, text, 0, recording->duration_ns);
    toolbar__waterfall_gaps(recording, &timeline);
    toolbar__timeline_close(&timeline);
    toolbar_text_literal(text, "</td><td></td><td>");
    toolbar__figure_ms(text, gaps_ns);
    toolbar_text_literal(text, " <small>");
    toolbar__figure_share(text, gaps_ns, recording->duration_ns);
    toolbar_text_literal(text, "</small></td></tr>");
}

void toolbar__waterfall(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__entries *kept = &recording->activity.spans;

    if (!recording->phase_count && !recording->queries && !kept->first) return;
    toolbar_text_literal(text, "<table class=\"phases\"><thead><tr><th>Phase</th><th>When</th>"
                               "<th>From</th><th>Time</th></tr></thead><tbody>");
    phases(text, recording);
    spans(text, recording);
    queries(text, recording);
    gaps(text, recording);
    toolbar_text_literal(text, "</tbody></table>");
    if (kept->count > SPAN_ROWS_MAXIMUM) {
        toolbar__part_left_out(text, kept->count - SPAN_ROWS_MAXIMUM);
    }
    toolbar__part_dropped(text, kept->dropped);
}
