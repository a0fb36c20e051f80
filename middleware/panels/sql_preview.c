/* The first rows of a query, for a person and for a program. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "record/preview.h"

static void head(struct toolbar_text *text, const struct toolbar__preview *preview)
{
    toolbar_text_literal(text, "<tr>");
    for (unsigned i = 0; i < preview->columns; i++) {
        toolbar_text_literal(text, "<th>");
        toolbar_html_text(text, preview->names[i].name);
        toolbar_text_literal(text, "</th>");
    }
    toolbar_text_literal(text, "</tr>");
}

void toolbar__sql_preview(struct toolbar_text *text, const struct toolbar__preview *preview)
{
    toolbar_text_literal(text, "<table class=\"preview\">");
    head(text, preview);
    for (unsigned i = 0; i < preview->rows; i++) {
        toolbar_text_literal(text, "<tr>");
        for (unsigned j = 0; j < preview->columns; j++) {
            toolbar_text_literal(text, "<td>");
            toolbar__sql_value(text, &preview->values[i][j]);
            toolbar_text_literal(text, "</td>");
        }
        toolbar_text_literal(text, "</tr>");
    }
    toolbar_text_literal(text, "</table>");
    if (preview->all_columns == preview->columns) return;
    toolbar_text_literal(text, "<p class=\"note\">and ");
    toolbar__figure_count(text, preview->all_columns - preview->columns, "column", "columns");
    toolbar_text_literal(text, " more</p>");
}

void toolbar__sql_preview_json(struct toolbar_json *json, const struct toolbar__preview *preview)
{
    if (!preview) {
        toolbar_json_null(json);
        return;
    }
    toolbar_json_open_object(json);
    toolbar_json_name(json, "columns");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < preview->columns; i++) {
        toolbar_json_string(json, preview->names[i].name);
    }
    toolbar_json_close_array(json);
    toolbar_json_name(json, "rows");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < preview->rows; i++) {
        toolbar_json_open_array(json);
        for (unsigned j = 0; j < preview->columns; j++) {
            toolbar__sql_value_json(json, &preview->values[i][j]);
        }
        toolbar_json_close_array(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_name(json, "more_columns");
    toolbar_json_integer(json, preview->all_columns - preview->columns);
    toolbar_json_close_object(json);
}
