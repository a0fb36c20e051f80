/* Names with values, in the order in which they came: headers, arguments, form fields, cookies. */
#ifndef TOOLBAR_RECORD_PAIRS_H
#define TOOLBAR_RECORD_PAIRS_H

#include <stddef.h>

struct toolbar_recording;

enum { TOOLBAR__PAIRS_MAXIMUM = 100, TOOLBAR__PAIR_MAXIMUM = 1024 /* bytes of one value */ };

struct toolbar__pair {
    struct toolbar__pair *next;
    const char *name;
    const char *value;  /* cut, on the boundary of a character */
    size_t value_bytes; /* before it was cut */
};

struct toolbar__pairs {
    struct toolbar__pair *first;
    struct toolbar__pair *last;
    unsigned count;   /* kept */
    unsigned dropped; /* over the limit, or the recording was full */
};

/* Copies both; the caller has masked the value, the secret key is masked here. Nothing is added to
 * a finished recording. */
void toolbar__pairs_add(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                        const char *name, size_t name_length, const char *value,
                        size_t value_length);

#endif
