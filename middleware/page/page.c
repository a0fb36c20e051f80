/*
 * The rules, in the order in which the reasons are told: first what kind of exchange this is
 * (method, status, range), then who will use the answer (a script, a frame, another origin), then
 * what the application says of the body. The first one that holds is the one that is reported.
 */
#include "page/page.h"

#include <string.h>

#include "page/charset.h"
#include "page/fields.h"

/* What the request's headers tell of who will use the response. */
struct audience {
    bool script;
    bool navigating;
    bool not_navigating;
    bool document;
    bool frame;
    bool other_site;
    bool htmx;
    bool htmx_target;
};

static void read_destination(struct audience *audience, struct toolbar__slice value)
{
    static const char *const frames[] = {"iframe", "frame", "embed", "object", "fencedframe"};

    if (toolbar__slice_is(value, "document")) {
        audience->document = true;
        return;
    }
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        if (!toolbar__slice_is(value, frames[i])) continue;
        audience->frame = true;
        return;
    }
    audience->script = true;
}

static bool read_request_header(void *cls, const char *name, size_t name_length, const char *value,
                                size_t value_length)
{
    struct audience *audience = cls;
    struct toolbar__slice is = {name, name_length};
    struct toolbar__slice text = toolbar__slice_trim((struct toolbar__slice){value, value_length});

    if (toolbar__slice_is(is, "Sec-Fetch-Dest")) {
        read_destination(audience, text);
    } else if (toolbar__slice_is(is, "Sec-Fetch-Mode")) {
        audience->navigating = toolbar__slice_is(text, "navigate");
        audience->not_navigating |= !audience->navigating;
    } else if (toolbar__slice_is(is, "Sec-Fetch-Site")) {
        audience->other_site |=
            toolbar__slice_is(text, "cross-site") || toolbar__slice_is(text, "same-site");
    } else if (toolbar__slice_is(is, "X-Requested-With")) {
        audience->script |= toolbar__slice_is(text, "XMLHttpRequest");
    } else if (toolbar__slice_is(is, "Turbo-Frame")) {
        audience->script = true;
    } else if (toolbar__slice_is(is, "HX-Request")) {
        audience->htmx |= toolbar__slice_is(text, "true");
    } else if (toolbar__slice_is(is, "HX-Target")) {
        audience->htmx_target = true;
    }
    return true;
}

/*
 * An htmx request without a target asks for a whole page, but when the browser says that it is
 * no navigation, that counts: what scripts fetch is never changed. A frame's request does not
 * always have the mode of a navigation (object, embed), so the frame is told first.
 */
static enum toolbar__skip check_request(const struct toolbar__head *request)
{
    struct audience audience = {0};

    request->source->headers(request->connection, read_request_header, &audience);
    if (audience.script || (audience.htmx && audience.htmx_target)) return TOOLBAR__SKIP_FETCH;
    if (audience.frame) return TOOLBAR__SKIP_FRAME;
    if (audience.not_navigating) return TOOLBAR__SKIP_FETCH;
    if (audience.other_site && !audience.document) return TOOLBAR__SKIP_CROSS_ORIGIN;
    return TOOLBAR__SKIP_NONE;
}

bool toolbar__page_navigation(const struct toolbar__head *request)
{
    struct audience audience = {0};

    request->source->headers(request->connection, read_request_header, &audience);
    return audience.navigating && audience.document && !audience.not_navigating &&
           !audience.script && !audience.frame;
}

static enum toolbar__skip check_status(const struct toolbar__fields *response, unsigned status)
{
    if (status == 206 || toolbar__fields_has(response, "Content-Range")) return TOOLBAR__SKIP_RANGE;
    if (status < 200 || status == 204 || status == 205 || status / 100 == 3) {
        return TOOLBAR__SKIP_STATUS;
    }
    return TOOLBAR__SKIP_NONE;
}

static bool readable_by_others(const struct toolbar__fields *response)
{
    return toolbar__fields_has(response, "Access-Control-Allow-Origin") ||
           toolbar__fields_have(response, "Cross-Origin-Resource-Policy", "cross-origin");
}

/* Anything but "inline" makes browsers save the body, types that they do not know included. */
static bool is_attachment(const struct toolbar__fields *response)
{
    const struct toolbar__field *field;
    size_t index = 0;

    while ((field = toolbar__fields_next(response, "Content-Disposition", &index)) != NULL) {
        struct toolbar__slice rest = {field->value, strlen(field->value)};
        struct toolbar__slice type;

        if (toolbar__slice_cut(&rest, ';', &type) && type.length &&
            !toolbar__slice_is(type, "inline")) {
            return true;
        }
    }
    return false;
}

/* A media type where the coding belongs ("text/html") is a common slip and no coding. */
static bool is_encoded(const struct toolbar__fields *response)
{
    struct toolbar__elements codings = {.fields = response, .name = "Content-Encoding"};
    struct toolbar__slice coding;

    while (toolbar__elements_next(&codings, &coding)) {
        if (!toolbar__slice_is(coding, "identity") && !memchr(coding.data, '/', coding.length)) {
            return true;
        }
    }
    return false;
}

static struct toolbar__slice unquoted(struct toolbar__slice value)
{
    if (value.length && value.data[0] == '"') {
        value.data++;
        value.length--;
        if (value.length && value.data[value.length - 1] == '"') value.length--;
    }
    return toolbar__slice_trim(value);
}

/* Every charset that the type declares can carry the panel. */
static bool charset_is_fine(struct toolbar__slice parameters)
{
    struct toolbar__slice parameter;
    struct toolbar__slice name;

    while (toolbar__slice_cut(&parameters, ';', &parameter)) {
        if (!toolbar__slice_cut(&parameter, '=', &name) || !toolbar__slice_is(name, "charset")) {
            continue;
        }
        if (!toolbar__charset_is_ascii(unquoted(toolbar__slice_trim(parameter)))) return false;
    }
    return true;
}

/*
 * XHTML is left alone: an XML parser knows no declarative shadow root, and one void tag of the
 * panel would turn the whole page into an error message. Of several types all must be HTML,
 * because which one counts depends on the browser.
 */
static enum toolbar__skip check_type(const struct toolbar__fields *response)
{
    struct toolbar__elements types = {.fields = response, .name = "Content-Type"};
    struct toolbar__slice rest;
    struct toolbar__slice type;

    while (toolbar__elements_next(&types, &rest)) {
        toolbar__slice_cut(&rest, ';', &type);
        if (!toolbar__slice_is(type, "text/html")) return TOOLBAR__SKIP_CONTENT_TYPE;
        if (!charset_is_fine(rest)) return TOOLBAR__SKIP_CHARSET;
    }
    return TOOLBAR__SKIP_NONE;
}

enum toolbar__skip toolbar__page_check(const struct toolbar__head *request, unsigned status,
                                       const struct toolbar__fields *response)
{
    enum toolbar__skip skip;

    /* Browsers navigate with these only; HEAD has no body. */
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "POST") != 0) {
        return TOOLBAR__SKIP_METHOD;
    }
    skip = check_status(response, status);
    if (skip == TOOLBAR__SKIP_NONE) skip = check_request(request);
    if (skip != TOOLBAR__SKIP_NONE) return skip;
    if (readable_by_others(response)) return TOOLBAR__SKIP_CROSS_ORIGIN;
    if (is_attachment(response)) return TOOLBAR__SKIP_ATTACHMENT;
    if (is_encoded(response)) return TOOLBAR__SKIP_CONTENT_ENCODING;
    if (toolbar__fields_have(response, "Cache-Control", "no-transform")) {
        return TOOLBAR__SKIP_NO_TRANSFORM;
    }
    return check_type(response);
}
