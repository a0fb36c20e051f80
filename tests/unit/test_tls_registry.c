/* The registry of our sockets: numbers that are used again must not count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/tls/registry.h"

static void make_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

static void test_only_what_is_remembered(void **state)
{
    int pair[2];

    (void)state;
    make_pair(pair);
    assert_false(toolbar__tls_is_ours(pair[0]));
    assert_true(toolbar__tls_remember(pair[1]));
    assert_true(toolbar__tls_is_ours(pair[1]));
    assert_false(toolbar__tls_is_ours(pair[0]));
    close(pair[0]);
    close(pair[1]);
    assert_false(toolbar__tls_is_ours(pair[1]));
}

static void test_odd_descriptors(void **state)
{
    int pipe_fds[2];

    (void)state;
    assert_false(toolbar__tls_is_ours(-1));
    assert_false(toolbar__tls_is_ours(INT32_MAX));
    assert_false(toolbar__tls_remember(-1));
    assert_false(toolbar__tls_remember(INT32_MAX));
    assert_int_equal(pipe(pipe_fds), 0);
    assert_false(toolbar__tls_remember(pipe_fds[0]));
    assert_false(toolbar__tls_is_ours(pipe_fds[0]));
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

static void test_reused_number_is_not_ours(void **state)
{
    const int families[] = {AF_UNIX, AF_INET, AF_INET6};
    int pair[2];

    (void)state;
    make_pair(pair);
    for (size_t i = 0; i < 3; i++) {
        int number = pair[1];
        int other;

        assert_true(toolbar__tls_remember(number));
        close(number);
        other = socket(families[i], SOCK_STREAM, 0);
        if (other < 0) other = socket(AF_UNIX, SOCK_STREAM, 0); /* no IPv6 here */
        assert_int_equal(other, number);
        assert_false(toolbar__tls_is_ours(other));
        pair[1] = other;
    }
    close(pair[0]);
    close(pair[1]);
}

/* What is noted late about a connection says nothing about the next one of that number. */
static void test_facts(void **state)
{
    struct toolbar__tls_facts facts = {.version = "TLSv1.2", .requests = 7}, found = {0};
    uint64_t first, second;
    int pair[2];

    (void)state;
    make_pair(pair);
    assert_false(toolbar__tls_facts(pair[1], &found));
    first = toolbar__tls_remember(pair[1]);
    toolbar__tls_note(pair[1], first, &facts);
    assert_true(toolbar__tls_facts(pair[1], &found));
    assert_string_equal(found.version, "TLSv1.2");
    assert_int_equal(found.requests, 7);
    close(pair[1]);
    assert_false(toolbar__tls_facts(pair[1], &found));
    assert_int_equal(dup(pair[0]), pair[1]);
    second = toolbar__tls_remember(pair[1]);
    assert_int_not_equal(first, second);
    facts.requests = 1;
    toolbar__tls_note(pair[1], second, &facts);
    facts.requests = 8;
    toolbar__tls_note(pair[1], first, &facts);
    assert_true(toolbar__tls_facts(pair[1], &found));
    assert_int_equal(found.requests, 1);
    toolbar__tls_note(-1, first, &facts);
    close(pair[0]);
    close(pair[1]);
}

static atomic_bool stop;

static void *ask(void *cls)
{
    int *fd = cls;

    while (!atomic_load(&stop)) {
        if (toolbar__tls_is_ours(*fd)) return fd;
    }
    return NULL;
}

static void test_concurrent_use(void **state)
{
    pthread_t reader;
    int pair[2];
    void *found;

    (void)state;
    make_pair(pair);
    assert_int_equal(pthread_create(&reader, NULL, ask, &pair[0]), 0);
    for (int i = 0; i < 1000; i++) {
        assert_true(toolbar__tls_remember(pair[1]));
        assert_true(toolbar__tls_is_ours(pair[1]));
    }
    atomic_store(&stop, true);
    pthread_join(reader, &found);
    assert_null(found);
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_remembered),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_odd_descriptors),
        cmocka_unit_test(test_reused_number_is_not_ours),
        cmocka_unit_test(test_concurrent_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
