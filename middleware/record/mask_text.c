#include "record/mask_text.h"

#include <string.h>

#include "record/mask.h"

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80 || (c && strchr("_-.[]", c));
}

/* Where the name in front of the separator begins, which may be quoted as in JSON. */
static size_t name_start(const char *line, size_t *end)
{
    size_t start;

    while (*end && strchr("\"' \t", line[*end - 1])) {
        --*end;
    }
    for (start = *end; start && is_name(line[start - 1]); start--) {
    }
    return start;
}

/* How much of the line may be kept. */
static size_t harmless(const char *line, size_t length, bool strict)
{
    size_t first = 0;

    for (size_t i = 0; i < length; i++) {
        size_t end = i, start;

        if (line[i] != '=' && line[i] != ':') continue;
        if (!first) first = i + 1;
        if (strict) return first;
        start = name_start(line, &end);
        if (toolbar__mask_name(line + start, end - start)) return i + 1;
    }
    if (strict) return 0;
    if (!toolbar__mask_value(line, length)) return length;
    return toolbar__mask_value(line, first) ? 0 : first;
}

static void line_masked(struct toolbar_text *text, const char *line, size_t length, bool strict)
{
    size_t kept = harmless(line, length, strict);

    toolbar_text_append(text, line, kept);
    if (kept < length) toolbar_text_literal(text, "********");
}

void toolbar__mask_text(struct toolbar_text *text, const char *data, size_t length, bool strict)
{
    while (length) {
        const char *end = memchr(data, '\n', length);
        size_t line = end ? (size_t)(end - data) : length;

        line_masked(text, data, line, strict);
        if (end) toolbar__text_char(text, '\n');
        data += line + (end != NULL);
        length -= line + (end != NULL);
    }
}
