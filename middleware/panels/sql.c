/* The SQL panel: what each connection did, and every query in order of first appearance. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/panel.h"
#include "panels/sql_parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar_text_integer(text, recording->query_count);
    if (!recording->query_count) return;
    toolbar_text_literal(text, ", ");
    toolbar__figure_ms(text, recording->sql_ns);
}

static void repeated(struct toolbar_text *text, bool at_least, unsigned count, const char *word,
                     const char *meaning)
{
    if (!count) return;
    toolbar_text_literal(text, ", <abbr class=\"warn\" title=\"");
    toolbar__text_string(text, meaning);
    toolbar_text_literal(text, "\">");
    if (at_least) toolbar_text_literal(text, "at least ");
    toolbar_text_integer(text, count);
    toolbar__text_char(text, ' ');
    toolbar__text_string(text, word);
    toolbar_text_literal(text, "</abbr>");
}

static void connection_line(struct toolbar_text *text, const struct toolbar_recording *recording,
                            const struct toolbar__connection *connection)
{
    toolbar_text_literal(text, "<li><b>");
    toolbar_html_text(text, connection->name);
    toolbar_text_literal(text, "</b>: ");
    toolbar__figure_count(text, connection->count, "query", "queries");
    if (connection->count) {
        toolbar_text_literal(text, ", ");
        toolbar__figure_count(text, connection->statements, "statement", "statements");
        toolbar_text_literal(text, ", ");
        toolbar__figure_ms(text, connection->total_ns);
        toolbar_text_literal(text, " of ");
        toolbar__figure_ms(text, recording->duration_ns);
        toolbar_text_literal(text, " (");
        toolbar__figure_share(text, connection->total_ns, recording->duration_ns);
        toolbar__text_char(text, ')');
    }
    repeated(text, false, connection->similar, "similar",
             "The same statement, whatever its values");
    repeated(text, recording->query_count > recording->kept_count, connection->duplicate,
             "duplicate", "The same statement with the same values");
    if (connection->uncounted) {
        toolbar_text_literal(text, ", <em>");
        toolbar__figure_count(text, connection->uncounted, "statement", "statements");
        toolbar_text_literal(text, " could not be observed</em>");
    }
    toolbar_text_literal(text, "</li>");
}

static void connections(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    if (!recording->connections) return;
    toolbar_text_literal(text, "<ul class=\"connections\">");
    for (const struct toolbar__connection *connection = recording->connections; connection;
         connection = connection->next) {
        connection_line(text, recording, connection);
    }
    toolbar_text_literal(text, "</ul>");
}

static void queries(struct toolbar_text *text, size_t panel,
                    const struct toolbar_recording *recording)
{
    if (!recording->groups) {
        toolbar_text_literal(text, "<p class=\"empty\">This request made no SQL queries.</p>");
        return;
    }
    toolbar_text_literal(text, "<table class=\"queries\"><thead><tr><th>#</th><th>Query</th>"
                               "<th>When <small>within ");
    toolbar__figure_ms(text, recording->duration_ns);
    toolbar_text_literal(text, "</small></th><th>Rows</th><th>Time</th></tr></thead><tbody>");
    for (const struct toolbar__group *group = recording->groups; group; group = group->next) {
        toolbar__sql_group(text, panel, recording, group);
    }
    toolbar_text_literal(text, "</tbody></table>");
}

/* What happened but is not in the table. */
static void missing(struct toolbar_text *text, const struct toolbar_recording *recording)
{
    unsigned dropped = recording->query_count - recording->kept_count;
    unsigned late = atomic_load(&recording->late_queries);

    if (dropped) {
        toolbar_text_literal(text, "<p class=\"note\">");
        toolbar__figure_count(text, dropped, "more query was", "more queries were");
        toolbar_text_literal(text, " counted, not kept.</p>");
    }
    if (late) {
        toolbar_text_literal(text, "<p class=\"note\">");
        toolbar__figure_count(text, late, "query", "queries");
        toolbar_text_literal(text, " came after the response and cannot be shown.</p>");
    }
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    size_t panel = text->length;

    connections(text, recording);
    toolbar__sql_transactions(text, recording);
    queries(text, panel, recording);
    missing(text, recording);
}

static void connection_json(struct toolbar_json *json, const struct toolbar__connection *connection)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "name");
    toolbar_json_string(json, connection->name);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, connection->count);
    toolbar_json_name(json, "statements");
    toolbar_json_integer(json, connection->statements);
    toolbar_json_name(json, "similar");
    toolbar_json_integer(json, connection->similar);
    toolbar_json_name(json, "duplicate");
    toolbar_json_integer(json, connection->duplicate);
    toolbar_json_name(json, "sql_ms");
    toolbar_json_ms(json, connection->total_ns);
    toolbar_json_name(json, "not_observed");
    toolbar_json_integer(json, connection->uncounted);
    toolbar_json_close_object(json);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, recording->query_count);
    toolbar_json_name(json, "kept");
    toolbar_json_integer(json, recording->kept_count);
    toolbar_json_name(json, "late");
    toolbar_json_integer(json, atomic_load(&recording->late_queries));
    toolbar_json_name(json, "sql_ms");
    toolbar_json_ms(json, recording->sql_ns);
    toolbar_json_name(json, "connections");
    toolbar_json_open_array(json);
    for (const struct toolbar__connection *connection = recording->connections; connection;
         connection = connection->next) {
        connection_json(json, connection);
    }
    toolbar_json_close_array(json);
    toolbar_json_name(json, "transactions");
    toolbar__sql_transactions_json(json, recording);
    toolbar_json_close_object(json);
}

static void server_timing(const struct toolbar_recording *recording, struct toolbar_text *text)
{
    toolbar__figure_metric(text, "sql", recording->sql_ns);
    toolbar_text_literal(text, ";desc=\"");
    toolbar__figure_count(text, recording->query_count, "query", "queries");
    toolbar__text_char(text, '"');
}

const struct toolbar_panel toolbar__sql_panel = {
    .id = "sql",
    .title = "SQL",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
    .server_timing = server_timing,
};
