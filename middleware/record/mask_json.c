/*
 * Masks secrets in a JSON body, which may be cut anywhere, and indents it on the way. Members
 * with a telling name lose their value whole, objects and arrays included; other strings and
 * numbers are judged by their shape. Reads tokens only: what nests wrongly is shown as it came.
 */
#include <string.h>

#include "record/http.h"
#include "record/mask.h"
#include "record/recording.h"

enum { INDENT_MAXIMUM = 8, OUT_MAXIMUM = 2 * TOOLBAR__JSON_MAXIMUM };

static const char mask[] = "\"********\"";

struct walk {
    const struct toolbar_recording *recording;
    bool strict;
    const char *at;
    const char *end;
    struct toolbar_text *text;
    unsigned depth;
    unsigned hidden; /* depth in which a masked object or array began, from 1; 0: none */
    bool secret;     /* the next value belongs to a telling name */
    bool broken;     /* this is no JSON */
};

static void put(struct walk *walk, const char *data, size_t length)
{
    if (!walk->hidden) toolbar_text_append(walk->text, data, length);
}

static void put_mask(struct walk *walk)
{
    put(walk, mask, sizeof mask - 1);
    walk->secret = false;
}

static void line(struct walk *walk)
{
    static const char blanks[] = "\n                ";
    unsigned depth = walk->depth < INDENT_MAXIMUM ? walk->depth : INDENT_MAXIMUM;

    put(walk, blanks, 1 + 2 * (size_t)depth);
}

static void skip_blanks(struct walk *walk)
{
    while (walk->at < walk->end && memchr(" \t\r\n", *walk->at, 4)) {
        walk->at++;
    }
}

static void append_character(struct toolbar_text *text, unsigned c)
{
    /* Halves of surrogate pairs stay as they are: they only have to be no ASCII. */
    if (c >= 0x800) toolbar__text_char(text, (char)(0xe0 | c >> 12));
    if (c >= 0x800) toolbar__text_char(text, (char)(0x80 | (c >> 6 & 0x3f)));
    if (c >= 0x80 && c < 0x800) toolbar__text_char(text, (char)(0xc0 | c >> 6));
    toolbar__text_char(text, (char)(c < 0x80 ? c : 0x80 | (c & 0x3f)));
}

/* The string from behind its quote to `end`, without its escapes. */
static void unescape(struct toolbar_text *text, const char *at, const char *end)
{
    static const char names[] = "bfnrt", characters[] = "\b\f\n\r\t";

    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        const char *name;
        unsigned c = 0;

        toolbar_text_append(text, at, (size_t)((escape ? escape : end) - at));
        if (!escape || end - escape < 2) return;
        name = memchr(names, escape[1], sizeof names - 1);
        at = escape + 2;
        if (escape[1] == 'u') {
            for (int i = 0; i < 4 && at < end && toolbar__hex_digit(*at) >= 0; i++) {
                c = c << 4 | (unsigned)toolbar__hex_digit(*at++);
            }
            append_character(text, c);
        } else {
            toolbar__text_char(text, (char)(name ? characters[name - names] : escape[1]));
        }
    }
}

static bool is_secret(const struct walk *walk, const char *data, size_t length)
{
    return toolbar__recording_is_secret(walk->recording, data, length) ||
           toolbar__mask_content(data, length);
}

static bool colon_follows(const struct walk *walk)
{
    struct walk ahead = *walk;

    skip_blanks(&ahead);
    return ahead.at < ahead.end && *ahead.at == ':';
}

/* A string that a colon follows is a name. */
static void string(struct walk *walk)
{
    const char *start = walk->at++;
    struct toolbar_text plain;
    bool secret;

    while (walk->at < walk->end && *walk->at != '"') {
        walk->at += *walk->at == '\\' && walk->end - walk->at > 1 ? 2 : 1;
    }
    toolbar__text_init(&plain, (size_t)2 * TOOLBAR__JSON_MAXIMUM);
    unescape(&plain, start + 1, walk->at);
    if (walk->at < walk->end) walk->at++;
    secret = plain.failed || (plain.length && is_secret(walk, plain.data, plain.length));
    if (colon_follows(walk)) {
        put(walk, secret ? mask : start, secret ? sizeof mask - 1 : (size_t)(walk->at - start));
        walk->secret = plain.length && toolbar__mask_name(plain.data, plain.length);
    } else if (walk->secret || walk->strict || secret) {
        put_mask(walk);
    } else {
        put(walk, start, (size_t)(walk->at - start));
    }
    toolbar__text_free(&plain);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == 'E' || (c && strchr("+-.", c));
}

static bool is_word(const char *data, size_t length, bool cut)
{
    static const char *const words[] = {"true", "false", "null"};

    if (*data == '-' || (*data >= '0' && *data <= '9')) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);

        if (cut ? length <= size && !memcmp(data, words[i], length)
                : length == size && !memcmp(data, words[i], size)) {
            return true;
        }
    }
    return false;
}

/* A number, true, false or null. */
static void word(struct walk *walk)
{
    const char *start = walk->at;
    size_t length;

    while (walk->at < walk->end && is_word_byte(*walk->at)) {
        walk->at++;
    }
    length = (size_t)(walk->at - start);
    if (!length || !is_word(start, length, walk->at == walk->end)) {
        walk->broken = true;
    } else if (walk->secret || walk->strict || is_secret(walk, start, length)) {
        put_mask(walk);
    } else {
        put(walk, start, length);
    }
}

static void open(struct walk *walk)
{
    char close = *walk->at == '{' ? '}' : ']';

    if (walk->secret) {
        put_mask(walk);
        if (!walk->hidden) walk->hidden = walk->depth + 1;
    }
    put(walk, walk->at++, 1);
    walk->depth++;
    skip_blanks(walk);
    if (walk->at < walk->end && *walk->at != close) line(walk);
}

static void close(struct walk *walk)
{
    const char *before = walk->at;

    if (!walk->depth) {
        walk->broken = true;
        return;
    }
    walk->depth--;
    while (memchr(" \t\r\n", before[-1], 4)) {
        before--;
    }
    if (!strchr("{[", before[-1])) line(walk);
    put(walk, walk->at++, 1);
    if (walk->hidden == walk->depth + 1) walk->hidden = 0;
    walk->secret = false;
}

static void token(struct walk *walk)
{
    switch (*walk->at) {
    case '{':
    case '[': open(walk); break;
    case '}':
    case ']': close(walk); break;
    case '"': string(walk); break;
    case ':':
        put(walk, ": ", 2);
        walk->at++;
        break;
    case ',':
        put(walk, walk->at++, 1);
        walk->secret = false;
        line(walk);
        break;
    default: word(walk);
    }
}

void toolbar__http_json(struct toolbar_recording *recording, const char *data, size_t length,
                        bool cut)
{
    struct toolbar_text text;
    struct walk walk = {.recording = recording,
                        .strict = recording->hide_values,
                        .at = data,
                        .end = data + length,
                        .text = &text};

    toolbar__text_init(&text, (size_t)2 * OUT_MAXIMUM);
    for (skip_blanks(&walk); walk.at < walk.end && !walk.broken; skip_blanks(&walk)) {
        /* Indenting makes it longer; what is deep is cut. */
        if (text.length > OUT_MAXIMUM) {
            cut = true;
            break;
        }
        token(&walk);
    }
    if (!walk.broken && !text.failed && text.length) {
        recording->http.json = toolbar__recording_string(
            recording, text.data, toolbar__utf8_cut(text.data, text.length, OUT_MAXIMUM));
        recording->http.json_cut = cut;
    }
    toolbar__text_free(&text);
}
