#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/put.h"

void toolbar__text_init(struct toolbar_text *text, size_t maximum_bytes)
{
    *text = (struct toolbar_text){.maximum = maximum_bytes};
}

void toolbar__text_free(struct toolbar_text *text)
{
    free(text->data);
    *text = (struct toolbar_text){.maximum = text->maximum};
}

static bool grow(struct toolbar_text *text, size_t length)
{
    size_t capacity = text->capacity ? text->capacity : 256;
    char *data;

    while (capacity - text->length < length) {
        capacity *= 2;
    }
    if (capacity > text->maximum) capacity = text->maximum;
    /* One more, so that take() can always terminate. */
    data = realloc(text->data, capacity + 1);
    if (!data) return false;
    text->data = data;
    text->capacity = capacity;
    return true;
}

bool toolbar__text_reserve(struct toolbar_text *text, size_t length)
{
    if (text->failed) return false;
    text->failed = length > text->maximum - text->length ||
                   (length > text->capacity - text->length && !grow(text, length));
    return !text->failed;
}

/* Short ones, as nearly all are, without a call: what overlaps is written twice. */
static void copy(char *to, const char *from, size_t length)
{
    if (length > 32) {
        memcpy(to, from, length);
    } else if (length >= 16) {
        memcpy(to, from, 16);
        memcpy(to + length - 16, from + length - 16, 16);
    } else if (length >= 8) {
        memcpy(to, from, 8);
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else {
        to[0] = from[0];
        to[length / 2] = from[length / 2];
        to[length - 1] = from[length - 1];
    }
}

static __attribute__((noinline)) void append_after_growth(struct toolbar_text *text,
                                                          const char *data, size_t length)
{
    if (!length || !toolbar__text_reserve(text, length)) return;
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

void toolbar_text_append(struct toolbar_text *text, const char *data, size_t length)
{
    size_t at = text->length;

    /* Of no bytes as well, which is none of the ordinary cases. */
    if (text->failed || length - 1 >= text->capacity - at) {
        append_after_growth(text, data, length);
        return;
    }
    text->length = at + length;
    copy(text->data + at, data, length);
}

void toolbar__text_string(struct toolbar_text *text, const char *string)
{
    toolbar_text_append(text, string, strlen(string));
}

void toolbar__text_char(struct toolbar_text *text, char c)
{
    char *end = toolbar__text_room(text, 1);

    if (!end) return;
    *end = c;
    text->length++;
}

void toolbar__text_printf(struct toolbar_text *text, const char *format, ...)
{
    char line[128];
    va_list arguments;
    int length;

    va_start(arguments, format);
    /* It has just begun. NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length <= 0) return;
    if ((size_t)length < sizeof line) {
        toolbar_text_append(text, line, (size_t)length);
        return;
    }
    if (!toolbar__text_reserve(text, (size_t)length)) return;
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

void toolbar_text_integer(struct toolbar_text *text, int64_t value)
{
    char digits[TOOLBAR__PUT_INTEGER];

    toolbar_text_append(text, digits, (size_t)(toolbar__put_integer(digits, value) - digits));
}

void toolbar_text_ms(struct toolbar_text *text, int64_t ns)
{
    char digits[TOOLBAR__PUT_MS];

    toolbar_text_append(text, digits, (size_t)(toolbar__put_ms(digits, ns) - digits));
}

char *toolbar__text_take(struct toolbar_text *text, size_t *length)
{
    char *data;

    /* So that an empty text hands over an empty string, not NULL. */
    toolbar__text_reserve(text, 1);
    if (text->failed) {
        toolbar__text_free(text);
        return NULL;
    }
    data = text->data;
    data[text->length] = '\0';
    if (length) *length = text->length;
    *text = (struct toolbar_text){.maximum = text->maximum};
    return data;
}

size_t toolbar__utf8_cut(const char *data, size_t length, size_t maximum)
{
    size_t cut = maximum;

    if (length <= maximum) return length;
    while (cut > 0 && maximum - cut < 4 && ((unsigned char)data[cut] & 0xc0) == 0x80) {
        cut--;
    }
    return cut;
}

int toolbar__hex_digit(char c)
{
    int lower = toolbar__ascii_lower((unsigned char)c);

    if (c >= '0' && c <= '9') return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool toolbar__ascii_equal(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (a[i] != b[i] && toolbar__ascii_lower((unsigned char)a[i]) !=
                                toolbar__ascii_lower((unsigned char)b[i])) {
            return false;
        }
    }
    return true;
}

bool toolbar__ascii_same(const char *data, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        if (!word[i]) return false;
        if (data[i] != word[i] && toolbar__ascii_lower((unsigned char)data[i]) !=
                                      toolbar__ascii_lower((unsigned char)word[i])) {
            return false;
        }
    }
    return !word[length];
}

size_t toolbar__percent_decode(char *data, size_t length)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        int high = data[i] == '%' && length - i > 2 ? toolbar__hex_digit(data[i + 1]) : -1;
        int low = high >= 0 ? toolbar__hex_digit(data[i + 2]) : -1;

        data[kept++] = (char)(low >= 0 ? high << 4 | low : data[i]);
        if (low >= 0) i += 2;
    }
    return kept;
}
