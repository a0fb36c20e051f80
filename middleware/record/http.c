#include "record/http.h"

#include <string.h>

#include "record/mask.h"
#include "record/recording.h"

enum { WORD_MAXIMUM = 256 /* bytes of a name or the like */ };

struct piece {
    const char *data;
    size_t length;
};

static const struct piece masked = {TOOLBAR__MASK, sizeof TOOLBAR__MASK - 1};

static bool is_secret(struct piece piece)
{
    return toolbar__mask_content(piece.data, piece.length);
}

void toolbar__http_field(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                         const char *name, size_t name_length, const char *value,
                         size_t value_length)
{
    struct piece word = {name, name_length}, content = {value ? value : "", value_length};
    unsigned count = pairs->count;

    if (content.length > TOOLBAR__HTTP_SEEN) content.length = TOOLBAR__HTTP_SEEN;
    if (content.length &&
        (recording->hide_values || toolbar__mask_name(name, name_length) || is_secret(content))) {
        content = masked;
    }
    /* One word alone may be a value just as well. */
    if (is_secret(word) || (!value && recording->hide_values && name_length)) word = masked;
    toolbar__pairs_add(recording, pairs, word.data, word.length, content.data, content.length);
    /* Only the request's own thread adds to these. */
    if (pairs->count > count && content.data == value) pairs->last->value_bytes = value_length;
}

/* a=********; Path=/; the attributes are no secret. */
static void mask_cookie(struct toolbar_text *text, struct piece value, bool strict)
{
    const char *end = memchr(value.data, ';', value.length);
    size_t length = end ? (size_t)(end - value.data) : value.length;
    const char *equals = memchr(value.data, '=', length);
    size_t name_length = equals ? (size_t)(equals - value.data) : 0;

    if (equals && !toolbar__mask_value(value.data, name_length)) {
        toolbar_text_append(text, value.data, name_length + 1);
    }
    toolbar_text_literal(text, "********");
    if (!strict) {
        toolbar__mask_url(text, value.data + length, value.length - length, false);
    }
}

/* A masked password still stands where a password does. */
static bool is_still_secret(const struct toolbar_text *text)
{
    static const char gone[] = ":********@";
    struct toolbar_text rest;
    const char *at = text->data, *end = text->data + text->length, *next;
    bool secret;

    if (!text->length) return false;
    if (!memmem(at, text->length, gone, sizeof gone - 1)) {
        return toolbar__mask_value(at, text->length);
    }
    toolbar__text_init(&rest, text->length + 1);
    while ((next = memmem(at, (size_t)(end - at), gone, sizeof gone - 1))) {
        toolbar_text_append(&rest, at, (size_t)(next - at));
        toolbar__text_char(&rest, '@');
        at = next + sizeof gone - 1;
    }
    toolbar_text_append(&rest, at, (size_t)(end - at));
    secret = rest.failed || (rest.length && toolbar__mask_value(rest.data, rest.length));
    toolbar__text_free(&rest);
    return secret;
}

static void mask_header(struct toolbar_text *text, struct piece name, struct piece value,
                        bool strict)
{
    if (toolbar__ascii_is(name.data, name.length, "Set-Cookie")) {
        mask_cookie(text, value, strict);
    } else if (strict || toolbar__mask_name(name.data, name.length)) {
        toolbar_text_literal(text, TOOLBAR__MASK);
    } else {
        /* Most values are lists, URLs or both. */
        toolbar__mask_url(text, value.data, value.length, false);
        if (!text->failed && is_still_secret(text)) text->failed = true;
    }
}

void toolbar__http_header(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                          bool key, const char *name, size_t name_length, const char *value,
                          size_t value_length)
{
    struct piece content = masked;
    struct toolbar_text text;

    if (value_length > TOOLBAR__HTTP_SEEN) value_length = TOOLBAR__HTTP_SEEN;
    toolbar__text_init(&text, (size_t)8 * TOOLBAR__HTTP_SEEN);
    if (!key && (!value_length || toolbar__mask_harmless_header(name, name_length))) {
        content = (struct piece){value, value_length};
    } else if (!key) {
        mask_header(&text, (struct piece){name, name_length}, (struct piece){value, value_length},
                    recording->hide_values);
        /* What could not be masked in parts is masked as a whole. */
        if (!text.failed) content = (struct piece){text.data, text.length};
    }
    toolbar__pairs_add(recording, pairs, name, name_length, content.data, content.length);
    toolbar__text_free(&text);
}

static const char *keep(struct toolbar_recording *recording, const char *string, bool strict)
{
    struct piece piece = {string ? string : "", string ? strlen(string) : 0};

    if (!string) return NULL;
    if (piece.length && (strict || is_secret(piece))) piece = masked;
    return toolbar__recording_string(recording, piece.data,
                                     toolbar__utf8_cut(piece.data, piece.length, WORD_MAXIMUM));
}

void toolbar__http_upload(struct toolbar_recording *recording, const char *field, const char *file,
                          const char *type, uint64_t bytes)
{
    struct toolbar__http *http = &recording->http;
    struct toolbar__upload upload = {
        .field = keep(recording, field, false),
        .file = keep(recording, file, recording->hide_values),
        .type = keep(recording, type, false),
        .bytes = bytes,
    };
    struct toolbar__upload *kept = NULL;

    pthread_mutex_lock(&recording->lock);
    if (recording->finished) goto out;
    if (upload.field && upload.file && http->upload_count < TOOLBAR__UPLOADS_MAXIMUM) {
        kept = toolbar__arena_alloc(&recording->arena, sizeof *kept);
    }
    if (!kept) {
        http->uploads_dropped++;
        goto out;
    }
    *kept = upload;
    if (http->last_upload) {
        http->last_upload->next = kept;
    } else {
        http->uploads = kept;
    }
    http->last_upload = kept;
    http->upload_count++;
out:
    pthread_mutex_unlock(&recording->lock);
}

void toolbar__http_alert(struct toolbar_recording *recording, const char *rule, const char *text,
                         const char *what, size_t what_length)
{
    struct toolbar__http *http = &recording->http;
    struct piece piece = {what, what_length};
    struct toolbar__alert *alert = NULL;

    if (what && is_secret(piece)) piece = masked;
    pthread_mutex_lock(&recording->lock);
    if (recording->finished) goto out;
    if (http->alert_count++ < TOOLBAR__ALERTS_MAXIMUM) {
        alert = toolbar__arena_alloc(&recording->arena, sizeof *alert);
    }
    if (!alert) goto out;
    *alert = (struct toolbar__alert){.rule = rule, .text = text};
    if (what) {
        alert->what = toolbar__recording_keep(recording, piece.data, piece.length, WORD_MAXIMUM);
    }
    if (http->last_alert) {
        http->last_alert->next = alert;
    } else {
        http->alerts = alert;
    }
    http->last_alert = alert;
out:
    pthread_mutex_unlock(&recording->lock);
}
