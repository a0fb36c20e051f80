/* The Messages panel: what the application told with toolbar_message(). */
#include "base/html.h"
#include "panels/editor.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/parts.h"

static const char *const levels[] = {"debug", "info", "warning", "error"};

enum { LEVELS = sizeof levels / sizeof *levels, WARNING = 2, ERROR };

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *messages = &recording->activity.messages;
    unsigned counts[LEVELS] = {0};

    for (toolbar__each(message, messages, struct toolbar__message)) {
        counts[message->level]++;
    }
    toolbar_text_integer(text, (int64_t)messages->count + messages->dropped);
    if (counts[ERROR]) {
        toolbar_text_literal(text, ", ");
        toolbar__figure_count(text, counts[ERROR], "error", "errors");
    } else if (counts[WARNING]) {
        toolbar_text_literal(text, ", ");
        toolbar__figure_count(text, counts[WARNING], "warning", "warnings");
    }
}

static void place(struct toolbar_text *text, const struct toolbar__application *application,
                  const struct toolbar__message *message)
{
    if (*message->file) {
        toolbar__editor_place(text, application, message->file, (unsigned)message->line);
        toolbar_text_literal(text, " ");
    }
    if (*message->function) {
        toolbar_html_text(text, message->function);
        toolbar_text_literal(text, "()");
    }
}

static void row(struct toolbar_text *text, const struct toolbar__application *application,
                const struct toolbar__message *message)
{
    toolbar_text_literal(text, "<tr class=\"");
    toolbar__text_string(text, levels[message->level]);
    toolbar_text_literal(text, "\"><td>");
    toolbar__figure_ms(text, message->at_ns);
    toolbar_text_literal(text, "</td><td>");
    toolbar__text_string(text, levels[message->level]);
    toolbar_text_literal(text, "</td><td>");
    toolbar_html_text(text, message->text);
    if (message->cut) toolbar_text_literal(text, "&#8230;");
    toolbar_text_literal(text, "</td><td><small>");
    place(text, application, message);
    toolbar_text_literal(text, "</small></td></tr>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__entries *messages = &recording->activity.messages;
    size_t start = text->length;
    unsigned rows = 0;

    if (!messages->first) {
        toolbar__part_empty(text, "No messages: toolbar_message writes here.");
    } else {
        toolbar_text_literal(text, "<table class=\"list messages\"><thead><tr><th>At</th><th>Level"
                                   "</th><th>Message</th><th>From</th></tr></thead><tbody>");
        for (toolbar__each(message, messages, struct toolbar__message)) {
            if (toolbar__part_full(text, start)) break;
            row(text, recording->application, message);
            rows++;
        }
        toolbar_text_literal(text, "</tbody></table>");
    }
    toolbar__part_left_out(text, messages->count - rows);
    toolbar__part_dropped(text, messages->dropped);
}

static void message_json(struct toolbar_json *json, const struct toolbar__message *message)
{
    toolbar_json_open_object(json);
    toolbar__part_ms_json(json, "at_ms", message->at_ns);
    toolbar__part_string_json(json, "level", levels[message->level]);
    toolbar__part_string_json(json, "text", message->text);
    toolbar__part_string_json(json, "file", message->file);
    toolbar__part_count_json(json, "line", message->line);
    toolbar__part_string_json(json, "function", message->function);
    toolbar_json_close_object(json);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__entries *messages = &recording->activity.messages;

    toolbar_json_open_object(json);
    toolbar__part_count_json(json, "dropped", messages->dropped);
    toolbar_json_name(json, "messages");
    toolbar_json_open_array(json);
    for (toolbar__each(message, messages, struct toolbar__message)) {
        message_json(json, message);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__messages_panel = {
    .id = "messages",
    .title = "Messages",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
