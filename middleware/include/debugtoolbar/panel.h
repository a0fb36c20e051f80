/*
 * Panels of the application's own. One is a constant struct, added before the server starts; the
 * toolbar's own panels are made of the same struct. See the README for a whole one.
 *
 *     static const struct toolbar_panel queue_panel = {
 *         .id = "queue", .title = "Queue", .state_size = sizeof(struct queue_state),
 *         .subtitle = queue_subtitle, .render = queue_render, .to_json = queue_json,
 *     };
 *     toolbar_panel_add(toolbar, &queue_panel);
 */
#ifndef DEBUGTOOLBAR_PANEL_H
#define DEBUGTOOLBAR_PANEL_H

#include <stddef.h>
#include <stdint.h>

#include <debugtoolbar/export.h>
#include <debugtoolbar/toolbar.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of one shown request. It never changes after the response was made. */
struct toolbar_recording;

/* Text that is being written, bounded: what does not fit makes the panel say that it failed. */
struct toolbar_text;

/* JSON that is being written. Commas are put where they belong. */
struct toolbar_json;

struct toolbar_panel {
    /* Lower-case letters, digits, - and _; unique; the key in the record's "panels". */
    const char *id;
    const char *title;

    /* Bytes of toolbar_panel_state(), zeroed for each shown request; 0: none. */
    size_t state_size;

    /* All below may be NULL. They run on the server's threads, for several requests at once. */

    /* A shown request begins, in the thread that will call the application's handler. */
    void (*on_request)(struct toolbar_recording *recording, struct toolbar_request *request);
    /* The application has queued its response; what is shown has to be in the state now. */
    void (*on_response)(struct toolbar_recording *recording, unsigned status);

    /*
     * These read, and may be called again while the request is in the history, after
     * on_response() and in any thread.
     */

    /* The short figure beside the title: "51, 1.8 ms". */
    void (*subtitle)(const struct toolbar_recording *recording, struct toolbar_text *html);
    /* The panel's HTML. No scripts and no inline styles: the page's policy may forbid them. */
    void (*render)(const struct toolbar_recording *recording, struct toolbar_text *html);
    /* Exactly one JSON value. */
    void (*to_json)(const struct toolbar_recording *recording, struct toolbar_json *json);
    /* One metric of the Server-Timing header, without comma: queue;dur=1.250. */
    void (*server_timing)(const struct toolbar_recording *recording, struct toolbar_text *text);
};

/*
 * Adds a panel after those there are, before the server starts; at most 16. It must outlive the
 * toolbar. TOOLBAR_ERROR_ARGUMENT: something is missing, or the id is taken or not an id.
 * TOOLBAR_ERROR_LIMIT: too many.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_panel_add(struct toolbar *toolbar,
                                                    const struct toolbar_panel *panel);

/* The recording of the request that this thread works for; NULL: it is not shown. */
TOOLBAR_EXPORT struct toolbar_recording *toolbar_recording_current(void);

/*
 * The panel's state for one request: `state_size` zeroed bytes that live as long as the
 * recording. NULL if there is none, or `recording` is NULL. Threads that work for one request
 * share it, and have to lock for themselves.
 */
TOOLBAR_EXPORT void *toolbar_panel_state(const struct toolbar_recording *recording,
                                         const struct toolbar_panel *panel);

/* Writing HTML. A literal goes in as it is; everything else is escaped. */
#define toolbar_text_literal(text, literal)                                                        \
    toolbar_text_append((text), "" literal, sizeof(literal) - 1)

/* Escaped for between tags and for values of attributes in double quotes. */
TOOLBAR_EXPORT void toolbar_html_text(struct toolbar_text *html, const char *string);
TOOLBAR_EXPORT void toolbar_html_bytes(struct toolbar_text *html, const char *data, size_t length);

TOOLBAR_EXPORT void toolbar_text_integer(struct toolbar_text *text, int64_t value);
/* Nanoseconds as milliseconds with as many digits as are worth reading: 0.004, 1.8, 12.4, 1520. */
TOOLBAR_EXPORT void toolbar_text_ms(struct toolbar_text *text, int64_t ns);
/* Unescaped: for toolbar_text_literal() only. */
TOOLBAR_EXPORT void toolbar_text_append(struct toolbar_text *text, const char *data, size_t length);

/* Writing JSON. */
TOOLBAR_EXPORT void toolbar_json_open_object(struct toolbar_json *json);
TOOLBAR_EXPORT void toolbar_json_close_object(struct toolbar_json *json);
TOOLBAR_EXPORT void toolbar_json_open_array(struct toolbar_json *json);
TOOLBAR_EXPORT void toolbar_json_close_array(struct toolbar_json *json);
/* The member's name; exactly one value, object or array follows. */
TOOLBAR_EXPORT void toolbar_json_name(struct toolbar_json *json, const char *name);
/* NULL gives null. */
TOOLBAR_EXPORT void toolbar_json_string(struct toolbar_json *json, const char *string);
TOOLBAR_EXPORT void toolbar_json_bytes(struct toolbar_json *json, const char *data, size_t length);
TOOLBAR_EXPORT void toolbar_json_integer(struct toolbar_json *json, int64_t value);
TOOLBAR_EXPORT void toolbar_json_real(struct toolbar_json *json, double value);
TOOLBAR_EXPORT void toolbar_json_bool(struct toolbar_json *json, bool value);
TOOLBAR_EXPORT void toolbar_json_null(struct toolbar_json *json);
/* Unknown (negative) figures are null, never 0. */
TOOLBAR_EXPORT void toolbar_json_count(struct toolbar_json *json, int64_t value_or_negative);
TOOLBAR_EXPORT void toolbar_json_ms(struct toolbar_json *json, int64_t ns_or_negative);

#ifdef __cplusplus
}
#endif
#endif
