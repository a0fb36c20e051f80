/* The Advice panel: what is wrong with the queries, the most expensive first, and what is better.
 */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/parts.h"
#include "record/silence.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__advices *advices = &recording->advices;

    if (!advices->first) {
        toolbar_text_literal(html, "none");
        return;
    }
    toolbar_text_integer(html, advices->count);
    toolbar_text_literal(html, ", worst ");
    toolbar__text_string(html, toolbar__severity_name(advices->first->severity));
}

static void queries(struct toolbar_text *html, const struct toolbar__advice *advice)
{
    enum { SHOWN = 12 };

    toolbar_text_literal(html, "<p class=\"note\">");
    toolbar__text_string(html, advice->query_count == 1 ? "Query" : "Queries");
    for (unsigned i = 0; i < advice->query_count && i < SHOWN; i++) {
        toolbar_text_literal(html, " <a href=\"#panel-sql-");
        toolbar_text_integer(html, advice->queries[i]);
        toolbar_text_literal(html, "\">#");
        toolbar_text_integer(html, advice->queries[i]);
        toolbar_text_literal(html, "</a>");
    }
    if (advice->query_count > SHOWN) {
        toolbar_text_literal(html, " and ");
        toolbar_text_integer(html, advice->query_count - SHOWN);
        toolbar_text_literal(html, " more");
    }
    toolbar_text_literal(html, "</p>");
}

/* Without scripts the link leads to the proof as JSON. */
static void proof(struct toolbar_text *html, const struct toolbar_recording *recording,
                  const struct toolbar__advice *advice)
{
    if (!advice->proof || !recording->prefix) return;
    toolbar_text_literal(html, "<p><a class=\"proof\" target=\"_blank\" rel=\"noopener\" href=\"");
    toolbar_html_text(html, recording->prefix);
    toolbar_text_literal(html, "/requests/");
    toolbar__text_string(html, recording->id);
    toolbar_text_literal(html, "/queries/");
    toolbar_text_integer(html, advice->queries[0]);
    toolbar_text_literal(html, "/index\">Prove it on a copy</a></p>");
}

/* What to paste where, so that this is not said again. */
static void silence(struct toolbar_text *html, const struct toolbar__advice *advice)
{
    char hash[TOOLBAR__SILENCE_HASH + 1];

    toolbar_text_literal(html, "<details><summary>Silence it</summary>");
    if (advice->group) {
        toolbar_text_literal(html, "<p>By a comment in the statement:</p><pre>/* toolbar:ignore ");
        toolbar__text_string(html, advice->rule);
        toolbar_text_literal(html, " */</pre>");
    }
    toolbar_text_literal(html, "<p>By an entry of <code>silenced_advice</code> in the options:</p>"
                               "<pre>\"rule:");
    toolbar__text_string(html, advice->rule);
    toolbar_text_literal(html, "\",\n");
    if (advice->group && toolbar__silence_hash(advice->group->fingerprint, hash)) {
        toolbar_text_literal(html, "\"sql:#");
        toolbar__text_string(html, hash);
        toolbar_text_literal(html, "\",\n");
    }
    if (advice->function) {
        toolbar_text_literal(html, "\"at:");
        toolbar_html_text(html, advice->function);
        toolbar_text_literal(html, "\",\n");
    }
    toolbar_text_literal(html, "</pre></details>");
}

static void one(struct toolbar_text *html, const struct toolbar_recording *recording,
                const struct toolbar__advice *advice, unsigned number)
{
    toolbar_text_literal(html, "<h3 data-n=\"");
    toolbar_text_integer(html, number);
    toolbar_text_literal(html, "\">");
    toolbar_html_text(html, advice->title);
    toolbar_text_literal(html, " <span class=\"badge");
    if (advice->severity == TOOLBAR__HIGH) toolbar_text_literal(html, " bad");
    toolbar_text_literal(html, "\">");
    toolbar__text_string(html, toolbar__severity_name(advice->severity));
    toolbar_text_literal(html, "</span></h3><p>");
    toolbar_html_text(html, advice->evidence);
    toolbar_text_literal(html, "</p>");
    if (advice->fix) {
        toolbar_text_literal(html, "<pre>");
        toolbar_html_text(html, advice->fix);
        toolbar_text_literal(html, "</pre>");
    }
    proof(html, recording, advice);
    queries(html, advice);
    silence(html, advice);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__advices *advices = &recording->advices;
    size_t start = html->length;
    unsigned shown = 0;

    if (!advices->first) {
        toolbar__part_empty(html, "Nothing to improve was found.");
        return;
    }
    for (const struct toolbar__advice *advice = advices->first; advice; advice = advice->next) {
        if (toolbar__part_full(html, start)) break;
        one(html, recording, advice, ++shown);
    }
    toolbar__part_left_out(html, advices->count - shown);
    toolbar__part_dropped(html, advices->dropped);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    toolbar_json_open_object(json);
    toolbar__part_count_json(json, "count", recording->advices.count);
    toolbar__part_count_json(json, "dropped", recording->advices.dropped);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__advice_panel = {
    .id = "advice",
    .title = "Advice",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
