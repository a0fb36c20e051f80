/*
 * Empties the history. The request proves twice that a page of the toolbar sent it: where it
 * comes from, before the body is read, and this process's token, in a header or in the form.
 */
#include <string.h>

#include "base/digest.h"
#include "routes/document.h"
#include "routes/route.h"

_Static_assert((int)TOOLBAR__TOKEN_LENGTH == (int)TOOLBAR__DIGEST_BYTES,
               "they are compared as digests");

bool toolbar__route_clear(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    (void)visit;
    answer->awaits_body = true;
    return true;
}

static bool is_token(const struct toolbar__site *site, const char *data, size_t length)
{
    return length == TOOLBAR__TOKEN_LENGTH &&
           toolbar__digest_equal((const unsigned char *)data, (const unsigned char *)site->token);
}

/* The form has this one field. */
static bool has_token(const struct toolbar__site *site, const char *token, const char *body,
                      size_t length)
{
    static const char name[] = "token=";
    size_t skip = sizeof name - 1;

    if (token) return is_token(site, token, strlen(token));
    return length > skip && memcmp(body, name, skip) == 0 &&
           is_token(site, body + skip, length - skip);
}

static bool refuse(const struct toolbar__site *site, struct toolbar__answer *answer)
{
    struct toolbar_text text;

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__document_open(&text, site->urls, "Not cleared", "message");
    toolbar__document_home(&text, site->urls);
    toolbar_text_literal(&text, "</header><main><h1>Not cleared</h1><p>The page that asked for "
                                "this is from before the server was started. Please open the "
                                "history again.</p></main>");
    toolbar__document_close(&text);
    return toolbar__answer_page(answer, &text, 403);
}

bool toolbar__route_body(const struct toolbar__site *site, const char *token, const char *body,
                         size_t length, struct toolbar__answer *answer)
{
    struct toolbar_text text;

    if (!has_token(site, token, body, length)) return refuse(site, answer);
    site->store->functions->clear(site->store);
    toolbar__text_init(&text, 256);
    toolbar__text_printf(&text, "%s/", site->urls->prefix);
    answer->location = toolbar__text_take(&text, NULL);
    toolbar_text_literal(&text, "The history is empty now.\n");
    return toolbar__answer_page(answer, &text, 303) && answer->location;
}
