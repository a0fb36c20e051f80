/* See the header. */
#include "asserts.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void assert_matches(const char *text, const char *expression)
{
    regex_t regex;
    int result;

    assert_non_null(text);
    assert_int_equal(regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB), 0);
    result = regexec(&regex, text, 0, NULL, 0);
    regfree(&regex);
    if (result) fail_msg("'%s' does not match %s", text, expression);
}

void assert_header(const struct reply *reply, const char *name, const char *value)
{
    assert_int_equal(reply_header_count(reply, name), 1);
    assert_string_equal(reply_header(reply, name), value);
}

void assert_own_headers(const struct reply *reply, char id[33])
{
    size_t timings = reply_header_count(reply, "Server-Timing");

    assert_int_equal(reply_header_count(reply, "Debug-Toolbar-Id"), 1);
    assert_matches(reply_header(reply, "Debug-Toolbar-Id"), "^[0-9a-f]{32}$");
    assert_true(timings >= 1);
    /* The application's own come first. */
    assert_matches(reply_header_at(reply, "Server-Timing", timings - 1),
                   "^total;dur=[0-9]+(\\.[0-9]+)?, cpu;dur=[0-9]+(\\.[0-9]+)?, "
                   "sql;dur=[0-9]+(\\.[0-9]+)?;desc=\"([0-9,]+ queries|1 query)\""
                   "(, cache;dur=[0-9]+(\\.[0-9]+)?;desc=\"([0-9]+ calls|1 call)\")?$");
    if (id) memcpy(id, reply_header(reply, "Debug-Toolbar-Id"), 33);
}

void assert_hidden(const struct reply *reply)
{
    const char *const names[] = {"Debug-Toolbar-Id", "Debug-Toolbar-Skipped", "Server-Timing"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (reply_header(reply, names[i])) fail_msg("%s in a hidden reply", names[i]);
    }
    assert_null(memmem(reply->raw.data, reply->raw.length, "debug-toolbar", 13));
    assert_null(memmem(reply->raw.data, reply->raw.length, "__debug__", 9));
}

static void assert_caching(const struct reply *reply)
{
    static const char *const gone[] = {"ETag",           "Last-Modified", "Expires",      "Age",
                                       "Pragma",         "Accept-Ranges", "Content-MD5",  "Digest",
                                       "Content-Digest", "Repr-Digest",   "Content-Range"};

    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        if (reply_header(reply, gone[i])) fail_msg("%s in a decorated reply", gone[i]);
    }
    assert_header(reply, "Cache-Control", "private, no-store");
    assert_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    /* Where browsers have to guess the type they must be free to. */
    if (reply_header(reply, "Content-Type")) {
        assert_header(reply, "X-Content-Type-Options", "nosniff");
    }
    assert_int_equal(reply_header_count(reply, "Vary"), 1);
}

void assert_decorated(const struct reply *reply, const char *original, size_t length, size_t place)
{
    static const char start[] = "<debug-toolbar data-id=\"";
    static const char end[] = "</debug-toolbar>";
    size_t rest = length - place;
    const char *body = reply->body.data;
    size_t element;
    char id[33];

    if (reply_header(reply, "Debug-Toolbar-Skipped")) {
        fail_msg("skipped: %s", reply_header(reply, "Debug-Toolbar-Skipped"));
    }
    assert_own_headers(reply, id);
    assert_caching(reply);
    assert_true(reply->body.length > length + sizeof start);
    element = reply->body.length - length;
    assert_memory_equal(body, original, place);
    assert_memory_equal(body + place + element, original + place, rest);
    assert_memory_equal(body + place, start, sizeof start - 1);
    assert_memory_equal(body + place + sizeof start - 1, id, 32);
    assert_memory_equal(body + place + element - (sizeof end - 1), end, sizeof end - 1);
    /* One element, of which nothing but the start and the end is outside. */
    assert_null(memmem(body + place + 1, element - 1, start, sizeof start - 1));
}

void assert_page(const struct reply *reply, const char *page)
{
    const char *place = NULL;

    for (const char *at = page; (at = strcasestr(at, "</body")); at++) {
        place = at;
    }
    if (!place) place = page + strlen(page);
    assert_decorated(reply, page, strlen(page), (size_t)(place - page));
}

void assert_skipped(const struct reply *reply, const char *reason, const char *original,
                    size_t length)
{
    const char *skipped = reply_header(reply, "Debug-Toolbar-Skipped");

    if (!skipped) fail_msg("not skipped for %s", reason);
    assert_string_equal(skipped, reason);
    assert_int_equal(reply_header_count(reply, "Debug-Toolbar-Skipped"), 1);
    assert_own_headers(reply, NULL);
    assert_int_equal(reply->body.length, length);
    if (length) assert_memory_equal(reply->body.data, original, length);
}

static bool contains(const struct bytes *bytes, const char *text, size_t length)
{
    for (size_t at = 0; at + length <= bytes->length; at++) {
        if (strncasecmp(bytes->data + at, text, length) == 0) return true;
    }
    return false;
}

/* The characters that do not depend on what stands before or behind, for one of three offsets. */
static size_t base64_middle(const char *key, unsigned offset, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(key), made = 0;

    for (size_t at = (3 - offset) % 3; at + 3 <= length; at += 3) {
        const unsigned char *k = (const unsigned char *)key + at;
        unsigned bits = (unsigned)k[0] << 16 | (unsigned)k[1] << 8 | k[2];

        for (int shift = 18; shift >= 0; shift -= 6) {
            out[made++] = digits[bits >> shift & 63];
        }
    }
    return made;
}

void assert_no_key(const struct bytes *bytes, const char *key)
{
    char forms[6][1024];
    size_t length = strlen(key), lengths[6] = {length, 2 * length, 3 * length, 0, 0, 0};

    assert_true(length < 256);
    for (size_t i = 0; i < length; i++) {
        forms[0][length - 1 - i] = key[i];
        snprintf(forms[1] + 2 * i, 3, "%02x", (unsigned)(unsigned char)key[i]);
        snprintf(forms[2] + 3 * i, 4, "%%%02x", (unsigned)(unsigned char)key[i]);
    }
    for (unsigned offset = 0; offset < 3; offset++) {
        lengths[3 + offset] = base64_middle(key, offset, forms[3 + offset]);
    }
    if (contains(bytes, key, length)) fail_msg("the key is in an answer");
    for (int i = 0; i < 6; i++) {
        if (contains(bytes, forms[i], lengths[i])) fail_msg("the key is in an answer, form %d", i);
    }
}
