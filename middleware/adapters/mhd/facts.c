#include "adapters/mhd/facts.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/mhd/body.h"
#include "page/lint.h"
#include "panels/element.h"

/* One walk over names with values. */
struct collection {
    struct toolbar__exchange *exchange;
    struct toolbar_recording *recording;
    struct toolbar__pairs *pairs;
};

static enum MHD_Result collect_field(void *cls, enum MHD_ValueKind kind, const char *name,
                                     size_t name_length, const char *value, size_t value_length)
{
    struct collection *collection = cls;

    (void)kind;
    toolbar__http_field(collection->recording, collection->pairs, name, name_length, value,
                        value_length);
    return MHD_YES;
}

static bool collect_header(void *cls, const char *name, size_t name_length, const char *value,
                           size_t value_length)
{
    struct collection *collection = cls;
    bool key = toolbar__gate_is_key_header(collection->exchange->request.gate, name, name_length);

    toolbar__http_header(collection->recording, collection->pairs, key, name, name_length, value,
                         value_length);
    return true;
}

void toolbar__facts_request(struct toolbar__exchange *exchange)
{
    struct toolbar_recording *recording = exchange->request.recording;
    struct toolbar__http *http = &recording->http;
    const char *handler = exchange->mhd->handler_name;
    struct collection collection = {.exchange = exchange, .recording = recording};

    if (handler) http->handler = toolbar__recording_string(recording, handler, strlen(handler));
    collection.pairs = &http->query;
    MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, collect_field,
                                &collection);
    collection.pairs = &http->cookies;
    MHD_get_connection_values_n(exchange->connection, MHD_COOKIE_KIND, collect_field, &collection);
    collection.pairs = &http->request;
    toolbar__mhd_source.headers(exchange->connection, collect_header, &collection);
}

const char *toolbar__facts_function(MHD_AccessHandlerCallback function)
{
    union {
        MHD_AccessHandlerCallback function;
        void *address;
    } handler = {function};
    Dl_info info;

    /* The nearest symbol may be another function's. */
    if (!dladdr(handler.address, &info) || info.dli_saddr != handler.address) return NULL;
    return info.dli_sname;
}

static void add_header(void *cls, const char *name, const char *value)
{
    struct collection *collection = cls;

    collect_header(collection, name, strlen(name), value, strlen(value));
}

/* The toolbar's own words hold no secrets, though its id looks like one. */
static void add_own(struct collection *collection, const char *name, const char *value)
{
    toolbar__pairs_add(collection->recording, collection->pairs, name, strlen(name), value,
                       strlen(value));
}

/* Of these only Vary repeats what the application said. */
static void add_page_header(void *cls, const char *name, const char *value)
{
    if (strcmp(name, "Vary") == 0) {
        add_header(cls, name, value);
    } else {
        add_own(cls, name, value);
    }
}

static void collect_response(struct collection *collection, const struct toolbar__sending *sending)
{
    struct toolbar__http *http = &collection->recording->http;
    const struct toolbar *toolbar = collection->exchange->request.toolbar;

    for (size_t i = 0; i < sending->fields->count; i++) {
        const struct toolbar__field *field = &sending->fields->items[i];
        enum toolbar__field_action action =
            sending->skip ? toolbar__page_undecorated_field(sending->fields, field)
                          : toolbar__page_field(field);
        bool kept = sending->original || field->trailer || action == TOOLBAR__FIELD_KEEP;

        collection->pairs = kept ? &http->kept : &http->removed;
        add_header(collection, field->name, field->value);
    }
    if (sending->original) return;
    collection->pairs = &http->added;
    add_own(collection, "Debug-Toolbar-Id", collection->recording->id);
    if (sending->skip) {
        add_own(collection, "Debug-Toolbar-Skipped", toolbar__skip_text(sending->skip));
        toolbar__page_undecorated_headers(sending->fields, toolbar->key_header, add_page_header,
                                          collection);
    } else {
        toolbar__page_headers(sending->fields, toolbar->key_header, add_page_header, collection);
    }
    http->timing_later = true;
}

void toolbar__facts_timing(struct toolbar__exchange *exchange, const char *timing)
{
    struct toolbar_recording *recording = exchange->request.recording;
    struct collection collection = {.recording = recording, .pairs = &recording->http.added};

    if (recording->finished) return;
    add_own(&collection, "Server-Timing", timing);
    recording->http.timing_later = false;
}

/* What is still to come of the request's body when the response is queued. */
static bool body_is_unread(const struct toolbar__exchange *exchange)
{
    const char *length = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (length) return strtoull(length, NULL, 10) > exchange->body_bytes;
    /* Chunks may end anywhere, but not before the handler was asked for them. */
    return exchange->calls == 1 &&
           MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

void toolbar__facts_response(struct toolbar__exchange *exchange,
                             const struct toolbar__sending *sending)
{
    struct collection collection = {.exchange = exchange, .recording = exchange->request.recording};

    toolbar__body_end(exchange);
    collect_response(&collection, sending);
    collection.recording->http.response_bytes = sending->body_bytes;
    if (body_is_unread(exchange)) {
        toolbar__http_alert(collection.recording, "body-unread",
                            "The response was queued before the request's body had been read: "
                            "the connection is closed after it",
                            NULL, 0);
    }
    toolbar__lint_head(collection.recording, sending->fields, sending->has_body);
    if (sending->page && !sending->skip) {
        toolbar__lint_page(collection.recording, sending->page->data, sending->page->length,
                           sending->place, sending->inputs);
    }
}
