/* The Settings panel: what the application told of itself with toolbar_setting(). */
#include "base/html.h"
#include "panels/panel.h"
#include "panels/parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_integer(text, recording->application->settings.count);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *settings = &recording->application->settings;
    size_t start = text->length;
    unsigned rows = 0;

    if (!settings->first) {
        toolbar__part_empty(text, "No settings: toolbar_setting tells them.");
        return;
    }
    toolbar_text_literal(text, "<table class=\"pairs\"><tbody>");
    for (toolbar__each(setting, settings, struct toolbar__fact)) {
        if (toolbar__part_full(text, start)) break;
        toolbar__part_pair(text, setting->name, setting->value);
        rows++;
    }
    toolbar_text_literal(text, "</tbody></table>");
    toolbar__part_left_out(text, settings->count - rows);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    toolbar_json_open_object(json);
    for (toolbar__each(setting, &recording->application->settings, struct toolbar__fact)) {
        toolbar__part_string_json(json, setting->name, setting->value);
    }
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__settings_panel = {
    .id = "settings",
    .title = "Settings",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
