/* See the header. */
#include "reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void bytes_append(struct bytes *bytes, const void *data, size_t length)
{
    size_t needed = bytes->length + length + 1;

    if (needed > bytes->capacity) {
        size_t capacity = bytes->capacity ? bytes->capacity : 1024;

        while (capacity < needed) {
            capacity *= 2;
        }
        bytes->data = realloc(bytes->data, capacity);
        if (!bytes->data) abort();
        bytes->capacity = capacity;
    }
    if (length) memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
    bytes->data[bytes->length] = '\0';
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void reply_free(struct reply *reply)
{
    for (size_t i = 0; i < reply->field_count; i++) {
        free(reply->fields[i].name);
        free(reply->fields[i].value);
    }
    bytes_free(&reply->raw);
    bytes_free(&reply->body);
    *reply = (struct reply){0};
}

static bool add_field(struct reply *reply, const char *line, size_t length, bool trailer)
{
    const char *colon = memchr(line, ':', length);
    const char *value = colon ? colon + 1 : NULL;
    size_t name_length = colon ? (size_t)(colon - line) : 0;

    if (!name_length || reply->field_count == REPLY_FIELDS) return false;
    if (memchr(line, ' ', name_length)) return false;
    if (value < line + length && *value == ' ') value++;
    reply->fields[reply->field_count].name = strndup(line, name_length);
    reply->fields[reply->field_count].value = strndup(value, (size_t)(line + length - value));
    reply->fields[reply->field_count].trailer = trailer;
    reply->field_count++;
    return true;
}

/* Header or trailer lines up to the empty one; NULL: not all there, *broken: never will be. */
static const char *parse_fields(struct reply *reply, const char *at, const char *end, bool trailer,
                                bool *broken)
{
    for (;;) {
        const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);

        if (!line_end) return NULL;
        if (line_end == at) return at + 2;
        if (!add_field(reply, at, (size_t)(line_end - at), trailer)) {
            *broken = true;
            return NULL;
        }
        at = line_end + 2;
    }
}

/* "HTTP/1.x NNN reason"; the fields follow. Interim replies are left behind. */
static const char *parse_head(struct reply *reply, const char *start, const char *end, bool *broken)
{
    const char *at = start;

    for (;;) {
        const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
        const char *head = at;

        if (!line_end) return NULL;
        /* libmicrohttpd has an ICY mode. */
        if (strncmp(at, "ICY ", 4) != 0 && (line_end - at < 12 || strncmp(at, "HTTP/1.", 7) != 0)) {
            *broken = true;
            return NULL;
        }
        reply->status = (unsigned)strtoul(strchr(at, ' ') + 1, NULL, 10);
        reply->closes = at[0] == 'H' && at[7] == '0';
        at = parse_fields(reply, line_end + 2, end, false, broken);
        if (!at) return NULL;
        reply->head_start = (size_t)(head - start);
        reply->head_length = (size_t)(at - head);
        if (reply->status / 100 != 1 || reply->status == 101) return at;
    }
}

static const char *parse_chunks(struct reply *reply, const char *at, const char *end, bool *broken)
{
    for (;;) {
        const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
        char *size_end;
        uint64_t size;

        if (!line_end) return NULL;
        size = strtoull(at, &size_end, 16);
        if (size_end == at || size_end != line_end) break;
        at = line_end + 2;
        if (!size) return parse_fields(reply, at, end, true, broken);
        if (size > (uint64_t)(end - at) || (uint64_t)(end - at) - size < 2) return NULL;
        bytes_append(&reply->body, at, (size_t)size);
        at += size;
        if (memcmp(at, "\r\n", 2) != 0) break;
        at += 2;
    }
    *broken = true;
    return NULL;
}

/* Where the body ends; NULL: not all there. */
static const char *parse_body(struct reply *reply, const char *at, const char *end,
                              bool head_request, bool ended, bool *broken)
{
    const char *length = reply_header(reply, "Content-Length");
    const char *coding = reply_header(reply, "Transfer-Encoding");
    const char *connection = reply_header(reply, "Connection");
    uint64_t size;

    if (connection && strcasestr(connection, "close")) reply->closes = true;
    if (connection && strcasestr(connection, "keep-alive")) reply->closes = false;
    reply->chunked = coding && strcasecmp(coding, "chunked") == 0;
    if (reply_header_count(reply, "Content-Length") > 1 || (length && coding)) {
        *broken = true;
        return NULL;
    }
    if (head_request || reply->status / 100 == 1 || reply->status == 204 || reply->status == 304) {
        return at;
    }
    if (reply->chunked) return parse_chunks(reply, at, end, broken);
    if (length) {
        size = strtoull(length, NULL, 10);
        if (size > (uint64_t)(end - at)) return NULL;
    } else {
        reply->until_end = reply->closes = true;
        if (!ended) return NULL;
        size = (uint64_t)(end - at);
    }
    bytes_append(&reply->body, at, (size_t)size);
    return at + size;
}

enum reply_progress reply_parse(const struct bytes *raw, bool head_request, bool ended,
                                struct reply *reply, size_t *used)
{
    struct reply parsed = {0};
    const char *end = raw->data + raw->length;
    const char *at;
    bool broken = false;

    if (!raw->length) return ended ? REPLY_BROKEN : REPLY_MORE;
    at = parse_head(&parsed, raw->data, end, &broken);
    if (at) at = parse_body(&parsed, at, end, head_request, ended, &broken);
    if (!at) {
        reply_free(&parsed);
        return broken || ended ? REPLY_BROKEN : REPLY_MORE;
    }
    *used = (size_t)(at - raw->data);
    bytes_append(&parsed.raw, raw->data, *used);
    bytes_append(&parsed.body, "", 0);
    *reply = parsed;
    return REPLY_COMPLETE;
}

static const char *find_field(const struct reply *reply, const char *name, bool trailer, size_t n)
{
    for (size_t i = 0; i < reply->field_count; i++) {
        if (reply->fields[i].trailer == trailer && strcasecmp(reply->fields[i].name, name) == 0 &&
            n-- == 0) {
            return reply->fields[i].value;
        }
    }
    return NULL;
}

const char *reply_header_at(const struct reply *reply, const char *name, size_t n)
{
    return find_field(reply, name, false, n);
}

const char *reply_header(const struct reply *reply, const char *name)
{
    return find_field(reply, name, false, 0);
}

const char *reply_trailer(const struct reply *reply, const char *name)
{
    return find_field(reply, name, true, 0);
}

size_t reply_header_count(const struct reply *reply, const char *name)
{
    size_t count = 0;

    while (find_field(reply, name, false, count)) {
        count++;
    }
    return count;
}
