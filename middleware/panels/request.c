/* The Request panel: what was asked for, and who answered. */
#include <string.h>

#include "panels/curl.h"
#include "panels/figures.h"
#include "panels/parts.h"

/* More than everything that is kept of one request. */
enum { CURL_MAXIMUM = 1024 * 1024 };

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    if (recording->http.handler) toolbar_html_text(html, recording->http.handler);
}

static size_t path_length(const struct toolbar_recording *recording)
{
    return recording->url ? strcspn(recording->url, "?") : 0;
}

static void head(struct toolbar_text *html, const struct toolbar_recording *recording)
{
    const char *handler = recording->http.handler;

    toolbar_text_literal(html, "<table class=\"pairs\"><tbody>");
    toolbar__part_pair(html, "Handler", handler ? handler : "a function without a symbol");
    if (recording->method) toolbar__part_pair(html, "Method", recording->method);
    toolbar_text_literal(html, "<tr><th scope=\"row\">Path</th><td><code>");
    toolbar_html_bytes(html, recording->url ? recording->url : "", path_length(recording));
    toolbar_text_literal(html, "</code></td></tr>");
    if (recording->version) toolbar__part_pair(html, "Version", recording->version);
    toolbar_text_literal(html, "</tbody></table>");
}

static void uploads(struct toolbar_text *html, const struct toolbar__http *http)
{
    if (!http->uploads) return;
    toolbar__part_title(html, "Uploads");
    toolbar_text_literal(html, "<table class=\"uploads\"><thead><tr><th>Field</th><th>File</th>"
                               "<th>Type</th><th>Size</th></tr></thead><tbody>");
    for (const struct toolbar__upload *upload = http->uploads; upload; upload = upload->next) {
        toolbar_text_literal(html, "<tr><td><code>");
        toolbar_html_text(html, upload->field);
        toolbar_text_literal(html, "</code></td><td><code>");
        toolbar_html_text(html, upload->file);
        toolbar_text_literal(html, "</code></td><td>");
        toolbar_html_text(html, upload->type ? upload->type : "");
        toolbar_text_literal(html, "</td><td>");
        toolbar__figure_count(html, (int64_t)upload->bytes, "byte", "bytes");
        toolbar_text_literal(html, "</td></tr>");
    }
    toolbar_text_literal(html, "</tbody></table>");
    if (http->uploads_dropped) {
        toolbar_text_literal(html, "<p class=\"note\">");
        toolbar__figure_count(html, http->uploads_dropped, "more was", "more were");
        toolbar_text_literal(html, " not kept.</p>");
    }
}

static void body(struct toolbar_text *html, const struct toolbar__http *http)
{
    if (!http->body_bytes) return;
    toolbar__part_title(html, "Body");
    toolbar_text_literal(html, "<p><code>");
    toolbar_html_text(html, http->body_type ? http->body_type : "no type");
    toolbar_text_literal(html, "</code>, ");
    toolbar__figure_count(html, (int64_t)http->body_bytes, "byte", "bytes");
    toolbar_text_literal(html, "</p>");
    if (http->json) {
        toolbar_text_literal(html, "<pre>");
        toolbar_html_text(html, http->json);
        toolbar_text_literal(html, "</pre>");
    }
    if (http->json_cut) toolbar_text_literal(html, "<p class=\"note\">The rest was not kept.</p>");
    if (http->form_broken) {
        toolbar_text_literal(html, "<p class=\"note\">It does not hold what its type says, or "
                                   "it was not read to its end.</p>");
    }
}

/* One line for everything that is not there. */
static void nothing_of(struct toolbar_text *html, const struct toolbar__http *http)
{
    const char *missing[3];
    size_t count = 0;

    if (!http->query.first) missing[count++] = "no query";
    if (!http->body_bytes) missing[count++] = "no body";
    if (!http->cookies.first) missing[count++] = "no cookies";
    if (!count) return;
    toolbar_text_literal(html, "<p class=\"note\">This request has ");
    for (size_t i = 0; i < count; i++) {
        if (i) toolbar__text_string(html, i + 1 < count ? ", " : " and ");
        toolbar__text_string(html, missing[i]);
    }
    toolbar_text_literal(html, ".</p>");
}

static void curl(struct toolbar_text *html, const struct toolbar_recording *recording)
{
    struct toolbar_text text;

    toolbar__text_init(&text, CURL_MAXIMUM);
    toolbar__curl(recording, &text);
    toolbar_text_literal(
        html, "<details class=\"curl\"><summary>As a curl command</summary><pre class=\"shell\">");
    toolbar_html_bytes(html, text.data, text.length);
    toolbar_text_literal(html, "</pre></details>");
    toolbar__text_free(&text);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__http *http = &recording->http;

    head(html, recording);
    toolbar__part_pairs(html, "Query", &http->query, NULL);
    toolbar__part_pairs(html, "Form", &http->form, NULL);
    uploads(html, http);
    body(html, http);
    toolbar__part_pairs(html, "Cookies", &http->cookies, NULL);
    nothing_of(html, http);
    curl(html, recording);
}

static void uploads_json(struct toolbar_json *json, const struct toolbar__http *http)
{
    toolbar_json_open_array(json);
    for (const struct toolbar__upload *upload = http->uploads; upload; upload = upload->next) {
        toolbar_json_open_object(json);
        toolbar_json_name(json, "field");
        toolbar_json_string(json, upload->field);
        toolbar_json_name(json, "file");
        toolbar_json_string(json, upload->file);
        toolbar_json_name(json, "type");
        toolbar_json_string(json, upload->type);
        toolbar_json_name(json, "bytes");
        toolbar_json_count(json, (int64_t)upload->bytes);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
}

static void body_json(struct toolbar_json *json, const struct toolbar__http *http)
{
    toolbar_json_name(json, "body");
    if (!http->body_bytes) {
        toolbar_json_null(json);
        return;
    }
    toolbar_json_open_object(json);
    toolbar_json_name(json, "type");
    toolbar_json_string(json, http->body_type);
    toolbar_json_name(json, "bytes");
    toolbar_json_count(json, (int64_t)http->body_bytes);
    toolbar_json_name(json, "json");
    toolbar_json_string(json, http->json);
    toolbar_json_name(json, "complete");
    toolbar_json_bool(json, !http->json_cut && !http->form_broken);
    toolbar_json_close_object(json);
}

static void curl_json(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    struct toolbar_text text;

    toolbar__text_init(&text, CURL_MAXIMUM);
    toolbar__curl(recording, &text);
    toolbar_json_name(json, "curl");
    toolbar_json_bytes(json, text.data, text.length);
    toolbar__text_free(&text);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__http *http = &recording->http;

    toolbar_json_open_object(json);
    toolbar_json_name(json, "handler");
    toolbar_json_string(json, http->handler);
    toolbar_json_name(json, "method");
    toolbar_json_string(json, recording->method);
    toolbar_json_name(json, "path");
    toolbar_json_bytes(json, recording->url ? recording->url : "", path_length(recording));
    toolbar_json_name(json, "version");
    toolbar_json_string(json, recording->version);
    toolbar_json_name(json, "query");
    toolbar__part_pairs_json(json, &http->query);
    toolbar_json_name(json, "form");
    toolbar__part_pairs_json(json, &http->form);
    toolbar_json_name(json, "uploads");
    uploads_json(json, http);
    body_json(json, http);
    toolbar_json_name(json, "cookies");
    toolbar__part_pairs_json(json, &http->cookies);
    curl_json(json, recording);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__request_panel = {
    .id = "request",
    .title = "Request",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
