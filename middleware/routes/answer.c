/* What the answers have in common: their headers, and what is said when there is nothing. */
#include <stdlib.h>
#include <string.h>

#include "routes/document.h"
#include "routes/route.h"

static const char no_store[] = "private, no-store";
static const char locked_policy[] =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'";

bool toolbar__answer_json(struct toolbar__answer *answer, struct toolbar_text *text,
                          unsigned status)
{
    answer->status = status;
    answer->content_type = "application/json";
    answer->cache_control = no_store;
    answer->body = toolbar__text_take(text, &answer->length);
    return answer->body != NULL;
}

bool toolbar__answer_page(struct toolbar__answer *answer, struct toolbar_text *text,
                          unsigned status)
{
    bool taken = toolbar__answer_json(answer, text, status);

    answer->content_type = "text/html; charset=utf-8";
    answer->policy = page_policy;
    return taken;
}

bool toolbar__answer_gone_json(struct toolbar__answer *answer)
{
    struct toolbar_text text;

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar_text_literal(&text, "{\"error\":\"Data for this request is no longer kept. Please "
                                "reload the page and try again.\"}");
    return toolbar__answer_json(answer, &text, 404);
}

bool toolbar__answer_gone_page(const struct toolbar__site *site, struct toolbar__answer *answer)
{
    struct toolbar_text text;

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__document_open(&text, site->urls, "No longer kept", "message");
    toolbar__document_home(&text, site->urls);
    toolbar_text_literal(&text, "</header><main><h1>No longer kept</h1><p>Data for this request "
                                "is no longer kept. Please reload the page and try again.</p>"
                                "<p class=\"soft\">The newest 50 requests are kept, for ten "
                                "minutes.</p></main>");
    toolbar__document_close(&text);
    return toolbar__answer_page(answer, &text, 404);
}

void toolbar__route_headers(const struct toolbar__answer *answer,
                            void (*add)(void *cls, const char *name, const char *value), void *cls)
{
    add(cls, "Content-Type", answer->content_type);
    if (answer->content_encoding) add(cls, "Content-Encoding", answer->content_encoding);
    add(cls, "Cache-Control", answer->cache_control);
    add(cls, "X-Content-Type-Options", "nosniff");
    add(cls, "Cross-Origin-Resource-Policy", "same-origin");
    add(cls, "Cross-Origin-Opener-Policy", "same-origin");
    add(cls, "Referrer-Policy", "no-referrer");
    add(cls, "X-Frame-Options", "DENY");
    add(cls, "Content-Security-Policy", answer->policy ? answer->policy : locked_policy);
    if (answer->location) add(cls, "Location", answer->location);
}

void toolbar__answer_free(struct toolbar__answer *answer)
{
    free(answer->body);
    free(answer->location);
    *answer = (struct toolbar__answer){0};
}
