/* Queues responses: the application's calls of MHD_queue_response() and its relatives end here. */
#include "adapters/mhd/queue.h"

#include "record/current.h"

struct toolbar__queueing toolbar__queue_begin(struct MHD_Connection *connection, unsigned status,
                                              struct MHD_Response *response)
{
    struct toolbar__queueing queueing = {
        .exchange = toolbar__exchange_find(connection), .status = status, .response = response};
    struct toolbar__exchange *exchange = queueing.exchange;
    struct toolbar_request *before;

    if (!exchange || exchange->kind != TOOLBAR__EXCHANGE_SHOWN || !response || exchange->derived) {
        queueing.exchange = NULL;
        return queueing;
    }
    /* A suspended connection's response may come from another thread, whose time is not ours. */
    if (toolbar__exchange_running == exchange) {
        exchange->answered = true;
        toolbar__exchange_note_time(exchange);
    }
    exchange->derived = true;
    /* Before it is queued: in an external loop the request may be over when that returns. */
    exchange->queued = true;
    before = toolbar__current_set(&exchange->request);
    switch (toolbar__derive(exchange, &queueing.status, response, &queueing.derived)) {
    case TOOLBAR__USE_DERIVED: queueing.response = queueing.derived; break;
    case TOOLBAR__USE_ORIGINAL: break;
    case TOOLBAR__USE_NOTHING: queueing.response = NULL; break;
    }
    toolbar__current_set(before);
    return queueing;
}

enum MHD_Result toolbar__queue_end(const struct toolbar__queueing *queueing, enum MHD_Result result)
{
    if (queueing->derived) MHD_destroy_response(queueing->derived);
    /* A refused response leaves the request as it was, so the exchange is still there. */
    if (result != MHD_YES && queueing->exchange) queueing->exchange->queued = false;
    return result;
}

/* Apart, so that requests which are hidden have no frame to set up. */
static __attribute__((noinline)) enum MHD_Result
queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    struct toolbar__queueing queueing = toolbar__queue_begin(connection, status, response);
    enum MHD_Result result = MHD_NO;

    if (queueing.response) {
        result = MHD_queue_response(connection, queueing.status, queueing.response);
    }
    return toolbar__queue_end(&queueing, result);
}

enum MHD_Result toolbar_mhd_queue_response(struct MHD_Connection *connection,
                                           unsigned int status_code, struct MHD_Response *response)
{
    if (toolbar__exchange_any()) return queue(connection, status_code, response);
    return MHD_queue_response(connection, status_code, response);
}
