/*
 * What was said in one exchange: the request with its arguments, fields, cookies, files and
 * body, and the heads of both sides. Masked here, on its way in, so that nobody can forget it.
 */
#ifndef TOOLBAR_RECORD_HTTP_H
#define TOOLBAR_RECORD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/pairs.h"

struct toolbar_recording;

enum {
    /* More of a value is looked at than is kept, so that no secret hides across the end. */
    TOOLBAR__HTTP_SEEN = 2 * TOOLBAR__PAIR_MAXIMUM,
    TOOLBAR__JSON_MAXIMUM = 16 * 1024, /* bytes of a JSON body that are looked at */
    TOOLBAR__UPLOADS_MAXIMUM = 32,
    TOOLBAR__ALERTS_MAXIMUM = 20
};

/* A file of a form: never its content. */
struct toolbar__upload {
    struct toolbar__upload *next;
    const char *field;
    const char *file;
    const char *type; /* NULL: not told */
    uint64_t bytes;
};

/* Something that is wrong with the page or its head. */
struct toolbar__alert {
    struct toolbar__alert *next;
    const char *rule; /* a literal, for programs */
    const char *text; /* a literal, for people */
    const char *what; /* the form's id, the header's value, ...; NULL: nothing to add */
};

struct toolbar__http {
    const char *handler; /* the application's function; NULL: it has no symbol */
    struct toolbar__pairs query;
    struct toolbar__pairs form;
    struct toolbar__pairs cookies;
    struct toolbar__pairs request; /* headers */
    struct toolbar__pairs kept;    /* headers of the response as the application made them */
    struct toolbar__pairs added;   /* by the toolbar */
    struct toolbar__pairs removed;
    int64_t response_bytes; /* the application's body before it was compressed; UNKNOWN */
    bool timing_later;      /* added, too: Server-Timing with what the finished recording says */

    struct toolbar__upload *uploads;
    struct toolbar__upload *last_upload;
    unsigned upload_count;
    unsigned uploads_dropped;
    const char *body_type; /* Content-Type of the request */
    uint64_t body_bytes;   /* that the application took */
    const char *json;      /* the body, masked and indented; NULL: it is none */
    bool json_cut;
    bool form_broken; /* the rest of the form could not be read */

    struct toolbar__alert *alerts;
    struct toolbar__alert *last_alert;
    unsigned alert_count; /* also those over the limit */
};

/*
 * An argument, a form field or a cookie; `value` is NULL where there is none. Of a long one only
 * the first TOOLBAR__HTTP_SEEN bytes have to be there.
 */
void toolbar__http_field(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                         const char *name, size_t name_length, const char *value,
                         size_t value_length);

/* `key`: the header carries the secret key, of whose value not even the length is kept. */
void toolbar__http_header(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                          bool key, const char *name, size_t name_length, const char *value,
                          size_t value_length);

void toolbar__http_upload(struct toolbar_recording *recording, const char *field, const char *file,
                          const char *type, uint64_t bytes);

/* The beginning of a JSON body; `cut`: there was more. Nothing is kept if it is not JSON. */
void toolbar__http_json(struct toolbar_recording *recording, const char *data, size_t length,
                        bool cut);

/* `rule` and `text` are literals; `what` is copied and masked, NULL: none. */
void toolbar__http_alert(struct toolbar_recording *recording, const char *rule, const char *text,
                         const char *what, size_t what_length);

#endif
