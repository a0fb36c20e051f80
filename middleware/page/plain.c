/* The states of HTML Living Standard, 13.2.5.6 to 13.2.5.40, as far as they lead to a tag's end. */
#include "page/plain.h"

#include "page/chars.h"
#include "page/nesting.h"

enum kind { OTHER, EQUALS, SPACE, SLASH, END };

static const unsigned char kinds[256] = {
    ['='] = EQUALS, [' '] = SPACE,  ['\n'] = SPACE, ['\t'] = SPACE,
    ['\r'] = SPACE, ['\f'] = SPACE, ['/'] = SLASH,  ['>'] = END,
};

static enum kind kind_of(char c)
{
    return (enum kind)kinds[(unsigned char)c];
}

/* The scanner minds them, besides those that nesting.c knows: base, input and select. */
static const uint16_t minded[26] = {
    ['b' - 'a'] = 1 << 4, ['i' - 'a'] = 1 << 5, ['s' - 'a'] = 1 << 6};

/* From behind the = on; NULL: it goes on behind `end`. */
static const char *skip_value(const char *at, const char *end)
{
    while (at < end && kind_of(*at) == SPACE) {
        at++;
    }
    if (at == end) return NULL;
    if (*at == '"' || *at == '\'') {
        at = memchr(at + 1, *at, (size_t)(end - at) - 1);
        return at ? at + 1 : NULL;
    }
    while (at < end && kind_of(*at) != SPACE && *at != '>') {
        at++;
    }
    return at;
}

/* From behind the name on; a = is one only behind the name of an attribute. */
static const char *skip_attributes(const char *at, const char *end)
{
    bool named = false;

    while (at && at < end) {
        switch (kind_of(*at++)) {
        case END: return at;
        case SPACE: break;
        case SLASH: named = false; break;
        case EQUALS:
            if (named) at = skip_value(at, end);
            named = !named;
            break;
        case OTHER:
            while (at < end && kind_of(*at) == OTHER) {
                at++;
            }
            named = true;
            break;
        }
    }
    return NULL;
}

/* From behind the < on; NULL: it is no tag, one that matters, or has no end yet. */
static const char *skip_tag(const char *at, const char *end)
{
    const char *name;
    unsigned letter;
    size_t length;

    if (at < end && *at == '/') at++;
    if (at == end || !toolbar__is_letter(*at)) return NULL;
    letter = (unsigned)((*at | 0x20) - 'a');
    for (name = at; at < end && kind_of(*at) < SPACE;) {
        at++;
    }
    length = (size_t)(at - name);
    if (length < 16 && (toolbar__tag_lengths[letter] | minded[letter]) >> length & 1) return NULL;
    return skip_attributes(at, end);
}

const char *toolbar__plain_skip(const char *at, const char *end)
{
    while (at < end) {
        const char *next = *at == '<' ? skip_tag(at + 1, end) : toolbar__find(at, end, '<');

        if (!next) break;
        at = next;
    }
    return at;
}
