/*
 * The response that is sent for a shown request: read back what the application made, decide
 * whether it may carry the panel, and make a new response of it. The order of things matters for
 * one promise: while nothing has been read, every failure ends in the original.
 */
#include "adapters/mhd/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/mhd/facts.h"
#include "adapters/mhd/made.h"
#include "adapters/mhd/reader.h"
#include "adapters/mhd/stream.h"
#include "page/fields.h"
#include "page/page.h"
#include "page/scanner.h"
#include "panels/element.h"

enum { ADVICE_LINES = 10, ADVICE_LINE_BYTES = 256 };

enum {
    /* A page up to this size is completed before it is sent, with an exact Content-Length. */
    PAGE_MAXIMUM = 4 * 1024 * 1024,
    /* Anything else up to this size; more is passed on as it comes. */
    OTHER_MAXIMUM = 256 * 1024,
    /* A page up to this size is copied around its panel, which is then sent with the head. */
    ONE_PIECE_MAXIMUM = 64 * 1024,
    /* The last read may bring a buffer more than was asked for. */
    READ_SLACK = 256 * 1024,
    STREAM_BLOCK_BYTES = 32 * 1024,
    /* How long a body of unknown length may take before it is passed on as it comes. */
    PATIENCE_NS = 10 * 1000 * 1000
};

/* A page beyond this is not worth the tokenizer's time; nobody reads it in a browser. */
static const uint64_t too_large_bytes = UINT64_C(64) * 1024 * 1024;

struct derivation {
    struct toolbar__exchange *exchange;
    int64_t began_ns;
    unsigned status;
    struct toolbar__field *items;
    struct toolbar__fields fields;
    enum toolbar__skip skip;
    bool original;             /* is sent, as it is */
    struct toolbar__made made; /* a page in place of the body, if it has a reason */
    struct toolbar__reader *reader;
    struct toolbar__reader_facts facts;
    enum toolbar__reader_state state;
    bool head_only;
    struct toolbar_text body;
    uint64_t place;
    bool other_base;
    bool inputs;
    struct toolbar_text element; /* behind what of the body comes before it, if in one piece */
    char *nonce;
};

static enum MHD_Result collect_field(void *cls, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct derivation *d = cls;

    d->items[d->fields.count++] = (struct toolbar__field){name, value, kind == MHD_FOOTER_KIND};
    return MHD_YES;
}

static bool collect_fields(struct derivation *d, struct MHD_Response *response)
{
    int count = MHD_get_response_headers(response, NULL, NULL);

    d->items = calloc(count > 0 ? (size_t)count : 1, sizeof *d->items);
    if (!d->items) return false;
    d->fields.items = d->items;
    MHD_get_response_headers(response, collect_field, d);
    return true;
}

static bool has_field(const struct derivation *d, const char *name)
{
    for (size_t i = 0; i < d->fields.count; i++) {
        const struct toolbar__field *field = &d->fields.items[i];

        if (!field->trailer && toolbar__ascii_is(field->name, strlen(field->name), name)) {
            return true;
        }
    }
    return false;
}

/* Reads until the body is complete, too large, or has to be waited for. */
static void read_body(struct derivation *d)
{
    size_t maximum = d->skip ? OTHER_MAXIMUM : PAGE_MAXIMUM;
    int64_t until_ns = d->began_ns + PATIENCE_NS;

    toolbar__text_init(&d->body, maximum + READ_SLACK);
    if (d->facts.length <= maximum) toolbar__text_reserve(&d->body, (size_t)d->facts.length);
    do {
        d->state = toolbar__reader_read(d->reader, maximum, &d->body);
    } while (d->state == TOOLBAR__READER_MORE && d->body.length < maximum &&
             (d->facts.length != TOOLBAR__READER_UNKNOWN_LENGTH || toolbar__now_ns() < until_ns));
}

/* What the body has to say about whether and where. */
static void find_place(struct derivation *d)
{
    bool complete = d->state == TOOLBAR__READER_END;
    struct toolbar__scanner scanner;

    if (d->body.failed) d->skip = TOOLBAR__SKIP_ERROR;
    if (d->made.reason && !d->skip) {
        if (!complete || d->body.length > PAGE_MAXIMUM ||
            !toolbar__made_render(&d->made, d->exchange, d->status, &d->body, &d->place)) {
            d->skip = d->made.reason;
        }
        return;
    }
    if (!d->skip) {
        d->skip = toolbar__page_check_body(&d->fields, d->body.data, d->body.length, complete);
    }
    if (d->skip || !complete) return;
    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, d->body.data, d->body.length);
    d->other_base = scanner.other_base;
    d->inputs = scanner.inputs;
    if (!toolbar__scanner_place(&scanner, &d->place)) d->skip = TOOLBAR__SKIP_NOT_HTML;
}

/* A page in pieces is finished when its panel goes in; everything else now. */
static bool finish_now(const struct derivation *d)
{
    return d->skip || d->state == TOOLBAR__READER_END;
}

/* What there is of it says what the application can have printed. */
static int64_t count_body(const struct derivation *d)
{
    if (d->original || d->head_only || has_field(d, "Content-Encoding")) return TOOLBAR__UNKNOWN;
    if (d->state == TOOLBAR__READER_END) {
        return (int64_t)(d->made.reason && !d->skip ? d->made.original : d->body).length;
    }
    return d->facts.length > INT64_MAX ? TOOLBAR__UNKNOWN : (int64_t)d->facts.length;
}

static void tell_facts(const struct derivation *d)
{
    struct toolbar__sending sending = {
        .fields = &d->fields,
        .skip = d->skip,
        .original = d->original,
        .has_body = !d->head_only && (d->body.length || d->facts.length),
        .page = !d->skip && d->state == TOOLBAR__READER_END ? &d->body : NULL,
        .place = d->place,
        .inputs = d->inputs,
        .body_bytes = count_body(d),
    };

    toolbar__facts_response(d->exchange, &sending);
}

static bool has_trailers(const struct derivation *d)
{
    for (size_t i = 0; i < d->fields.count; i++) {
        if (d->fields.items[i].trailer) return true;
    }
    return false;
}

/*
 * Of an iovec libmicrohttpd sends the head first and then the rest. And it cannot put chunks,
 * which trailers need, around one: it ends the process.
 */
static bool in_one_piece(const struct derivation *d)
{
    return d->body.length <= ONE_PIECE_MAXIMUM || has_trailers(d);
}

static void finish(struct derivation *d)
{
    struct toolbar__surroundings page = {.other_base = d->other_base};

    tell_facts(d);
    if (!d->skip) d->nonce = toolbar__page_nonce(&d->fields);
    toolbar__text_init(&d->element, TOOLBAR__ELEMENT_MAXIMUM + d->body.length + 1);
    if (!finish_now(d)) return;
    if (!d->skip && in_one_piece(d)) {
        toolbar_text_append(&d->element, d->body.data, (size_t)d->place);
    }
    page.nonce = d->nonce;
    toolbar__exchange_finish(d->exchange, d->status, d->skip, &page, d->began_ns, &d->element);
    if (!d->element.failed) return;
    d->skip = TOOLBAR__SKIP_ERROR;
    if (d->made.reason) toolbar__made_undo(&d->made, &d->body);
}

static void free_pieces(void *cls)
{
    struct toolbar_text *pieces = cls;

    toolbar__text_free(&pieces[0]);
    toolbar__text_free(&pieces[1]);
    free(pieces);
}

/* [before][panel][after], without another copy of the body. */
static struct MHD_Response *respond_with_panel(struct derivation *d)
{
    struct toolbar_text *pieces = malloc(2 * sizeof *pieces);
    const char *body = d->body.data;
    size_t place = (size_t)d->place;
    struct MHD_IoVec parts[3];
    unsigned count = 0;
    struct MHD_Response *response;

    if (!pieces) return NULL;
    if (place) parts[count++] = (struct MHD_IoVec){body, place};
    parts[count++] = (struct MHD_IoVec){d->element.data, d->element.length};
    if (place < d->body.length) {
        parts[count++] = (struct MHD_IoVec){body + place, d->body.length - place};
    }
    response = MHD_create_response_from_iovec(parts, count, free_pieces, pieces);
    if (!response) {
        free(pieces);
        return NULL;
    }
    pieces[0] = d->body;
    pieces[1] = d->element;
    toolbar__text_init(&d->body, 0);
    toolbar__text_init(&d->element, 0);
    return response;
}

/* The panel stands behind what comes before it already. */
static struct MHD_Response *respond_in_one_piece(struct derivation *d)
{
    size_t place = (size_t)d->place;
    size_t length = 0;
    struct MHD_Response *response;
    char *data;

    toolbar_text_append(&d->element, d->body.data + place, d->body.length - place);
    data = toolbar__text_take(&d->element, &length);
    if (!data) return NULL;
    response = MHD_create_response_from_buffer(length, data, MHD_RESPMEM_MUST_FREE);
    if (!response) free(data);
    return response;
}

static struct MHD_Response *respond_with_stream(struct derivation *d)
{
    bool insert = !d->skip;
    uint64_t size = insert || d->facts.length == TOOLBAR__READER_UNKNOWN_LENGTH ? MHD_SIZE_UNKNOWN
                                                                                : d->facts.length;
    struct toolbar__stream *stream = toolbar__stream_new(d->exchange, d->status, d->reader,
                                                         d->state, &d->body, insert, d->nonce);
    struct MHD_Response *response;

    if (!stream) return NULL;
    d->reader = NULL;
    d->nonce = NULL;
    response = MHD_create_response_from_callback(size, STREAM_BLOCK_BYTES, toolbar__stream_read,
                                                 stream, toolbar__stream_free);
    if (!response) toolbar__stream_free(stream);
    return response;
}

static ssize_t read_nothing(void *cls, uint64_t position, char *buffer, size_t size)
{
    (void)cls, (void)position, (void)buffer, (void)size;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *respond(struct derivation *d)
{
    struct MHD_Response *response;

    if (d->head_only) {
        /* Announces the length of a body that is not sent. */
        return MHD_create_response_from_callback(d->facts.length, 1, read_nothing, NULL, NULL);
    }
    if (d->state != TOOLBAR__READER_END) return respond_with_stream(d);
    if (!d->skip) return in_one_piece(d) ? respond_in_one_piece(d) : respond_with_panel(d);
    response = MHD_create_response_from_buffer(d->body.length, d->body.data, MHD_RESPMEM_MUST_FREE);
    if (response) toolbar__text_init(&d->body, 0);
    return response;
}

struct header_sink {
    struct MHD_Response *response;
    bool failed;
};

static void add_header(void *cls, const char *name, const char *value)
{
    struct header_sink *sink = cls;

    if (MHD_add_response_header(sink->response, name, value) != MHD_YES) sink->failed = true;
}

static bool is_kept(const struct derivation *d, const struct toolbar__field *field)
{
    if (toolbar__ascii_is(field->name, strlen(field->name), "Transfer-Encoding")) return false;
    if (!d->skip && d->made.reason && toolbar__made_replaces(field)) return false;
    return (d->skip ? toolbar__page_undecorated_field(&d->fields, field)
                    : toolbar__page_field(field)) == TOOLBAR__FIELD_KEEP;
}

static void copy_fields(const struct derivation *d, struct header_sink *sink)
{
    bool trailers = false;

    for (size_t i = 0; i < d->fields.count; i++) {
        const struct toolbar__field *field = &d->fields.items[i];

        if (field->trailer) {
            trailers = true;
            if (MHD_add_response_footer(sink->response, field->name, field->value) != MHD_YES) {
                sink->failed = true;
            }
        } else if (is_kept(d, field)) {
            add_header(sink, field->name, field->value);
        }
    }
    /* Trailers only travel behind chunks. */
    if (trailers) add_header(sink, "Transfer-Encoding", "chunked");
}

/* One line for each piece of advice, for who sees no page; none if the head goes out before the
 * end. */
static void add_advice(const struct derivation *d, struct header_sink *sink)
{
    struct toolbar_recording *recording = d->exchange->request.recording;
    const struct toolbar__advice *advice;
    unsigned lines = 0;

    pthread_mutex_lock(&recording->lock);
    advice = recording->advices.first;
    pthread_mutex_unlock(&recording->lock);
    for (; advice && lines < ADVICE_LINES; advice = advice->next, lines++) {
        char line[ADVICE_LINE_BYTES];

        toolbar__advice_line(advice, line, sizeof line);
        add_header(sink, "Debug-Toolbar-Advice", line);
    }
}

static void add_own_headers(const struct derivation *d, struct header_sink *sink)
{
    struct toolbar_recording *recording = d->exchange->request.recording;
    const char *key_header = d->exchange->request.toolbar->key_header;
    struct toolbar_text text;
    char *timing;

    add_header(sink, "Debug-Toolbar-Id", recording->id);
    toolbar__text_init(&text, 1024);
    toolbar__server_timing(recording, &text);
    timing = toolbar__text_take(&text, NULL);
    if (timing) add_header(sink, "Server-Timing", timing);
    if (timing) toolbar__facts_timing(d->exchange, timing);
    free(timing);
    add_advice(d, sink);
    if (d->skip) {
        add_header(sink, "Debug-Toolbar-Skipped", toolbar__skip_text(d->skip));
        toolbar__page_undecorated_headers(&d->fields, key_header, add_header, sink);
    } else {
        if (d->made.reason) add_header(sink, "Content-Type", "text/html; charset=utf-8");
        toolbar__page_headers(&d->fields, key_header, add_header, sink);
    }
}

/* libmicrohttpd cannot be asked for a response's flags, but the reply showed them. */
static void copy_flags(const struct derivation *d, struct MHD_Response *response)
{
    unsigned flags = 0;

    if (d->facts.http_1_0) {
        flags |= MHD_RF_HTTP_VERSION_1_0_RESPONSE;
    } else if (d->facts.close && !has_field(d, "Connection")) {
        flags |= MHD_RF_HTTP_VERSION_1_0_ONLY;
    }
#if MHD_VERSION >= 0x00097310
    if (d->facts.keep_alive) flags |= MHD_RF_SEND_KEEP_ALIVE_HEADER;
#endif
    if (flags) MHD_set_response_options(response, (enum MHD_ResponseFlags)flags, MHD_RO_END);
}

static struct MHD_Response *build(struct derivation *d)
{
    struct MHD_Response *response = respond(d);
    struct header_sink sink = {response, false};

    if (!response) return NULL;
    copy_flags(d, response);
    copy_fields(d, &sink);
    add_own_headers(d, &sink);
    if (!sink.failed) return response;
    MHD_destroy_response(response);
    return NULL;
}

static bool has_no_body(unsigned status)
{
    return status == MHD_HTTP_NO_CONTENT || status == MHD_HTTP_NOT_MODIFIED;
}

static void note_redirect(const struct derivation *d)
{
    const struct toolbar_request *request = &d->exchange->request;
    size_t index = 0;
    const struct toolbar__field *location = toolbar__fields_next(&d->fields, "Location", &index);

    if (d->status / 100 != 3 || !location) return;
    toolbar__redirect_note(request->recording, location->value, request->head.url,
                           toolbar_request_meta(request, "HTTP_HOST"));
}

/*
 * Decides what can be decided without the body, and starts reading. False: the original is sent
 * as it is, without even our headers, because its head could not be told or is not ours to copy.
 */
static bool start(struct derivation *d, struct MHD_Response *response)
{
    const struct toolbar__head *head = &d->exchange->request.head;

    if (!collect_fields(d, response)) return false;
    d->skip = toolbar__page_check(head, d->status, &d->fields);
    toolbar__made_consider(&d->made, d->exchange, d->status, &d->fields, d->skip);
    if (d->made.reason) d->skip = TOOLBAR__SKIP_NONE;
    note_redirect(d);
    /* An upgrade, or a length that the application insists on. */
    if (d->status < 200 || has_field(d, "Content-Length")) {
        if (!d->skip) d->skip = TOOLBAR__SKIP_ERROR;
        return false;
    }
    d->head_only = strcmp(head->method, MHD_HTTP_METHOD_HEAD) == 0 || has_no_body(d->status);
    d->reader = toolbar__reader_take();
    if (!d->reader || !toolbar__reader_begin(d->reader, response, d->head_only, &d->facts)) {
        d->skip = TOOLBAR__SKIP_ERROR;
        return false;
    }
    if (!d->skip && d->facts.length != TOOLBAR__READER_UNKNOWN_LENGTH &&
        d->facts.length > too_large_bytes) {
        d->skip = TOOLBAR__SKIP_TOO_LARGE;
    }
    return true;
}

static void free_derivation(struct derivation *d)
{
    toolbar__reader_give_back(d->reader);
    toolbar__text_free(&d->body);
    toolbar__text_free(&d->made.original);
    toolbar__text_free(&d->element);
    free(d->nonce);
    free(d->items);
}

enum toolbar__derived toolbar__derive(struct toolbar__exchange *exchange, unsigned *status,
                                      struct MHD_Response *response, struct MHD_Response **derived)
{
    /* An ICY status line is a flag on the status. */
    struct derivation d = {.exchange = exchange,
                           .began_ns = toolbar__now_ns(),
                           .status = *status & ~(unsigned)MHD_ICY_FLAG,
                           .state = TOOLBAR__READER_END};
    enum toolbar__derived result = TOOLBAR__USE_ORIGINAL;

    *derived = NULL;
    if (!start(&d, response)) {
        if (!d.skip) d.skip = TOOLBAR__SKIP_ERROR;
        d.original = true;
        finish(&d);
        goto out;
    }
    if (!d.head_only) {
        read_body(&d);
        /* What makes a body of unknown length is the application, at its work until now. */
        if (d.facts.length == TOOLBAR__READER_UNKNOWN_LENGTH) {
            d.began_ns = toolbar__now_ns();
            if (toolbar__exchange_running == exchange) toolbar__exchange_note_time(exchange);
        }
        find_place(&d);
    }
    finish(&d);
    if (!d.body.failed) *derived = build(&d);
    if (*derived) {
        result = TOOLBAR__USE_DERIVED;
        if (d.made.location && !d.skip) *status = MHD_HTTP_OK;
    } else if (d.facts.length == TOOLBAR__READER_UNKNOWN_LENGTH && !d.head_only) {
        result = TOOLBAR__USE_NOTHING;
    }
out:
    free_derivation(&d);
    return result;
}
