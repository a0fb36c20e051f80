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

static void name_string(struct toolbar__json *json, const char *name, const char *string)
{
    toolbar__json_name(json, name);
    toolbar__json_string(json, string);
}

static void name_count(struct toolbar__json *json, const char *name, int64_t count)
{
    toolbar__json_name(json, name);
    toolbar__json_count(json, count);
}

static void name_ms(struct toolbar__json *json, const char *name, int64_t ns)
{
    toolbar__json_name(json, name);
    toolbar__json_ms(json, ns);
}

static void error_json(struct toolbar__json *json, const struct toolbar__query *query)
{
    toolbar__json_name(json, "error");
    if (!query->error_code) {
        toolbar__json_null(json);
        return;
    }
    toolbar__json_open_object(json);
    name_count(json, "code", query->error_code);
    name_string(json, "message", query->error_message);
    toolbar__json_close_object(json);
}

static void query_json(struct toolbar__json *json, const struct toolbar__query *query)
{
    toolbar__json_open_object(json);
    name_count(json, "n", query->number);
    name_string(json, "sql", query->statement->sql);
    toolbar__json_name(json, "params");
    toolbar__sql_values_json(json, query);
    name_string(json, "connection", query->statement->group->connection);
    name_ms(json, "start_ms", query->start_ns);
    name_ms(json, "duration_ms", query->duration_ns);
    name_ms(json, "engine_ms", query->engine_ns);
    name_count(json, "rows", query->rows);
    name_count(json, "rows_scanned", query->rows_scanned);
    name_count(json, "sorts", query->sorts);
    name_count(json, "auto_index", query->auto_index);
    name_count(json, "vm_steps", query->vm_steps);
    name_count(json, "similar", query->similar);
    name_count(json, "duplicate", query->duplicate);
    toolbar__json_name(json, "in_transaction");
    toolbar__json_bool(json, query->in_transaction);
    error_json(json, query);
    name_string(json, "call_site", query->function);
    toolbar__json_close_object(json);
}

void toolbar__record_json(const struct toolbar__recording *recording, struct toolbar__text *text)
{
    struct toolbar__json json;

    toolbar__json_init(&json, text);
    toolbar__json_open_object(&json);
    name_count(&json, "version", 1);
    name_string(&json, "id", recording->id);
    toolbar__json_name(&json, "time");
    toolbar__json_time(&json, recording->wall_ms);
    name_string(&json, "method", recording->method);
    name_string(&json, "url", recording->url);
    name_count(&json, "status", recording->status);
    name_ms(&json, "duration_ms", recording->duration_ns);
    name_string(&json, "skipped", recording->skipped);
    toolbar__json_name(&json, "queries");
    toolbar__json_open_array(&json);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        query_json(&json, query);
    }
    toolbar__json_close_array(&json);
    toolbar__json_name(&json, "advice");
    toolbar__json_open_array(&json);
    toolbar__json_close_array(&json);
    toolbar__json_name(&json, "panels");
    toolbar__json_open_object(&json);
    for (size_t i = 0; toolbar__panels[i]; i++) {
        toolbar__json_name(&json, toolbar__panels[i]->id);
        toolbar__panels[i]->to_json(recording, &json);
    }
    toolbar__json_close_object(&json);
    toolbar__json_close_object(&json);
}

void toolbar__server_timing(struct toolbar__recording *recording, struct toolbar__text *text)
{
    /* The head of a page that is still being made goes out while others add to the recording. */
    pthread_mutex_lock(&recording->lock);
    /* The request's own two come first, whatever order the panels have. */
    toolbar__figure_metric(text, "total",
                           recording->finished ? recording->duration_ns
                                               : toolbar__recording_now(recording));
    toolbar__text_literal(text, ", ");
    toolbar__figure_metric(text, "cpu", recording->usage.cpu_ns);
    for (size_t i = 0; toolbar__panels[i]; i++) {
        if (!toolbar__panels[i]->server_timing) continue;
        toolbar__text_literal(text, ", ");
        toolbar__panels[i]->server_timing(recording, text);
    }
    pthread_mutex_unlock(&recording->lock);
}
