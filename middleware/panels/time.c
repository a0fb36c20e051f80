/* The Time panel: what the request cost the clock and the processor, and where it went. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/parts.h"
#include "panels/waterfall.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar__figure_ms(text, recording->duration_ns);
}

static int64_t idle_ns(const struct toolbar_recording *recording)
{
    int64_t idle = recording->duration_ns - recording->usage.user_ns - recording->usage.system_ns;

    /* Threads that work side by side use more processor time than there is wall time. */
    return idle > 0 ? idle : 0;
}

static void time_figure(struct toolbar_text *text, const char *title, const char *class, int64_t ns,
                        int64_t whole_ns)
{
    toolbar_text_literal(text, "<div><dt");
    if (class) {
        toolbar_text_literal(text, " class=\"");
        toolbar__text_string(text, class);
        toolbar__text_char(text, '"');
    }
    toolbar__text_char(text, '>');
    toolbar__text_string(text, title);
    toolbar_text_literal(text, "</dt><dd>");
    toolbar__figure_ms(text, ns);
    if (whole_ns) {
        toolbar_text_literal(text, " <small>");
        toolbar__figure_share(text, ns, whole_ns);
        toolbar_text_literal(text, "</small>");
    }
    toolbar_text_literal(text, "</dd></div>");
}

static void pair_figure(struct toolbar_text *text, const char *title, int64_t first,
                        const char *first_name, int64_t second, const char *second_name)
{
    toolbar_text_literal(text, "<div><dt>");
    toolbar__text_string(text, title);
    toolbar_text_literal(text, "</dt><dd>");
    toolbar_text_integer(text, first);
    toolbar_text_literal(text, " <small>");
    toolbar__text_string(text, first_name);
    toolbar_text_literal(text, "</small>, ");
    toolbar_text_integer(text, second);
    toolbar_text_literal(text, " <small>");
    toolbar__text_string(text, second_name);
    toolbar_text_literal(text, "</small></dd></div>");
}

static void figures(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__usage *usage = &recording->usage;
    int64_t whole_ns = recording->duration_ns;

    toolbar_text_literal(text, "<dl>");
    time_figure(text, "Wall time", NULL, whole_ns, 0);
    time_figure(text, "User CPU", "user", usage->user_ns, whole_ns);
    time_figure(text, "System CPU", "system", usage->system_ns, whole_ns);
    time_figure(text, "Off the CPU", "idle", idle_ns(recording), whole_ns);
    pair_figure(text, "Context switches", usage->voluntary_switches, "voluntary",
                usage->involuntary_switches, "involuntary");
    pair_figure(text, "Page faults", usage->minor_faults, "minor", usage->major_faults, "major");
    toolbar_text_literal(text, "</dl>");
}

static int64_t percent(int64_t part, int64_t whole)
{
    double percent = 100.0 * (double)part / (double)whole;

    return (int64_t)(percent + 0.5);
}

/* The clock's time divided into processor time and the rest. */
static void division(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__usage *usage = &recording->usage;
    int64_t whole_ns = usage->user_ns + usage->system_ns + idle_ns(recording);
    int64_t user;

    if (whole_ns <= 0) return;
    user = percent(usage->user_ns, whole_ns);
    toolbar_text_literal(text, "<svg aria-hidden=\"true\" width=\"200\" height=\"9\">"
                               "<rect width=\"");
    toolbar_text_integer(text, user);
    toolbar_text_literal(text, "%\" height=\"9\"/><rect class=\"system\" x=\"");
    toolbar_text_integer(text, user);
    toolbar_text_literal(text, "%\" width=\"");
    toolbar_text_integer(text, percent(usage->system_ns, whole_ns));
    toolbar_text_literal(text, "%\" height=\"9\"/></svg>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    figures(text, recording);
    division(text, recording);
    toolbar__waterfall(text, recording);
    /* The script writes there what the browser measured. */
    toolbar_text_literal(text, "<div class=\"browser-timing\" hidden></div>");
}

static void phase_json(struct toolbar_json *json, const struct toolbar__phase *phase)
{
    toolbar_json_open_object(json);
    toolbar__part_string_json(json, "name", phase->name);
    toolbar__part_ms_json(json, "start_ms", phase->start_ns);
    toolbar__part_ms_json(json, "duration_ms", phase->duration_ns);
    toolbar_json_close_object(json);
}

static void span_json(struct toolbar_json *json, const struct toolbar__span *span)
{
    toolbar_json_open_object(json);
    toolbar__part_string_json(json, "name", span->name);
    toolbar__part_count_json(json, "depth", span->depth);
    toolbar__part_ms_json(json, "start_ms", span->start_ns);
    toolbar__part_ms_json(json, "duration_ms", span->duration_ns);
    toolbar_json_close_object(json);
}

static void spans_json(struct toolbar_json *json, const struct toolbar__entries *spans)
{
    toolbar_json_name(json, "spans");
    toolbar_json_open_array(json);
    for (toolbar__each(span, spans, struct toolbar__span)) {
        span_json(json, span);
    }
    toolbar_json_close_array(json);
    toolbar__part_count_json(json, "spans_dropped", spans->dropped);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__usage *usage = &recording->usage;

    toolbar_json_open_object(json);
    toolbar__part_ms_json(json, "wall_ms", recording->duration_ns);
    toolbar__part_ms_json(json, "user_ms", usage->user_ns);
    toolbar__part_ms_json(json, "system_ms", usage->system_ns);
    toolbar__part_ms_json(json, "toolbar_ms", recording->own_ns);
    toolbar__part_count_json(json, "voluntary_switches", usage->voluntary_switches);
    toolbar__part_count_json(json, "involuntary_switches", usage->involuntary_switches);
    toolbar__part_count_json(json, "minor_faults", usage->minor_faults);
    toolbar__part_count_json(json, "major_faults", usage->major_faults);
    toolbar_json_name(json, "phases");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < recording->phase_count; i++) {
        phase_json(json, &recording->phases[i]);
    }
    toolbar_json_close_array(json);
    spans_json(json, &recording->activity.spans);
    toolbar__part_ms_json(json, "not_recorded_ms", toolbar__waterfall_gaps(recording, NULL));
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__time_panel = {
    .id = "time",
    .title = "Time",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
    .server_timing = NULL, /* total and cpu lead the header: record_json.c */
};
