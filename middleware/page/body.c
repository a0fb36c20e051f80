/*
 * What the first bytes of a body say about its type, where the headers are silent or wrong. A
 * body without a Content-Type is HTML if browsers take it for HTML: the patterns are those of the
 * MIME Sniffing Standard, 7.1, ended by any white space as Chromium has it. A byte order mark in
 * front makes browsers show the page as text, so there is no panel either.
 */
#include <string.h>

#include "page/chars.h"
#include "page/charset.h"
#include "page/fields.h"

static const char *const patterns[] = {
    "<!doctype html", "<html", "<head",  "<script", "<iframe", "<h1",   "<div", "<font",
    "<table",         "<a",    "<style", "<title",  "<b",      "<body", "<br",  "<p",
};

/* `body` begins with the word and a byte that ends a tag's name, as far as there are bytes. */
static bool starts_tag(struct toolbar__slice body, const char *word, bool complete)
{
    size_t length = strlen(word);

    if (body.length <= length) {
        return !complete && body.length && toolbar__ascii_equal(body.data, word, body.length);
    }
    return toolbar__ascii_equal(body.data, word, length) &&
           (body.data[length] == '>' || toolbar__is_space(body.data[length]));
}

static bool looks_like_html(struct toolbar__slice body, bool complete)
{
    if (toolbar__slice_starts(body, "<!--")) return true;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (starts_tag(body, patterns[i], complete)) return true;
    }
    return false;
}

/*
 * JSON under the wrong type: an object or array by its first two marks (and its last one if it
 * is there), or one whole string. Text that merely begins with a bracket is no JSON.
 */
static bool looks_like_json(struct toolbar__slice body, bool complete)
{
    struct toolbar__slice inner;
    char first;
    char last;

    if (!body.length) return false;
    first = body.data[0];
    last = body.data[body.length - 1];
    if (first == '"') return complete && body.length > 1 && last == '"';
    if (first != '{' && first != '[') return false;
    if (complete) return last == (first == '{' ? '}' : ']');
    inner = toolbar__slice_trim((struct toolbar__slice){body.data + 1, body.length - 1});
    return inner.length && strchr(first == '{' ? "\"}" : "\"{[]-0123456789tfn", inner.data[0]);
}

enum toolbar__skip toolbar__page_check_body(const struct toolbar__fields *response,
                                            const char *body, size_t length, bool complete)
{
    struct toolbar__slice text = toolbar__slice_trim((struct toolbar__slice){body, length});

    if (toolbar__bytes_are_wide(body, length)) return TOOLBAR__SKIP_CHARSET;
    if (!toolbar__fields_has(response, "Content-Type")) {
        /* Told not to guess, browsers show it as text. */
        if (toolbar__fields_have(response, "X-Content-Type-Options", "nosniff") ||
            !looks_like_html(text, complete)) {
            return TOOLBAR__SKIP_CONTENT_TYPE;
        }
        return TOOLBAR__SKIP_NONE;
    }
    if ((complete && !text.length) || looks_like_json(text, complete)) {
        return TOOLBAR__SKIP_NOT_HTML;
    }
    return TOOLBAR__SKIP_NONE;
}
