/*
 * Values that look like secrets. Every rule looks for its shape anywhere in the value, so that
 * "Bearer eyJ..." and a URL with a password are found too.
 */
#include "record/mask.h"

#include <string.h>

enum {
    HEX_MINIMUM = 32,   /* digits: 128 bits */
    TOKEN_MINIMUM = 20, /* base64url characters: 120 bits */
    CARD_MINIMUM = 13,
    CARD_MAXIMUM = 19,
    UUID_LENGTH = 36
};

/* What a byte can be part of; the first ones are letters and digits. */
enum kind { OTHER, LOWER, UPPER, DIGIT, JOIN, DOT, AT, KIND_COUNT };

// clang-format off
static const unsigned char kinds[256] = {
    ['a'] = LOWER, ['b'] = LOWER, ['c'] = LOWER, ['d'] = LOWER, ['e'] = LOWER, ['f'] = LOWER,
    ['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER,
    ['m'] = LOWER, ['n'] = LOWER, ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER,
    ['s'] = LOWER, ['t'] = LOWER, ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER,
    ['y'] = LOWER, ['z'] = LOWER,
    ['A'] = UPPER, ['B'] = UPPER, ['C'] = UPPER, ['D'] = UPPER, ['E'] = UPPER, ['F'] = UPPER,
    ['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER,
    ['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER,
    ['S'] = UPPER, ['T'] = UPPER, ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER,
    ['Y'] = UPPER, ['Z'] = UPPER,
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT,
    ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
    ['-'] = JOIN, ['_'] = JOIN, ['.'] = DOT, ['@'] = AT,
};
// clang-format on

static enum kind kind_of(char c)
{
    enum kind kind = (enum kind)kinds[(unsigned char)c];

    return kind <= DIGIT ? kind : OTHER;
}

static bool is_hex(char c)
{
    return kind_of(c) == DIGIT || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_base64url(char c)
{
    unsigned kind = kinds[(unsigned char)c];

    return kind != OTHER && kind <= JOIN;
}

/* Length of the leading stretch of such characters. */
static size_t span(const char *data, size_t length, bool (*is)(char))
{
    size_t end = 0;

    while (end < length && is(data[end])) {
        end++;
    }
    return end;
}

static bool has_hex(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t run = span(data + i, length - i, is_hex);

        if (run >= HEX_MINIMUM) return true;
        i += run;
    }
    return false;
}

/* RFC 7519: header.claims.signature; the header's {" is eyJ in base64. */
static bool has_jwt(const char *data, size_t length)
{
    const char *end = data + length;
    const char *at = data;

    while ((at = memmem(at, (size_t)(end - at), "eyJ", 3))) {
        size_t header = span(at, (size_t)(end - at), is_base64url);

        at += header;
        if (end - at > 1 && *at == '.' && is_base64url(at[1])) return true;
    }
    return false;
}

/* Identifiers of this form are in every URL and table; they name things, they open nothing. */
static bool is_uuid(const char *data, size_t length)
{
    if (length != UUID_LENGTH) return false;
    for (size_t i = 0; i < length; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? data[i] != '-' : !is_hex(data[i])) return false;
    }
    return true;
}

/*
 * Random characters change their kind (lower, upper, digit) more often than words do, however
 * these are put together: in base64 64 times in 100, in base36 40 times, in camelCase 15 to 40.
 * The limits miss one random string of 20 characters in 15 to 60, one of 32 in 100 or more, and
 * take one identifier of 20 and more characters in 25 for a secret.
 */
static bool is_random(const char *data, size_t length)
{
    size_t changes = 0, letters = 0, counts[4] = {0};
    enum kind last = OTHER;

    for (size_t i = 0; i < length; i++) {
        enum kind now = kind_of(data[i]);

        changes += last != OTHER && now != OTHER && now != last;
        letters += now != OTHER;
        counts[now]++;
        last = now;
    }
    if (counts[LOWER] && counts[UPPER]) {
        return changes * 100 >= letters * (counts[DIGIT] ? 33 : 42);
    }
    /* A time, 2023-10-23T10-20-30Z, has two letters. */
    return counts[DIGIT] > 2 && letters - counts[DIGIT] > 2 && changes * 100 >= letters * 18;
}

static bool has_token(const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t run = span(data + i, length - i, is_base64url);

        if (run >= TOKEN_MINIMUM && !is_uuid(data + i, run) && is_random(data + i, run)) {
            return true;
        }
        i += run;
    }
    return false;
}

/* The check digit of card numbers, ISO/IEC 7812-1 annex B. */
static bool is_luhn(const char *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');

        if (i % 2) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/*
 * A number with single blanks or dashes in it, at data[0]; returns how far it reaches. Card
 * numbers begin with 2 to 6, times since 1970 do not.
 */
static size_t card_length(const char *data, size_t length, bool *found)
{
    char digits[CARD_MAXIMUM];
    size_t count = 0, i = 0;

    while (i < length) {
        if (kind_of(data[i]) == DIGIT) {
            if (count < sizeof digits) digits[count] = data[i];
            count++;
        } else if ((data[i] != ' ' && data[i] != '-') || i + 1 == length ||
                   kind_of(data[i + 1]) != DIGIT) {
            break;
        }
        i++;
    }
    *found = count >= CARD_MINIMUM && count <= CARD_MAXIMUM && digits[0] >= '2' &&
             digits[0] <= '6' && is_luhn(digits, count);
    return i;
}

static bool has_card(const char *data, size_t length)
{
    bool found = false;

    for (size_t i = 0; i < length && !found; i++) {
        if (kind_of(data[i]) == DIGIT) i += card_length(data + i, length - i, &found);
    }
    return found;
}

/* scheme://user:password@host */
static bool has_userinfo(const char *data, size_t length)
{
    const char *end = data + length;
    const char *at = data;

    while ((at = memmem(at, (size_t)(end - at), "://", 3))) {
        bool colon = false;

        for (at += 3; at < end && !strchr("/?# \t\r\n", *at) && *at != '@'; at++) {
            colon = colon || *at == ':';
        }
        if (colon && at < end && *at == '@') return true;
    }
    return false;
}

/* What shapes are made of. */
struct sight {
    size_t run; /* the longest stretch of base64url characters */
    size_t counts[KIND_COUNT];
};

static struct sight look(const char *value, size_t length)
{
    struct sight sight = {0};
    size_t run = 0;

    for (size_t i = 0; i < length; i++) {
        run = is_base64url(value[i]) ? run + 1 : 0;
        if (run > sight.run) sight.run = run;
        sight.counts[kinds[(unsigned char)value[i]]]++;
    }
    return sight;
}

/* Nearly all values have nothing of what any shape needs: one look tells. */
bool toolbar__mask_value(const char *value, size_t length)
{
    static const char pem[] = "-----BEGIN ";
    struct sight sight = look(value, length);

    return (sight.run >= sizeof pem - 2 && memmem(value, length, pem, sizeof pem - 1)) ||
           (sight.counts[DOT] && has_jwt(value, length)) ||
           (sight.run >= HEX_MINIMUM && has_hex(value, length)) ||
           (sight.run >= TOKEN_MINIMUM && has_token(value, length)) ||
           (sight.counts[DIGIT] >= CARD_MINIMUM && has_card(value, length)) ||
           (sight.counts[AT] && has_userinfo(value, length));
}
