#include "adapters/mhd/chunked.h"

enum { SIZE, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_LF, END, BROKEN };

static int after_size(struct toolbar__chunked *chunked, char c)
{
    int digit = toolbar__hex_digit(c);

    if (c == '\r') return SIZE_END;
    if (c == ';') return EXTENSION;
    if (digit < 0 || chunked->left >> 56) return BROKEN;
    chunked->left = chunked->left << 4 | (unsigned)digit;
    return SIZE;
}

static int after_trailer(struct toolbar__chunked *chunked, char c)
{
    if (c == '\r') return TRAILER_LF;
    chunked->line_length++;
    return TRAILER;
}

static int after_trailer_line(struct toolbar__chunked *chunked, char c)
{
    unsigned length = chunked->line_length;

    chunked->line_length = 0;
    if (c != '\n') return BROKEN;
    return length ? TRAILER : END;
}

/* The state after one byte that is not chunk data. */
static int next_state(struct toolbar__chunked *chunked, char c)
{
    switch (chunked->state) {
    case SIZE: return after_size(chunked, c);
    case EXTENSION: return c == '\r' ? SIZE_END : EXTENSION;
    case SIZE_END: return c != '\n' ? BROKEN : chunked->left ? DATA : TRAILER;
    case DATA_CR: return c == '\r' ? DATA_LF : BROKEN;
    case DATA_LF: return c == '\n' ? SIZE : BROKEN;
    case TRAILER: return after_trailer(chunked, c);
    case TRAILER_LF: return after_trailer_line(chunked, c);
    default: return BROKEN;
    }
}

enum toolbar__chunked_result toolbar__chunked_feed(struct toolbar__chunked *chunked,
                                                   const char *data, size_t length,
                                                   struct toolbar_text *body)
{
    for (size_t at = 0; at < length && chunked->state != BROKEN;) {
        if (chunked->state == DATA) {
            size_t part = length - at < chunked->left ? length - at : (size_t)chunked->left;

            toolbar_text_append(body, data + at, part);
            at += part;
            chunked->left -= part;
            if (!chunked->left) chunked->state = DATA_CR;
        } else {
            chunked->state = next_state(chunked, data[at++]);
        }
    }
    if (chunked->state == BROKEN) return TOOLBAR__CHUNKED_BROKEN;
    return chunked->state == END ? TOOLBAR__CHUNKED_END : TOOLBAR__CHUNKED_MORE;
}
