/* A formatter without recursion: what is open is a bit on each of a bounded number of levels. */
#include "page/json_page.h"

#include <string.h>

#include "base/html.h"
#include "page/charset.h"
#include "page/fields.h"

enum {
    DEPTH_MAXIMUM = 256,               /* what is nested deeper is shown as it came */
    SET_OUT_MAXIMUM = 24 * 1024 * 1024 /* bytes: and so is what becomes longer than this */
};

enum expect { FIRST_VALUE, VALUE, FIRST_KEY, KEY, COLON, NEXT, END };

struct formatter {
    struct toolbar_text *html;
    const char *at;
    const char *end;
    enum expect expect;
    unsigned depth;
    bool object[DEPTH_MAXIMUM]; /* what is open on each level: an object, else an array */
};

static bool is_utf8(struct toolbar__slice parameters)
{
    struct toolbar__slice parameter;
    struct toolbar__slice name;

    while (toolbar__slice_cut(&parameters, ';', &parameter)) {
        if (!toolbar__slice_cut(&parameter, '=', &name) || !toolbar__slice_is(name, "charset")) {
            continue;
        }
        parameter = toolbar__slice_trim(parameter);
        if (!toolbar__slice_is(parameter, "utf-8") && !toolbar__slice_is(parameter, "\"utf-8\"")) {
            return false;
        }
    }
    return true;
}

bool toolbar__is_json(const char *type, size_t length)
{
    return toolbar__ascii_is(type, length, "application/json") ||
           (length > 5 && toolbar__ascii_is(type + length - 5, 5, "+json"));
}

bool toolbar__json_page_applies(const struct toolbar__head *request,
                                const struct toolbar__fields *response)
{
    struct toolbar__elements types = {.fields = response, .name = "Content-Type"};
    struct toolbar__slice rest;
    struct toolbar__slice type;

    if (!toolbar__elements_next(&types, &rest) || !toolbar__slice_cut(&rest, ';', &type)) {
        return false;
    }
    return toolbar__is_json(type.data, type.length) && is_utf8(rest) &&
           !toolbar__elements_next(&types, &rest) && toolbar__page_navigation(request);
}

static void new_line(struct formatter *formatter)
{
    static const char blanks[] = "                                ";

    toolbar__text_char(formatter->html, '\n');
    for (unsigned left = 2 * formatter->depth; left;) {
        unsigned step = left < sizeof blanks - 1 ? left : (unsigned)sizeof blanks - 1;

        toolbar_text_append(formatter->html, blanks, step);
        left -= step;
    }
}

/* Behind the string that starts here; NULL: it is none. */
static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        if ((unsigned char)*at < 0x20) return NULL;
        if (*at != '\\') continue;
        if (++at == end || !memchr("\"\\/bfnrtu", *at, 9)) return NULL;
        if (*at != 'u') continue;
        for (int digit = 0; digit < 4; digit++) {
            if (++at == end || toolbar__hex_digit(*at) < 0) return NULL;
        }
    }
    return at < end ? at + 1 : NULL;
}

static const char *digits_end(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at > start ? at : NULL;
}

static const char *number_end(const char *at, const char *end)
{
    if (at < end && *at == '-') at++;
    at = at < end && *at == '0' ? at + 1 : digits_end(at, end);
    if (at && at < end && *at == '.') at = digits_end(at + 1, end);
    if (at && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        at = digits_end(at, end);
    }
    return at;
}

static const char *literal_end(const char *at, const char *end)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        size_t length = strlen(literals[i]);

        if ((size_t)(end - at) >= length && memcmp(at, literals[i], length) == 0) {
            return at + length;
        }
    }
    return NULL;
}

/* Appends what ends at `end` in a span of the class, a letter; false if `end` is NULL. */
static bool token(struct formatter *formatter, char kind, const char *end)
{
    if (!end) return false;
    toolbar_text_literal(formatter->html, "<span class=\"");
    toolbar__text_char(formatter->html, kind);
    toolbar_text_literal(formatter->html, "\">");
    toolbar_html_bytes(formatter->html, formatter->at, (size_t)(end - formatter->at));
    toolbar_text_literal(formatter->html, "</span>");
    formatter->at = end;
    return true;
}

static bool open_level(struct formatter *formatter)
{
    char c = *formatter->at++;

    if (formatter->depth == DEPTH_MAXIMUM) return false;
    toolbar__text_char(formatter->html, c);
    formatter->object[formatter->depth++] = c == '{';
    formatter->expect = c == '{' ? FIRST_KEY : FIRST_VALUE;
    return true;
}

static void after_value(struct formatter *formatter)
{
    formatter->expect = formatter->depth ? NEXT : END;
}

static bool close_level(struct formatter *formatter)
{
    bool empty = formatter->expect == FIRST_KEY || formatter->expect == FIRST_VALUE;

    formatter->depth--;
    if (!empty) new_line(formatter);
    toolbar__text_char(formatter->html, *formatter->at++);
    after_value(formatter);
    return true;
}

static bool closes(const struct formatter *formatter)
{
    return formatter->depth &&
           *formatter->at == (formatter->object[formatter->depth - 1] ? '}' : ']');
}

static bool value(struct formatter *formatter)
{
    const char *at = formatter->at;
    const char *end = formatter->end;
    bool written;

    switch (*at) {
    case '{':
    case '[': return open_level(formatter);
    case '"': written = token(formatter, 's', string_end(at, end)); break;
    case 't':
    case 'f':
    case 'n': written = token(formatter, 'l', literal_end(at, end)); break;
    default: written = token(formatter, 'n', number_end(at, end));
    }
    after_value(formatter);
    return written;
}

static bool key(struct formatter *formatter)
{
    formatter->expect = COLON;
    new_line(formatter);
    return *formatter->at == '"' &&
           token(formatter, 'k', string_end(formatter->at, formatter->end));
}

/* One token, white space before it left out; false if JSON does not allow it here. */
static bool step(struct formatter *formatter)
{
    switch (formatter->expect) {
    case FIRST_KEY: return closes(formatter) ? close_level(formatter) : key(formatter);
    case KEY: return key(formatter);
    case COLON:
        toolbar_text_literal(formatter->html, ": ");
        formatter->expect = VALUE;
        return *formatter->at++ == ':';
    case FIRST_VALUE:
        if (closes(formatter)) return close_level(formatter);
        new_line(formatter);
        return value(formatter);
    case VALUE: return value(formatter);
    case NEXT:
        if (closes(formatter)) return close_level(formatter);
        toolbar__text_char(formatter->html, ',');
        if (formatter->object[formatter->depth - 1]) {
            formatter->expect = KEY;
        } else {
            new_line(formatter);
            formatter->expect = VALUE;
        }
        return *formatter->at++ == ',';
    case END: break;
    }
    return false;
}

static bool set_out(struct toolbar_text *html, const char *body, size_t length)
{
    struct formatter formatter = {.html = html, .at = body, .end = body + length, .expect = VALUE};

    for (;;) {
        while (formatter.at < formatter.end && memchr(" \t\r\n", *formatter.at, 4)) {
            formatter.at++;
        }
        if (formatter.at == formatter.end) return formatter.expect == END && !html->failed;
        if (!step(&formatter) || html->failed) return false;
    }
}

void toolbar__json_page_render(struct toolbar_text *html, const char *style_url, const char *title,
                               const char *body, size_t length, uint64_t *place)
{
    struct toolbar_text lines;

    toolbar__made_page_open(html, style_url, title, "json");
    toolbar_text_literal(html, "<main><h1 class=\"said\">");
    toolbar_html_text(html, title);
    toolbar_text_literal(html, "</h1><p class=\"soft\">");
    toolbar__text_init(&lines, SET_OUT_MAXIMUM);
    if (set_out(&lines, body, length)) {
        toolbar_text_literal(html, "JSON, set out by the debug toolbar; programs get it as it "
                                   "is.</p><pre>");
        toolbar_text_append(html, lines.data, lines.length);
    } else {
        toolbar_text_literal(html, "Sent as JSON, but it could not be set out as such; this is "
                                   "how it came.</p><pre>");
        toolbar_html_bytes(html, body, length);
    }
    toolbar__text_free(&lines);
    toolbar_text_literal(html, "</pre></main>\n");
    *place = html->length;
    toolbar_text_literal(html, "</body></html>\n");
}
