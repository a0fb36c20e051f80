/*
 * Reads back any response. libmicrohttpd has no way to ask a response for its body, so the
 * response is queued on a private daemon, without thread or listening socket, whose only client
 * sits at the other end of a socket pair: what comes out is what any client would get, whatever
 * the response was made of and by whom.
 *
 * A reader belongs to one thread at a time. Each thread keeps an idle one.
 */
#ifndef TOOLBAR_MHD_READER_H
#define TOOLBAR_MHD_READER_H

#include <microhttpd.h>

#include "base/text.h"

struct toolbar__reader;

#define TOOLBAR__READER_UNKNOWN_LENGTH UINT64_MAX

/* What the head of the reply says about the response. */
struct toolbar__reader_facts {
    uint64_t length; /* of the body, or UNKNOWN_LENGTH */
    bool http_1_0;   /* it wants to be sent as HTTP/1.0 */
    bool keep_alive; /* it wants to say Connection: keep-alive */
    bool close;      /* it closes the connection */
};

enum toolbar__reader_state {
    TOOLBAR__READER_MORE, /* bytes came, and more may be there */
    TOOLBAR__READER_WAIT, /* none now: the content reader has nothing yet */
    TOOLBAR__READER_END,  /* the body is complete */
    TOOLBAR__READER_ERROR /* the content reader failed, or we did */
};

/* This thread's idle reader or a new one; NULL if none can be made. */
struct toolbar__reader *toolbar__reader_take(void);

/* Back to the thread, or freed if its last body was not read to the end. NULL is allowed. */
void toolbar__reader_give_back(struct toolbar__reader *reader);

/*
 * Starts reading `response`, of which the reader holds a reference until the reply is complete.
 * `head_only`: as for a HEAD request, the content is not touched. False: it cannot be read, and
 * nothing of it has been consumed.
 */
bool toolbar__reader_begin(struct toolbar__reader *reader, struct MHD_Response *response,
                           bool head_only, struct toolbar__reader_facts *facts);

/* Appends what is there of the body, up to about `want` bytes. */
enum toolbar__reader_state toolbar__reader_read(struct toolbar__reader *reader, size_t want,
                                                struct toolbar_text *body);

#endif
