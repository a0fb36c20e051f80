/*
 * Invariant: what was appended to `out`, then `held`, is all that was fed, in order. The panel
 * is only ever announced when `held` starts at its place, so no failure can lose a byte: without
 * memory for `held` its bytes go to `out` and there is no panel.
 */
#include "page/filter.h"

#include <string.h>

void toolbar__filter_init(struct toolbar__filter *filter)
{
    toolbar__scanner_init(&filter->scanner);
    toolbar__text_init(&filter->held, PTRDIFF_MAX);
    filter->held_start = 0;
    filter->passing = false;
}

void toolbar__filter_free(struct toolbar__filter *filter)
{
    toolbar__text_free(&filter->held);
}

void toolbar__filter_rest(struct toolbar__filter *filter, struct toolbar_text *out)
{
    toolbar_text_append(out, filter->held.data, filter->held.length);
    filter->held_start += filter->held.length;
    filter->held.length = 0;
}

static void hold(struct toolbar__filter *filter, const char *data, size_t length,
                 struct toolbar_text *out)
{
    toolbar_text_append(&filter->held, data, length);
    if (!filter->held.failed) return;
    filter->passing = true;
    toolbar__filter_rest(filter, out);
    toolbar_text_append(out, data, length);
}

/* Lets go what stands before the offset `keep`, of the held bytes and of the new ones. */
static void release(struct toolbar__filter *filter, uint64_t keep, const char *data, size_t length,
                    struct toolbar_text *out)
{
    struct toolbar_text *held = &filter->held;
    uint64_t ready = keep - filter->held_start;
    size_t old = ready < held->length ? (size_t)ready : held->length;
    size_t fresh = (size_t)ready - old;

    toolbar_text_append(out, held->data, old);
    if (old) memmove(held->data, held->data + old, held->length - old);
    held->length -= old;
    toolbar_text_append(out, data, fresh);
    filter->held_start = keep;
    hold(filter, data + fresh, length - fresh, out);
}

/* The scanner's place, unless its bytes are gone: then the page counts as one without it. */
static bool has_candidate(struct toolbar__filter *filter)
{
    struct toolbar__scanner *scanner = &filter->scanner;

    if (scanner->found && scanner->body_end < filter->held_start) {
        scanner->found = false;
        scanner->document = true;
    }
    return scanner->found;
}

/* The offset from which on bytes are held. It never goes back to a tag that was let go. */
static uint64_t hold_from(const struct toolbar__filter *filter)
{
    uint64_t settled = toolbar__scanner_settled(&filter->scanner);

    if (filter->scanner.found) return filter->scanner.body_end;
    return settled < filter->held_start ? filter->held_start : settled;
}

/* Scans at most as much as fits under the bound, so that pieces of any size meet it alike. */
static bool scan(struct toolbar__filter *filter, const char *data, size_t length,
                 struct toolbar_text *out)
{
    bool candidate;

    toolbar__scanner_feed(&filter->scanner, data, length);
    candidate = has_candidate(filter);
    release(filter, hold_from(filter), data, length, out);
    if (filter->held.length < TOOLBAR__HOLD_MAXIMUM) return false;
    /* A tag that has not ended after so many bytes is let go. */
    if (!candidate) toolbar__filter_rest(filter, out);
    return candidate;
}

bool toolbar__filter_feed(struct toolbar__filter *filter, const char *data, size_t length,
                          struct toolbar_text *out)
{
    while (length && !filter->passing) {
        size_t room = TOOLBAR__HOLD_MAXIMUM - filter->held.length;
        size_t step = length < room ? length : room;
        bool place = scan(filter, data, step, out);

        data += step;
        length -= step;
        if (!place) continue;
        hold(filter, data, length, out);
        place = !filter->passing;
        filter->passing = true;
        return place;
    }
    if (!length) return false;
    toolbar__filter_rest(filter, out);
    toolbar_text_append(out, data, length);
    return false;
}

bool toolbar__filter_end(struct toolbar__filter *filter, struct toolbar_text *out)
{
    uint64_t place;

    if (filter->passing || !toolbar__scanner_place(&filter->scanner, &place)) return false;
    filter->passing = true;
    if (!filter->scanner.found) toolbar__filter_rest(filter, out);
    return true;
}
