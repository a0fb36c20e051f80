/* Where a query came from: functions, files and lines. */
#include "base/html.h"
#include "panels/editor.h"
#include "panels/sql_parts.h"
#include "record/stack.h"

static void place(struct toolbar_text *text, const struct toolbar_recording *recording,
                  const struct toolbar__frame *frame)
{
    if (!frame->file) return;
    toolbar__text_char(text, ' ');
    toolbar__editor_place(text, recording->application, frame->file, frame->line);
}

void toolbar__sql_caller(struct toolbar_text *text, const struct toolbar_recording *recording,
                         const struct toolbar__query *query)
{
    toolbar_html_text(text, query->function);
    toolbar_text_literal(text, "()");
    if (query->stack) place(text, recording, &query->stack->frames[0]);
}

void toolbar__sql_stack(struct toolbar_text *text, const struct toolbar_recording *recording,
                        const struct toolbar__stack *stack)
{
    toolbar_text_literal(text, "<ul class=\"stack\">");
    for (unsigned i = 0; i < stack->count; i++) {
        const struct toolbar__frame *frame = &stack->frames[i];

        if (!frame->function) {
            toolbar_text_literal(text, "<li><small>not known</small></li>");
            continue;
        }
        toolbar_text_literal(text, "<li>");
        toolbar_html_text(text, frame->function);
        toolbar_text_literal(text, "()");
        place(text, recording, frame);
        toolbar_text_literal(text, "</li>");
    }
    toolbar_text_literal(text, "</ul>");
}

void toolbar__sql_stack_json(struct toolbar_json *json, const struct toolbar__stack *stack)
{
    toolbar_json_open_array(json);
    for (unsigned i = 0; stack && i < stack->count; i++) {
        const struct toolbar__frame *frame = &stack->frames[i];

        toolbar_json_open_object(json);
        toolbar_json_name(json, "function");
        toolbar_json_string(json, frame->function);
        toolbar_json_name(json, "file");
        toolbar_json_string(json, frame->file);
        toolbar_json_name(json, "line");
        toolbar_json_count(json, frame->line ? (int64_t)frame->line : TOOLBAR__UNKNOWN);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

void toolbar__sql_call_site_json(struct toolbar_json *json, const struct toolbar__query *query)
{
    const struct toolbar__frame *frame = query->stack ? &query->stack->frames[0] : NULL;
    struct toolbar_text text;

    if (!query->function || !frame || !frame->file) {
        toolbar_json_string(json, query->function);
        return;
    }
    toolbar__text_init(&text, TOOLBAR__SQL_MAXIMUM);
    toolbar__text_string(&text, query->function);
    toolbar__text_char(&text, ' ');
    toolbar__text_string(&text, toolbar__editor_base_name(frame->file));
    toolbar__text_char(&text, ':');
    toolbar_text_integer(&text, frame->line);
    if (text.failed) json->text->failed = true;
    toolbar_json_bytes(json, text.data, text.length);
    toolbar__text_free(&text);
}
