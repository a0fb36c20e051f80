/* The Alerts panel: mistakes in the page and its head that browsers put up with. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    if (recording->http.alert_count) {
        toolbar__figure_count(html, recording->http.alert_count, "alert", "alerts");
    } else {
        toolbar_text_literal(html, "none");
    }
}

static unsigned kept_of(const struct toolbar__http *http)
{
    unsigned kept = 0;

    for (const struct toolbar__alert *alert = http->alerts; alert; alert = alert->next) {
        kept++;
    }
    return kept;
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__http *http = &recording->http;

    if (!http->alert_count) {
        toolbar_text_literal(html, "<p class=\"empty\">Nothing to complain about.</p>");
        return;
    }
    toolbar_text_literal(html, "<ul class=\"alerts\">");
    for (const struct toolbar__alert *alert = http->alerts; alert; alert = alert->next) {
        toolbar_text_literal(html, "<li>");
        toolbar_html_text(html, alert->text);
        if (alert->what) {
            toolbar_text_literal(html, ": <code>");
            toolbar_html_text(html, alert->what);
            toolbar_text_literal(html, "</code>");
        } else {
            toolbar__text_char(html, '.');
        }
        toolbar_text_literal(html, "</li>");
    }
    toolbar_text_literal(html, "</ul>");
    if (http->alert_count > kept_of(http)) {
        toolbar_text_literal(html, "<p class=\"note\">");
        toolbar__figure_count(html, http->alert_count - kept_of(http), "more was", "more were");
        toolbar_text_literal(html, " not kept.</p>");
    }
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__http *http = &recording->http;

    toolbar_json_open_object(json);
    toolbar_json_name(json, "count");
    toolbar_json_count(json, http->alert_count);
    toolbar_json_name(json, "alerts");
    toolbar_json_open_array(json);
    for (const struct toolbar__alert *alert = http->alerts; alert; alert = alert->next) {
        toolbar_json_open_object(json);
        toolbar_json_name(json, "rule");
        toolbar_json_string(json, alert->rule);
        toolbar_json_name(json, "text");
        toolbar_json_string(json, alert->text);
        toolbar_json_name(json, "what");
        toolbar_json_string(json, alert->what);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__alerts_panel = {
    .id = "alerts",
    .title = "Alerts",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
