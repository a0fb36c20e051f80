/* What HTML and HTTP agree on about single characters, whatever the locale. */
#ifndef TOOLBAR_PAGE_CHARS_H
#define TOOLBAR_PAGE_CHARS_H

#include <stdbool.h>
#include <string.h>

static inline bool toolbar__is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static inline bool toolbar__is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The first `c`, or `end`. */
static inline const char *toolbar__find(const char *at, const char *end, char c)
{
    const char *found = memchr(at, c, (size_t)(end - at));

    return found ? found : end;
}

#endif
