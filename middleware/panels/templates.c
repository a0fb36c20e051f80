/* The Templates panel: what was rendered, how long that took, and what it was given. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/parts.h"

enum { ROWS_MAXIMUM = 50 };

static int64_t total_ns(const struct toolbar__entries *templates)
{
    int64_t total = 0;

    for (toolbar__each(template, templates, struct toolbar__template)) {
        if (template->duration_ns > 0) total += template->duration_ns;
    }
    return total;
}

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *templates = &recording->activity.templates;

    toolbar_text_integer(text, (int64_t)templates->count + templates->dropped);
    if (!templates->count) return;
    toolbar_text_literal(text, ", ");
    toolbar__figure_ms(text, total_ns(templates));
}

static void row(struct toolbar_text *text, const struct toolbar__template *template)
{
    toolbar_text_literal(text, "<tr><td>");
    toolbar_html_text(text, template->name);
    toolbar_text_literal(text, "</td><td>");
    toolbar__part_ms(text, template->duration_ns);
    toolbar_text_literal(text, "</td><td>");
    if (*template->context) {
        toolbar_text_literal(text, "<pre>");
        toolbar_html_text(text, template->context);
        toolbar_text_literal(text, "</pre>");
    }
    toolbar_text_literal(text, "</td></tr>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *templates = &recording->activity.templates;
    size_t start = text->length;
    unsigned rows = 0;

    if (!templates->first) {
        toolbar__part_empty(text, "No templates: toolbar_template_rendered records them.");
        return;
    }
    toolbar_text_literal(text, "<table class=\"list\"><thead><tr><th>Template</th><th>Time</th>"
                               "<th>Context</th></tr></thead><tbody>");
    for (toolbar__each(template, templates, struct toolbar__template)) {
        if (rows == ROWS_MAXIMUM || toolbar__part_full(text, start)) break;
        row(text, template);
        rows++;
    }
    toolbar_text_literal(text, "</tbody></table>");
    toolbar__part_left_out(text, templates->count - rows);
    toolbar__part_dropped(text, templates->dropped);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__entries *templates = &recording->activity.templates;

    toolbar_json_open_object(json);
    toolbar__part_count_json(json, "dropped", templates->dropped);
    toolbar_json_name(json, "templates");
    toolbar_json_open_array(json);
    for (toolbar__each(template, templates, struct toolbar__template)) {
        toolbar_json_open_object(json);
        toolbar__part_string_json(json, "name", template->name);
        toolbar__part_ms_json(json, "duration_ms", template->duration_ns);
        toolbar__part_string_json(json, "context", template->context);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__templates_panel = {
    .id = "templates",
    .title = "Templates",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
