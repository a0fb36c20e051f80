/*
 * HTML Living Standard, 13.2.5.2 to 13.2.5.31, with states that differ only in what they emit
 * made one.
 */
#include "page/rawtext.h"

#include "base/text.h"
#include "page/chars.h"

enum state { TEXT, LESS_THAN, NAME, BANG, BANG_DASH, ENDED };

/* Of a script: after <!-- in it, and after <script in that. Only then is </script> no end. */
enum escape { ESCAPE_NONE, ESCAPE_SINGLE, ESCAPE_DOUBLE };

void toolbar__rawtext_begin(struct toolbar__rawtext *raw, enum toolbar__tag element)
{
    *raw = (struct toolbar__rawtext){.element = (unsigned char)element, .state = TEXT};
}

/* Counts dashes for -->, which ends the escape. */
static const char *in_escaped_text(struct toolbar__rawtext *raw, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '-') {
            if (raw->matched < 2) raw->matched++;
            continue;
        }
        if (*at == '>' && raw->matched == 2) raw->escape = ESCAPE_NONE;
        raw->matched = 0;
        if (*at == '<') raw->state = LESS_THAN;
        if (*at == '<' || raw->escape == ESCAPE_NONE) return at + 1;
    }
    return end;
}

static const char *in_text(struct toolbar__rawtext *raw, const char *at, const char *end)
{
    if (raw->escape != ESCAPE_NONE) return in_escaped_text(raw, at, end);
    at = toolbar__find(at, end, '<');
    if (at == end) return end;
    raw->state = LESS_THAN;
    return at + 1;
}

static const char *in_less_than(struct toolbar__rawtext *raw, const char *at)
{
    raw->matched = 0;
    raw->closing = *at == '/';
    if (raw->closing) {
        raw->state = NAME;
        return at + 1;
    }
    if (*at == '!' && raw->element == TOOLBAR__TAG_SCRIPT && raw->escape == ESCAPE_NONE) {
        raw->state = BANG;
        return at + 1;
    }
    raw->state = raw->escape == ESCAPE_SINGLE && toolbar__is_letter(*at) ? NAME : TEXT;
    return at;
}

/* <!-- in a script. Its dashes may already belong to the --> that ends the escape. */
static const char *in_bang(struct toolbar__rawtext *raw, const char *at)
{
    if (*at != '-') {
        raw->state = TEXT;
        return at;
    }
    if (raw->state == BANG) {
        raw->state = BANG_DASH;
        return at + 1;
    }
    raw->escape = ESCAPE_SINGLE;
    raw->matched = 2;
    raw->state = TEXT;
    return at + 1;
}

/* Behind the element's own name: a script's escape goes up or down, or the element ends. */
static const char *name_done(struct toolbar__rawtext *raw, const char *at)
{
    raw->matched = 0;
    if (raw->closing && raw->escape != ESCAPE_DOUBLE) {
        raw->state = ENDED;
        return at;
    }
    raw->escape = raw->closing ? ESCAPE_SINGLE : ESCAPE_DOUBLE;
    raw->state = TEXT;
    return at + 1;
}

static const char *in_name(struct toolbar__rawtext *raw, const char *at)
{
    char expected = toolbar__tag_name(raw->element)[raw->matched];

    if (expected && toolbar__ascii_lower(*at) == expected) {
        raw->matched++;
        return at + 1;
    }
    if (!expected && (*at == '>' || *at == '/' || toolbar__is_space(*at))) {
        return name_done(raw, at);
    }
    raw->matched = 0;
    raw->state = TEXT;
    return at;
}

const char *toolbar__rawtext_read(struct toolbar__rawtext *raw, const char *at, const char *end)
{
    while (at < end && raw->state != ENDED) {
        switch ((enum state)raw->state) {
        case TEXT: at = in_text(raw, at, end); break;
        case LESS_THAN: at = in_less_than(raw, at); break;
        case NAME: at = in_name(raw, at); break;
        case BANG:
        case BANG_DASH: at = in_bang(raw, at); break;
        case ENDED: break;
        }
    }
    return at;
}
