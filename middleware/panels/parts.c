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

static void note(struct toolbar_text *html, unsigned count, const char *what)
{
    if (!count) return;
    toolbar_text_literal(html, "<p class=\"note\">");
    toolbar_text_integer(html, count);
    toolbar__text_string(html, what);
    toolbar_text_literal(html, "</p>");
}

void toolbar__part_dropped(struct toolbar_text *html, unsigned dropped)
{
    note(html, dropped, " more came and were counted, not kept.");
}

void toolbar__part_left_out(struct toolbar_text *html, unsigned left_out)
{
    note(html, left_out, " more are in the JSON record.");
}

void toolbar__part_ms(struct toolbar_text *html, int64_t ns)
{
    if (ns < 0) {
        toolbar_text_literal(html, "<abbr title=\"not known\">&#8211;</abbr>");
    } else {
        toolbar__figure_ms(html, ns);
    }
}

void toolbar__part_bytes(struct toolbar_text *html, int64_t bytes)
{
    static const char *const units[] = {" KiB", " MiB", " GiB"};
    int64_t tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024; /* of a KiB */
    size_t unit = 0;

    if (bytes > -1024 && bytes < 1024) {
        toolbar__figure_count(html, bytes, "byte", "bytes");
        return;
    }
    while ((tenths >= 10240 || tenths <= -10240) && unit < 2) {
        tenths /= 1024;
        unit++;
    }
    toolbar_text_integer(html, tenths / 10);
    if (tenths > -100 && tenths < 100) {
        toolbar__text_char(html, '.');
        toolbar_text_integer(html, tenths < 0 ? -tenths % 10 : tenths % 10);
    }
    toolbar__text_string(html, units[unit]);
}

void toolbar__part_string_json(struct toolbar_json *json, const char *name, const char *string)
{
    toolbar_json_name(json, name);
    toolbar_json_string(json, string);
}

void toolbar__part_count_json(struct toolbar_json *json, const char *name, int64_t count)
{
    toolbar_json_name(json, name);
    toolbar_json_count(json, count);
}

void toolbar__part_ms_json(struct toolbar_json *json, const char *name, int64_t ns)
{
    toolbar_json_name(json, name);
    toolbar_json_ms(json, ns);
}
