/* The life of an exchange. */
#include "adapters/mhd/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/mhd/body.h"
#include "adapters/mhd/facts.h"
#include "adapters/sqlite/observe.h"
#include "record/mask.h"

enum { BRIEF_NS = 20 * 1000 };

static void begin_recording(struct toolbar__exchange *exchange)
{
    struct toolbar_recording *recording = exchange->request.recording;
    const struct toolbar__head *head = &exchange->request.head;
    struct toolbar_text url, masked;

    toolbar__text_init(&url, (size_t)8 * TOOLBAR__URL_MAXIMUM);
    toolbar__text_init(&masked, (size_t)16 * TOOLBAR__URL_MAXIMUM);
    toolbar__mhd_url(&url, &exchange->request);
    if (toolbar__recording_is_secret(recording, url.data, url.length)) {
        toolbar_text_literal(&masked, "/" TOOLBAR__MASK);
    } else {
        if (url.length) toolbar__mask_url(&masked, url.data, url.length, recording->hide_values);
    }
    recording->url = toolbar__recording_string(
        recording, masked.data,
        toolbar__utf8_cut(masked.data, masked.length, TOOLBAR__URL_MAXIMUM));
    recording->method = toolbar__recording_string(recording, head->method, strlen(head->method));
    recording->version = toolbar__recording_string(recording, head->version, strlen(head->version));
    toolbar__facts_request(exchange);
    toolbar__facts_client(exchange);
    toolbar__text_free(&masked);
    toolbar__begin(&exchange->request, url.data ? url.data : "", url.length);
    toolbar__text_free(&url);
}

void toolbar__exchange_free(struct toolbar__exchange *exchange)
{
    toolbar__body_end(exchange);
    toolbar__recording_unref(exchange->request.recording);
    toolbar__answer_free(&exchange->answer);
    toolbar__text_free(&exchange->own_body);
    free(exchange);
}

struct toolbar__exchange *toolbar__exchange_begin(struct toolbar_mhd *mhd,
                                                  const struct toolbar__head *head)
{
    int64_t began_ns = toolbar__now_ns();
    struct toolbar_request request = {.head = *head};
    enum toolbar__verdict verdict = toolbar__decide(mhd->toolbar, &request);
    struct toolbar__exchange *exchange;

    if (verdict == TOOLBAR__HIDDEN) return NULL;
    exchange = calloc(1, sizeof *exchange);
    if (!exchange) {
        toolbar__recording_unref(request.recording);
        return NULL;
    }
    exchange->kind = TOOLBAR__EXCHANGE_BURNED;
    exchange->mhd = mhd;
    exchange->connection = head->connection;
    exchange->socket_cookie = toolbar__mhd_socket_cookie(head->connection);
    exchange->request = request;
    if (!toolbar__exchange_publish(exchange)) {
        toolbar__log(mhd->toolbar, TOOLBAR_LOG_WARNING,
                     "debugtoolbar: too many requests are shown at once, this one is hidden");
        toolbar__exchange_free(exchange);
        return NULL;
    }
    if (verdict == TOOLBAR__BURNED) return exchange;
    if (toolbar__answer(&exchange->request, &exchange->answer)) {
        exchange->kind = TOOLBAR__EXCHANGE_OWN;
        toolbar__text_init(&exchange->own_body, TOOLBAR__OWN_BODY_MAXIMUM);
        return exchange;
    }
    exchange->kind = TOOLBAR__EXCHANGE_SHOWN;
    begin_recording(exchange);
    toolbar__sqlite_request_begin(exchange->request.recording);
    toolbar__recording_begin(exchange->request.recording, began_ns);
    return exchange;
}

void toolbar__exchange_note_time(struct toolbar__exchange *exchange)
{
    struct toolbar_recording *recording = exchange->request.recording;
    int64_t now_ns = toolbar__recording_now(recording);
    struct toolbar__usage usage;

    exchange->last_end_ns = now_ns;
    if (!toolbar__recording_phase(recording, "handler", exchange->call_start_ns,
                                  now_ns - exchange->call_start_ns)) {
        return;
    }
    toolbar__usage_now(&usage);
    toolbar__recording_usage(recording, &exchange->call_usage, &usage);
    exchange->call_usage = usage;
    exchange->brief_ns = 0;
}

void toolbar__exchange_call_begin(struct toolbar__exchange *exchange)
{
    const void *thread = &toolbar__exchange_running;
    struct toolbar__usage until = exchange->call_usage;

    if (exchange->brief_ns) {
        if (exchange->call_thread == thread &&
            exchange->call_start_ns - exchange->last_end_ns < BRIEF_NS) {
            return;
        }
        until.cpu_ns += exchange->brief_ns;
        toolbar__recording_usage(exchange->request.recording, &exchange->call_usage, &until);
        exchange->brief_ns = 0;
    }
    exchange->call_thread = thread;
    toolbar__usage_now(&exchange->call_usage);
}

void toolbar__exchange_call_end(struct toolbar__exchange *exchange)
{
    struct toolbar_recording *recording = exchange->request.recording;
    int64_t now_ns = toolbar__recording_now(recording);
    int64_t duration_ns = now_ns - exchange->call_start_ns;

    if (exchange->answered || exchange->brief_ns + duration_ns >= BRIEF_NS) {
        toolbar__exchange_note_time(exchange);
        return;
    }
    exchange->brief_ns += duration_ns;
    exchange->last_end_ns = now_ns;
    toolbar__recording_phase(recording, "handler", exchange->call_start_ns, duration_ns);
}

void toolbar__exchange_finish(struct toolbar__exchange *exchange, unsigned status,
                              enum toolbar__skip skip, const struct toolbar__surroundings *page,
                              int64_t work_began_ns, struct toolbar_text *element)
{
    toolbar__body_end(exchange);
    toolbar__sqlite_request_settle(exchange->request.recording);
    toolbar__finish(&exchange->request, status, toolbar__skip_text(skip), page, work_began_ns,
                    element);
}

/* Errors may be libmicrohttpd's own answers; what went well is the application's. */
static void warn_of_queue(struct toolbar_mhd *mhd, unsigned status)
{
    if (status < 200 || status >= 400 || atomic_exchange(&mhd->warned_queue, true)) return;
    toolbar__log(mhd->toolbar, TOOLBAR_LOG_ERROR,
                 "debugtoolbar: a response was queued with MHD_queue_response(), so there is no "
                 "panel: call toolbar_mhd_queue_response(), or define TOOLBAR_MHD_DROP_IN");
}

/* A request that ended without a response of the application that came through us. */
static void finish_unanswered(struct toolbar__exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    unsigned status = info ? info->http_status : 0;

    warn_of_queue(exchange->mhd, status);
    toolbar__exchange_finish(exchange, status, TOOLBAR__SKIP_ERROR, NULL, toolbar__now_ns(), NULL);
}

void toolbar__exchange_end(struct toolbar__exchange *exchange)
{
    toolbar__exchange_withdraw(exchange);
    if (exchange->kind == TOOLBAR__EXCHANGE_SHOWN) {
        if (!exchange->request.recording->finished) finish_unanswered(exchange);
        toolbar__sqlite_request_end(exchange->request.recording);
    }
    toolbar__exchange_free(exchange);
}
