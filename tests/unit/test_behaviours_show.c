/*
 * Who is shown the toolbar, in the terms of other toolbars: excluded paths, explicit permission,
 * sessions, and that nobody is shown anything by default. Each is a callback of a few lines.
 */
#include <fnmatch.h>

#include "test_gate_fake.h"

struct policy {
    const char *prefix;  /* these paths are excluded, */
    const char *pattern; /* and these */
};

static bool except_paths(struct toolbar_request *request, void *cls)
{
    const struct policy *policy = cls;
    const char *url = toolbar_request_url(request);

    if (strncmp(url, policy->prefix, strlen(policy->prefix)) == 0) return false;
    if (fnmatch(policy->pattern, url, 0) == 0) return false;
    return toolbar_show_default(request, NULL);
}

static bool is_shown(struct toolbar__gate *gate, const char *url, const char *header,
                     const char *value)
{
    struct fake fake;

    fake_init(&fake, gate);
    fake.request.head.url = url;
    if (header) fake_add(&fake, header, value);
    return fake_decide(&fake) == TOOLBAR__SHOWN;
}

static void paths_are_excluded_by_a_callback(void **state)
{
    static struct policy policy = {.prefix = "/app/health", .pattern = "/app/*.svg"};
    static const struct {
        const char *url;
        bool shown;
    } rows[] = {
        {"/app/people", true},
        {"/app/health", false},
        {"/app/health/live", false},
        {"/app/logo.svg", false},
        {"/app/logo.svgz", true},
        {"/health", true},
        {"/", true},
        {"", true},
        {"\xff\xfe/\x80", true},
    };
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.secret_key = KEY;
    options.show = except_paths;
    options.show_cls = &policy;
    gate = fake_gate(&options);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(is_shown(gate, rows[i].url, "MYAPPKEY", KEY), rows[i].shown);
        assert_false(is_shown(gate, rows[i].url, "MYAPPKEY", OTHER_KEY));
        assert_false(is_shown(gate, rows[i].url, NULL, NULL));
    }
    toolbar__gate_free(gate);
}

/* An application's own idea of who may: here, whose session cookie says so. */
static bool permitted(struct toolbar_request *request, void *cls)
{
    const char *cookie = toolbar_request_meta(request, "HTTP_COOKIE");

    (void)cls;
    return cookie && strcmp(cookie, "session=developer") == 0;
}

static void permission_may_be_explicit(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.debug = true;
    options.secret_key = KEY;
    options.show = permitted;
    gate = fake_gate(&options);
    assert_true(is_shown(gate, "/", "Cookie", "session=developer"));
    assert_false(is_shown(gate, "/", "Cookie", "session=customer"));
    assert_false(is_shown(gate, "/", NULL, NULL));
    /* Debug mode and the key are the default callback's; this one asks for neither. */
    assert_false(is_shown(gate, "/", "MYAPPKEY", KEY));
    toolbar__gate_free(gate);
}

/* A program that only links the toolbar and makes one. */
static void nobody_is_shown_it_by_default(void **state)
{
    static const char *const peers[] = {"127.0.0.1", "::1", "10.0.0.1", "192.0.2.1", "unix"};
    static const char *const lines[][2] = {
        {NULL, NULL},           {"MYAPPKEY", ""},      {"MYAPPKEY", KEY},
        {"MYAPPKEY", "(null)"}, {"Cookie", "debug=1"}, {"X-Debug", "1"},
        {"DEBUG", "true"},      {"Host", "localhost"}, {"X-Forwarded-For", "127.0.0.1"},
    };
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate = fake_gate(&options);

    (void)state;
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++) {
        for (size_t j = 0; j < 2 * sizeof lines / sizeof *lines; j++) {
            struct fake fake;

            fake_init(&fake, gate);
            fake_set_peer(&fake, peers[i]);
            fake.encrypted = j % 2;
            if (lines[j / 2][0]) fake_add(&fake, lines[j / 2][0], lines[j / 2][1]);
            assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
        }
    }
    toolbar__gate_free(gate);
}

/* Who is behind a proxy is what the proxy says, which counts for nothing. */
static void a_claimed_address_counts_for_nothing(void **state)
{
    static const char *const here[] = {"127.0.0.1", "10.1.0.0/16", "2001:db8::/32", NULL};
    static const char *const claims[] = {"127.0.0.1",   "10.1.2.3", "127.0.0.1, 10.1.2.3",
                                         "2001:db8::1", "",         "unknown"};
    static const char *const headers[] = {"X-Forwarded-For", "X-Real-IP", "Client-IP",
                                          "CF-Connecting-IP", "Forwarded"};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.debug = true;
    options.debug_peers = here;
    gate = fake_gate(&options);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        for (size_t j = 0; j < sizeof headers / sizeof *headers; j++) {
            struct fake fake;

            fake_init(&fake, gate);
            fake_add(&fake, headers[j], claims[i]);
            fake_set_peer(&fake, "192.0.2.1");
            assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
            fake.no_peer = true;
            assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
            fake.no_peer = false;
            fake_set_peer(&fake, "10.1.200.3");
            assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        }
    }
    toolbar__gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_excluded_by_a_callback),
        cmocka_unit_test(permission_may_be_explicit),
        cmocka_unit_test(nobody_is_shown_it_by_default),
        cmocka_unit_test(a_claimed_address_counts_for_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
