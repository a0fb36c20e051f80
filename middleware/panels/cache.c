/*
 * The Cache panel: calls of the application's caches, added up by operation and one by one, and
 * SQLite's own page cache.
 */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/parts.h"

enum { ROWS_MAXIMUM = 50 };

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__cache_sum *all = &recording->activity.cache;

    toolbar_text_integer(text, all->calls);
    if (!all->calls) return;
    toolbar_text_literal(text, ", ");
    toolbar__figure_count(text, all->hits, "hit", "hits");
    toolbar_text_literal(text, ", ");
    toolbar__figure_count(text, all->misses, "miss", "misses");
}

static void number_cell(struct toolbar_text *text, int64_t number)
{
    toolbar_text_literal(text, "<td>");
    toolbar_text_integer(text, number);
    toolbar_text_literal(text, "</td>");
}

static void text_cell(struct toolbar_text *text, const char *string)
{
    toolbar_text_literal(text, "<td>");
    toolbar_html_text(text, string);
    toolbar_text_literal(text, "</td>");
}

static void time_cell(struct toolbar_text *text, int64_t ns)
{
    toolbar_text_literal(text, "<td>");
    toolbar__part_ms(text, ns);
    toolbar_text_literal(text, "</td>");
}

static void sums(struct toolbar_text *text, const struct toolbar__activity *activity)
{
    toolbar_text_literal(text, "<table class=\"list\"><thead><tr><th>Cache</th><th>Operation</th>"
                               "<th>Calls</th><th>Hits</th><th>Misses</th><th>Time</th></tr>"
                               "</thead><tbody>");
    for (toolbar__each(sum, &activity->cache_sums, struct toolbar__cache_sum)) {
        toolbar_text_literal(text, "<tr>");
        text_cell(text, sum->cache);
        text_cell(text, sum->operation);
        number_cell(text, sum->calls);
        number_cell(text, sum->hits);
        number_cell(text, sum->misses);
        time_cell(text, sum->duration_ns);
        toolbar_text_literal(text, "</tr>");
    }
    toolbar_text_literal(text, "</tbody></table>");
}

static void call_row(struct toolbar_text *text, const struct toolbar__cache_call *call)
{
    toolbar_text_literal(text, "<tr>");
    time_cell(text, call->at_ns);
    toolbar_text_literal(text, "<td>");
    toolbar_html_text(text, call->cache);
    toolbar__text_char(text, ' ');
    toolbar_html_text(text, call->operation);
    toolbar_text_literal(text, "</td>");
    text_cell(text, call->key);
    number_cell(text, call->hits);
    number_cell(text, call->misses);
    time_cell(text, call->duration_ns);
    toolbar_text_literal(text, "</tr>");
}

static void calls(struct toolbar_text *text, const struct toolbar__entries *entries)
{
    size_t start = text->length;
    unsigned rows = 0;

    toolbar__part_title(text, "Calls");
    toolbar_text_literal(text, "<table class=\"list\"><thead><tr><th>At</th><th>Call</th><th>Key"
                               "</th><th>Hits</th><th>Misses</th><th>Time</th></tr></thead>"
                               "<tbody>");
    for (toolbar__each(call, entries, struct toolbar__cache_call)) {
        if (rows == ROWS_MAXIMUM || toolbar__part_full(text, start)) break;
        call_row(text, call);
        rows++;
    }
    toolbar_text_literal(text, "</tbody></table>");
    toolbar__part_left_out(text, entries->count - rows);
    toolbar__part_dropped(text, entries->dropped);
}

static void page_caches(struct toolbar_text *text, const struct toolbar__entries *entries)
{
    if (!entries->first) return;
    toolbar__part_title(text, "SQLite's page cache");
    toolbar_text_literal(text, "<table class=\"list\"><thead><tr><th>Connection</th><th>Hits</th>"
                               "<th>Misses</th><th>Spills</th><th>Memory</th></tr></thead>"
                               "<tbody>");
    for (toolbar__each(cache, entries, struct toolbar__page_cache)) {
        toolbar_text_literal(text, "<tr>");
        text_cell(text, cache->connection);
        number_cell(text, cache->hits);
        number_cell(text, cache->misses);
        number_cell(text, cache->spills);
        toolbar_text_literal(text, "<td>");
        toolbar__part_bytes(text, cache->memory_bytes);
        toolbar_text_literal(text, "</td></tr>");
    }
    toolbar_text_literal(text, "</tbody></table>");
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__activity *activity = &recording->activity;

    if (!activity->cache.calls) {
        toolbar__part_empty(text, "No cache calls: toolbar_cache_call records them.");
    } else {
        sums(text, activity);
        calls(text, &activity->cache_calls);
    }
    page_caches(text, &activity->page_caches);
}

static void sum_json(struct toolbar_json *json, const struct toolbar__cache_sum *sum)
{
    toolbar__part_count_json(json, "calls", sum->calls);
    toolbar__part_count_json(json, "hits", sum->hits);
    toolbar__part_count_json(json, "misses", sum->misses);
    toolbar__part_ms_json(json, "cache_ms", sum->duration_ns);
}

static void sums_json(struct toolbar_json *json, const struct toolbar__entries *sums)
{
    toolbar_json_name(json, "operations");
    toolbar_json_open_array(json);
    for (toolbar__each(sum, sums, struct toolbar__cache_sum)) {
        toolbar_json_open_object(json);
        toolbar__part_string_json(json, "cache", sum->cache);
        toolbar__part_string_json(json, "operation", sum->operation);
        sum_json(json, sum);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

static void calls_json(struct toolbar_json *json, const struct toolbar__entries *calls)
{
    toolbar_json_name(json, "list");
    toolbar_json_open_array(json);
    for (toolbar__each(call, calls, struct toolbar__cache_call)) {
        toolbar_json_open_object(json);
        toolbar__part_ms_json(json, "at_ms", call->at_ns);
        toolbar__part_string_json(json, "cache", call->cache);
        toolbar__part_string_json(json, "operation", call->operation);
        toolbar__part_string_json(json, "key", call->key);
        toolbar__part_count_json(json, "hits", call->hits);
        toolbar__part_count_json(json, "misses", call->misses);
        toolbar__part_ms_json(json, "duration_ms", call->duration_ns);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

static void page_caches_json(struct toolbar_json *json, const struct toolbar__entries *caches)
{
    toolbar_json_name(json, "sqlite");
    toolbar_json_open_array(json);
    for (toolbar__each(cache, caches, struct toolbar__page_cache)) {
        toolbar_json_open_object(json);
        toolbar__part_string_json(json, "connection", cache->connection);
        toolbar__part_count_json(json, "hits", cache->hits);
        toolbar__part_count_json(json, "misses", cache->misses);
        toolbar__part_count_json(json, "spills", cache->spills);
        toolbar__part_count_json(json, "memory_bytes", cache->memory_bytes);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__activity *activity = &recording->activity;

    toolbar_json_open_object(json);
    sum_json(json, &activity->cache);
    sums_json(json, &activity->cache_sums);
    calls_json(json, &activity->cache_calls);
    toolbar__part_count_json(json, "dropped", activity->cache_calls.dropped);
    page_caches_json(json, &activity->page_caches);
    toolbar_json_close_object(json);
}

static void server_timing(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    const struct toolbar__cache_sum *all = &recording->activity.cache;

    if (!all->calls) return;
    toolbar__figure_metric(text, "cache", all->duration_ns);
    toolbar_text_literal(text, ";desc=\"");
    toolbar__figure_count(text, all->calls, "call", "calls");
    toolbar__text_char(text, '"');
}

const struct toolbar_panel toolbar__cache_panel = {
    .id = "cache",
    .title = "Cache",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
    .server_timing = server_timing,
};
