/* Takes the chunked transfer coding off a body that libmicrohttpd put it on. */
#ifndef TOOLBAR_MHD_CHUNKED_H
#define TOOLBAR_MHD_CHUNKED_H

#include "base/text.h"

struct toolbar__chunked {
    int state;
    uint64_t left;        /* bytes of the present chunk */
    unsigned line_length; /* of the present trailer line */
};

enum toolbar__chunked_result {
    TOOLBAR__CHUNKED_MORE,
    TOOLBAR__CHUNKED_END,
    TOOLBAR__CHUNKED_BROKEN
};

/* Decodes all of `data`; there is nothing behind the end, because requests are not pipelined. */
enum toolbar__chunked_result toolbar__chunked_feed(struct toolbar__chunked *chunked,
                                                   const char *data, size_t length,
                                                   struct toolbar_text *body);

#endif
