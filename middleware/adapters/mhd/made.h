/*
 * A page that takes the place of an answer that is none: of JSON that somebody opened in the
 * browser, or of a redirect that is intercepted.
 */
#ifndef TOOLBAR_MHD_MADE_H
#define TOOLBAR_MHD_MADE_H

#include "adapters/mhd/exchange.h"
#include "page/page.h"

struct toolbar__made {
    enum toolbar__skip reason; /* why there is no panel if it cannot be made; NONE: no such page */
    const char *location;      /* of the redirect; NULL: it is JSON */
    struct toolbar_text original;
};

/* There is no panel for the reason `skip`; that may be one for which a page can be made. */
void toolbar__made_consider(struct toolbar__made *made, const struct toolbar__exchange *exchange,
                            unsigned status, const struct toolbar__fields *fields,
                            enum toolbar__skip skip);

/*
 * The page takes the body's place, which is kept; *place is the panel's. False: it is too long,
 * and the body is as it was.
 */
bool toolbar__made_render(struct toolbar__made *made, const struct toolbar__exchange *exchange,
                          unsigned status, struct toolbar_text *body, uint64_t *place);

/* The panel failed: the body is what it was. */
void toolbar__made_undo(struct toolbar__made *made, struct toolbar_text *body);

/* The field speaks of what the page took the place of. */
bool toolbar__made_replaces(const struct toolbar__field *field);

#endif
