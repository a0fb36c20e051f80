/* See the header. The pages themselves are in page/. */
#include "adapters/mhd/made.h"

#include <string.h>

#include "page/json_page.h"
#include "page/redirect_page.h"

/* JSON that is set out in lines is several times as long. */
enum { MADE_MAXIMUM = 40 * 1024 * 1024 };

void toolbar__made_consider(struct toolbar__made *made, const struct toolbar__exchange *exchange,
                            unsigned status, const struct toolbar__fields *fields,
                            enum toolbar__skip skip)
{
    const struct toolbar__head *head = &exchange->request.head;
    const struct toolbar *toolbar = exchange->request.toolbar;

    if (skip == TOOLBAR__SKIP_STATUS && toolbar->intercept_redirects) {
        made->location = toolbar__redirect_page_location(head, status, fields);
        if (made->location) made->reason = skip;
    } else if (skip == TOOLBAR__SKIP_CONTENT_TYPE && toolbar->json_pages &&
               toolbar__json_page_applies(head, fields)) {
        made->reason = skip;
    }
}

bool toolbar__made_render(struct toolbar__made *made, const struct toolbar__exchange *exchange,
                          unsigned status, struct toolbar_text *body, uint64_t *place)
{
    const char *style = exchange->request.toolbar->urls.style;
    const char *url = exchange->request.recording->url;
    struct toolbar_text html;

    toolbar__text_init(&html, MADE_MAXIMUM);
    if (made->location) {
        toolbar__redirect_page_render(&html, style, url ? url : "", status, made->location, place);
    } else {
        toolbar__json_page_render(&html, style, url ? url : "", body->data, body->length, place);
    }
    if (html.failed) {
        toolbar__text_free(&html);
        return false;
    }
    made->original = *body;
    *body = html;
    return true;
}

void toolbar__made_undo(struct toolbar__made *made, struct toolbar_text *body)
{
    toolbar__text_free(body);
    *body = made->original;
    toolbar__text_init(&made->original, 0);
}

bool toolbar__made_replaces(const struct toolbar__field *field)
{
    static const char *const names[] = {"Content-Type", "Location", "Refresh"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (toolbar__ascii_is(field->name, strlen(field->name), names[i])) return true;
    }
    return false;
}
