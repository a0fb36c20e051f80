/*
 * RFC 9112 sections 3, 5 and 6, without everything there that a server may tolerate: white space
 * before the colon, folded lines, a repeated or odd length, a coding besides "chunked".
 */
#include "adapters/tls/head.h"

#include <string.h>

#include "base/text.h"

enum { FIELD_HOST = 1, FIELD_LENGTH = 2, FIELD_CODING = 4, FIELD_UPGRADE = 8 };

struct fields {
    unsigned seen; /* FIELD_ bits */
    uint64_t content_length;
};

static bool is_token_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static size_t token_length(const char *data, size_t length)
{
    size_t n = 0;

    while (n < length && is_token_byte(data[n]))
        n++;
    return n;
}

static bool read_length(const char *value, size_t length, uint64_t *bytes)
{
    uint64_t sum = 0;

    if (!length) return false;
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9') return false;
        if (sum > (INT64_MAX - 9) / 10) return false;
        sum = sum * 10 + (uint64_t)(value[i] - '0');
    }
    *bytes = sum;
    return true;
}

static unsigned field_of(const char *name, size_t length)
{
    if (toolbar__ascii_is(name, length, "host")) return FIELD_HOST;
    if (toolbar__ascii_is(name, length, "content-length")) return FIELD_LENGTH;
    if (toolbar__ascii_is(name, length, "transfer-encoding")) return FIELD_CODING;
    if (toolbar__ascii_is(name, length, "upgrade")) return FIELD_UPGRADE;
    return 0;
}

/*
 * White space after a length or coding is refused too, although it is legal: libmicrohttpd
 * 0.9.75 keeps it as a part of the value.
 */
static bool read_field(const char *line, size_t length, struct fields *fields)
{
    size_t name = token_length(line, length);
    size_t value = name + 1;
    unsigned field;

    if (!name || name == length || line[name] != ':') return false;
    while (value < length && (line[value] == ' ' || line[value] == '\t'))
        value++;

    field = field_of(line, name);
    if (field != FIELD_UPGRADE && (fields->seen & field)) return false;
    fields->seen |= field;
    if (field == FIELD_LENGTH)
        return read_length(line + value, length - value, &fields->content_length);
    if (field == FIELD_CODING) return toolbar__ascii_is(line + value, length - value, "chunked");
    return true;
}

static bool read_fields(const char *at, const char *end, struct fields *fields)
{
    while (at < end) {
        const char *stop = memchr(at, '\r', (size_t)(end - at));

        if (stop == at) return true;
        if (!stop || !read_field(at, (size_t)(stop - at), fields)) return false;
        at = stop + 2;
    }
    return false;
}

/* method SP target SP HTTP/1.x; returns its length without CRLF, 0 if it is not one. */
static size_t read_request_line(const char *data, size_t length, bool *http_1_0)
{
    static const char version[] = "HTTP/1.";
    enum { VERSION_BYTES = sizeof version }; /* and one digit */
    const char *end = memchr(data, '\r', length);
    size_t method = token_length(data, length);
    const char *target = data + method + 1;
    const char *space;

    if (!end || !method || data[method] != ' ') return 0;
    space = memchr(target, ' ', (size_t)(end - target));
    if (!space || space == target || memchr(target, '\t', (size_t)(space - target))) return 0;
    if (end - (space + 1) != VERSION_BYTES || memcmp(space + 1, version, VERSION_BYTES - 1) != 0)
        return 0;
    if (end[-1] != '0' && end[-1] != '1') return 0;
    *http_1_0 = end[-1] == '0';
    return (size_t)(end - data);
}

bool toolbar__head_read(const char *data, size_t length, struct toolbar__head *head)
{
    struct fields fields = {0};
    bool http_1_0;
    size_t line = read_request_line(data, length, &http_1_0);

    if (!line || !read_fields(data + line + 2, data + length, &fields)) return false;
    if ((fields.seen & FIELD_CODING) && ((fields.seen & FIELD_LENGTH) || http_1_0)) return false;
    *head = (struct toolbar__head){.content_length = fields.content_length,
                                   .chunked = fields.seen & FIELD_CODING,
                                   .upgrade = fields.seen & FIELD_UPGRADE};
    return true;
}

bool toolbar__trailers_valid(const char *data, size_t length)
{
    struct fields fields = {0};

    /* What frames or routes a message belongs in its head. */
    return read_fields(data, data + length, &fields) && !fields.seen;
}
