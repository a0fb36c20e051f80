/*
 * Masks secrets in URLs. Pieces are decoded to be judged, in a buffer of fixed size and as often
 * as they were encoded, since URLs travel inside URLs; what is kept is the text as it was sent.
 */
#include "record/mask.h"

#include <string.h>

enum {
    PIECE_MAXIMUM = 1024, /* bytes of one value; a longer one is masked unseen */
    ENCODINGS_MAXIMUM = 3
};

static const char mask[] = "********";

struct piece {
    const char *data;
    size_t length;
};

/* In place; returns the new length. */
static size_t decode(char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (data[i] == '+') data[i] = ' ';
    }
    return toolbar__percent_decode(data, length);
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_-.[]", c));
}

/* A value with fields of its own: password=..., or "password": ... */
static bool has_secret_field(const char *data, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        size_t end = i, start;

        if (data[i] == ':' && data[i - 1] == '"') {
            end--;
        } else if (data[i] != '=') {
            continue;
        }
        for (start = end; start && is_name(data[start - 1]); start--) {
        }
        if (start < end && toolbar__mask_name(data + start, end - start)) return true;
    }
    return false;
}

static bool is_secret(struct piece piece)
{
    char decoded[PIECE_MAXIMUM];
    size_t length = piece.length;

    if (length > sizeof decoded) return true;
    if (!memchr(piece.data, '%', length) && !memchr(piece.data, '+', length)) {
        return toolbar__mask_value(piece.data, length) || has_secret_field(piece.data, length);
    }
    memcpy(decoded, piece.data, length);
    for (int i = 0; i <= ENCODINGS_MAXIMUM; i++) {
        size_t before = length;

        if (toolbar__mask_value(decoded, length) || has_secret_field(decoded, length)) return true;
        length = decode(decoded, length);
        if (length == before) break;
    }
    return toolbar__mask_value(decoded, length);
}

bool toolbar__mask_content(const char *value, size_t length)
{
    if (length > PIECE_MAXIMUM) {
        return toolbar__mask_value(value, length) || has_secret_field(value, length);
    }
    return is_secret((struct piece){value, length});
}

static bool is_secret_name(struct piece piece)
{
    char decoded[PIECE_MAXIMUM];

    if (piece.length > sizeof decoded) return true;
    memcpy(decoded, piece.data, piece.length);
    return toolbar__mask_name(decoded, decode(decoded, piece.length));
}

static void append(struct toolbar_text *text, struct piece piece, bool masked)
{
    if (masked && piece.length) {
        toolbar_text_append(text, mask, sizeof mask - 1);
    } else {
        toolbar_text_append(text, piece.data, piece.length);
    }
}

/* name=value, or one word, which may be either. */
static void field(struct toolbar_text *text, struct piece piece, bool strict)
{
    const char *equals = memchr(piece.data, '=', piece.length);
    struct piece name = piece, value;

    if (!equals) {
        append(text, piece, strict || is_secret(piece));
        return;
    }
    name.length = (size_t)(equals - piece.data);
    value = (struct piece){equals + 1, piece.length - name.length - 1};
    append(text, name, is_secret(name));
    toolbar__text_char(text, '=');
    append(text, value, strict || is_secret_name(name) || is_secret(value));
}

/* One segment of the path with its parameters: page;jsessionid=... */
static void segment(struct toolbar_text *text, struct piece piece, bool strict)
{
    if (memchr(piece.data, '=', piece.length)) {
        field(text, piece, strict);
    } else {
        append(text, piece, is_secret(piece));
    }
}

/* What stands between pieces of a path, and of a query. */
enum { PATH = 1, QUERY = 2 };

static const unsigned char delimiters[256] = {
    ['/'] = PATH, [';'] = PATH | QUERY, ['&'] = QUERY, ['#'] = QUERY, ['?'] = QUERY};

/* Calls `write` for what stands between the delimiters, and keeps these. */
static void split(struct toolbar_text *text, struct piece rest, unsigned part,
                  void (*write)(struct toolbar_text *text, struct piece piece, bool strict),
                  bool strict)
{
    struct piece piece = {rest.data, 0};

    for (size_t i = 0; i < rest.length; i++) {
        if (!(delimiters[(unsigned char)rest.data[i]] & part)) {
            piece.length++;
            continue;
        }
        write(text, piece, strict);
        toolbar__text_char(text, rest.data[i]);
        piece = (struct piece){rest.data + i + 1, 0};
    }
    write(text, piece, strict);
}

/* user:password@ after the scheme; returns how much of the URL has been written. */
static size_t authority(struct toolbar_text *text, const char *url, size_t length)
{
    const char *slashes = memmem(url, length, "://", 3);
    const char *colon = NULL;
    size_t start, at;

    /* Not in the path or the query, where a segment's own rules apply. */
    if (!slashes || memchr(url, '/', (size_t)(slashes - url)) ||
        memchr(url, '?', (size_t)(slashes - url))) {
        return 0;
    }
    start = (size_t)(slashes - url) + 3;
    for (at = start; at < length && !strchr("/?#@", url[at]); at++) {
        if (url[at] == ':' && !colon) colon = url + at;
    }
    if (at == length || url[at] != '@' || !colon) {
        toolbar_text_append(text, url, at);
        return at;
    }
    toolbar_text_append(text, url, (size_t)(colon - url) + 1);
    toolbar_text_append(text, mask, sizeof mask - 1);
    return at;
}

void toolbar__mask_url(struct toolbar_text *text, const char *url, size_t length, bool strict)
{
    size_t at = authority(text, url, length);
    struct piece rest = {url + at, length - at};
    const char *query = memchr(rest.data, '?', rest.length);
    struct piece path = rest;

    if (query) path.length = (size_t)(query - rest.data);
    split(text, path, PATH, segment, strict);
    if (!query) return;
    toolbar__text_char(text, '?');
    rest = (struct piece){query + 1, rest.length - path.length - 1};
    split(text, rest, QUERY, field, strict);
}
