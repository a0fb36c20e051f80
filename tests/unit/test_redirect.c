/* Where a redirect leads to, and what the request that lands there is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "record/recording.h"

static uint64_t hash(const char *url)
{
    return toolbar__redirect_target(url, strlen(url));
}

static uint64_t noted(const char *location, const char *path)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    uint64_t target;

    toolbar__redirect_note(recording, location, path, "example.com:8443");
    target = recording->redirect.target_hash;
    toolbar__recording_unref(recording);
    return target;
}

static void test_targets(void **state)
{
    static const struct {
        const char *location, *path, *target; /* NULL: nowhere that can be seen here */
    } rows[] = {
        {"/people/1", "/people", "/people/1"},
        {"/people?a=b%20c", "/x", "/people?a=b+c"},
        {"/caf%C3%A9", "/x", "/caf\xc3\xa9"},
        {"/a#fragment", "/x", "/a"},
        {"1", "/people/add", "/people/1"},
        {"1?x=2", "/people/add", "/people/1?x=2"},
        {"?page=2", "/people/add", "/people/add?page=2"},
        {"./1", "/people/add", "/people/1"},
        {"../jobs", "/people/add", "/jobs"},
        {"../../../jobs", "/people/add", "/jobs"},
        {"/a/./b/../c", "/", "/a/c"},
        {"/a/..", "/", "/"},
        {"..", "/a/b/c", "/a/"},
        {"https://example.com:8443/a?b", "/", "/a?b"},
        {"HTTPS://Example.com:8443/a", "/", "/a"},
        {"//example.com:8443/a", "/", "/a"},
        {"https://example.com:8443", "/x", "/"},
        {"https://example.com/a", "/", NULL},
        {"https://elsewhere.example/a", "/", NULL},
        {"//elsewhere.example/a", "/", NULL},
        {"http://example.com:8443/a", "/", NULL},
        {"javascript:alert(1)", "/", NULL},
        {"mailto:a@b", "/", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t expected = rows[i].target ? hash(rows[i].target) : 0;

        if (noted(rows[i].location, rows[i].path) != expected) {
            fail_msg("%s from %s", rows[i].location, rows[i].path);
        }
    }
    assert_int_not_equal(hash("/a"), hash("/b"));
    assert_int_not_equal(hash("/a?b"), hash("/a?c"));
}

static void test_too_long(void **state)
{
    static char location[20 * 1024];

    (void)state;
    memset(location, 'a', sizeof location - 1);
    location[0] = '/';
    assert_int_equal(noted(location, "/"), 0);
}

static void test_clients(void **state)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = 1};
    struct sockaddr_in6 b = {.sin6_family = AF_INET6, .sin6_port = 1};
    uint64_t first;

    (void)state;
    assert_int_equal(toolbar__redirect_client(NULL), 0);
    inet_pton(AF_INET, "192.0.2.1", &a.sin_addr);
    first = toolbar__redirect_client((struct sockaddr *)&a);
    a.sin_port = 2;
    assert_int_equal(toolbar__redirect_client((struct sockaddr *)&a), first);
    inet_pton(AF_INET, "192.0.2.2", &a.sin_addr);
    assert_int_not_equal(toolbar__redirect_client((struct sockaddr *)&a), first);
    inet_pton(AF_INET6, "2001:db8::1", &b.sin6_addr);
    assert_int_not_equal(toolbar__redirect_client((struct sockaddr *)&b), first);
}

/* Each one's page knows all before it, up to a bound; nothing of them is shared. */
static void test_chain(void **state)
{
    enum { LENGTH = TOOLBAR__REDIRECT_CHAIN + 3 };
    struct toolbar_recording *chain[LENGTH];
    const struct toolbar__previous *previous;
    char ids[LENGTH][TOOLBAR__ID_LENGTH + 1];
    int count = 0;

    (void)state;
    for (int i = 0; i < LENGTH; i++) {
        chain[i] = toolbar__recording_new();
        memcpy(ids[i], chain[i]->id, sizeof ids[i]);
        chain[i]->method = toolbar__recording_string(chain[i], "POST", 4);
        if (i) toolbar__redirect_landed(chain[i], chain[i - 1]);
        toolbar__recording_finish(chain[i], 303, "status", 1000);
        if (i) toolbar__recording_unref(chain[i - 1]);
    }
    for (previous = chain[LENGTH - 1]->previous; previous; previous = previous->next) {
        assert_string_equal(previous->id, ids[LENGTH - 2 - count]);
        assert_string_equal(previous->method, "POST");
        assert_null(previous->url);
        assert_int_equal(previous->status, 303);
        count++;
    }
    assert_int_equal(count, TOOLBAR__REDIRECT_CHAIN);
    toolbar__recording_unref(chain[LENGTH - 1]);
}

static void test_finished_ones_do_not_change(void **state)
{
    struct toolbar_recording *from = toolbar__recording_new(), *to = toolbar__recording_new();

    (void)state;
    toolbar__recording_finish(to, 200, NULL, 1000);
    toolbar__redirect_landed(to, from);
    toolbar__redirect_note(to, "/a", "/", NULL);
    assert_null(to->previous);
    assert_int_equal(to->redirect.target_hash, 0);
    toolbar__recording_unref(from);
    toolbar__recording_unref(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_clients),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_finished_ones_do_not_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
