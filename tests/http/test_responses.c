/*
 * Responses of every kind that libmicrohttpd can make, in sizes around every limit: the bytes
 * before and after the panel are the application's, the length is exact, and what the
 * application gave is given back exactly once.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asserts.h"
#include "client.h"
#include "scratch.h"
#include "server.h"

enum { MIB = 1024 * 1024, PIPE_BYTES = 60 * 1000, PARTS = 37, END_BYTES = 14 };

/* Every body is the end of this one, so that a body of any size ends a page. */
static char *bodies;
enum { BODIES_BYTES = 66 * MIB };

static atomic_uint given, freed;

/* A body with its own place in a callback. */
struct source {
    size_t length;
    size_t piece;     /* at most so much at once */
    size_t fail_at;   /* fails there */
    unsigned stutter; /* not ready that many times before each piece */
    unsigned stuttered;
    char *body; /* begins like a page */
};

/* cmocka's assertions are for the test's own thread. */
static void must(bool condition)
{
    if (!condition) abort();
}

/* "<!doctype html>xxxx...xxxx</body></html>"; too short for that: only x. */
static char *make_body(size_t length)
{
    char *body = malloc(length + 1);

    must(body != NULL);
    memcpy(body, bodies + BODIES_BYTES - length, length);
    if (length > 2 * END_BYTES) memcpy(body, "<!doctype html>", 15);
    if (length <= 2 * END_BYTES) memset(body, 'x', length);
    return body;
}

static void count_and_free(void *body)
{
    atomic_fetch_add(&freed, 1);
    free(body);
}

static struct MHD_Response *make_persistent(size_t length)
{
    static char *kept[8];
    static unsigned next;

    free(kept[next % 8]);
    kept[next % 8] = make_body(length);
    return MHD_create_response_from_buffer(length, kept[next++ % 8], MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *make_must_free(size_t length)
{
    return MHD_create_response_from_buffer(length, make_body(length), MHD_RESPMEM_MUST_FREE);
}

static struct MHD_Response *make_must_copy(size_t length)
{
    char *body = make_body(length);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_COPY);

    free(body);
    return response;
}

static struct MHD_Response *make_free_callback(size_t length)
{
    atomic_fetch_add(&given, 1);
    return MHD_create_response_from_buffer_with_free_callback(length, make_body(length),
                                                              count_and_free);
}

static struct MHD_Response *make_free_callback_cls(size_t length)
{
    char *body = make_body(length);

    atomic_fetch_add(&given, 1);
    return MHD_create_response_from_buffer_with_free_callback_cls(length, body, count_and_free,
                                                                  body);
}

static int make_file(size_t length, size_t in_front)
{
    int fd = open(scratch_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    char *body = make_body(length);

    must(fd >= 0);
    must(ftruncate(fd, (off_t)in_front) == 0);
    must(pwrite(fd, body, length, (off_t)in_front) == (ssize_t)length);
    free(body);
    return fd;
}

static struct MHD_Response *make_fd(size_t length)
{
    return MHD_create_response_from_fd64(length, make_file(length, 0));
}

static struct MHD_Response *make_fd_at_offset(size_t length)
{
    return MHD_create_response_from_fd_at_offset64(length, make_file(length, 12345), 12345);
}

static struct MHD_Response *make_iovec(size_t length)
{
    char *body = make_body(length);
    struct MHD_IoVec parts[PARTS];
    size_t each = length / PARTS;

    for (unsigned i = 0; i < PARTS; i++) {
        parts[i] = (struct MHD_IoVec){body + i * each, i < PARTS - 1 ? each : length - i * each};
    }
    atomic_fetch_add(&given, 1);
    return MHD_create_response_from_iovec(parts, PARTS, count_and_free, body);
}

static struct MHD_Response *make_pipe(size_t length)
{
    char *body = make_body(length);
    int ends[2];

    must(pipe2(ends, O_CLOEXEC) == 0);
    must(write(ends[1], body, length) == (ssize_t)length);
    close(ends[1]);
    free(body);
    return MHD_create_response_from_pipe(ends[0]);
}

static ssize_t read_source(void *cls, uint64_t position, char *buffer, size_t size)
{
    struct source *source = cls;
    size_t rest = source->length - (size_t)position;

    if (source->stuttered++ < source->stutter) return 0;
    source->stuttered = 0;
    if (position == source->fail_at) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!rest) return MHD_CONTENT_READER_END_OF_STREAM;
    if (rest > size) rest = size;
    if (rest > source->piece) rest = source->piece;
    if (position < source->fail_at && rest > source->fail_at - position) {
        rest = (size_t)(source->fail_at - position);
    }
    memcpy(buffer, source->body + position, rest);
    return (ssize_t)rest;
}

static void free_source(void *cls)
{
    struct source *source = cls;

    atomic_fetch_add(&freed, 1);
    free(source->body);
    free(source);
}

static struct MHD_Response *make_callback(const struct source *like, bool known)
{
    struct source *source = malloc(sizeof *source);

    must(source != NULL);
    *source = *like;
    source->body = make_body(like->length);
    atomic_fetch_add(&given, 1);
    return MHD_create_response_from_callback(known ? like->length : MHD_SIZE_UNKNOWN, 8192,
                                             read_source, source, free_source);
}

static struct MHD_Response *make_known(size_t length)
{
    return make_callback(&(struct source){.length = length, .piece = SIZE_MAX, .fail_at = SIZE_MAX},
                         true);
}

static struct MHD_Response *make_unknown(size_t length)
{
    return make_callback(&(struct source){.length = length, .piece = SIZE_MAX, .fail_at = SIZE_MAX},
                         false);
}

static struct MHD_Response *make_one_byte(size_t length)
{
    return make_callback(&(struct source){.length = length, .piece = 1, .fail_at = SIZE_MAX},
                         length % 2);
}

static struct MHD_Response *make_stuttering(size_t length)
{
    return make_callback(
        &(struct source){
            .length = length, .piece = 1 + length / 16, .fail_at = SIZE_MAX, .stutter = 3},
        length % 2);
}

static struct MHD_Response *make_failing(size_t length)
{
    return make_callback(
        &(struct source){.length = length + 2, .piece = 1000, .fail_at = length / 2}, length % 2);
}

static struct MHD_Response *make_failing_at_once(size_t length)
{
    return make_callback(&(struct source){.length = length + 2, .piece = 1000}, length % 2);
}

static const struct kind {
    const char *name;
    struct MHD_Response *(*make)(size_t length);
    size_t maximum;
    bool fails;
} kinds[] = {
    {"persistent", make_persistent, 8 * MIB, false},
    {"must_free", make_must_free, 8 * MIB, false},
    {"must_copy", make_must_copy, 8 * MIB, false},
    {"free_callback", make_free_callback, 8 * MIB, false},
    {"free_callback_cls", make_free_callback_cls, 8 * MIB, false},
    {"fd", make_fd, 8 * MIB, false},
    {"fd_at_offset", make_fd_at_offset, 8 * MIB, false},
    {"iovec", make_iovec, 8 * MIB, false},
    {"pipe", make_pipe, PIPE_BYTES, false},
    {"known", make_known, 66 * MIB, false},
    {"unknown", make_unknown, 8 * MIB, false},
    {"one_byte", make_one_byte, 8 * 1024, false},
    {"stuttering", make_stuttering, 8 * MIB, false},
    {"failing", make_failing, 8 * MIB, true},
    {"failing_at_once", make_failing_at_once, 8 * MIB, true},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* /<kind>/<length>, with ?text=1 for one that is no page */
static enum MHD_Result answer(struct call *call)
{
    char *end;
    unsigned long kind = strtoul(call->url + 1, &end, 10);
    unsigned long length = strtoul(end + 1, NULL, 10);
    struct MHD_Response *response = kinds[kind].make(length);
    bool text =
        MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, "text") != NULL;

    if (response) {
        MHD_add_response_header(response, "Content-Type", text ? "text/plain" : "text/html");
    }
    return call_answer(call, MHD_HTTP_OK, response);
}

static const struct route routes[] = {{"/*", answer}, {NULL, NULL}};

static struct toolbar *toolbar;

static struct server *start(enum server_mode mode)
{
    struct server_options options = {
        .mode = mode, .transport = SERVER_GNUTLS, .routes = routes, .toolbar = toolbar};

    return server_start(&options);
}

static void check_bodies_freed(void)
{
    assert_int_equal(atomic_load(&freed), atomic_load(&given));
}

static void check_shown(const struct reply *reply, size_t length, bool text)
{
    char *body = make_body(length);

    if (text) {
        assert_skipped(reply, "content-type", body, length);
    } else if (length <= 2 * END_BYTES) {
        assert_skipped(reply, "not-html", body, length);
    } else {
        assert_decorated(reply, body, length, length - END_BYTES);
    }
    free(body);
}

static void check_hidden(const struct reply *reply, size_t length)
{
    char *body = make_body(length);

    assert_hidden(reply);
    assert_int_equal(reply->body.length, length);
    if (length) assert_memory_equal(reply->body.data, body, length);
    free(body);
}

static void check_kind(struct client *client, size_t kind, size_t length)
{
    char path[64];
    struct reply reply;

    for (int text = 0; text < 2; text++) {
        snprintf(path, sizeof path, "/%zu/%zu%s", kind, length, text ? "?text=1" : "");
        if (!client_fetch(client, "GET", path, SERVER_KEY_LINE, &reply)) {
            fail_msg("no complete reply to %s (%s)", path, kinds[kind].name);
        }
        check_shown(&reply, length, text);
        /* What was complete in time has its length told. */
        if (length <= 64 * 1024 && kinds[kind].make != make_stuttering &&
            kinds[kind].make != make_one_byte) {
            assert_false(reply.chunked);
        }
        assert_false(reply.closes);
        reply_free(&reply);
    }
    assert_true(client_fetch(client, "GET", path, NULL, &reply));
    check_hidden(&reply, length);
    assert_true(client_drained(client));
    reply_free(&reply);
}

static void every_kind_in_every_size(void **state)
{
    static const enum server_mode modes[] = {SERVER_EPOLL, SERVER_THREADS, SERVER_LOOP_SELECT};
    static const size_t lengths[] = {
        0,          1,       29,          1000,    4096,        32 * 1024,          60 * 1000,
        256 * 1024, MIB + 1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 4 * MIB + 50 * 1024};
    size_t count = sizeof lengths / sizeof *lengths;

    (void)state;
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        struct server *server = start(modes[m]);
        struct client *client = client_open(server->port, true);

        assert_non_null(client);
        for (size_t kind = 0; kind < KINDS; kind++) {
            for (size_t i = 0; i < count; i++) {
                /* The large ones in one mode: they take their time. */
                if (kinds[kind].fails || lengths[i] > kinds[kind].maximum) continue;
                if (m && lengths[i] > 300 * 1024) continue;
                check_kind(client, kind, lengths[i]);
            }
        }
        client_close(client);
        server_stop(server);
        check_bodies_freed();
    }
}

/* A body that breaks off must not look complete, with the panel or without it. */
static void failures_stay_failures(void **state)
{
    static const size_t lengths[] = {100, 101, 100 * 1000, 100 * 1000 + 1, 5 * MIB, 5 * MIB + 1};
    struct server *server = start(SERVER_POOL);

    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        if (!kinds[kind].fails) continue;
        for (size_t i = 0; i < 2 * sizeof lengths / sizeof *lengths; i++) {
            struct client *client = client_open(server->port, true);
            struct reply reply;
            char path[64];

            snprintf(path, sizeof path, "/%zu/%zu%s", kind, lengths[i / 2], i % 2 ? "?text=1" : "");
            assert_non_null(client);
            if (client_fetch(client, "GET", path, SERVER_KEY_LINE, &reply)) {
                fail_msg("a complete reply to %s: %s", path, reply.raw.data);
            }
            client_close(client);
        }
    }
    server_stop(server);
    check_bodies_freed();
}

static void too_large_is_passed_on(void **state)
{
    enum { LENGTH = 65 * MIB };
    struct server *server = start(SERVER_EPOLL);
    struct reply reply;
    char path[64];
    char *body = make_body(LENGTH);
    size_t kind = 0;

    (void)state;
    while (kinds[kind].make != make_known) {
        kind++;
    }
    snprintf(path, sizeof path, "/%zu/%d", kind, LENGTH);
    assert_true(fetch(server->port, true, "GET", path, SERVER_KEY_LINE, &reply));
    assert_skipped(&reply, "too-large", body, LENGTH);
    assert_false(reply.chunked);
    reply_free(&reply);
    free(body);
    server_stop(server);
    check_bodies_freed();
}

static int set_up(void **state)
{
    (void)state;
    bodies = malloc(BODIES_BYTES);
    if (!bodies) return -1;
    for (size_t i = 0; i < BODIES_BYTES; i++) {
        bodies[i] = (char)('a' + i % 23);
    }
    memcpy(bodies + BODIES_BYTES - END_BYTES, "</body></html>", END_BYTES);
    toolbar = server_toolbar(NULL, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        MHD_destroy_response(make_persistent(0));
    }
    toolbar_free(toolbar);
    free(bodies);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_in_every_size),
        cmocka_unit_test(failures_stay_failures),
        cmocka_unit_test(too_large_is_passed_on),
    };

    return cmocka_run_group_tests_name("responses", tests, set_up, tear_down);
}
