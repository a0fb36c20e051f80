/*
 * The history page: a table of the kept requests, newest first. It is whole without a script;
 * with it the page is live, filters, and compares what is chosen. The script takes new rows
 * from this very page, so that there is one place that makes them.
 */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "routes/document.h"
#include "routes/route.h"

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* The one before it with the same method and URL among `older`; NULL: none. */
static const struct toolbar_recording *find_before(const struct toolbar_recording *recording,
                                                   struct toolbar_recording *const *older,
                                                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (same(older[i]->method, recording->method) && same(older[i]->url, recording->url)) {
            return older[i];
        }
    }
    return NULL;
}

static void compare_link(struct toolbar_text *html, const struct toolbar__urls *urls,
                         const struct toolbar_recording *before,
                         const struct toolbar_recording *recording)
{
    toolbar_text_literal(html, "<a title=\"Compare with the one before it\" href=\"");
    toolbar_html_text(html, urls->prefix);
    toolbar_text_literal(html, "/compare/");
    toolbar_html_text(html, before->id);
    toolbar_text_literal(html, "/");
    toolbar_html_text(html, recording->id);
    toolbar_text_literal(html, "\">Changes</a> ");
}

static void file_link(struct toolbar_text *html, const struct toolbar__urls *urls, const char *id,
                      const char *suffix, const char *title, const char *text)
{
    toolbar_text_literal(html, "<a title=\"");
    toolbar_html_text(html, title);
    toolbar_text_literal(html, "\" href=\"");
    toolbar_html_text(html, urls->prefix);
    toolbar_text_literal(html, "/requests/");
    toolbar_html_text(html, id);
    toolbar_html_text(html, suffix);
    toolbar_text_literal(html, "\">");
    toolbar_html_text(html, text);
    toolbar_text_literal(html, "</a> ");
}

static void advice(struct toolbar_text *html, const struct toolbar__advices *advices)
{
    toolbar_text_literal(html, "</td><td>");
    if (!advices->first) return;
    toolbar__text_printf(html, "%u <span class=\"badge%s\">%s</span>", advices->count,
                         advices->first->severity == TOOLBAR__HIGH ? " bad" : "",
                         toolbar__severity_name(advices->first->severity));
}

static void figures(struct toolbar_text *html, const struct toolbar_recording *recording)
{
    toolbar_text_literal(html, "<td>");
    toolbar__document_status(html, recording->status);
    toolbar_text_literal(html, "</td><td>");
    toolbar__figure_ms(html, recording->duration_ns);
    toolbar_text_literal(html, "</td><td>");
    toolbar_text_integer(html, recording->query_count);
    toolbar_text_literal(html, "</td><td>");
    if (recording->query_count) toolbar__figure_ms(html, recording->sql_ns);
    advice(html, &recording->advices);
    toolbar_text_literal(html, "</td><td>");
    if (recording->skipped) {
        toolbar_html_text(html, recording->skipped);
    } else {
        toolbar_text_literal(html, "page");
    }
    toolbar_text_literal(html, "</td>");
}

static void row(struct toolbar_text *html, const struct toolbar__urls *urls,
                const struct toolbar_recording *recording, const struct toolbar_recording *before)
{
    const char *method = recording->method ? recording->method : "?";
    const char *url = recording->url ? recording->url : "?";
    const struct toolbar__advice *worst = recording->advices.first;

    toolbar_text_literal(html, "<tr");
    toolbar__html_attribute(html, "data-id", recording->id, strlen(recording->id));
    toolbar__html_attribute(html, "data-method", method, strlen(method));
    toolbar__html_attribute(html, "data-url", url, strlen(url));
    toolbar__text_printf(html, " data-status=\"%u\" data-time=\"%lld\" data-advice=\"%d\">",
                         recording->status, (long long)recording->wall_ms,
                         worst ? (int)worst->severity + 1 : 0);
    toolbar_text_literal(html,
                         "<td class=\"choose\"><input type=\"checkbox\" aria-label=\"Choose ");
    toolbar_html_text(html, method);
    toolbar_text_literal(html, " ");
    toolbar_html_text(html, url);
    toolbar_text_literal(html, " to compare\"></td><td>");
    toolbar__document_time(html, recording->wall_ms);
    toolbar_text_literal(html, "</td><td>");
    toolbar__document_method(html, recording->method);
    toolbar_text_literal(html, "</td><th scope=\"row\">");
    toolbar__document_link(html, urls, recording->id);
    toolbar__document_url(html, recording->url);
    toolbar_text_literal(html, "</a></th>");
    figures(html, recording);
    toolbar_text_literal(html, "<td class=\"links\">");
    if (before) compare_link(html, urls, before, recording);
    file_link(html, urls, recording->id, ".json", "The whole record", "JSON");
    file_link(html, urls, recording->id, "/trace.json", "Opens in Perfetto", "Trace");
    toolbar_text_literal(html, "<button type=\"button\" class=\"curl\" title=\"Copy as a curl "
                               "command\">curl</button></td></tr>\n");
}

static void clear_form(struct toolbar_text *html, const struct toolbar__site *site)
{
    toolbar_text_literal(html, "<form class=\"clear\" method=\"post\" action=\"");
    toolbar_html_text(html, site->urls->prefix);
    toolbar_text_literal(html, "/clear\"><input type=\"hidden\" name=\"token\" value=\"");
    toolbar_html_text(html, site->token);
    toolbar_text_literal(html, "\"><button>Clear</button></form>");
}

/* Of no use without the script, which shows them. */
static void filters(struct toolbar_text *html)
{
    toolbar_text_literal(
        html,
        "<form class=\"filters\" role=\"search\" hidden>"
        "<label>URL <input type=\"search\" name=\"url\" placeholder=\"contains\" "
        "autocomplete=\"off\" spellcheck=\"false\"></label>"
        "<label>Method <select name=\"method\"><option value=\"\">any</option></select></label>"
        "<label>Status <select name=\"status\"><option value=\"\">any</option>"
        "<option value=\"2\">2xx</option><option value=\"3\">3xx</option>"
        "<option value=\"4\">4xx</option><option value=\"5\">5xx</option></select></label>"
        "<label>Advice <select name=\"advice\"><option value=\"\">any</option>"
        "<option value=\"1\">some</option><option value=\"2\">from medium</option>"
        "<option value=\"3\">high</option></select></label>"
        "<label>Time <select name=\"time\"><option value=\"\">any</option>"
        "<option value=\"60\">last minute</option><option value=\"300\">last 5 minutes</option>"
        "</select></label>"
        "<a class=\"button compare\" aria-disabled=\"true\">Compare</a>"
        "<output aria-live=\"polite\"></output></form>");
}

static void table_head(struct toolbar_text *html)
{
    toolbar_text_literal(html,
                         "<table class=\"requests\"><caption class=\"said\">The requests that are "
                         "kept, newest first</caption><thead><tr>"
                         "<td class=\"choose\"></td><th scope=\"col\">Time <small>UTC</small></th>"
                         "<th scope=\"col\">Method</th><th scope=\"col\">URL</th>"
                         "<th scope=\"col\">Status</th><th scope=\"col\">Duration</th>"
                         "<th scope=\"col\">Queries</th><th scope=\"col\">SQL</th>"
                         "<th scope=\"col\">Advice</th>"
                         "<th scope=\"col\">Shown as</th>"
                         "<th scope=\"col\"><span class=\"said\">More</span></th></tr></thead>\n"
                         "<tbody>\n");
}

bool toolbar__route_history(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    const struct toolbar__site *site = visit->site;
    struct toolbar_recording *recordings[TOOLBAR__STORE_REQUESTS];
    size_t count = site->store->functions->list(site->store, recordings, TOOLBAR__STORE_REQUESTS);
    struct toolbar_text html;

    toolbar__text_init(&html, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__document_open(&html, site->urls, "History", "history");
    toolbar_text_literal(&html, "<h1>Requests</h1><p class=\"soft state\">newest first; the last "
                                "50 are kept, for ten minutes</p>");
    clear_form(&html, site);
    toolbar_text_literal(&html, "</header><main>");
    filters(&html);
    table_head(&html);
    for (size_t i = 0; i < count; i++) {
        row(&html, site->urls, recordings[i],
            find_before(recordings[i], recordings + i + 1, count - i - 1));
    }
    toolbar_text_literal(&html, "</tbody></table><p class=\"empty\">No requests yet. Open a page "
                                "of the application; it will be listed here.</p>"
                                "<p class=\"empty none\" hidden>No request matches.</p></main>");
    toolbar__document_close(&html);
    for (size_t i = 0; i < count; i++) {
        toolbar__recording_unref(recordings[i]);
    }
    return toolbar__answer_page(answer, &html, 200);
}
