/*
 * Fetch metadata (Sec-Fetch-*), and Origin for clients that do not send them. A header that is
 * there twice, or under a name that is only similar, is no evidence: the request is a stranger's.
 */
#include "gate/fetch.h"

#include <string.h>

#include "base/text.h"
#include "gate/names.h"

enum { SITE, MODE, DEST, ORIGIN, HOST, FIELDS };

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

static enum relation relation_of(const struct toolbar__header *fields)
{
    const struct toolbar__header *site = &fields[SITE];

    if (!site->candidates) {
        if (!fields[ORIGIN].candidates) return SAME;
        return origin_is_host(&fields[ORIGIN], &fields[HOST]) ? SAME : UNKNOWN;
    }
    if (says(site, "none") || says(site, "same-origin")) return SAME;
    return says(site, "same-site") || says(site, "cross-site") ? CROSS : UNKNOWN;
}

static enum relation find(const struct toolbar_request *request, struct toolbar__header *fields)
{
    fields[SITE] = (struct toolbar__header)TOOLBAR__FIELD("sec_fetch_site");
    fields[MODE] = (struct toolbar__header)TOOLBAR__FIELD("sec_fetch_mode");
    fields[DEST] = (struct toolbar__header)TOOLBAR__FIELD("sec_fetch_dest");
    fields[ORIGIN] = (struct toolbar__header)TOOLBAR__FIELD("origin");
    fields[HOST] = (struct toolbar__header)TOOLBAR__FIELD("host");
    toolbar__fields_find(request, fields, FIELDS);
    return relation_of(fields);
}

bool toolbar__fetch_same_origin(const struct toolbar_request *request)
{
    struct toolbar__header fields[FIELDS];

    return find(request, fields) == SAME;
}

bool toolbar__fetch_own_page(const struct toolbar_request *request)
{
    struct toolbar__header fields[FIELDS];

    find(request, fields);
    if (fields[SITE].candidates) return says(&fields[SITE], "same-origin");
    return origin_is_host(&fields[ORIGIN], &fields[HOST]);
}

bool toolbar__fetch_navigation(const struct toolbar_request *request)
{
    struct toolbar__header fields[FIELDS];

    switch (find(request, fields)) {
    case SAME: return true;
    case CROSS: return says(&fields[MODE], "navigate") && says(&fields[DEST], "document");
    case UNKNOWN: break;
    }
    return false;
}
