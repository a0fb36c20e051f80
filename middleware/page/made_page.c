/* The head of a page that is sent in place of something that was none. */
#include "base/html.h"
#include "page/page.h"

void toolbar__made_page_open(struct toolbar_text *html, const char *style_url, const char *title,
                             const char *body_class)
{
    toolbar_text_literal(html, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                               "<title>");
    toolbar_html_text(html, title);
    toolbar_text_literal(html, "</title><meta name=\"viewport\" content=\"width=device-width, "
                               "initial-scale=1\"><meta name=\"color-scheme\" "
                               "content=\"light dark\"><link rel=\"stylesheet\" href=\"");
    toolbar_html_text(html, style_url);
    toolbar_text_literal(html, "\"></head>\n<body class=\"");
    toolbar_html_text(html, body_class);
    toolbar_text_literal(html, "\">");
}
