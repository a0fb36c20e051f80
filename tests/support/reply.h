/*
 * An HTTP reply taken apart with no leniency: what libcurl or a browser would forgive (a wrong
 * Content-Length, a broken chunk, two lengths) makes it incomplete here.
 */
#ifndef TEST_REPLY_H
#define TEST_REPLY_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *data; /* with a NUL behind it once something was appended, even nothing */
    size_t length;
    size_t capacity;
};

void bytes_append(struct bytes *bytes, const void *data, size_t length);
void bytes_free(struct bytes *bytes);

enum { REPLY_FIELDS = 64 };

struct reply {
    struct bytes raw; /* everything, as it came */
    unsigned status;
    size_t head_length; /* of the final head in raw, with its empty line */
    size_t head_start;  /* behind interim replies */
    struct bytes body;  /* without transfer coding */
    bool chunked;
    bool closes;    /* Connection: close, or HTTP/1.0 without keep-alive */
    bool until_end; /* the end of the connection is the end of the body */
    struct {
        char *name;
        char *value;
        bool trailer;
    } fields[REPLY_FIELDS];
    size_t field_count;
};

enum reply_progress { REPLY_MORE, REPLY_COMPLETE, REPLY_BROKEN };

/*
 * Parses `raw` from its start. `ended`: no more will come. On REPLY_COMPLETE *used is how much
 * of `raw` the reply takes, and `reply` is filled; free it with reply_free().
 */
enum reply_progress reply_parse(const struct bytes *raw, bool head_request, bool ended,
                                struct reply *reply, size_t *used);
void reply_free(struct reply *reply);

/* The value of the n-th (from 0) header of that name in any case, or NULL. */
const char *reply_header_at(const struct reply *reply, const char *name, size_t n);
const char *reply_header(const struct reply *reply, const char *name);
const char *reply_trailer(const struct reply *reply, const char *name);
size_t reply_header_count(const struct reply *reply, const char *name);

#endif
