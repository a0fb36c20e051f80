/* Every page of the toolbar's own is made of these, so all look and behave alike. */
#include "routes/document.h"

#include <time.h>

#include "base/html.h"

void toolbar__document_open(struct toolbar_text *html, const struct toolbar__urls *urls,
                            const char *title, const char *body_class)
{
    toolbar_text_literal(html, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                               "<title>");
    toolbar_html_text(html, title);
    toolbar_text_literal(html,
                         " - Debug toolbar</title><meta name=\"viewport\" "
                         "content=\"width=device-width, initial-scale=1\">"
                         "<meta name=\"color-scheme\" content=\"light dark\">"
                         "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"");
    toolbar_html_text(html, urls->style);
    toolbar_text_literal(html, "\"><script src=\"");
    toolbar_html_text(html, urls->page_script);
    toolbar_text_literal(html, "\"></script></head>\n<body class=\"");
    toolbar_html_text(html, body_class);
    toolbar_text_literal(html, "\"><header>");
}

void toolbar__document_close(struct toolbar_text *html)
{
    toolbar_text_literal(html, "</body></html>\n");
}

void toolbar__document_home(struct toolbar_text *html, const struct toolbar__urls *urls)
{
    toolbar_text_literal(html, "<a class=\"button\" href=\"");
    toolbar_html_text(html, urls->prefix);
    toolbar_text_literal(html, "/\">History</a> ");
}

void toolbar__document_link(struct toolbar_text *html, const struct toolbar__urls *urls,
                            const char *id)
{
    toolbar_text_literal(html, "<a href=\"");
    toolbar_html_text(html, urls->prefix);
    toolbar_text_literal(html, "/requests/");
    toolbar_html_text(html, id);
    toolbar_text_literal(html, "\">");
}

void toolbar__document_method(struct toolbar_text *html, const char *method)
{
    toolbar_text_literal(html, "<b class=\"method\">");
    toolbar_html_text(html, method ? method : "?");
    toolbar_text_literal(html, "</b>");
}

void toolbar__document_url(struct toolbar_text *html, const char *url)
{
    toolbar_text_literal(html, "<span class=\"url\">");
    toolbar_html_text(html, url ? url : "?");
    toolbar_text_literal(html, "</span>");
}

void toolbar__document_status(struct toolbar_text *html, unsigned status)
{
    if (status >= 400) {
        toolbar_text_literal(html, "<span class=\"bad\">");
    } else {
        toolbar_text_literal(html, "<span>");
    }
    toolbar_text_integer(html, status);
    toolbar_text_literal(html, "</span>");
}

void toolbar__document_time(struct toolbar_text *html, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    toolbar__text_printf(html,
                         "<time datetime=\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\">"
                         "%02d:%02d:%02d</time>",
                         utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                         utc.tm_sec, (int)(wall_ms % 1000), utc.tm_hour, utc.tm_min, utc.tm_sec);
}
