/* See the header. */
#include "json_reader.h"

#include <stdlib.h>
#include <string.h>

#include "asserts.h"

static const char *skip_value(const char *at, enum json_type *type);

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static const char *skip_string(const char *at)
{
    if (*at++ != '"') return NULL;
    while (*at != '"') {
        if ((unsigned char)*at < 0x20) return NULL;
        if (*at++ != '\\') continue;
        if (*at == 'u') {
            if (strspn(at + 1, "0123456789abcdefABCDEF") < 4) return NULL;
            at += 5;
        } else if (!*at || !strchr("\"\\/bfnrt", *at++)) {
            return NULL;
        }
    }
    return at + 1;
}

/* [value, ...] or {"name": value, ...} */
static const char *skip_container(const char *at, bool object)
{
    enum json_type type;
    char close = object ? '}' : ']';

    at = skip_space(at + 1);
    if (*at == close) return at + 1;
    for (;;) {
        if (object) {
            at = skip_string(at);
            if (!at) return NULL;
            at = skip_space(at);
            if (*at++ != ':') return NULL;
            at = skip_space(at);
        }
        at = skip_value(at, &type);
        if (!at) return NULL;
        at = skip_space(at);
        if (*at == close) return at + 1;
        if (*at++ != ',') return NULL;
        at = skip_space(at);
    }
}

static const char *skip_number(const char *at)
{
    char *end;

    if (strspn(at, "-") > 1 || strcspn(at, "0123456789") > 1) return NULL;
    if ((at[0] == '0' || (at[0] == '-' && at[1] == '0')) &&
        strchr("xX", at[at[0] == '-' ? 2 : 1]) && at[at[0] == '-' ? 2 : 1]) {
        return NULL;
    }
    strtod(at, &end);
    return end;
}

static const char *skip_value(const char *at, enum json_type *type)
{
    switch (*at) {
    case '{':
    case '[': *type = *at == '{' ? JSON_OBJECT : JSON_ARRAY; return skip_container(at, *at == '{');
    case '"': *type = JSON_STRING; return skip_string(at);
    case 'n': *type = JSON_NULL; return strncmp(at, "null", 4) == 0 ? at + 4 : NULL;
    case 't': *type = JSON_BOOL; return strncmp(at, "true", 4) == 0 ? at + 4 : NULL;
    case 'f': *type = JSON_BOOL; return strncmp(at, "false", 5) == 0 ? at + 5 : NULL;
    default: *type = JSON_NUMBER; return skip_number(at);
    }
}

static struct json value_from(const char *at)
{
    struct json value = {.start = skip_space(at)};

    value.end = skip_value(value.start, &value.type);
    return value;
}

/* The member of that name, or the element of that number if there is no name. */
static struct json child(struct json parent, const char *name, size_t length, unsigned long number)
{
    static const struct json none;
    bool object = parent.type == JSON_OBJECT;
    const char *at = skip_space(parent.start + 1);

    if (object != (name != NULL) || (!object && parent.type != JSON_ARRAY)) return none;
    while (at < parent.end - 1) {
        bool found = !object && number-- == 0;
        struct json value;

        if (object) {
            const char *end = skip_string(at);

            found = (size_t)(end - at) == length + 2 && memcmp(at + 1, name, length) == 0;
            at = skip_space(end) + 1;
        }
        value = value_from(at);
        if (found) return value;
        at = skip_space(value.end);
        if (*at == ',') at = skip_space(at + 1);
    }
    return none;
}

struct json json_at(const char *text, const char *path)
{
    struct json value = value_from(text);

    if (!value.end || *skip_space(value.end)) fail_msg("not JSON: %.200s", text);
    while (*path && value.type != JSON_NONE) {
        if (*path == '[') {
            char *end;
            unsigned long number = strtoul(path + 1, &end, 10);

            value = child(value, NULL, 0, number);
            path = end + 1;
        } else {
            size_t length;

            path += *path == '.';
            length = strcspn(path, ".[");
            value = child(value, path, length, 0);
            path += length;
        }
    }
    return value;
}

double json_number(struct json value)
{
    assert_int_equal(value.type, JSON_NUMBER);
    return strtod(value.start, NULL);
}

bool json_true(struct json value)
{
    assert_int_equal(value.type, JSON_BOOL);
    return *value.start == 't';
}

int64_t json_count(struct json value)
{
    const char *at = skip_space(value.start + 1);
    bool object = value.type == JSON_OBJECT;
    int64_t count = 0;

    assert_true(object || value.type == JSON_ARRAY);
    while (at < value.end - 1) {
        if (object) at = skip_space(skip_string(at)) + 1;
        at = skip_space(value_from(at).end);
        if (*at == ',') at = skip_space(at + 1);
        count++;
    }
    return count;
}

static size_t append_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    out[0] = (char)(0xe0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 63));
    out[2] = (char)(0x80 | (code & 63));
    return 3;
}

char *json_string(struct json value)
{
    static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
    char *string, *out;

    assert_int_equal(value.type, JSON_STRING);
    string = out = malloc((size_t)(value.end - value.start));
    assert_non_null(string);
    for (const char *at = value.start + 1; at < value.end - 1; at++) {
        const char *letter;

        if (*at != '\\') {
            *out++ = *at;
        } else if (*++at == 'u') {
            char digits[5] = {at[1], at[2], at[3], at[4], 0};

            out += append_utf8(out, (unsigned)strtoul(digits, NULL, 16));
            at += 4;
        } else {
            letter = strchr(letters, *at);
            *out++ = letter ? bytes[letter - letters] : *at;
        }
    }
    *out = '\0';
    return string;
}

bool json_is(struct json value, const char *string)
{
    char *text;
    bool same;

    if (value.type != JSON_STRING) return false;
    text = json_string(value);
    same = strcmp(text, string) == 0;
    free(text);
    return same;
}
