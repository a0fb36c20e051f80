/*
 * What a shown page's request did not say, as far as the application is concerned: that a copy
 * is there already, which would be answered with 304 and no panel, or that a compressed one will
 * do, into which no panel can be put.
 */
#include "adapters/mhd/exchange.h"

#include <string.h>

#include "page/page.h"

static bool is_unwanted(const char *name)
{
    static const char *const names[] = {MHD_HTTP_HEADER_IF_NONE_MATCH,
                                        MHD_HTTP_HEADER_IF_MODIFIED_SINCE,
                                        MHD_HTTP_HEADER_ACCEPT_ENCODING};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (toolbar__ascii_is(name, strlen(name), names[i])) return true;
    }
    return false;
}

const char *toolbar_mhd_lookup_connection_value(struct MHD_Connection *connection,
                                                enum MHD_ValueKind kind, const char *key)
{
    const struct toolbar__exchange *exchange = toolbar__exchange_find(connection);
    const struct toolbar__fields none = {0};

    if (exchange && exchange->kind == TOOLBAR__EXCHANGE_SHOWN && kind == MHD_HEADER_KIND && key &&
        is_unwanted(key) &&
        toolbar__page_check(&exchange->request.head, MHD_HTTP_OK, &none) == TOOLBAR__SKIP_NONE) {
        return NULL;
    }
    return MHD_lookup_connection_value(connection, kind, key);
}
