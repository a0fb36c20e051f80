/* The Static files panel: files that the request sent. */
#include "base/html.h"
#include "panels/panel.h"
#include "panels/parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *files = &recording->activity.files;

    toolbar_text_integer(text, (int64_t)files->count + files->dropped);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *files = &recording->activity.files;

    if (!files->first) {
        toolbar__part_empty(text, "This request sent no file.");
        return;
    }
    toolbar_text_literal(text, "<table class=\"list\"><thead><tr><th>File</th><th>Size</th></tr>"
                               "</thead><tbody>");
    for (toolbar__each(file, files, struct toolbar__file)) {
        toolbar_text_literal(text, "<tr><td><code>");
        toolbar_html_text(text, *file->path ? file->path : "not known");
        toolbar_text_literal(text, "</code></td><td>");
        if (file->size_bytes >= 0) toolbar__part_bytes(text, file->size_bytes);
        toolbar_text_literal(text, "</td></tr>");
    }
    toolbar_text_literal(text, "</tbody></table>");
    toolbar__part_dropped(text, files->dropped);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__entries *files = &recording->activity.files;

    toolbar_json_open_object(json);
    toolbar__part_count_json(json, "dropped", files->dropped);
    toolbar_json_name(json, "files");
    toolbar_json_open_array(json);
    for (toolbar__each(file, files, struct toolbar__file)) {
        toolbar_json_open_object(json);
        toolbar__part_string_json(json, "path", *file->path ? file->path : NULL);
        toolbar__part_count_json(json, "size_bytes", file->size_bytes);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__static_files_panel = {
    .id = "static",
    .title = "Static files",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
