/*
 * The headers of a shown response. It is made for one person, so no cache may share it. Where it
 * is decorated nobody may keep it; its body differs from the application's, so nothing that
 * described that body may stay; and no other origin may read or frame it.
 */
#include <stdlib.h>
#include <string.h>

#include "page/fields.h"

static const char *const dropped[] = {
    "Content-Length",   "Transfer-Encoding",
    "Content-MD5",      "Digest",
    "Repr-Digest",      "Content-Digest",
    "Unencoded-Digest", "Signature",
    "Signature-Input",  "ETag",
    "Last-Modified",    "Age",
    "Accept-Ranges",    "Content-Range",
    "Expires",          "Pragma",
};

static const char cache_control[] = "Cache-Control";

/* What caches in front of the server obey before Cache-Control. */
static const struct {
    const char *name;
    const char *value;
    bool always; /* else only in place of the application's */
} caching[] = {
    {"Surrogate-Control", "no-store", true}, {"CDN-Cache-Control", "no-store", true},
    {"Edge-Control", "no-store", false},     {"X-LiteSpeed-Cache-Control", "no-store", false},
    {"X-Accel-Expires", "0", false},
};

enum { CACHING_COUNT = sizeof caching / sizeof *caching };

static const char *const replaced[] = {cache_control, "Vary", "X-Content-Type-Options",
                                       "Cross-Origin-Resource-Policy"};

static bool is_one_of(const struct toolbar__field *field, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (toolbar__field_is(field, names[i])) return true;
    }
    return false;
}

/* Cloudflare-CDN-Cache-Control and its like. */
static bool is_cdn_caching(const struct toolbar__field *field)
{
    static const char suffix[] = "-CDN-Cache-Control";
    size_t length = strlen(field->name);

    return length >= sizeof suffix - 1 &&
           toolbar__ascii_is(field->name + length - (sizeof suffix - 1), sizeof suffix - 1, suffix);
}

static bool is_caching(const struct toolbar__field *field)
{
    for (size_t i = 0; i < CACHING_COUNT; i++) {
        if (toolbar__field_is(field, caching[i].name)) return true;
    }
    return is_cdn_caching(field);
}

/* From another server with a toolbar, whose response the application passes on. */
static bool is_own(const struct toolbar__field *field)
{
    static const char *const names[] = {"Debug-Toolbar-Id", "Debug-Toolbar-Skipped"};

    return is_one_of(field, names, sizeof names / sizeof *names);
}

static bool is_replaced(const struct toolbar__field *field)
{
    return is_caching(field) || is_one_of(field, replaced, sizeof replaced / sizeof *replaced);
}

/* Caches that are shared keep their hands off it already. */
static bool is_private(const struct toolbar__fields *response)
{
    return toolbar__fields_have(response, cache_control, "private") ||
           toolbar__fields_have(response, cache_control, "no-store");
}

enum toolbar__field_action toolbar__page_field(const struct toolbar__field *field)
{
    if (is_one_of(field, dropped, sizeof dropped / sizeof *dropped) || is_own(field)) {
        return TOOLBAR__FIELD_DROP;
    }
    /* The slip that page.c lets pass: browsers would fail to decode it. */
    if (toolbar__field_is(field, "Content-Encoding") && strchr(field->value, '/')) {
        return TOOLBAR__FIELD_DROP;
    }
    if (!is_replaced(field)) return TOOLBAR__FIELD_KEEP;
    return field->trailer ? TOOLBAR__FIELD_DROP : TOOLBAR__FIELD_REPLACE;
}

enum toolbar__field_action toolbar__page_undecorated_field(const struct toolbar__fields *response,
                                                           const struct toolbar__field *field)
{
    bool caching_field = is_caching(field) || toolbar__field_is(field, "Vary") ||
                         (toolbar__field_is(field, cache_control) && !is_private(response));

    if (is_own(field)) return TOOLBAR__FIELD_DROP;
    return caching_field && !field->trailer ? TOOLBAR__FIELD_REPLACE : TOOLBAR__FIELD_KEEP;
}

struct output {
    void (*add)(void *cls, const char *name, const char *value);
    void *cls;
};

static void add_caching(const struct toolbar__fields *response, const struct output *output)
{
    for (size_t i = 0; i < CACHING_COUNT; i++) {
        if (caching[i].always || toolbar__fields_has(response, caching[i].name)) {
            output->add(output->cls, caching[i].name, caching[i].value);
        }
    }
    for (size_t i = 0; i < response->count; i++) {
        const struct toolbar__field *field = &response->items[i];
        size_t first = 0;

        if (field->trailer || !is_cdn_caching(field)) continue;
        if (toolbar__fields_next(response, field->name, &first) != field) continue;
        output->add(output->cls, field->name, "no-store");
    }
}

/* Appends the elements of all fields of this name. */
static void join(struct toolbar_text *text, const struct toolbar__fields *response,
                 const char *name)
{
    struct toolbar__elements elements = {.fields = response, .name = name};
    struct toolbar__slice element;

    while (toolbar__elements_next(&elements, &element)) {
        if (text->length) toolbar_text_literal(text, ", ");
        toolbar_text_append(text, element.data, element.length);
    }
}

static void add_text(struct toolbar_text *text, const char *name, const char *otherwise,
                     const struct output *output)
{
    char *value = toolbar__text_take(text, NULL);

    output->add(output->cls, name, value ? value : otherwise);
    free(value);
    toolbar__text_free(text);
}

/* Without memory it is "*": never to be taken from a cache. */
static void add_vary(const struct toolbar__fields *response, const char *key_header,
                     const struct output *output)
{
    struct toolbar_text text;

    if (toolbar__fields_have(response, "Vary", "*")) {
        output->add(output->cls, "Vary", "*");
        return;
    }
    toolbar__text_init(&text, PTRDIFF_MAX);
    join(&text, response, "Vary");
    if (!toolbar__fields_have(response, "Vary", key_header)) {
        if (text.length) toolbar_text_literal(&text, ", ");
        toolbar__text_string(&text, key_header);
    }
    add_text(&text, "Vary", "*", output);
}

static bool is_shared(const struct toolbar__fields *response)
{
    struct toolbar__elements elements = {.fields = response, .name = cache_control};
    struct toolbar__slice element;

    while (toolbar__elements_next(&elements, &element)) {
        if (toolbar__slice_is(element, "public") || toolbar__slice_starts(element, "s-maxage")) {
            return true;
        }
    }
    return false;
}

/* How long the browser keeps it is the application's affair, unless that was said to everybody. */
static void add_private(const struct toolbar__fields *response, const struct output *output)
{
    static const char again[] = "private, no-cache";
    struct toolbar_text text;

    if (is_private(response)) return;
    toolbar__text_init(&text, PTRDIFF_MAX);
    if (!is_shared(response)) {
        toolbar_text_literal(&text, "private");
        join(&text, response, cache_control);
    } else {
        toolbar__text_string(&text, again);
        if (toolbar__fields_have(response, cache_control, "no-transform")) {
            toolbar_text_literal(&text, ", no-transform");
        }
    }
    add_text(&text, cache_control, again, output);
}

/* A policy speaks of framing. */
static bool limits_framing(const struct toolbar__fields *response)
{
    struct toolbar__elements policies = {.fields = response, .name = "Content-Security-Policy"};
    struct toolbar__slice policy;
    struct toolbar__slice directive;
    struct toolbar__slice name;

    while (toolbar__elements_next(&policies, &policy)) {
        while (toolbar__slice_cut(&policy, ';', &directive)) {
            if (toolbar__slice_word(&directive, &name) &&
                toolbar__slice_is(name, "frame-ancestors")) {
                return true;
            }
        }
    }
    return toolbar__fields_has(response, "X-Frame-Options");
}

void toolbar__page_headers(const struct toolbar__fields *response, const char *key_header,
                           void (*add)(void *cls, const char *name, const char *value), void *cls)
{
    struct output output = {add, cls};

    add(cls, cache_control, "private, no-store");
    add_caching(response, &output);
    add_vary(response, key_header, &output);
    /* Where the type was guessed, browsers must be free to guess it too. */
    if (toolbar__fields_has(response, "Content-Type"))
        add(cls, "X-Content-Type-Options", "nosniff");
    add(cls, "Cross-Origin-Resource-Policy", "same-origin");
    if (!limits_framing(response)) add(cls, "X-Frame-Options", "SAMEORIGIN");
}

void toolbar__page_undecorated_headers(const struct toolbar__fields *response,
                                       const char *key_header,
                                       void (*add)(void *cls, const char *name, const char *value),
                                       void *cls)
{
    struct output output = {add, cls};

    add_private(response, &output);
    add_caching(response, &output);
    add_vary(response, key_header, &output);
}
