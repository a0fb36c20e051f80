/* Reads back responses of every kind that libmicrohttpd makes. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/mhd/reader.h"
#include "scratch.h"

enum { BIG = 3 * 1000 * 1000 };

static char *big;
static int freed;

static void count_free(void *cls)
{
    (void)cls;
    freed++;
}

/* Reads the whole body; gives up after many waits in a row. */
static enum toolbar__reader_state read_all(struct toolbar__reader *reader,
                                           struct toolbar_text *body)
{
    enum toolbar__reader_state state;
    int waits = 0;

    do {
        state = toolbar__reader_read(reader, 1 << 20, body);
        waits = state == TOOLBAR__READER_WAIT ? waits + 1 : 0;
    } while ((state == TOOLBAR__READER_MORE || state == TOOLBAR__READER_WAIT) && waits < 1000);
    return state;
}

/* Reads `response` twice, unless it can be read only once, and destroys it. */
static void expect_body(struct MHD_Response *response, const char *expected, size_t length,
                        bool known, int times)
{
    assert_non_null(response);
    for (int i = 0; i < times; i++) {
        struct toolbar__reader *reader = toolbar__reader_take();
        struct toolbar__reader_facts facts;
        struct toolbar_text body;

        toolbar__text_init(&body, 2 * BIG);
        assert_non_null(reader);
        assert_true(toolbar__reader_begin(reader, response, false, &facts));
        if (known) {
            assert_true(facts.length == length);
        } else if (i == 0) {
            assert_true(facts.length == TOOLBAR__READER_UNKNOWN_LENGTH);
        }
        assert_int_equal(read_all(reader, &body), TOOLBAR__READER_END);
        assert_int_equal(body.length, length);
        if (length) assert_memory_equal(body.data, expected, length);
        toolbar__text_free(&body);
        toolbar__reader_give_back(reader);
    }
    MHD_destroy_response(response);
}

static void test_buffers(void **state)
{
    static char text[] = "<html><body>hello</body></html>";

    (void)state;
    expect_body(MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT), text,
                strlen(text), true, 3);
    expect_body(MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_COPY), text,
                strlen(text), true, 3);
    expect_body(MHD_create_response_from_buffer(strlen(text), strdup(text), MHD_RESPMEM_MUST_FREE),
                text, strlen(text), true, 3);
    expect_body(MHD_create_response_from_buffer(0, text, MHD_RESPMEM_PERSISTENT), text, 0, true, 3);
    expect_body(MHD_create_response_from_buffer(BIG, big, MHD_RESPMEM_PERSISTENT), big, BIG, true,
                2);
}

static void test_response_is_given_up_at_once(void **state)
{
    static char text[] = "x";
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(1, text, count_free);

    (void)state;
    freed = 0;
    expect_body(response, text, 1, true, 2);
    assert_int_equal(freed, 1);
}

static int file_of(const char *data, size_t length)
{
    int fd = open(scratch_path("body"), O_RDWR | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, length), (ssize_t)length);
    return fd;
}

static void test_files_and_vectors(void **state)
{
    struct MHD_IoVec parts[] = {{"<html>", 6}, {"<body>", 6}, {"</body>", 7}};

    (void)state;
    expect_body(MHD_create_response_from_fd(BIG, file_of(big, BIG)), big, BIG, true, 2);
    expect_body(MHD_create_response_from_fd_at_offset64(10, file_of(big, 100), 20), big + 20, 10,
                true, 2);
    expect_body(MHD_create_response_from_iovec(parts, 3, NULL, NULL), "<html><body></body>", 19,
                true, 2);
}

static void test_pipe(void **state)
{
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "through a pipe", 14), 14);
    close(fds[1]);
    expect_body(MHD_create_response_from_pipe(fds[0]), "through a pipe", 14, false, 1);
}

struct source {
    size_t step;
    size_t length;
    bool lazy; /* every other call has nothing */
    bool fail_at_end;
    unsigned calls;
};

static ssize_t read_source(void *cls, uint64_t position, char *buffer, size_t size)
{
    struct source *source = cls;
    size_t left = source->length - (size_t)position;
    size_t part = left < source->step ? left : source->step;

    if (source->lazy && source->calls++ % 2 == 0) return 0;
    if (part > size) part = size;
    if (!part) {
        return source->fail_at_end ? MHD_CONTENT_READER_END_WITH_ERROR
                                   : MHD_CONTENT_READER_END_OF_STREAM;
    }
    memcpy(buffer, big + position, part);
    return (ssize_t)part;
}

static void test_callbacks(void **state)
{
    struct source sources[] = {
        {.step = 1, .length = 500},
        {.step = 7, .length = 5000, .lazy = true},
        {.step = 100000, .length = BIG},
        {.step = 10, .length = 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct source *source = &sources[i];

        expect_body(
            MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_source, source, NULL),
            big, source->length, false, 1);
        expect_body(
            MHD_create_response_from_callback(source->length, 4096, read_source, source, NULL), big,
            source->length, true, 2);
    }
}

static void test_failing_callback(void **state)
{
    struct source source = {.step = 100, .length = 1000, .fail_at_end = true};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_source, &source, NULL);
    struct toolbar__reader *reader = toolbar__reader_take();
    struct toolbar__reader_facts facts;
    struct toolbar_text body;

    (void)state;
    toolbar__text_init(&body, BIG);
    assert_true(toolbar__reader_begin(reader, response, false, &facts));
    assert_int_equal(read_all(reader, &body), TOOLBAR__READER_ERROR);
    assert_int_equal(body.length, 1000);
    toolbar__text_free(&body);
    toolbar__reader_give_back(reader);
    MHD_destroy_response(response);
}

static void test_waiting_does_not_end(void **state)
{
    struct source source = {.step = 100, .length = 100, .lazy = true};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_source, &source, NULL);
    struct toolbar__reader *reader = toolbar__reader_take();
    struct toolbar__reader_facts facts;
    struct toolbar_text body;

    (void)state;
    toolbar__text_init(&body, BIG);
    assert_true(toolbar__reader_begin(reader, response, false, &facts));
    /* Given back in the middle: it must not be used for the next response. */
    toolbar__reader_give_back(reader);
    MHD_destroy_response(response);
    toolbar__text_free(&body);
    expect_body(MHD_create_response_from_buffer(3, (void *)"abc", MHD_RESPMEM_PERSISTENT), "abc", 3,
                true, 2);
}

static void test_head_only_leaves_the_content_alone(void **state)
{
    struct source source = {.step = 10, .length = 1000, .lazy = true};
    struct MHD_Response *response =
        MHD_create_response_from_callback(1000, 4096, read_source, &source, NULL);
    struct toolbar__reader *reader = toolbar__reader_take();
    struct toolbar__reader_facts facts;

    (void)state;
    assert_true(toolbar__reader_begin(reader, response, true, &facts));
    assert_true(facts.length == 1000);
    assert_int_equal(source.calls, 0);
    toolbar__reader_give_back(reader);
    MHD_destroy_response(response);
}

/* What libmicrohttpd sends behind the head all the same is no part of the next answer. */
static void test_next_answer_after_head_only(void **state)
{
    struct source source = {.step = 10, .length = 1000};
    struct toolbar__reader_facts facts;

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct MHD_Response *response =
            MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_source, &source, NULL);
        struct toolbar__reader *reader = toolbar__reader_take();

        assert_true(toolbar__reader_begin(reader, response, true, &facts));
        toolbar__reader_give_back(reader);
        MHD_destroy_response(response);
        expect_body(MHD_create_response_from_buffer(3, (void *)"abc", MHD_RESPMEM_PERSISTENT),
                    "abc", 3, true, 2);
    }
}

static void test_flags_show(void **state)
{
    struct toolbar__reader_facts facts;

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct MHD_Response *response =
            MHD_create_response_from_buffer(3, (void *)"abc", MHD_RESPMEM_PERSISTENT);
        struct toolbar__reader *reader = toolbar__reader_take();
        struct toolbar_text body;

        toolbar__text_init(&body, BIG);
        if (i == 1)
            MHD_set_response_options(response, MHD_RF_HTTP_VERSION_1_0_RESPONSE, MHD_RO_END);
        if (i == 2) MHD_set_response_options(response, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
        if (i == 3) MHD_add_response_header(response, "Connection", "close");
        assert_true(toolbar__reader_begin(reader, response, false, &facts));
        assert_int_equal(facts.http_1_0, i == 1);
        if (i != 1) assert_int_equal(facts.close, i >= 2);
        assert_int_equal(read_all(reader, &body), TOOLBAR__READER_END);
        assert_int_equal(body.length, 3);
        toolbar__text_free(&body);
        toolbar__reader_give_back(reader);
        MHD_destroy_response(response);
    }
}

/* Requests are sent ahead, whatever becomes of the replies to those before them. */
static void test_many_in_turn(void **state)
{
    static char text[] = "some text";
    struct toolbar__reader_facts facts;

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct MHD_Response *response =
            MHD_create_response_from_buffer_with_free_callback(9, text, count_free);
        struct toolbar__reader *reader = toolbar__reader_take();
        struct toolbar_text body;

        freed = 0;
        toolbar__text_init(&body, BIG);
        if (i % 7 == 3) MHD_add_response_header(response, "Connection", "close");
        assert_true(toolbar__reader_begin(reader, response, i % 3 == 0, &facts));
        assert_int_equal(facts.length, 9);
        if (i % 3) {
            assert_int_equal(read_all(reader, &body), TOOLBAR__READER_END);
            assert_int_equal(body.length, 9);
        }
        toolbar__text_free(&body);
        toolbar__reader_give_back(reader);
        MHD_destroy_response(response);
        assert_int_equal(freed, 1);
    }
}

static void expect_text(size_t header_bytes)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(3, (void *)"abc", MHD_RESPMEM_PERSISTENT);
    char value[1001] = "";

    memset(value, 'v', sizeof value - 1);
    for (size_t bytes = 0; bytes < header_bytes; bytes += 1000) {
        assert_int_equal(MHD_add_response_header(response, "X-Long", value), MHD_YES);
    }
    expect_body(response, "abc", 3, true, 3);
}

static void test_large_heads(void **state)
{
    (void)state;
    expect_text(10 * 1000);
    expect_text(20 * 1000);
    expect_text(50 * 1000);
    expect_text(0);
}

/* The thread's idle reader is another one: it was made before the descriptors were used up. */
static void *read_there(void *cls)
{
    (void)cls;
    expect_text(0);
    expect_text(20 * 1000);
    return NULL;
}

static void test_more_descriptors_than_fit_a_set(void **state)
{
    struct rlimit limit, more = {FD_SETSIZE + 100, FD_SETSIZE + 100};
    pthread_t thread;
    int made[FD_SETSIZE], count = 0, last;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    more.rlim_max = limit.rlim_max;
    if (limit.rlim_max < more.rlim_cur) skip();
    if (limit.rlim_cur < more.rlim_cur) assert_int_equal(setrlimit(RLIMIT_NOFILE, &more), 0);
    for (last = 0; last < FD_SETSIZE - 1;) {
        last = made[count++] = fcntl(0, F_DUPFD_CLOEXEC, last + 1);
        assert_true(last > 0);
    }
    assert_int_equal(pthread_create(&thread, NULL, read_there, NULL), 0);
    pthread_join(thread, NULL);
    while (count) {
        close(made[--count]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* A child that reads, too, leaves its parent's connection alone. */
static void test_child_process(void **state)
{
    int status = -1;
    pid_t child;

    (void)state;
    expect_text(0);
    child = fork();
    if (child == 0) {
        expect_text(0);
        /* What was inherited is left alone: at a usual end it would count as lost. */
        execlp("true", "true", (char *)NULL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    expect_text(0);
}

static int make_big(void **state)
{
    (void)state;
    big = malloc(BIG);
    for (size_t i = 0; i < BIG; i++) {
        big[i] = (char)('a' + (i * 7 + i / 251) % 26);
    }
    return 0;
}

static int free_big(void **state)
{
    (void)state;
    free(big);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_response_is_given_up_at_once),
        cmocka_unit_test(test_files_and_vectors),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_callbacks),
        cmocka_unit_test(test_failing_callback),
        cmocka_unit_test(test_waiting_does_not_end),
        cmocka_unit_test(test_head_only_leaves_the_content_alone),
        cmocka_unit_test(test_next_answer_after_head_only),
        cmocka_unit_test(test_flags_show),
        cmocka_unit_test(test_many_in_turn),
        cmocka_unit_test(test_large_heads),
        cmocka_unit_test(test_more_descriptors_than_fit_a_set),
        cmocka_unit_test(test_child_process),
    };

    return cmocka_run_group_tests(tests, make_big, free_big);
}
