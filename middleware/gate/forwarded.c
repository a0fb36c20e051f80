/*
 * Forwarding headers: X-Forwarded-Proto as proxies agree on it, Forwarded after RFC 7239.
 * Whatever is not understood to the last byte counts as plain HTTP.
 */
#include "gate/forwarded.h"

#include <string.h>

#include "base/text.h"
#include "gate/names.h"

enum { PARAMETERS_MAXIMUM = 16 /* in one element */ };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum toolbar__scheme scheme_of(const char *value, size_t length)
{
    return toolbar__ascii_is(value, length, "https") ? TOOLBAR__SCHEME_HTTPS
                                                     : TOOLBAR__SCHEME_OTHER;
}

enum toolbar__scheme toolbar__x_forwarded_scheme(const char *value, size_t length)
{
    const char *comma = memrchr(value, ',', length);
    const char *at = comma ? comma + 1 : value;
    const char *end = value + length;

    for (size_t i = 0; i < length; i++) {
        if (!is_blank(value[i]) && (value[i] < 0x21 || value[i] > 0x7e)) {
            return TOOLBAR__SCHEME_OTHER;
        }
    }
    while (at < end && is_blank(*at)) {
        at++;
    }
    while (at < end && is_blank(end[-1])) {
        end--;
    }
    return scheme_of(at, (size_t)(end - at));
}

/* A place in a Forwarded value, and what the element that is being read has said so far. */
struct reader {
    const char *at;
    const char *end;
    enum toolbar__scheme scheme;
    struct {
        const char *data;
        size_t length;
    } names[PARAMETERS_MAXIMUM];
    size_t name_count;
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && is_blank(*reader->at)) {
        reader->at++;
    }
}

static bool take(struct reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c) return false;
    reader->at++;
    return true;
}

static size_t read_token(struct reader *reader)
{
    const char *start = reader->at;

    while (reader->at < reader->end && toolbar__is_tchar(*reader->at)) {
        reader->at++;
    }
    return (size_t)(reader->at - start);
}

/* Text between quotes, RFC 9110 section 5.6.4: no controls but the tab, escaped or not. */
static bool is_quotable(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

/* After the opening quote; keeps the start of the unescaped text. False: it has no end. */
static bool read_quoted(struct reader *reader, char *text, size_t size, size_t *length)
{
    *length = 0;
    while (reader->at < reader->end) {
        char c = *reader->at++;

        if (c == '"') return true;
        if (c == '\\') {
            if (reader->at == reader->end) return false;
            c = *reader->at++;
        }
        if (!is_quotable(c)) return false;
        if (*length < size) text[(*length)++] = c;
    }
    return false;
}

/* A parameter may stand only once in an element. */
static bool note_name(struct reader *reader, const char *name, size_t length)
{
    for (size_t i = 0; i < reader->name_count; i++) {
        if (reader->names[i].length == length &&
            toolbar__ascii_equal(reader->names[i].data, name, length)) {
            return false;
        }
    }
    if (reader->name_count == PARAMETERS_MAXIMUM) return false;
    reader->names[reader->name_count].data = name;
    reader->names[reader->name_count++].length = length;
    return true;
}

/* name=value; false if it is not well-formed. */
static bool read_pair(struct reader *reader)
{
    const char *name = reader->at;
    size_t name_length = read_token(reader);
    char quoted[sizeof "https"];
    const char *value = quoted;
    size_t length;

    if (!name_length || !note_name(reader, name, name_length) || !take(reader, '=')) return false;
    if (take(reader, '"')) {
        if (!read_quoted(reader, quoted, sizeof quoted, &length)) return false;
    } else {
        value = reader->at;
        length = read_token(reader);
        if (!length) return false;
    }
    if (toolbar__ascii_is(name, name_length, "proto")) reader->scheme = scheme_of(value, length);
    return true;
}

/*
 * Blanks around ; and , are let pass as everybody does. Empty elements of the list are no
 * elements, RFC 9110 section 5.6.1.2, so that the last one that is not empty counts.
 */
enum toolbar__scheme toolbar__forwarded_scheme(const char *value, size_t length)
{
    struct reader reader = {.at = value, .end = value + length};
    bool empty = true;

    for (;;) {
        skip_blanks(&reader);
        if (reader.at == reader.end) return reader.scheme;
        if (take(&reader, ',')) {
            empty = true;
            continue;
        }
        if (empty) {
            empty = false;
            reader.scheme = TOOLBAR__SCHEME_SILENT;
            reader.name_count = 0;
        }
        if (take(&reader, ';')) continue;
        if (!read_pair(&reader)) return TOOLBAR__SCHEME_OTHER;
        skip_blanks(&reader);
        if (reader.at < reader.end && *reader.at != ';' && *reader.at != ',') {
            return TOOLBAR__SCHEME_OTHER;
        }
    }
}

static enum toolbar__scheme field_scheme(const struct toolbar__header *field,
                                         enum toolbar__scheme (*parse)(const char *, size_t))
{
    if (!field->candidates) return TOOLBAR__SCHEME_SILENT;
    if (!toolbar__field_usable(field)) return TOOLBAR__SCHEME_OTHER;
    return parse(field->value, field->value_length);
}

bool toolbar__forwarded_https(struct toolbar_request *request, enum toolbar_forwarded which)
{
    enum toolbar__scheme x = field_scheme(toolbar__known(request, TOOLBAR__KNOWN_FORWARDED_PROTO),
                                          toolbar__x_forwarded_scheme);
    enum toolbar__scheme standard =
        field_scheme(toolbar__known(request, TOOLBAR__KNOWN_FORWARDED), toolbar__forwarded_scheme);

    if (x == TOOLBAR__SCHEME_OTHER || standard == TOOLBAR__SCHEME_OTHER) return false;
    return (which == TOOLBAR_FORWARDED_X_FORWARDED_PROTO ? x : standard) == TOOLBAR__SCHEME_HTTPS;
}
