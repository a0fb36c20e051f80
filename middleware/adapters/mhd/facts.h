/* What libmicrohttpd knows of a shown request and its response goes into the recording. */
#ifndef TOOLBAR_MHD_FACTS_H
#define TOOLBAR_MHD_FACTS_H

#include "adapters/mhd/exchange.h"
#include "page/page.h"

/* Query, cookies, headers, and the connection they came over. */
void toolbar__facts_request(struct toolbar__exchange *exchange);
void toolbar__facts_client(struct toolbar__exchange *exchange);

/* The response as it is about to be sent. */
struct toolbar__sending {
    const struct toolbar__fields *fields; /* the application's */
    enum toolbar__skip skip;
    bool original; /* nothing of it is changed */
    bool has_body;
    const struct toolbar_text *page; /* all of it, NULL if that is not there */
    uint64_t place;                  /* of the panel in it */
    bool inputs;                     /* it has an <input> */
    int64_t body_bytes;              /* of the application's own, before compression; UNKNOWN */
};
void toolbar__facts_response(struct toolbar__exchange *exchange,
                             const struct toolbar__sending *sending);

/* The head goes out before the recording is finished, so this is what it says. */
void toolbar__facts_timing(struct toolbar__exchange *exchange, const char *timing);

/* The name of an exported function; NULL if it has none. It lives as long as the function. */
const char *toolbar__facts_function(MHD_AccessHandlerCallback function);

#endif
