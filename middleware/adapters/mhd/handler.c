/* The access handler and the completed callback that stand in front of the application's. */
#include "adapters/mhd/exchange.h"

#include <stdlib.h>

#include "adapters/mhd/body.h"
#include "adapters/mhd/facts.h"
#include "adapters/versions.h"
#include "record/current.h"

enum { WAITING_NS = 100 * 1000 };

_Thread_local struct toolbar__exchange *toolbar__exchange_running;

struct toolbar_mhd *toolbar_mhd_new(struct toolbar *toolbar, MHD_AccessHandlerCallback handler,
                                    void *handler_cls)
{
    struct toolbar_mhd *mhd;

    if (!toolbar || !handler) return NULL;
    if (handler == toolbar_mhd_handler) {
        toolbar__log(toolbar, TOOLBAR_LOG_ERROR,
                     "debugtoolbar: toolbar_mhd_new() was given the toolbar's own handler: pass "
                     "the application's");
        return NULL;
    }
    mhd = calloc(1, sizeof *mhd);
    if (!mhd) return NULL;
    mhd->toolbar = toolbar;
    toolbar__library_versions(&toolbar->application);
    mhd->handler = handler;
    mhd->handler_cls = handler_cls;
    mhd->handler_name = toolbar__facts_function(handler);
    atomic_init(&mhd->completes, false);
    atomic_init(&mhd->warned, false);
    atomic_init(&mhd->warned_queue, false);
    for (size_t i = 0; i < TOOLBAR__HIDDEN_SLOTS; i++) {
        atomic_init(&mhd->hidden[i].connection, NULL);
    }
    return mhd;
}

void toolbar_mhd_free(struct toolbar_mhd *mhd)
{
    toolbar__exchange_forget(mhd);
    free(mhd);
}

void toolbar_mhd_on_completed(struct toolbar_mhd *mhd, MHD_RequestCompletedCallback completed,
                              void *cls)
{
    /* It would call itself for ever. */
    if (completed == toolbar_mhd_completed) {
        toolbar__log(mhd->toolbar, TOOLBAR_LOG_ERROR,
                     "debugtoolbar: toolbar_mhd_on_completed() was given the toolbar's own "
                     "callback: pass the application's, if it has one");
        return;
    }
    mhd->completed = completed;
    mhd->completed_cls = cls;
}

static void add_header(void *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static enum MHD_Result answer(struct toolbar__exchange *exchange, bool first_call,
                              const char *upload_data, size_t *upload_data_size)
{
    struct toolbar__answer *own = &exchange->answer;
    const struct toolbar_text *body = &exchange->own_body;
    struct MHD_Response *response;
    enum MHD_Result result;

    /* A response to the first call would close the connection, one to a part is refused. */
    if (first_call || *upload_data_size) {
        if (own->awaits_body) {
            toolbar_text_append(&exchange->own_body, upload_data, *upload_data_size);
        }
        *upload_data_size = 0;
        return MHD_YES;
    }
    exchange->queued = true;
    /* More of it than there is room for is no body that any page of the toolbar sends. */
    if (own->awaits_body && !toolbar__answer_body(&exchange->request, body->data,
                                                  body->failed ? 0 : body->length, own)) {
        return MHD_NO;
    }
    response = MHD_create_response_from_buffer(own->length, own->body, MHD_RESPMEM_MUST_FREE);
    if (!response) return MHD_NO;
    own->body = NULL;
    toolbar__route_headers(own, add_header, response);
    result = MHD_queue_response(exchange->connection, own->status, response);
    MHD_destroy_response(response);
    return result;
}

/*
 * The connection's exchange, if it is this request's. The handler is never called again after a
 * response was queued. Else this is a new request, on a connection whose last one was never
 * completed, or on one that merely has the memory of such a connection, which its socket tells:
 * its client may be anybody.
 */
static struct toolbar__exchange *find_exchange(struct toolbar_mhd *mhd,
                                               struct MHD_Connection *connection)
{
    struct toolbar__exchange *exchange = toolbar__exchange_find(connection);

    /* A burned one is hidden, whosever it is. */
    if (!exchange || exchange->kind == TOOLBAR__EXCHANGE_BURNED) return exchange;
    if (!exchange->queued && exchange->socket_cookie == toolbar__mhd_socket_cookie(connection)) {
        return exchange;
    }
    if (!atomic_exchange(&mhd->warned, true)) {
        toolbar__log(mhd->toolbar, TOOLBAR_LOG_ERROR,
                     "debugtoolbar: the daemon was started without MHD_OPTION_NOTIFY_COMPLETED, "
                     "toolbar_mhd_completed");
    }
    toolbar__exchange_end(exchange);
    return NULL;
}

/*
 * The handler is called twice for most requests, and the answer to the first call holds for the
 * others: the connection stands in its slot from then on until the request is completed, by
 * whichever thread. Where two connections share a slot, one of them is asked about again.
 */
static struct toolbar__hidden_slot *hidden_slot(struct toolbar_mhd *mhd,
                                                const struct MHD_Connection *connection)
{
    uint64_t hash = (uint64_t)(uintptr_t)connection * UINT64_C(0x9e3779b97f4a7c15);

    return &mhd->hidden[(hash >> 40) % TOOLBAR__HIDDEN_SLOTS];
}

static void note_hidden(struct toolbar_mhd *mhd, const struct MHD_Connection *connection)
{
    if (!atomic_load_explicit(&mhd->completes, memory_order_relaxed)) return;
    atomic_store_explicit(&hidden_slot(mhd, connection)->connection, connection,
                          memory_order_relaxed);
}

/*
 * A new request has no req_cls, so whatever a daemon fails to complete is not taken for the one
 * before it.
 */
static bool was_hidden(struct toolbar_mhd *mhd, const struct MHD_Connection *connection,
                       void *const *req_cls)
{
    return *req_cls && atomic_load_explicit(&hidden_slot(mhd, connection)->connection,
                                            memory_order_relaxed) == connection;
}

static bool is_hidden(struct toolbar_mhd *mhd, struct MHD_Connection *connection)
{
    if ((toolbar__exchange_any() && toolbar__exchange_find(connection)) ||
        toolbar__gate_may_show(mhd->toolbar->gate, &toolbar__mhd_source, connection)) {
        return false;
    }
    note_hidden(mhd, connection);
    return true;
}

static __attribute__((noinline)) enum MHD_Result
handle(struct toolbar_mhd *mhd, struct MHD_Connection *connection, const char *url,
       const char *method, const char *version, const char *upload_data, size_t *upload_data_size,
       void **req_cls)
{
    struct toolbar__exchange *exchange = find_exchange(mhd, connection);
    bool first_call = !exchange;
    struct toolbar_request *before;
    enum MHD_Result result;
    size_t offered;

    if (first_call) {
        struct toolbar__head head = {method, url, version, &toolbar__mhd_source, connection};

        exchange = toolbar__exchange_begin(mhd, &head);
        if (!exchange) note_hidden(mhd, connection);
    }
    if (!exchange || exchange->kind == TOOLBAR__EXCHANGE_BURNED) {
        return mhd->handler(mhd->handler_cls, connection, url, method, version, upload_data,
                            upload_data_size, req_cls);
    }
    if (exchange->kind == TOOLBAR__EXCHANGE_OWN) {
        return answer(exchange, first_call, upload_data, upload_data_size);
    }
    exchange->calls++;
    offered = *upload_data_size;
    exchange->call_start_ns = toolbar__recording_now(exchange->request.recording);
    /* Every request is two calls in a row; only what came between them is worth a line. */
    if (!first_call && exchange->call_start_ns - exchange->last_end_ns > WAITING_NS) {
        toolbar__recording_phase(exchange->request.recording, "waiting", exchange->last_end_ns,
                                 exchange->call_start_ns - exchange->last_end_ns);
    }
    toolbar__exchange_call_begin(exchange);
    toolbar__exchange_running = exchange;
    before = toolbar__current_set(&exchange->request);
    result = mhd->handler(mhd->handler_cls, connection, url, method, version, upload_data,
                          upload_data_size, req_cls);
    toolbar__current_set(before);
    toolbar__exchange_running = NULL;
    toolbar__exchange_call_end(exchange);
    if (*upload_data_size < offered) {
        toolbar__body_feed(exchange, upload_data, offered - *upload_data_size);
    }
    if (result != MHD_YES) exchange->queued = true;
    return result;
}

/* Apart, so that requests which are known to be hidden have no frame to set up. */
static __attribute__((noinline)) enum MHD_Result look(struct toolbar_mhd *mhd,
                                                      struct MHD_Connection *connection,
                                                      const char *url, const char *method,
                                                      const char *version, const char *upload_data,
                                                      size_t *upload_data_size, void **req_cls)
{
    if (is_hidden(mhd, connection)) {
        return mhd->handler(mhd->handler_cls, connection, url, method, version, upload_data,
                            upload_data_size, req_cls);
    }
    return handle(mhd, connection, url, method, version, upload_data, upload_data_size, req_cls);
}

enum MHD_Result toolbar_mhd_handler(void *cls, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version,
                                    const char *upload_data, size_t *upload_data_size,
                                    void **req_cls)
{
    struct toolbar_mhd *mhd = cls;

    if (was_hidden(mhd, connection, req_cls)) {
        return mhd->handler(mhd->handler_cls, connection, url, method, version, upload_data,
                            upload_data_size, req_cls);
    }
    return look(mhd, connection, url, method, version, upload_data, upload_data_size, req_cls);
}

static __attribute__((noinline)) void complete(const struct toolbar_mhd *mhd,
                                               struct MHD_Connection *connection, void **req_cls,
                                               enum MHD_RequestTerminationCode toe)
{
    struct toolbar__exchange *exchange = toolbar__exchange_find(connection);

    if (mhd->completed) mhd->completed(mhd->completed_cls, connection, req_cls, toe);
    if (exchange) toolbar__exchange_end(exchange);
}

void toolbar_mhd_completed(void *cls, struct MHD_Connection *connection, void **req_cls,
                           enum MHD_RequestTerminationCode toe)
{
    struct toolbar_mhd *mhd = cls;
    struct toolbar__hidden_slot *slot = hidden_slot(mhd, connection);

    if (atomic_load_explicit(&slot->connection, memory_order_relaxed) == connection) {
        atomic_store_explicit(&slot->connection, NULL, memory_order_relaxed);
    }
    if (!atomic_load_explicit(&mhd->completes, memory_order_relaxed)) {
        atomic_store_explicit(&mhd->completes, true, memory_order_relaxed);
    }
    if (toolbar__exchange_any()) {
        complete(mhd, connection, req_cls, toe);
    } else if (mhd->completed) {
        mhd->completed(mhd->completed_cls, connection, req_cls, toe);
    }
}
