/* The Headers panel: what was said in both directions, and what the toolbar made of it. */
#include <stdlib.h>
#include <string.h>

#include "base/html.h"
#include "panels/element.h"
#include "panels/parts.h"

enum { TIMING_MAXIMUM = 1024 };

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__http *http = &recording->http;

    toolbar_text_integer(html, http->request.count);
    toolbar_text_literal(html, " in, ");
    /* With Server-Timing, which is not in the list of a response that was made at once. */
    toolbar_text_integer(html, (int64_t)http->kept.count + http->added.count + http->timing_later);
    toolbar_text_literal(html, " out");
}

/* What the header says follows from the finished recording; NULL: it is in the list. */
static char *timing_of(const struct toolbar_recording *recording)
{
    struct toolbar_text text;

    if (!recording->http.timing_later) return NULL;
    toolbar__text_init(&text, TIMING_MAXIMUM);
    toolbar__finished_timing(recording, &text);
    return toolbar__text_take(&text, NULL);
}

static void added(struct toolbar_text *html, const struct toolbar_recording *recording)
{
    char *timing = timing_of(recording);

    if (!recording->http.added.first) goto out;
    toolbar__part_title(html, "Added by the toolbar");
    toolbar_text_literal(html, "<table class=\"pairs\"><tbody>");
    for (const struct toolbar__pair *at = recording->http.added.first; at; at = at->next) {
        toolbar__part_pair(html, at->name, at->value);
    }
    if (timing) toolbar__part_pair(html, "Server-Timing", timing);
    toolbar_text_literal(html, "</tbody></table>");
out:
    free(timing);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__http *http = &recording->http;

    toolbar__part_pairs(html, "Request", &http->request, "No headers");
    toolbar__part_pairs(html, "Response", &http->kept, NULL);
    added(html, recording);
    toolbar__part_pairs(html, "Removed or replaced by the toolbar", &http->removed, NULL);
    toolbar_text_literal(html, "<p class=\"note\">The server adds Date, Connection and the body's "
                               "length by itself.</p>");
}

static void added_json(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    char *timing = timing_of(recording);

    toolbar_json_open_array(json);
    for (const struct toolbar__pair *at = recording->http.added.first; at; at = at->next) {
        toolbar__part_pair_json(json, at->name, at->value);
    }
    if (timing) toolbar__part_pair_json(json, "Server-Timing", timing);
    toolbar_json_close_array(json);
    free(timing);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__http *http = &recording->http;

    toolbar_json_open_object(json);
    toolbar_json_name(json, "request");
    toolbar__part_pairs_json(json, &http->request);
    toolbar_json_name(json, "response");
    toolbar__part_pairs_json(json, &http->kept);
    toolbar_json_name(json, "added");
    added_json(json, recording);
    toolbar_json_name(json, "removed");
    toolbar__part_pairs_json(json, &http->removed);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__headers_panel = {
    .id = "headers",
    .title = "Headers",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
