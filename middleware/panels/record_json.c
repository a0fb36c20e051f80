/*
 * The whole record as JSON, member for member as programs rely on it, and the Server-Timing
 * header. Figures that are not known are null, never 0.
 *
 * A parameter is a plain JSON value: number, string or null. A secret is "********"; a blob is
 * {"blob": bytes, "hex": "..."} and a long text {"length": bytes, "text": "..."}, each with what
 * was kept of it; a value that could not be seen is {}.
 */
#include <string.h>

#include "panels/element.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "panels/switches.h"

enum { ROOMY_BYTES = 2 * 1024 * 1024, RUNNABLE_MAXIMUM = 64 * 1024 };

static void name_string(struct toolbar_json *json, const char *name, const char *string)
{
    toolbar_json_name(json, name);
    toolbar_json_string(json, string);
}

static void name_count(struct toolbar_json *json, const char *name, int64_t count)
{
    toolbar_json_name(json, name);
    toolbar_json_count(json, count);
}

static void name_ms(struct toolbar_json *json, const char *name, int64_t ns)
{
    toolbar_json_name(json, name);
    toolbar_json_ms(json, ns);
}

static void name_bool(struct toolbar_json *json, const char *name, bool value)
{
    toolbar_json_name(json, name);
    toolbar_json_bool(json, value);
}

static void error_json(struct toolbar_json *json, const struct toolbar__query *query)
{
    toolbar_json_name(json, "error");
    if (!query->error_code) {
        toolbar_json_null(json);
        return;
    }
    toolbar_json_open_object(json);
    name_count(json, "code", query->error_code);
    name_string(json, "name", query->error_name);
    name_string(json, "message", query->error_message);
    toolbar_json_close_object(json);
}

/* Left out where the record is long already: "sql" and "params" say the same. */
static void runnable_json(struct toolbar_json *json, const struct toolbar__query *query)
{
    struct toolbar_text text;

    toolbar_json_name(json, "runnable");
    if (json->text->length > ROOMY_BYTES) {
        toolbar_json_null(json);
        return;
    }
    toolbar__text_init(&text, RUNNABLE_MAXIMUM);
    toolbar__sql_runnable(&text, query);
    if (text.failed) {
        toolbar_json_null(json);
    } else {
        toolbar_json_bytes(json, text.data, text.length);
    }
    toolbar__text_free(&text);
}

static void figures_json(struct toolbar_json *json, const struct toolbar_recording *recording,
                         const struct toolbar__query *query)
{
    name_ms(json, "start_ms", query->start_ns);
    name_ms(json, "duration_ms", query->duration_ns);
    name_ms(json, "engine_ms", query->engine_ns);
    name_count(json, "rows", query->rows);
    name_count(json, "rows_scanned", query->rows_scanned);
    name_count(json, "sorts", query->sorts);
    name_count(json, "auto_index", query->auto_index);
    name_count(json, "vm_steps", query->vm_steps);
    name_count(json, "reprepares", query->reprepares);
    name_count(json, "similar", query->similar);
    name_count(json, "duplicate", query->duplicate);
    name_bool(json, "slow", toolbar__sql_is_slow(recording, query->duration_ns));
}

static void query_json(struct toolbar_json *json, const struct toolbar_recording *recording,
                       const struct toolbar__query *query)
{
    toolbar_json_open_object(json);
    name_count(json, "n", query->number);
    name_string(json, "sql", query->statement->sql);
    toolbar_json_name(json, "params");
    toolbar__sql_values_json(json, query);
    name_string(json, "connection", query->statement->group->connection);
    figures_json(json, recording, query);
    name_bool(json, "in_transaction", query->in_transaction);
    name_bool(json, "writes", query->writes);
    error_json(json, query);
    toolbar_json_name(json, "call_site");
    toolbar__sql_call_site_json(json, query);
    toolbar_json_name(json, "stack");
    toolbar__sql_stack_json(json, query->stack);
    runnable_json(json, query);
    toolbar_json_name(json, "preview");
    toolbar__sql_preview_json(json, query->preview);
    toolbar_json_close_object(json);
}

/* The requests whose redirects led here, the last one first. */
static void previous_json(struct toolbar_json *json, const struct toolbar__previous *previous)
{
    toolbar_json_open_array(json);
    for (; previous; previous = previous->next) {
        toolbar_json_open_object(json);
        name_string(json, "id", previous->id);
        name_string(json, "method", previous->method);
        name_string(json, "url", previous->url);
        name_count(json, "status", previous->status);
        name_ms(json, "duration_ms", previous->duration_ns);
        name_count(json, "queries", previous->query_count);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

static void advice_json(struct toolbar_json *json, const struct toolbar__advice *advice)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "tip");
    if (advice->tip) {
        toolbar_json_integer(json, advice->tip);
    } else {
        toolbar_json_null(json);
    }
    name_string(json, "rule", advice->rule);
    name_string(json, "severity", toolbar__severity_name(advice->severity));
    name_string(json, "title", advice->title);
    toolbar_json_name(json, "queries");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < advice->query_count; i++) {
        toolbar_json_integer(json, advice->queries[i]);
    }
    toolbar_json_close_array(json);
    name_string(json, "evidence", advice->evidence);
    name_string(json, "fix", advice->fix);
    toolbar_json_close_object(json);
}

void toolbar__record_json(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar_panel *const *panels = recording->application->panels;
    struct toolbar_json json;

    toolbar__json_init(&json, text);
    toolbar_json_open_object(&json);
    name_count(&json, "version", 1);
    name_string(&json, "id", recording->id);
    toolbar_json_name(&json, "time");
    toolbar__json_time(&json, recording->wall_ms);
    name_string(&json, "method", recording->method);
    name_string(&json, "url", recording->url);
    name_count(&json, "status", recording->status);
    name_ms(&json, "duration_ms", recording->duration_ns);
    name_string(&json, "skipped", recording->skipped);
    toolbar_json_name(&json, "previous");
    previous_json(&json, recording->previous);
    toolbar_json_name(&json, "queries");
    toolbar_json_open_array(&json);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        query_json(&json, recording, query);
    }
    toolbar_json_close_array(&json);
    toolbar_json_name(&json, "advice");
    toolbar_json_open_array(&json);
    for (const struct toolbar__advice *advice = recording->advices.first; advice;
         advice = advice->next) {
        advice_json(&json, advice);
    }
    toolbar_json_close_array(&json);
    toolbar_json_name(&json, "panels");
    toolbar_json_open_object(&json);
    for (size_t i = 0; panels[i]; i++) {
        if (!panels[i]->to_json || toolbar__panel_is_off(recording, i)) continue;
        toolbar_json_name(&json, panels[i]->id);
        panels[i]->to_json(recording, &json);
    }
    toolbar_json_close_object(&json);
    toolbar_json_close_object(&json);
}

/* Panels may have nothing to say this time. */
static void metric(struct toolbar_text *text, const struct toolbar_panel *panel,
                   const struct toolbar_recording *recording)
{
    size_t before = text->length;

    toolbar_text_literal(text, ", ");
    panel->server_timing(recording, text);
    if (text->length == before + 2) text->length = before;
}

static void server_timing(const struct toolbar_recording *recording, struct toolbar_text *text,
                          int64_t total_ns)
{
    const struct toolbar_panel *const *panels = recording->application->panels;

    /* The request's own two come first, whatever order the panels have. */
    toolbar__figure_metric(text, "total", total_ns);
    toolbar_text_literal(text, ", ");
    toolbar__figure_metric(text, "cpu", recording->usage.cpu_ns);
    for (size_t i = 0; panels[i]; i++) {
        if (!panels[i]->server_timing || toolbar__panel_is_off(recording, i)) continue;
        metric(text, panels[i], recording);
    }
}

void toolbar__finished_timing(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    server_timing(recording, text, recording->duration_ns);
}

void toolbar__server_timing(struct toolbar_recording *recording, struct toolbar_text *text)
{
    /* The head of a page that is still being made goes out while others add to the recording. */
    pthread_mutex_lock(&recording->lock);
    server_timing(recording, text,
                  recording->finished ? recording->duration_ns : toolbar__recording_now(recording));
    pthread_mutex_unlock(&recording->lock);
}
