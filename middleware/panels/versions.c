/* The Versions panel: what the server is made of, as it runs and as it was built. */
#include "base/html.h"
#include "panels/panel.h"
#include "panels/parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_integer(text, recording->application->versions.count);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_literal(text, "<table class=\"pairs\"><tbody>");
    for (toolbar__each(version, &recording->application->versions, struct toolbar__fact)) {
        toolbar_text_literal(text, "<tr><th scope=\"row\">");
        toolbar_html_text(text, version->name);
        toolbar_text_literal(text, "</th><td><code>");
        toolbar_html_text(text, version->value);
        toolbar_text_literal(text, "</code>");
        if (version->built) {
            toolbar_text_literal(text, " <small>built with ");
            toolbar_html_text(text, version->built);
            toolbar_text_literal(text, "</small>");
        }
        toolbar_text_literal(text, "</td></tr>");
    }
    toolbar_text_literal(text, "</tbody></table>");
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    toolbar_json_open_array(json);
    for (toolbar__each(version, &recording->application->versions, struct toolbar__fact)) {
        toolbar_json_open_object(json);
        toolbar__part_string_json(json, "name", version->name);
        toolbar__part_string_json(json, "version", version->value);
        toolbar__part_string_json(json, "built", version->built ? version->built : version->value);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

const struct toolbar_panel toolbar__versions_panel = {
    .id = "versions",
    .title = "Versions",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
