/*
 * The nonce of a Content-Security-Policy (CSP Level 3, 6.8.4 for which directive applies). The
 * policy is never changed: with its own nonce the panel's script and style are allowed wherever
 * the application's are. A policy that only reports is served too, so that it has nothing to
 * report.
 */
#include <string.h>

#include "page/chars.h"
#include "page/fields.h"

/* Of base64 or base64url; values hold no zero bytes. */
static bool is_base64(struct toolbar__slice value)
{
    size_t at = 0;
    size_t padding;

    while (at < value.length &&
           (toolbar__is_letter(value.data[at]) || strchr("0123456789+/-_", value.data[at]))) {
        at++;
    }
    padding = value.length - at;
    return at && padding <= 2 && !memcmp(value.data + at, "==", padding);
}

/* 'nonce-<value>' */
static bool read_nonce(struct toolbar__slice source, struct toolbar__slice *nonce)
{
    static const char opening[] = "'nonce-";
    struct toolbar__slice value;

    if (source.length < sizeof opening || !toolbar__slice_starts(source, opening) ||
        source.data[source.length - 1] != '\'') {
        return false;
    }
    value.data = source.data + (sizeof opening - 1);
    value.length = source.length - sizeof opening;
    if (!is_base64(value)) return false;
    *nonce = value;
    return true;
}

/* The sources of a policy's directive; of several with one name only the first counts. */
static bool find_directive(struct toolbar__slice policy, const char *name,
                           struct toolbar__slice *sources)
{
    struct toolbar__slice directive;
    struct toolbar__slice word;

    while (toolbar__slice_cut(&policy, ';', &directive)) {
        if (!toolbar__slice_word(&directive, &word) || !toolbar__slice_is(word, name)) continue;
        *sources = directive;
        return true;
    }
    return false;
}

/* From the directive that applies to scripts, else from the one that applies to styles. */
static bool policy_nonce(struct toolbar__slice policy, struct toolbar__slice *nonce)
{
    static const char *const names[][3] = {
        {"script-src-elem", "script-src", "default-src"},
        {"style-src-elem", "style-src", "default-src"},
    };

    for (size_t kind = 0; kind < 2; kind++) {
        struct toolbar__slice sources = {0};
        struct toolbar__slice source;

        for (size_t i = 0; i < 3 && !find_directive(policy, names[kind][i], &sources); i++) {
        }
        while (toolbar__slice_word(&sources, &source)) {
            if (read_nonce(source, nonce)) return true;
        }
    }
    return false;
}

/* Most policies have none: that is seen without taking them apart. */
static bool may_have_nonce(struct toolbar__slice policy)
{
    static const char opening[] = "'nonce-";
    const char *end = policy.data + policy.length;

    for (const char *at = policy.data; (at = toolbar__find(at, end, '\'')) != end; at++) {
        if (toolbar__slice_starts((struct toolbar__slice){at, (size_t)(end - at)}, opening)) {
            return true;
        }
    }
    return false;
}

char *toolbar__page_nonce(const struct toolbar__fields *response)
{
    static const char *const names[] = {"Content-Security-Policy",
                                        "Content-Security-Policy-Report-Only"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct toolbar__elements policies = {.fields = response, .name = names[i]};
        struct toolbar__slice policy;
        struct toolbar__slice nonce;

        while (toolbar__elements_next(&policies, &policy)) {
            if (may_have_nonce(policy) && policy_nonce(policy, &nonce)) {
                return strndup(nonce.data, nonce.length);
            }
        }
    }
    return NULL;
}
