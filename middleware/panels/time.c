/* The Time panel: what the request cost the clock and the processor, and its phases. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/timeline.h"

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

/* The clock's time divided into processor time and the rest. */
static void division(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__usage *usage = &recording->usage;
    int64_t whole_ns = usage->user_ns + usage->system_ns + idle_ns(recording);
    double user, system;

    if (whole_ns <= 0) return;
    user = 100.0 * (double)usage->user_ns / (double)whole_ns;
    system = 100.0 * (double)usage->system_ns / (double)whole_ns;
    toolbar__text_printf(text,
                         "<svg aria-hidden=\"true\" width=\"200\" height=\"9\">"
                         "<rect width=\"%d%%\" height=\"9\"/><rect class=\"system\" x=\"%d%%\" "
                         "width=\"%d%%\" height=\"9\"/></svg>",
                         (int)(user + .5), (int)(user + .5), (int)(system + .5));
}

static void phase_cells(struct toolbar_text *text, int64_t start_ns, int64_t duration_ns,
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

static void phase_row(struct toolbar_text *text, const struct toolbar__phase *phase,
                      int64_t whole_ns)
{
    struct toolbar__timeline timeline;

    toolbar_text_literal(text, "<tr><th>");
    toolbar_html_text(text, phase->name);
    toolbar_text_literal(text, "</th><td>");
    toolbar__timeline_open(&timeline, text, phase->start_ns, whole_ns);
    toolbar__timeline_mark(&timeline, phase->start_ns, phase->duration_ns);
    toolbar__timeline_close(&timeline);
    phase_cells(text, phase->start_ns, phase->duration_ns, whole_ns);
}

/* The queries below the phases show which of them went to the database. */
static void queries_row(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    const struct toolbar__query *query = recording->queries;
    struct toolbar__timeline timeline;

    if (!query) return;
    toolbar_text_literal(text, "<tr class=\"sql\"><th>");
    toolbar__figure_count(text, recording->query_count, "query", "queries");
    toolbar_text_literal(text, "</th><td>");
    toolbar__timeline_open(&timeline, text, query->start_ns, recording->duration_ns);
    for (; query; query = query->next) {
        toolbar__timeline_mark(&timeline, query->start_ns, query->open_ns);
    }
    toolbar__timeline_close(&timeline);
    phase_cells(text, recording->queries->start_ns, recording->sql_ns, recording->duration_ns);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    figures(text, recording);
    division(text, recording);
    if (!recording->phase_count && !recording->queries) return;
    toolbar_text_literal(text, "<table class=\"phases\"><thead><tr><th>Phase</th><th>When</th>"
                               "<th>From</th><th>Time</th></tr></thead><tbody>");
    for (unsigned i = 0; i < recording->phase_count; i++) {
        phase_row(text, &recording->phases[i], recording->duration_ns);
    }
    queries_row(text, recording);
    toolbar_text_literal(text, "</tbody></table>");
}

static void ms_member(struct toolbar_json *json, const char *name, int64_t ns)
{
    toolbar_json_name(json, name);
    toolbar_json_ms(json, ns);
}

static void count_member(struct toolbar_json *json, const char *name, int64_t count)
{
    toolbar_json_name(json, name);
    toolbar_json_count(json, count);
}

static void phase_json(struct toolbar_json *json, const struct toolbar__phase *phase)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "name");
    toolbar_json_string(json, phase->name);
    ms_member(json, "start_ms", phase->start_ns);
    ms_member(json, "duration_ms", phase->duration_ns);
    toolbar_json_close_object(json);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__usage *usage = &recording->usage;

    toolbar_json_open_object(json);
    ms_member(json, "wall_ms", recording->duration_ns);
    ms_member(json, "user_ms", usage->user_ns);
    ms_member(json, "system_ms", usage->system_ns);
    ms_member(json, "toolbar_ms", recording->own_ns);
    count_member(json, "voluntary_switches", usage->voluntary_switches);
    count_member(json, "involuntary_switches", usage->involuntary_switches);
    count_member(json, "minor_faults", usage->minor_faults);
    count_member(json, "major_faults", usage->major_faults);
    toolbar_json_name(json, "phases");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < recording->phase_count; i++) {
        phase_json(json, &recording->phases[i]);
    }
    toolbar_json_close_array(json);
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
