/* The two halves around every function of libmicrohttpd that queues a response. */
#ifndef TOOLBAR_MHD_QUEUE_H
#define TOOLBAR_MHD_QUEUE_H

#include "adapters/mhd/exchange.h"

struct toolbar__queueing {
    struct toolbar__exchange *exchange; /* NULL: hidden, nothing was done */
    struct MHD_Response *derived;
    unsigned status;
    struct MHD_Response *response; /* what to queue; NULL: nothing can be */
};

struct toolbar__queueing toolbar__queue_begin(struct MHD_Connection *connection, unsigned status,
                                              struct MHD_Response *response);

/* `result` is what libmicrohttpd said; it is returned. */
enum MHD_Result toolbar__queue_end(const struct toolbar__queueing *queueing,
                                   enum MHD_Result result);

#endif
