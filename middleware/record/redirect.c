/* Where a redirect leads to: RFC 3986 section 5, as far as path and query go. */
#include "record/redirect.h"

#include <netinet/in.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "record/recording.h"

enum { TARGET_MAXIMUM = 8 * 1024 /* bytes of a path with its query */ };

/*
 * What a browser sends and what the server puts together again differ in their encoding, so
 * that is undone. That some targets become equal thereby does no harm.
 */
uint64_t toolbar__redirect_target(const char *url, size_t length)
{
    struct toolbar_text plain;
    uint64_t hash;
    size_t end = 0;

    while (end < length && url[end] != '#') {
        end++;
    }
    toolbar__text_init(&plain, length);
    for (size_t at = 0; at < end; at++) {
        int high = at + 2 < end ? toolbar__hex_digit(url[at + 1]) : -1;
        int low = at + 2 < end ? toolbar__hex_digit(url[at + 2]) : -1;

        if (url[at] == '%' && high >= 0 && low >= 0) {
            toolbar__text_char(&plain, (char)(high << 4 | low));
            at += 2;
        } else {
            toolbar__text_char(&plain, (char)(url[at] == '+' ? ' ' : url[at]));
        }
    }
    hash = toolbar__hash(1, plain.data ? plain.data : "", plain.length);
    toolbar__text_free(&plain);
    return hash ? hash : 1;
}

uint64_t toolbar__redirect_client(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return toolbar__hash(2, &v4.sin_addr, sizeof v4.sin_addr);
    }
    if (address && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        return toolbar__hash(3, &v6.sin6_addr, sizeof v6.sin6_addr);
    }
    return 0;
}

/* Behind scheme and host of a target on this very host; NULL: it is on another one. */
static const char *skip_host(const char *location, const char *host)
{
    static const char scheme[] = "https:";
    size_t length;

    if (toolbar__ascii_equal(location, scheme, strnlen(location, sizeof scheme - 1)) &&
        strlen(location) >= sizeof scheme - 1) {
        location += sizeof scheme - 1;
    } else if (location[strcspn(location, ":/?#")] == ':') {
        return NULL;
    }
    if (strncmp(location, "//", 2) != 0) return location;
    location += 2;
    length = strcspn(location, "/?#");
    return host && toolbar__ascii_is(location, length, host) ? location + length : NULL;
}

/* Takes the last segment off, without the slash before it. */
static void drop_segment(struct toolbar_text *path)
{
    while (path->length && path->data[path->length - 1] != '/') {
        path->length--;
    }
    if (path->length) path->length--;
}

/* Appends an absolute path without its . and .. segments. */
static void append_path(struct toolbar_text *path, const char *from, size_t length)
{
    const char *end;

    if (!length) return; /* and then there may be no text at all */
    end = from + length;
    while (from < end) {
        const char *segment = from + 1;
        const char *next = memchr(segment, '/', (size_t)(end - segment));
        size_t bytes = (size_t)((next ? next : end) - segment);
        bool dot = bytes == 1 && segment[0] == '.';
        bool dots = bytes == 2 && segment[0] == '.' && segment[1] == '.';

        if (dots) drop_segment(path);
        if (!dot && !dots) toolbar_text_append(path, from, bytes + 1);
        if ((dot || dots) && !next) toolbar__text_char(path, '/');
        from = next ? next : end;
    }
}

static void resolve(struct toolbar_text *target, const char *location, const char *path)
{
    size_t length = strcspn(location, "?#");
    struct toolbar_text joined;

    toolbar__text_init(&joined, TARGET_MAXIMUM);
    if (location[0] != '/') {
        const char *slash = strrchr(path, '/');
        size_t base = length || !slash ? (slash ? (size_t)(slash - path) + 1 : 0) : strlen(path);

        toolbar_text_append(&joined, path, base);
    }
    toolbar_text_append(&joined, location, length);
    append_path(target, joined.data, joined.length);
    target->failed |= joined.failed;
    toolbar__text_free(&joined);
    toolbar__text_string(target, location + length);
}

void toolbar__redirect_note(struct toolbar_recording *recording, const char *location,
                            const char *path, const char *host)
{
    struct toolbar_text target;

    location = skip_host(location, host);
    if (!location) return;
    toolbar__text_init(&target, TARGET_MAXIMUM);
    resolve(&target, *location ? location : "/", path);
    pthread_mutex_lock(&recording->lock);
    if (!target.failed && !recording->finished) {
        recording->redirect.target_hash = toolbar__redirect_target(target.data, target.length);
    }
    pthread_mutex_unlock(&recording->lock);
    toolbar__text_free(&target);
}

static const char *copy(struct toolbar_recording *recording, const char *string)
{
    return string ? toolbar__arena_copy(&recording->arena, string, strlen(string)) : NULL;
}

static struct toolbar__previous *add(struct toolbar_recording *recording,
                                     const struct toolbar__previous *facts)
{
    struct toolbar__previous *previous = toolbar__arena_alloc(&recording->arena, sizeof *previous);

    if (!previous) return NULL;
    *previous = *facts;
    previous->next = NULL;
    previous->id = copy(recording, facts->id);
    previous->method = copy(recording, facts->method);
    previous->url = copy(recording, facts->url);
    return previous->id ? previous : NULL;
}

void toolbar__redirect_landed(struct toolbar_recording *recording,
                              const struct toolbar_recording *from)
{
    struct toolbar__previous facts = {
        .next = from->previous,
        .id = from->id,
        .method = from->method,
        .url = from->url,
        .status = from->status,
        .query_count = from->query_count,
        .duration_ns = from->duration_ns,
    };
    const struct toolbar__previous **link = &recording->previous;
    unsigned left = TOOLBAR__REDIRECT_CHAIN;

    pthread_mutex_lock(&recording->lock);
    for (const struct toolbar__previous *one = &facts; one && left-- && !recording->finished;
         one = one->next) {
        struct toolbar__previous *previous = add(recording, one);

        if (!previous) break;
        *link = previous;
        link = &previous->next;
    }
    pthread_mutex_unlock(&recording->lock);
}
