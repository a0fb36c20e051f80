/*
 * Follows the requests of one connection through their framing and lets only valid heads pass,
 * because libmicrohttpd 0.9.75 reads forged header names out of folded lines, cuts values at a
 * NUL and can be made to disagree with a proxy on where a request ends. A head is held until it
 * is complete and found valid; bodies stream through. Knows no sockets.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_VALIDATOR_H
#define TOOLBAR_ADAPTERS_TLS_VALIDATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { TOOLBAR__HEAD_BYTES = 32 * 1024, TOOLBAR__CHUNK_EXTENSION_BYTES = 256 };

/* What is wrong with a request is the status that it is answered with. */
enum toolbar__verdict {
    TOOLBAR__REQUEST_VALID = 0,
    TOOLBAR__REQUEST_BAD = 400,
    TOOLBAR__REQUEST_TOO_LARGE = 431
};

struct toolbar__validator {
    enum {
        TOOLBAR__IN_HEAD,
        TOOLBAR__IN_BODY,
        TOOLBAR__IN_CHUNK_SIZE,
        TOOLBAR__IN_CHUNK_EXTENSION,
        TOOLBAR__AT_CHUNK_SIZE_LF,
        TOOLBAR__IN_CHUNK,
        TOOLBAR__AT_CHUNK_CR,
        TOOLBAR__AT_CHUNK_LF,
        TOOLBAR__IN_TRAILERS,
        TOOLBAR__AWAITING_ANSWER,
        TOOLBAR__TUNNEL
    } phase;
    struct toolbar_text held; /* the part of a head or of trailers that is there so far */
    bool held_passed;         /* the caller has seen it, the next call drops it */
    bool after_cr;
    size_t line_bytes;    /* of the current line of a head, without CR */
    uint64_t left_bytes;  /* of a body or chunk; in a chunk's size line its value so far */
    unsigned chunk_count; /* bytes of the current chunk's size or extension */
    uint64_t requests;    /* whose heads have been passed on */
    size_t answer_matched;
};

/* Bytes to be passed on; they live until the next call. */
struct toolbar__passage {
    const char *data;
    size_t length;
};

void toolbar__validator_init(struct toolbar__validator *validator);
void toolbar__validator_free(struct toolbar__validator *validator);

/*
 * Takes the client's next bytes, a part of them at a time: call again with the rest until all
 * are consumed. Nothing is consumed while an answer is awaited (below). After any verdict but
 * VALID the connection has no further use: `passage` and `consumed` are not set.
 */
enum toolbar__verdict toolbar__validator_feed(struct toolbar__validator *validator,
                                              const char *data, size_t length, size_t *consumed,
                                              struct toolbar__passage *passage);

/*
 * Must see what the server sends. A connection leaves HTTP only if its first request has an
 * Upgrade header and no body and the first answer is a 101; from there on everything passes.
 * Until the answer is known nothing more is taken from the client. Upgrade in later requests
 * means nothing here, because an answer could not be told from that of an earlier request: the
 * bytes after it go on being read as HTTP.
 */
void toolbar__validator_answer(struct toolbar__validator *validator, const char *data,
                               size_t length);
bool toolbar__validator_awaits_answer(const struct toolbar__validator *validator);

/* No request has begun that is not yet complete. */
bool toolbar__validator_between_requests(const struct toolbar__validator *validator);

#endif
