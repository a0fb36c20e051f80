/*
 * The key header's name is a name of its own: an underscore would make it the variant that
 * proxies drop or let pass unseen, and a standard header already means something to somebody.
 */
#include "gate/header_name.h"

#include <string.h>

#include "gate/names.h"

/* Folded; one that ends in _ stands for all that begin so. */
// clang-format off
static const char *const taken[] = {
    "accept", "accept_", "access_control_", "age", "allow", "authorization", "cache_control",
    "connection", "content_", "cookie", "cookie2", "date", "debug_toolbar_", "dnt", "etag",
    "expect", "expires", "forwarded", "from", "front_end_https", "host", "http_", "http2_settings",
    "if_", "keep_alive", "last_modified", "location", "max_forwards", "origin", "pragma",
    "priority", "proxy_", "range", "referer", "sec_", "server", "server_timing", "set_cookie", "te",
    "trailer", "transfer_encoding", "upgrade", "upgrade_insecure_requests", "user_agent", "vary",
    "via", "warning", "www_authenticate", "x_forwarded_", "x_http_method_override", "x_real_ip",
    "x_requested_with"
};
// clang-format on

static bool is_taken(const char *folded)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        size_t length = strlen(taken[i]);

        if (taken[i][length - 1] != '_') length++;
        if (strncmp(folded, taken[i], length) == 0) return true;
    }
    return false;
}

enum toolbar_error toolbar__header_name_init(const char *name,
                                             char folded[TOOLBAR__HEADER_NAME_MAXIMUM + 1])
{
    char copy[TOOLBAR__HEADER_NAME_MAXIMUM + 1] = "";
    size_t length = name ? strnlen(name, sizeof copy) : 0;

    if (!length || length == sizeof copy) return TOOLBAR_ERROR_HEADER_NAME;
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '_' || !toolbar__is_tchar(name[i])) return TOOLBAR_ERROR_HEADER_NAME;
        copy[i] = toolbar__name_fold(name[i]);
    }
    if (is_taken(copy)) return TOOLBAR_ERROR_HEADER_NAME;
    memcpy(folded, copy, sizeof copy);
    return TOOLBAR_OK;
}
