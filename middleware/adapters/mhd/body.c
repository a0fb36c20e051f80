#include "adapters/mhd/body.h"

#include <stdlib.h>
#include <string.h>

#include "page/json_page.h"

enum { FORM_BUFFER_BYTES = 2048, NAME_BYTES = 1024 };

struct toolbar__body {
    struct toolbar_recording *recording;
    struct MHD_PostProcessor *form;
    bool is_json;
    struct toolbar_text json;
    /* The field or file that is coming in. */
    bool in_field;
    bool goes_on; /* nothing has come of it but its name */
    bool is_file;
    char name[NAME_BYTES];
    char file[NAME_BYTES];
    char type[NAME_BYTES];
    char value[TOOLBAR__HTTP_SEEN];
    uint64_t length;
};

static void copy(char *to, size_t size, const char *from)
{
    size_t length = from ? strlen(from) : 0;

    if (length >= size) length = size - 1;
    if (length) memcpy(to, from, length);
    to[length] = '\0';
}

static void end_field(struct toolbar__body *body)
{
    struct toolbar_recording *recording = body->recording;

    if (!body->in_field) return;
    body->in_field = false;
    if (body->is_file) {
        toolbar__http_upload(recording, body->name, body->file, *body->type ? body->type : NULL,
                             body->length);
    } else {
        toolbar__http_field(recording, &recording->http.form, body->name, strlen(body->name),
                            body->value, (size_t)body->length);
    }
}

static enum MHD_Result take_form(void *cls, enum MHD_ValueKind kind, const char *key,
                                 const char *file, const char *type, const char *encoding,
                                 const char *data, uint64_t offset, size_t size)
{
    struct toolbar__body *body = cls;

    (void)kind, (void)encoding;
    /* A part of multipart/form-data need not have a name. */
    if (!key) key = "";
    /* The first piece of a value may be empty; then the next one starts at 0 again. */
    if (!body->in_field || (!offset && !(body->goes_on && strcmp(body->name, key) == 0))) {
        end_field(body);
        body->in_field = true;
        body->is_file = file != NULL;
        body->length = 0;
        copy(body->name, sizeof body->name, key);
        copy(body->file, sizeof body->file, file);
        copy(body->type, sizeof body->type, type);
    }
    if (size && body->length < TOOLBAR__HTTP_SEEN && !body->is_file) {
        size_t room = TOOLBAR__HTTP_SEEN - (size_t)body->length;

        memcpy(body->value + body->length, data, size < room ? size : room);
    }
    body->length += size;
    body->goes_on = false;
    return MHD_YES;
}

/* A form may be called one and be something else, whose text would be taken for names. */
static bool looks_like_form(const char *data, size_t length)
{
    size_t i = 0;

    while (i < length && memchr(" \t\r\n", data[i], 4)) {
        i++;
    }
    return i < length && !memchr("{[<\"", data[i], 4);
}

static struct toolbar__body *begin(struct toolbar__exchange *exchange, const char *data,
                                   size_t length)
{
    struct toolbar_recording *recording = exchange->request.recording;
    struct toolbar__body *body = calloc(1, sizeof *body);
    const char *type = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_CONTENT_TYPE);

    if (!body) return NULL;
    body->recording = recording;
    toolbar__text_init(&body->json, TOOLBAR__JSON_MAXIMUM);
    if (!type) return body;
    recording->http.body_type = toolbar__recording_string(
        recording, type, toolbar__utf8_cut(type, strlen(type), TOOLBAR__PAIR_MAXIMUM / 4));
    body->is_json = toolbar__is_json(type, strcspn(type, "; \t"));
    if (!body->is_json && looks_like_form(data, length)) {
        body->form =
            MHD_create_post_processor(exchange->connection, FORM_BUFFER_BYTES, take_form, body);
    }
    return body;
}

static void feed(struct toolbar__body *body, const char *data, size_t length)
{
    if (body->form && MHD_post_process(body->form, data, length) != MHD_YES) {
        MHD_destroy_post_processor(body->form);
        body->form = NULL;
        body->recording->http.form_broken = true;
    }
    body->goes_on = body->in_field && !body->length && data[length - 1] != '&';
    if (body->is_json) {
        size_t room = TOOLBAR__JSON_MAXIMUM - body->json.length;

        toolbar_text_append(&body->json, data, length < room ? length : room);
    }
}

void toolbar__body_feed(struct toolbar__exchange *exchange, const char *data, size_t length)
{
    if (!length || exchange->request.recording->finished) return;
    if (!exchange->body) exchange->body = begin(exchange, data, length);
    if (!exchange->body) return;
    exchange->body_bytes += length;
    feed(exchange->body, data, length);
}

void toolbar__body_end(struct toolbar__exchange *exchange)
{
    struct toolbar_recording *recording = exchange->request.recording;
    struct toolbar__body *body = exchange->body;

    if (!body) return;
    exchange->body = NULL;
    recording->http.body_bytes = exchange->body_bytes;
    if (body->form && MHD_destroy_post_processor(body->form) != MHD_YES) {
        recording->http.form_broken = true;
    }
    end_field(body);
    if (body->is_json && body->json.length) {
        toolbar__http_json(recording, body->json.data, body->json.length,
                           exchange->body_bytes > body->json.length);
    }
    toolbar__text_free(&body->json);
    free(body);
}
