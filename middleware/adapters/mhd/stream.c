#include "adapters/mhd/stream.h"

#include <stdlib.h>
#include <string.h>

#include "page/filter.h"
#include "record/current.h"

/* More than one piece of the original, what was held back, and a panel. */
enum { OUT_MAXIMUM = 16 * 1024 * 1024 };

struct toolbar__stream {
    struct toolbar__exchange *exchange; /* outlives every call of the content reader */
    unsigned status;
    struct toolbar__reader *reader;
    enum toolbar__reader_state state;
    struct toolbar_text raw; /* read, not filtered */
    struct toolbar_text out; /* to be sent */
    size_t sent;             /* of out */
    bool insert;
    struct toolbar__filter filter;
    char *nonce;
};

struct toolbar__stream *toolbar__stream_new(struct toolbar__exchange *exchange, unsigned status,
                                            struct toolbar__reader *reader,
                                            enum toolbar__reader_state state,
                                            struct toolbar_text *body, bool insert, char *nonce)
{
    struct toolbar__stream *stream = calloc(1, sizeof *stream);

    if (!stream) return NULL;
    stream->exchange = exchange;
    stream->status = status;
    stream->reader = reader;
    stream->state = state;
    stream->insert = insert;
    stream->nonce = nonce;
    stream->raw = *body;
    stream->raw.failed = false;
    stream->raw.maximum = OUT_MAXIMUM;
    toolbar__text_init(body, body->maximum);
    toolbar__text_init(&stream->out, OUT_MAXIMUM);
    toolbar__filter_init(&stream->filter);
    return stream;
}

void toolbar__stream_free(void *cls)
{
    struct toolbar__stream *stream = cls;

    if (!stream) return;
    toolbar__reader_give_back(stream->reader);
    toolbar__filter_free(&stream->filter);
    toolbar__text_free(&stream->raw);
    toolbar__text_free(&stream->out);
    free(stream->nonce);
    free(stream);
}

static void insert_panel(struct toolbar__stream *stream)
{
    struct toolbar__surroundings page = {stream->nonce, stream->filter.scanner.other_base};
    struct toolbar_text element;

    toolbar__text_init(&element, TOOLBAR__ELEMENT_MAXIMUM);
    toolbar__exchange_finish(stream->exchange, stream->status, TOOLBAR__SKIP_NONE, &page,
                             toolbar__now_ns(), &element);
    if (!element.failed) toolbar_text_append(&stream->out, element.data, element.length);
    toolbar__text_free(&element);
    toolbar__filter_rest(&stream->filter, &stream->out);
    stream->insert = false;
}

/* Moves what was read to what can be sent. */
static void filter(struct toolbar__stream *stream)
{
    bool ended = stream->state == TOOLBAR__READER_END;

    if (!stream->insert) {
        toolbar_text_append(&stream->out, stream->raw.data, stream->raw.length);
    } else if (toolbar__filter_feed(&stream->filter, stream->raw.data, stream->raw.length,
                                    &stream->out) ||
               (ended && toolbar__filter_end(&stream->filter, &stream->out))) {
        insert_panel(stream);
    } else if (ended || stream->state == TOOLBAR__READER_ERROR) {
        toolbar__filter_rest(&stream->filter, &stream->out);
        toolbar__exchange_finish(stream->exchange, stream->status,
                                 ended ? TOOLBAR__SKIP_NOT_HTML : TOOLBAR__SKIP_ERROR, NULL,
                                 toolbar__now_ns(), NULL);
        stream->insert = false;
    }
    stream->raw.length = 0;
}

/* The application's content reader runs in here, and may query its database. */
static void pump(struct toolbar__stream *stream, size_t want)
{
    struct toolbar_request *before = toolbar__current_set(&stream->exchange->request);

    stream->out.length = stream->sent = 0;
    if (!stream->raw.length &&
        (stream->state == TOOLBAR__READER_MORE || stream->state == TOOLBAR__READER_WAIT)) {
        stream->state = toolbar__reader_read(stream->reader, want, &stream->raw);
    }
    filter(stream);
    toolbar__current_set(before);
}

static bool is_over(const struct toolbar__stream *stream)
{
    return stream->out.failed || stream->state == TOOLBAR__READER_END ||
           stream->state == TOOLBAR__READER_ERROR;
}

ssize_t toolbar__stream_read(void *cls, uint64_t position, char *buffer, size_t size)
{
    struct toolbar__stream *stream = cls;
    size_t length;

    (void)position;
    if (stream->sent == stream->out.length && (stream->raw.length || !is_over(stream))) {
        pump(stream, size);
    }
    length = stream->out.length - stream->sent;
    if (stream->out.failed) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (length) {
        if (length > size) length = size;
        memcpy(buffer, stream->out.data + stream->sent, length);
        stream->sent += length;
        return (ssize_t)length;
    }
    if (stream->state == TOOLBAR__READER_END) return MHD_CONTENT_READER_END_OF_STREAM;
    return stream->state == TOOLBAR__READER_ERROR ? MHD_CONTENT_READER_END_WITH_ERROR : 0;
}
