/*
 * A growing buffer that is born with a maximum and remembers its first failure, so that
 * callers append freely and check once at the end. After a failure nothing more is appended.
 */
#ifndef TOOLBAR_BASE_TEXT_H
#define TOOLBAR_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <debugtoolbar/panel.h>

struct toolbar_text {
    char *data; /* not terminated, except by toolbar__text_take() */
    size_t length;
    size_t capacity; /* never more than the maximum */
    size_t maximum;  /* bytes */
    bool failed;     /* out of memory, or over the maximum */
};

void toolbar__text_init(struct toolbar_text *text, size_t maximum_bytes);
void toolbar__text_free(struct toolbar_text *text);

/* Makes room for `length` more bytes; false, and `failed`, if that cannot be. */
bool toolbar__text_reserve(struct toolbar_text *text, size_t length);

/*
 * For those who write at a bare pointer (base/put.h): the end of the text, with room for `length`
 * more bytes, at least 1; NULL where reserve() says false. And how far the writing went.
 */
static inline char *toolbar__text_room(struct toolbar_text *text, size_t length)
{
    /* A page is made of thousands of pieces; for nearly all of them there is room. */
    if (text->failed || length > text->capacity - text->length) {
        if (!toolbar__text_reserve(text, length)) return NULL;
    }
    return text->data + text->length;
}

static inline void toolbar__text_wrote(struct toolbar_text *text, const char *end)
{
    text->length = (size_t)(end - text->data);
}

void toolbar__text_string(struct toolbar_text *text, const char *string);
void toolbar__text_char(struct toolbar_text *text, char c);
void toolbar__text_printf(struct toolbar_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Hands over the bytes, NUL-terminated, to be freed with free(); the text is empty afterwards.
 * NULL if it had failed.
 */
char *toolbar__text_take(struct toolbar_text *text, size_t *length);

/* The longest prefix of at most `maximum` bytes that does not end inside an UTF-8 sequence. */
size_t toolbar__utf8_cut(const char *data, size_t length, size_t maximum);

/* ASCII only, whatever the locale. */
static inline int toolbar__ascii_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

int toolbar__hex_digit(char c); /* -1: none */
bool toolbar__ascii_equal(const char *a, const char *b, size_t length);
bool toolbar__ascii_same(const char *data, size_t length, const char *word);

/* The same as toolbar__ascii_same(); nearly all are told apart by their first character. */
static inline bool toolbar__ascii_is(const char *data, size_t length, const char *word)
{
    if (!length) return !*word;
    return toolbar__ascii_lower((unsigned char)*data) ==
               toolbar__ascii_lower((unsigned char)*word) &&
           toolbar__ascii_same(data, length, word);
}

/* Decodes %XX in place; returns the new length. A broken escape stays as it is. */
size_t toolbar__percent_decode(char *data, size_t length);

#endif
