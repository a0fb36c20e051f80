/* The link is for places that a browser would have followed a redirect to, and for no others. */
#include "page/redirect_page.h"

#include <string.h>

#include "base/html.h"
#include "page/fields.h"

const char *toolbar__redirect_page_location(const struct toolbar__head *request, unsigned status,
                                            const struct toolbar__fields *response)
{
    const struct toolbar__field *field;
    size_t index = 0;

    if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        return NULL;
    }
    field = toolbar__fields_next(response, "Location", &index);
    return field && toolbar__page_navigation(request) ? field->value : NULL;
}

/* Browsers skip blanks and line ends inside a scheme, so what has any is not linked at all. */
static bool is_followed(const char *location)
{
    struct toolbar__slice text = {location, strlen(location)};

    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)location[i] <= 0x20 || location[i] == 0x7f) return false;
    }
    return toolbar__slice_starts(text, "https://") || toolbar__slice_starts(text, "http://") ||
           location[strcspn(location, ":/?#")] != ':';
}

void toolbar__redirect_page_render(struct toolbar_text *html, const char *style_url,
                                   const char *title, unsigned status, const char *location,
                                   uint64_t *place)
{
    toolbar__made_page_open(html, style_url, title, "redirect");
    toolbar_text_literal(html, "<main><h1>The application redirects</h1><p class=\"soft\">");
    toolbar_text_integer(html, status);
    toolbar_text_literal(html, " to</p><p class=\"target\">");
    if (is_followed(location)) {
        toolbar_text_literal(html, "<a autofocus rel=\"noreferrer\" href=\"");
        toolbar_html_text(html, location);
        toolbar_text_literal(html, "\">");
        toolbar_html_text(html, location);
        toolbar_text_literal(html, "</a>");
    } else {
        toolbar_html_text(html, location);
    }
    toolbar_text_literal(html, "</p><p class=\"soft\">The debug toolbar stopped here because "
                               "intercept_redirects is on.</p></main>\n");
    *place = html->length;
    toolbar_text_literal(html, "</body></html>\n");
}
