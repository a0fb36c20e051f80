/* The framing half of the validator; head.c judges what it has collected. */
#include "adapters/tls/validator.h"

#include "adapters/tls/head.h"
#include "base/text.h"

/* A chunk's size line needs more digits for nothing but confusion; libmicrohttpd stops at 16. */
enum { CHUNK_SIZE_DIGITS = 15 };

void toolbar__validator_init(struct toolbar__validator *validator)
{
    *validator = (struct toolbar__validator){.phase = TOOLBAR__IN_HEAD};
    toolbar__text_init(&validator->held, TOOLBAR__HEAD_BYTES);
}

void toolbar__validator_free(struct toolbar__validator *validator)
{
    toolbar__text_free(&validator->held);
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

/*
 * Walks over the bytes of a head or of trailers, up to and including the empty line that ends
 * them: `*end` is where that is, or `length` and `*complete` false. Bytes that no head may have
 * are found here, as soon as they come.
 */
static bool walk(struct toolbar__validator *validator, const char *data, size_t length, size_t *end,
                 bool *complete)
{
    *complete = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];

        if (validator->after_cr != (c == '\n')) return false;
        if (c == '\n') {
            validator->after_cr = false;
            *complete = validator->line_bytes == 0;
            validator->line_bytes = 0;
            *end = i + 1;
            if (*complete) return true;
        } else if (c == '\r') {
            validator->after_cr = true;
        } else if (is_control(c)) {
            return false;
        } else {
            validator->line_bytes++;
        }
    }
    *end = length;
    return true;
}

/* Requests without a body leave the phase at IN_HEAD, for the next one. */
static void begin_body(struct toolbar__validator *validator, const struct toolbar__head *head)
{
    validator->left_bytes = head->content_length;
    validator->chunk_count = 0;
    if (head->chunked) {
        validator->phase = TOOLBAR__IN_CHUNK_SIZE;
    } else if (head->content_length) {
        validator->phase = TOOLBAR__IN_BODY;
    } else if (head->upgrade && !validator->requests) {
        validator->phase = TOOLBAR__AWAITING_ANSWER;
    }
    validator->requests++;
}

static bool judge(struct toolbar__validator *validator, struct toolbar__passage *passage)
{
    struct toolbar__head head;

    if (validator->phase == TOOLBAR__IN_TRAILERS) {
        validator->phase = TOOLBAR__IN_HEAD;
        return toolbar__trailers_valid(passage->data, passage->length);
    }
    /* RFC 9112 2.2: empty lines before a request line are ignored. */
    if (passage->length == 2) {
        passage->length = 0;
        return true;
    }
    if (!toolbar__head_read(passage->data, passage->length, &head)) return false;
    begin_body(validator, &head);
    return true;
}

static enum toolbar__verdict feed_head(struct toolbar__validator *validator, const char *data,
                                       size_t length, size_t *consumed,
                                       struct toolbar__passage *passage)
{
    struct toolbar__passage head = {0};
    size_t end;
    bool complete;

    if (!walk(validator, data, length, &end, &complete)) return TOOLBAR__REQUEST_BAD;
    if (end > TOOLBAR__HEAD_BYTES - validator->held.length) return TOOLBAR__REQUEST_TOO_LARGE;
    if (complete && !validator->held.length) {
        head = (struct toolbar__passage){data, end};
    } else {
        toolbar_text_append(&validator->held, data, end);
        if (validator->held.failed) return TOOLBAR__REQUEST_TOO_LARGE;
        if (complete)
            head = (struct toolbar__passage){validator->held.data, validator->held.length};
        validator->held_passed = complete;
    }
    if (complete && !judge(validator, &head)) return TOOLBAR__REQUEST_BAD;
    *consumed = end;
    *passage = head;
    return TOOLBAR__REQUEST_VALID;
}

/* -1 if it is none. */
static bool feed_chunk_size(struct toolbar__validator *validator, char c)
{
    int digit = toolbar__hex_digit(c);

    if (digit >= 0) {
        validator->left_bytes = validator->left_bytes * 16 + (uint64_t)digit;
        return ++validator->chunk_count <= CHUNK_SIZE_DIGITS;
    }
    if (!validator->chunk_count) return false;
    validator->chunk_count = 0;
    validator->phase = c == ';' ? TOOLBAR__IN_CHUNK_EXTENSION : TOOLBAR__AT_CHUNK_SIZE_LF;
    return c == ';' || c == '\r';
}

static bool feed_chunk_byte(struct toolbar__validator *validator, char c)
{
    switch (validator->phase) {
    case TOOLBAR__IN_CHUNK_SIZE: return feed_chunk_size(validator, c);
    case TOOLBAR__IN_CHUNK_EXTENSION:
        if (c == '\r')
            validator->phase = TOOLBAR__AT_CHUNK_SIZE_LF;
        else if (is_control((unsigned char)c))
            return false;
        return ++validator->chunk_count <= TOOLBAR__CHUNK_EXTENSION_BYTES;
    case TOOLBAR__AT_CHUNK_SIZE_LF:
        validator->phase = validator->left_bytes ? TOOLBAR__IN_CHUNK : TOOLBAR__IN_TRAILERS;
        return c == '\n';
    case TOOLBAR__AT_CHUNK_CR: validator->phase = TOOLBAR__AT_CHUNK_LF; return c == '\r';
    default: /* TOOLBAR__AT_CHUNK_LF */
        validator->phase = TOOLBAR__IN_CHUNK_SIZE;
        validator->chunk_count = 0;
        return c == '\n';
    }
}

/* Content of a body or of a chunk: how many of the `length` bytes belong to it. */
static size_t feed_content(struct toolbar__validator *validator, size_t length)
{
    size_t take = length < validator->left_bytes ? length : (size_t)validator->left_bytes;

    validator->left_bytes -= take;
    if (!validator->left_bytes) {
        validator->phase =
            validator->phase == TOOLBAR__IN_CHUNK ? TOOLBAR__AT_CHUNK_CR : TOOLBAR__IN_HEAD;
    }
    return take;
}

enum toolbar__verdict toolbar__validator_feed(struct toolbar__validator *validator,
                                              const char *data, size_t length, size_t *consumed,
                                              struct toolbar__passage *passage)
{
    size_t at = 0;

    if (validator->held_passed) toolbar__text_free(&validator->held);
    validator->held_passed = false;
    while (at < length) {
        switch (validator->phase) {
        case TOOLBAR__IN_HEAD:
        case TOOLBAR__IN_TRAILERS:
            if (!at) return feed_head(validator, data, length, consumed, passage);
            goto out;
        case TOOLBAR__AWAITING_ANSWER: goto out;
        case TOOLBAR__TUNNEL: at = length; break;
        case TOOLBAR__IN_BODY:
        case TOOLBAR__IN_CHUNK: at += feed_content(validator, length - at); break;
        default:
            if (!feed_chunk_byte(validator, data[at++])) return TOOLBAR__REQUEST_BAD;
        }
    }
out:
    *consumed = at;
    *passage = (struct toolbar__passage){data, at};
    return TOOLBAR__REQUEST_VALID;
}

void toolbar__validator_answer(struct toolbar__validator *validator, const char *data,
                               size_t length)
{
    static const char switching[] = "HTTP/1.1 101";

    for (size_t i = 0; i < length && validator->phase == TOOLBAR__AWAITING_ANSWER; i++) {
        if (data[i] != switching[validator->answer_matched++])
            validator->phase = TOOLBAR__IN_HEAD;
        else if (validator->answer_matched == sizeof switching - 1)
            validator->phase = TOOLBAR__TUNNEL;
    }
}

bool toolbar__validator_awaits_answer(const struct toolbar__validator *validator)
{
    return validator->phase == TOOLBAR__AWAITING_ANSWER;
}

bool toolbar__validator_between_requests(const struct toolbar__validator *validator)
{
    return validator->phase == TOOLBAR__AWAITING_ANSWER ||
           (validator->phase == TOOLBAR__IN_HEAD && !validator->after_cr &&
            (!validator->held.length || validator->held_passed));
}
