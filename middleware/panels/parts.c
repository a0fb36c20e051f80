#include "panels/parts.h"

#include <string.h>

#include "base/html.h"
#include "panels/figures.h"

void toolbar__part_title(struct toolbar_text *html, const char *title)
{
    toolbar_text_literal(html, "<h3>");
    toolbar_html_text(html, title);
    toolbar_text_literal(html, "</h3>");
}

static void pair(struct toolbar_text *html, const char *name, const char *value, size_t cut_bytes)
{
    toolbar_text_literal(html, "<tr><th scope=\"row\">");
    toolbar_html_text(html, name);
    toolbar_text_literal(html, "</th><td><code>");
    toolbar_html_text(html, value);
    toolbar_text_literal(html, "</code>");
    if (cut_bytes) {
        toolbar_text_literal(html, " <small>and ");
        toolbar__figure_count(html, (int64_t)cut_bytes, "more byte", "more bytes");
        toolbar_text_literal(html, "</small>");
    }
    toolbar_text_literal(html, "</td></tr>");
}

void toolbar__part_pair(struct toolbar_text *html, const char *name, const char *value)
{
    pair(html, name, value, 0);
}

void toolbar__part_pairs(struct toolbar_text *html, const char *title,
                         const struct toolbar__pairs *pairs, const char *empty)
{
    if (!pairs->first && !empty) return;
    toolbar__part_title(html, title);
    if (!pairs->first) {
        toolbar_text_literal(html, "<p class=\"empty\">");
        toolbar_html_text(html, empty);
        toolbar_text_literal(html, "</p>");
        return;
    }
    toolbar_text_literal(html, "<table class=\"pairs\"><tbody>");
    for (const struct toolbar__pair *at = pairs->first; at; at = at->next) {
        pair(html, at->name, at->value, at->value_bytes - strlen(at->value));
    }
    toolbar_text_literal(html, "</tbody></table>");
    if (pairs->dropped) {
        toolbar_text_literal(html, "<p class=\"note\">");
        toolbar__figure_count(html, pairs->dropped, "more was", "more were");
        toolbar_text_literal(html, " not kept.</p>");
    }
}

void toolbar__part_pair_json(struct toolbar_json *json, const char *name, const char *value)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "name");
    toolbar_json_string(json, name);
    toolbar_json_name(json, "value");
    toolbar_json_string(json, value);
    toolbar_json_close_object(json);
}

void toolbar__part_pairs_json(struct toolbar_json *json, const struct toolbar__pairs *pairs)
{
    toolbar_json_open_array(json);
    for (const struct toolbar__pair *at = pairs->first; at; at = at->next) {
        toolbar__part_pair_json(json, at->name, at->value);
    }
    toolbar_json_close_array(json);
}
