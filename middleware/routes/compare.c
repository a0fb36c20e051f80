/* compare/<a>/<b>, as a page and as JSON. */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "routes/comparison.h"
#include "routes/document.h"
#include "routes/route.h"

static void signed_ms(struct toolbar_text *html, int64_t a_ns, int64_t b_ns)
{
    if (b_ns < a_ns) {
        toolbar_text_literal(html, "-");
    } else if (b_ns > a_ns) {
        toolbar_text_literal(html, "+");
    }
    toolbar__figure_ms(html, b_ns < a_ns ? a_ns - b_ns : b_ns - a_ns);
}

static void time_row(struct toolbar_text *html, const char *name, int64_t a_ns, int64_t b_ns)
{
    toolbar_text_literal(html, "<tr><th scope=\"row\">");
    toolbar_html_text(html, name);
    toolbar_text_literal(html, "</th><td>");
    toolbar__figure_ms(html, a_ns);
    toolbar_text_literal(html, "</td><td>");
    toolbar__figure_ms(html, b_ns);
    toolbar_text_literal(html, "</td><td>");
    signed_ms(html, a_ns, b_ns);
    toolbar_text_literal(html, "</td></tr>");
}

static void count_row(struct toolbar_text *html, unsigned a, unsigned b)
{
    toolbar__text_printf(html,
                         "<tr><th scope=\"row\">Queries</th><td>%u</td><td>%u</td>"
                         "<td>%+lld</td></tr>",
                         a, b, (long long)b - (long long)a);
}

static void side(struct toolbar_text *html, const struct toolbar__urls *urls, const char *letter,
                 const struct toolbar_recording *recording)
{
    toolbar_text_literal(html, "<th scope=\"col\"><small>");
    toolbar_html_text(html, letter);
    toolbar_text_literal(html, "</small> ");
    toolbar__document_link(html, urls, recording->id);
    toolbar__document_method(html, recording->method);
    toolbar_text_literal(html, " ");
    toolbar__document_url(html, recording->url);
    toolbar_text_literal(html, "</a> <small>");
    toolbar__document_status(html, recording->status);
    toolbar_text_literal(html, " &#183; ");
    toolbar__document_time(html, recording->wall_ms);
    toolbar_text_literal(html, "</small></th>");
}

static void figures(struct toolbar_text *html, const struct toolbar__urls *urls,
                    const struct toolbar_recording *a, const struct toolbar_recording *b)
{
    toolbar_text_literal(html, "<table class=\"figures\"><caption class=\"said\">Figures of both "
                               "requests</caption><thead><tr><td></td>");
    side(html, urls, "A", a);
    side(html, urls, "B", b);
    toolbar_text_literal(html, "<th scope=\"col\">Change</th></tr></thead><tbody>");
    time_row(html, "Duration", a->duration_ns, b->duration_ns);
    time_row(html, "CPU", a->usage.cpu_ns, b->usage.cpu_ns);
    time_row(html, "SQL", a->sql_ns, b->sql_ns);
    count_row(html, a->query_count, b->query_count);
    toolbar_text_literal(html, "</tbody></table>");
}

static void group_cell(struct toolbar_text *html, const struct toolbar__group *group)
{
    toolbar_text_literal(html, "<td>");
    if (group) {
        toolbar_text_integer(html, group->count);
        toolbar_text_literal(html, " <small>");
        toolbar__figure_ms(html, group->total_ns);
        toolbar_text_literal(html, "</small>");
    } else {
        toolbar_text_literal(html, "&#8211;");
    }
    toolbar_text_literal(html, "</td>");
}

static void query_row(struct toolbar_text *html, const struct toolbar__pairing *pairing)
{
    const struct toolbar__group *group = pairing->b ? pairing->b : pairing->a;
    const char *change = toolbar__change_names[pairing->change];

    toolbar_text_literal(html, "<tr class=\"");
    toolbar_html_text(html, change);
    toolbar_text_literal(html, "\"><td><span class=\"badge\">");
    toolbar_html_text(html, change);
    toolbar_text_literal(html, "</span></td><th scope=\"row\">");
    toolbar__sql_text(html, group->fingerprint, strlen(group->fingerprint));
    toolbar_text_literal(html, " <small>");
    toolbar_html_text(html, group->connection);
    toolbar_text_literal(html, "</small></th>");
    group_cell(html, pairing->a);
    group_cell(html, pairing->b);
    toolbar_text_literal(html, "<td>");
    signed_ms(html, pairing->a ? pairing->a->total_ns : 0, pairing->b ? pairing->b->total_ns : 0);
    toolbar_text_literal(html, "</td></tr>");
}

/* "2 added, 1 gone" */
static void summary(struct toolbar_text *html, const struct toolbar__comparison *comparison)
{
    const char *separator = "";

    toolbar_text_literal(html, "<p class=\"soft\">");
    for (int change = 0; change < TOOLBAR__CHANGES; change++) {
        if (!comparison->counts[change]) continue;
        toolbar__text_printf(html, "%s%u %s", separator, comparison->counts[change],
                             toolbar__change_names[change]);
        separator = ", ";
    }
    toolbar_text_literal(html, "</p>");
}

static void queries(struct toolbar_text *html, const struct toolbar__comparison *comparison)
{
    toolbar_text_literal(html, "<h2>Statements</h2>");
    if (!comparison->count) {
        toolbar_text_literal(html, "<p class=\"empty\">Neither request made a query.</p>");
        return;
    }
    summary(html, comparison);
    toolbar_text_literal(html, "<table class=\"statements\"><caption class=\"said\">Statements of "
                               "both requests</caption><thead><tr><th scope=\"col\">Change</th>"
                               "<th scope=\"col\">Statement</th><th scope=\"col\">A</th>"
                               "<th scope=\"col\">B</th><th scope=\"col\">Time</th></tr></thead>"
                               "<tbody>");
    for (size_t i = 0; i < comparison->count; i++) {
        query_row(html, &comparison->pairings[i]);
    }
    toolbar_text_literal(html, "</tbody></table>");
}

static void compare_page(struct toolbar_text *html, const struct toolbar__site *site,
                         const struct toolbar__comparison *comparison)
{
    toolbar__document_open(html, site->urls, "Compare", "compare");
    toolbar__document_home(html, site->urls);
    toolbar_text_literal(html, "<h1>Two requests compared</h1></header><main>");
    figures(html, site->urls, comparison->a, comparison->b);
    queries(html, comparison);
    toolbar_text_literal(html, "</main>");
    toolbar__document_close(html);
}

static void name_string(struct toolbar_json *json, const char *name, const char *string)
{
    toolbar_json_name(json, name);
    toolbar_json_string(json, string);
}

static void name_ms(struct toolbar_json *json, const char *name, int64_t ns)
{
    toolbar_json_name(json, name);
    toolbar_json_ms(json, ns);
}

static void side_json(struct toolbar_json *json, const char *name,
                      const struct toolbar_recording *recording)
{
    toolbar_json_name(json, name);
    toolbar_json_open_object(json);
    name_string(json, "id", recording->id);
    name_string(json, "method", recording->method);
    name_string(json, "url", recording->url);
    toolbar_json_name(json, "status");
    toolbar_json_integer(json, recording->status);
    name_ms(json, "duration_ms", recording->duration_ns);
    name_ms(json, "cpu_ms", recording->usage.cpu_ns);
    name_ms(json, "sql_ms", recording->sql_ns);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, recording->query_count);
    toolbar_json_close_object(json);
}

static void group_json(struct toolbar_json *json, const char *name,
                       const struct toolbar__group *group)
{
    toolbar_json_name(json, name);
    if (!group) {
        toolbar_json_null(json);
        return;
    }
    toolbar_json_open_object(json);
    toolbar_json_name(json, "count");
    toolbar_json_integer(json, group->count);
    name_ms(json, "total_ms", group->total_ns);
    toolbar_json_close_object(json);
}

static void compare_json(struct toolbar_json *json, const struct toolbar__comparison *comparison)
{
    toolbar_json_open_object(json);
    side_json(json, "a", comparison->a);
    side_json(json, "b", comparison->b);
    toolbar_json_name(json, "statements");
    toolbar_json_open_array(json);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct toolbar__pairing *pairing = &comparison->pairings[i];
        const struct toolbar__group *group = pairing->b ? pairing->b : pairing->a;

        toolbar_json_open_object(json);
        name_string(json, "change", toolbar__change_names[pairing->change]);
        name_string(json, "sql", group->fingerprint);
        name_string(json, "connection", group->connection);
        group_json(json, "a", pairing->a);
        group_json(json, "b", pairing->b);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

/* False: there is nothing to compare any more, or no memory. */
static bool begin(const struct toolbar__visit *visit, struct toolbar_recording *recordings[2],
                  struct toolbar__comparison *comparison)
{
    *comparison = (struct toolbar__comparison){0};
    recordings[0] = toolbar__visit_find(visit, 0);
    recordings[1] = toolbar__visit_find(visit, 1);
    return recordings[0] && recordings[1] &&
           toolbar__comparison_make(comparison, recordings[0], recordings[1]);
}

static void end(struct toolbar_recording *recordings[2], struct toolbar__comparison *comparison)
{
    toolbar__comparison_free(comparison);
    toolbar__recording_unref(recordings[0]);
    toolbar__recording_unref(recordings[1]);
}

bool toolbar__route_compare(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    struct toolbar_recording *recordings[2];
    struct toolbar__comparison comparison;
    struct toolbar_text text;
    bool kept = begin(visit, recordings, &comparison);

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    if (kept) compare_page(&text, visit->site, &comparison);
    end(recordings, &comparison);
    return kept ? toolbar__answer_page(answer, &text, 200)
                : toolbar__answer_gone_page(visit->site, answer);
}

bool toolbar__route_compare_json(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    struct toolbar_recording *recordings[2];
    struct toolbar__comparison comparison;
    struct toolbar_text text;
    struct toolbar_json json;
    bool kept = begin(visit, recordings, &comparison);

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    if (kept) compare_json(&json, &comparison);
    end(recordings, &comparison);
    return kept ? toolbar__answer_json(answer, &text, 200) : toolbar__answer_gone_json(answer);
}
