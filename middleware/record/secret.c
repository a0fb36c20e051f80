#include "record/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

enum {
    ENCODINGS_MAXIMUM = 3,
    /* Less of a secret gives nothing away, and is found everywhere. */
    PART_MINIMUM = 8
};

/* All of it, or as much of its start as the data has room for at its end. */
static bool has_start(const struct toolbar__secret *secret, const char *data, size_t length)
{
    const char *end = data + length;

    for (const char *at = data; end - at >= PART_MINIMUM; at++) {
        size_t left, part;

        at = memchr(at, *secret->presented, (size_t)(end - at));
        if (!at) return false;
        left = (size_t)(end - at);
        part = left < secret->presented_length ? left : secret->presented_length;
        if (part >= PART_MINIMUM && memcmp(at, secret->presented, part) == 0) return true;
    }
    return false;
}

static bool starts_with_hex(const struct toolbar__secret *secret, const char *data)
{
    for (size_t i = 0; i < secret->presented_length; i++, data += 2) {
        unsigned char c = (unsigned char)secret->presented[i];

        if (toolbar__hex_digit(data[0]) != c >> 4 || toolbar__hex_digit(data[1]) != (c & 15)) {
            return false;
        }
    }
    return true;
}

static bool has_hex(const struct toolbar__secret *secret, const char *data, size_t length)
{
    for (size_t i = 0; length - i >= 2 * secret->presented_length; i++) {
        if (starts_with_hex(secret, data + i)) return true;
    }
    return false;
}

static bool has_presented(const struct toolbar__secret *secret, const char *data, size_t length)
{
    if (!secret->presented_length) return false;
    if (secret->presented_length < PART_MINIMUM) {
        return length == secret->presented_length && memcmp(data, secret->presented, length) == 0;
    }
    return has_start(secret, data, length) || has_hex(secret, data, length);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* No word goes on from before `at` to behind it. */
static bool is_edge(const char *data, size_t length, size_t at)
{
    return at == 0 || at == length || !is_word(data[at - 1]) || !is_word(data[at]);
}

static bool has_in_force(const struct toolbar__secret *secret, const char *data, size_t length)
{
    for (size_t i = 0; i < TOOLBAR__SECRETS_IN_FORCE; i++) {
        size_t size = secret->lengths[i];

        for (size_t at = 0; size && size <= length - at; at++) {
            if (is_edge(data, length, at) && is_edge(data, length, at + size) &&
                secret->in_force(secret->cls, data + at, size)) {
                return true;
            }
        }
    }
    return false;
}

static bool has(const struct toolbar__secret *secret, const char *data, size_t length)
{
    return has_presented(secret, data, length) || has_in_force(secret, data, length);
}

/* Without an escape at the end that was cut. */
static size_t whole_escapes(const char *data, size_t length)
{
    if (length > 0 && data[length - 1] == '%') return length - 1;
    if (length > 1 && data[length - 2] == '%') return length - 2;
    return length;
}

bool toolbar__secret_in(const struct toolbar__secret *secret, const char *data, size_t length)
{
    size_t left = length;
    bool found;
    char *decoded;

    if (!length) return false;
    found = has(secret, data, length);
    if (found || !memchr(data, '%', length)) return found;
    decoded = malloc(length);
    if (!decoded) return true;
    memcpy(decoded, data, length);
    for (int i = 0; i < ENCODINGS_MAXIMUM && !found; i++) {
        size_t before = left;

        left = toolbar__percent_decode(decoded, whole_escapes(decoded, left));
        if (left == before) break;
        found = has(secret, decoded, left);
    }
    toolbar__wipe(decoded, length);
    free(decoded);
    return found;
}
