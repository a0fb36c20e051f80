/* requests/<id>: one request on a page of its own, with all its panels, opened. */
#include <stdlib.h>

#include "base/html.h"
#include "panels/element.h"
#include "panels/figures.h"
#include "routes/document.h"
#include "routes/route.h"

static void facts(struct toolbar_text *html, const struct toolbar_recording *recording)
{
    toolbar_text_literal(html, "<p class=\"soft\">");
    toolbar__document_status(html, recording->status);
    toolbar_text_literal(html, " &#183; ");
    toolbar__figure_ms(html, recording->duration_ns);
    toolbar_text_literal(html, " &#183; ");
    toolbar__figure_count(html, recording->query_count, "query", "queries");
    toolbar_text_literal(html, " &#183; ");
    toolbar__document_time(html, recording->wall_ms);
    toolbar_text_literal(html, " UTC</p>");
}

static void element(struct toolbar_text *html, const struct toolbar__urls *urls,
                    const struct toolbar_recording *recording)
{
    struct toolbar__element place = {
        .prefix = urls->prefix,
        .style_url = urls->style,
        .script_url = urls->script,
        .page = true,
    };

    toolbar__element_render(&place, recording, html);
}

bool toolbar__route_request(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    const struct toolbar__urls *urls = visit->site->urls;
    struct toolbar_recording *recording = toolbar__visit_find(visit, 0);
    struct toolbar_text html, title;
    char *name;

    if (!recording) return toolbar__answer_gone_page(visit->site, answer);
    toolbar__text_init(&title, (size_t)2 * TOOLBAR__URL_MAXIMUM);
    toolbar__text_printf(&title, "%s %s", recording->method ? recording->method : "?",
                         recording->url ? recording->url : "?");
    name = toolbar__text_take(&title, NULL);
    toolbar__text_init(&html, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__document_open(&html, urls, name ? name : "Request", "request");
    free(name);
    toolbar__document_home(&html, urls);
    toolbar_text_literal(&html, "<h1>");
    toolbar__document_method(&html, recording->method);
    toolbar_text_literal(&html, " ");
    toolbar__document_url(&html, recording->url);
    toolbar_text_literal(&html, "</h1>");
    facts(&html, recording);
    toolbar_text_literal(&html, "</header><main>");
    element(&html, urls, recording);
    toolbar_text_literal(&html, "</main>");
    toolbar__document_close(&html);
    toolbar__recording_unref(recording);
    return toolbar__answer_page(answer, &html, 200);
}
