/*
 * Fetch metadata (Sec-Fetch-*), and Origin for clients that do not send them. A header that is
 * there twice, or under a name that is only similar, is no evidence: the request is a stranger's.
 */
#include "gate/fetch.h"

#include <string.h>

#include "base/text.h"
#include "gate/names.h"

enum relation {
    SAME,  /* the user, or the same origin */
    CROSS, /* another origin */
    UNKNOWN
};

static bool says(const struct toolbar__header *field, const char *word)
{
    return toolbar__field_usable(field) && field->value_length == strlen(word) &&
           memcmp(field->value, word, field->value_length) == 0;
}

static size_t without_default_port(const char *host, size_t length)
{
    return length > 4 && memcmp(host + length - 4, ":443", 4) == 0 ? length - 4 : length;
}

/* The request came over HTTPS, so its own origin is https:// and the host it names. */
static bool origin_is_host(const struct toolbar__header *origin, const struct toolbar__header *host)
{
    static const char scheme[] = "https://";
    size_t skip = sizeof scheme - 1, origin_length, host_length;

    if (!toolbar__field_usable(origin) || !toolbar__field_usable(host)) return false;
    if (origin->value_length <= skip || !toolbar__ascii_equal(origin->value, scheme, skip)) {
        return false;
    }
    origin_length = without_default_port(origin->value + skip, origin->value_length - skip);
    host_length = without_default_port(host->value, host->value_length);
    return origin_length == host_length &&
           toolbar__ascii_equal(origin->value + skip, host->value, host_length);
}

static enum relation relation_of(struct toolbar_request *request)
{
    const struct toolbar__header *site = toolbar__known(request, TOOLBAR__KNOWN_FETCH_SITE);
    const struct toolbar__header *origin = toolbar__known(request, TOOLBAR__KNOWN_ORIGIN);

    if (!site->candidates) {
        if (!origin->candidates) return SAME;
        return origin_is_host(origin, toolbar__known(request, TOOLBAR__KNOWN_HOST)) ? SAME
                                                                                    : UNKNOWN;
    }
    if (says(site, "none") || says(site, "same-origin")) return SAME;
    return says(site, "same-site") || says(site, "cross-site") ? CROSS : UNKNOWN;
}

bool toolbar__fetch_same_origin(struct toolbar_request *request)
{
    return relation_of(request) == SAME;
}

bool toolbar__fetch_own_page(struct toolbar_request *request)
{
    const struct toolbar__header *site = toolbar__known(request, TOOLBAR__KNOWN_FETCH_SITE);

    if (site->candidates) return says(site, "same-origin");
    return origin_is_host(toolbar__known(request, TOOLBAR__KNOWN_ORIGIN),
                          toolbar__known(request, TOOLBAR__KNOWN_HOST));
}

bool toolbar__fetch_navigation(struct toolbar_request *request)
{
    switch (relation_of(request)) {
    case SAME: return true;
    case CROSS:
        return says(toolbar__known(request, TOOLBAR__KNOWN_FETCH_MODE), "navigate") &&
               says(toolbar__known(request, TOOLBAR__KNOWN_FETCH_DEST), "document");
    case UNKNOWN: break;
    }
    return false;
}
