/* What the application may ask of a request. */
#include <string.h>

#include "gate/gate.h"
#include "gate/names.h"

enum { NAME_MAXIMUM = 256 /* bytes of a normalised header name; no longer one is ever found */ };

struct toolbar *toolbar_request_toolbar(const struct toolbar_request *request)
{
    return request->toolbar;
}

const char *toolbar_request_method(const struct toolbar_request *request)
{
    return request->head.method;
}

const char *toolbar_request_url(const struct toolbar_request *request)
{
    return request->head.url;
}

/*
 * The header's name without HTTP_; NULL for names that no header has. As in CGI, two headers
 * have no prefix.
 */
static const char *wire_name(const char *name)
{
    static const char prefix[] = "HTTP_";
    static const char *const bare[] = {"CONTENT_TYPE", "CONTENT_LENGTH"};
    bool prefixed = strncmp(name, prefix, sizeof prefix - 1) == 0;

    if (prefixed) name += sizeof prefix - 1;
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        if (strcmp(name, bare[i]) == 0) return prefixed ? NULL : name;
    }
    return prefixed && *name ? name : NULL;
}

const char *toolbar_request_meta(const struct toolbar_request *request, const char *name)
{
    char folded[NAME_MAXIMUM];
    struct toolbar__header field;
    size_t length;

    name = name ? wire_name(name) : NULL;
    if (!name) return NULL;
    length = strnlen(name, sizeof folded);
    if (length == sizeof folded) return NULL;
    for (size_t i = 0; i < length; i++) {
        folded[i] = toolbar__name_fold(name[i]);
    }
    if (request->key && toolbar__gate_is_key_header(request->gate, folded, length)) {
        return request->key;
    }
    field = toolbar__field_find(request, folded, length);
    return toolbar__field_text(&field);
}
