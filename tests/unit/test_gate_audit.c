/* What the gate logs: one bounded line for each activation, without the key in it. */
#include "test_gate_fake.h"

static struct fake_log log_;

static struct toolbar_options logged_options(void)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    memset(&log_, 0, sizeof log_);
    options.secret_key = KEY;
    options.log = fake_log;
    options.log_cls = &log_;
    return options;
}

/* NULL: no key header. */
static enum toolbar__verdict verdict_of(struct toolbar__gate *gate, const char *key, bool encrypted)
{
    struct fake fake;

    fake_init(&fake, gate);
    fake.encrypted = encrypted;
    if (key) fake_add(&fake, "MYAPPKEY", key);
    return fake_decide(&fake);
}

static void audit_lines(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;
    struct fake fake;

    (void)state;
    options.debug = true;
    gate = fake_gate(&options);
    fake_init(&fake, gate);
    fake_add(&fake, "Host", "example.com:8443");
    fake_add(&fake, "X-Forwarded-For", "10.9.9.9");
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_int_equal(log_.audits, 0);
    fake_add(&fake, "MYAPPKEY", KEY);
    fake.request.head.url = "/people?password=hunter2";
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_int_equal(log_.audits, 1);
    assert_string_equal(log_.last, "debugtoolbar: shown by key " KEY_ID " peer=127.0.0.1 "
                                   "host=\"example.com:8443\" method=\"GET\" path=\"/people\"");
    fake_set_peer(&fake, "2001:db8::1");
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_non_null(strstr(log_.last, " peer=2001:db8::1 "));
    fake.no_peer = true;
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_non_null(strstr(log_.last, " peer=unknown "));
    fake.encrypted = false;
    fake.no_peer = false;
    assert_int_equal(fake_decide(&fake), TOOLBAR__BURNED);
    assert_int_equal(log_.audits, 4);
    assert_string_equal(log_.last, "debugtoolbar: key " KEY_ID
                                   " arrived over plain HTTP: it is burned, replace it "
                                   "peer=2001:db8::1 host=\"example.com:8443\" method=\"GET\" "
                                   "path=\"/people\"");
    assert_int_equal(log_.warnings + log_.errors, 0);
    toolbar__gate_free(gate);
}

static void audit_of_proxied(void **state)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    struct toolbar_options options = logged_options();

    (void)state;
    options.trusted_proxies = proxies;
    for (int i = 0; i < 2; i++) {
        struct toolbar__gate *gate;
        struct fake fake;

        options.forwarded = i ? TOOLBAR_FORWARDED_RFC7239 : TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
        gate = fake_gate(&options);
        fake_init(&fake, gate);
        fake.encrypted = false;
        fake_add(&fake, "X-Forwarded-For", "203.0.113.7, \"10.0.0.1");
        fake_add(&fake, "X-Forwarded-Proto", "https");
        fake_add(&fake, "Forwarded", "for=\"[2001:db8::2]\";proto=https");
        fake_add(&fake, "MYAPPKEY", KEY);
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        assert_non_null(
            strstr(log_.last, i ? " forwarded=\"for=\\x22[2001:db8::2]\\x22;proto=https\" method"
                                : " forwarded=\"203.0.113.7, \\x2210.0.0.1\" method"));
        toolbar__gate_free(gate);
    }
}

/* One record is one line, whatever a client sends. */
static void audit_escapes(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate = fake_gate(&options);

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++) {
        char text[] = {'/', 'a', (char)byte, 'b', '\0'};
        struct fake fake;
        bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
        char expected[64];

        if (byte == '?') continue;
        fake_init(&fake, gate);
        fake.request.head.url = text;
        fake.request.head.method = text;
        fake_add(&fake, "Host", text);
        fake_add(&fake, "MYAPPKEY", KEY);
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        if (plain) {
            snprintf(expected, sizeof expected, "\"/a%cb\"", (char)byte);
        } else {
            snprintf(expected, sizeof expected, "\"/a\\x%02xb\"", byte);
        }
        for (const char *at = log_.last; *at; at++) {
            assert_true(*at >= 0x20 && *at < 0x7f);
        }
        for (int i = 0; i < 3; i++) {
            char *at = strstr(log_.last, expected);

            assert_non_null(at);
            *at = '#';
        }
    }
    assert_int_equal(log_.audits, 254);
    toolbar__gate_free(gate);
}

static void audit_is_bounded(void **state)
{
    static const char *const proxies[] = {"2001:db8::/32", NULL};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;
    char text[5000];
    struct fake fake;

    (void)state;
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    gate = fake_gate(&options);
    for (unsigned i = 0; i < 3; i++) {
        memset(text, "x\n\xff"[i], sizeof text - 1);
        text[sizeof text - 1] = '\0';
        fake_init(&fake, gate);
        fake_set_peer(&fake, "2001:db8:1111:2222:3333:4444:5555:6666");
        fake.request.head.url = fake.request.head.method = text;
        fake_add(&fake, "Host", text);
        fake_add(&fake, "X-Forwarded-For", text);
        fake_add(&fake, "X-Forwarded-Proto", "https");
        fake_add(&fake, "MYAPPKEY", KEY);
        fake.encrypted = false;
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        assert_true(strlen(log_.last) < 512);
        /* Every field is still there, and the line is whole. */
        assert_non_null(strstr(log_.last, " host=\""));
        assert_non_null(strstr(log_.last, "...\" path=\""));
        assert_string_equal(log_.last + strlen(log_.last) - 4, "...\"");
        fake.headers[2].value = "http";
        fake.headers[2].value_length = 4;
        assert_int_equal(fake_decide(&fake), TOOLBAR__BURNED);
        assert_true(strlen(log_.last) < 512);
        assert_string_equal(log_.last + strlen(log_.last) - 4, "...\"");
    }
    toolbar__gate_free(gate);
}

static void audit_never_has_the_key(void **state)
{
    static const char *const places[] = {KEY,
                                         "/" KEY,
                                         "/a/" KEY "/b",
                                         "/x" KEY "x",
                                         "/%5Ak3v9Qw1Xe7Lp5Rt",
                                         "/Z%6b%33v9Qw1Xe7Lp5R%74?x"};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate = fake_gate(&options);

    (void)state;
    for (int burned = 0; burned < 2; burned++) {
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            struct fake fake;

            fake_init(&fake, gate);
            fake.encrypted = !burned;
            fake.request.head.url = fake.request.head.method = places[i];
            fake_add(&fake, "Host", places[i]);
            fake_add(&fake, "MYAPPKEY", KEY);
            assert_int_equal(fake_decide(&fake), burned ? TOOLBAR__BURNED : TOOLBAR__SHOWN);
            assert_null(strstr(log_.last, "9Qw1Xe"));
            assert_non_null(strstr(log_.last, "host=\"********\" method=\"********\" "
                                              "path=\"********\""));
        }
    }
    toolbar__gate_free(gate);
}

/* A percent sign in the key is no escape when it stands in the path. */
static void audit_of_a_key_with_escapes(void **state)
{
    static const char key[] = "Zk3v9%41Qw1Xe7Lp5Rt";
    static const char *const urls[] = {"/Zk3v9%41Qw1Xe7Lp5Rt", "/Zk3v9%2541Qw1Xe7Lp5Rt"};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;

    (void)state;
    options.secret_key = key;
    gate = fake_gate(&options);
    for (size_t i = 0; i < 2; i++) {
        struct fake fake;

        fake_init(&fake, gate);
        fake.request.head.url = urls[i];
        fake_add(&fake, "MYAPPKEY", key);
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        assert_non_null(strstr(log_.last, "path=\"********\""));
    }
    toolbar__gate_free(gate);
}

static void one_line_an_activation(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;

    (void)state;
    options.debug = true;
    gate = fake_gate(&options);
    for (unsigned i = 1; i <= 100; i++) {
        verdict_of(gate, KEY, true);
        verdict_of(gate, OTHER_KEY, true);
        verdict_of(gate, NULL, true);
        verdict_of(gate, "", true);
        verdict_of(gate, OTHER_KEY, false);
        verdict_of(gate, NULL, false);
        assert_int_equal(log_.audits, i);
    }
    /* That debug mode does nothing over plain HTTP. */
    assert_int_equal(log_.warnings + log_.errors, 1);
    toolbar__gate_free(gate);
}

static void one_warning(void **state)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;
    struct fake fake;

    (void)state;
    options.debug = true;
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    for (int proxied = 0; proxied < 2; proxied++) {
        memset(&log_, 0, sizeof log_);
        gate = fake_gate(&options);
        fake_init(&fake, gate);
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        assert_int_equal(log_.warnings, 0);
        if (proxied) {
            fake.encrypted = false;
            fake_add(&fake, "X-Forwarded-Proto", "https");
        } else {
            fake_set_peer(&fake, "192.0.2.1");
        }
        fake_add(&fake, "Sec-Fetch-Site", "cross-site");
        assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
        assert_int_equal(log_.warnings, 0);
        fake.count--;
        for (int i = 0; i < 3; i++) {
            assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
            assert_int_equal(log_.warnings, 1);
        }
        assert_non_null(strstr(log_.last, "debug_peers"));
        assert_int_equal(log_.audits, 0);
        toolbar__gate_free(gate);
    }
}

static void no_warning_with_debug_peers(void **state)
{
    static const char *const peers[] = {"192.0.2.0/24", NULL};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;
    struct fake fake;

    (void)state;
    options.debug = true;
    options.debug_peers = peers;
    gate = fake_gate(&options);
    fake_init(&fake, gate);
    fake_set_peer(&fake, "192.0.2.1");
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_int_equal(log_.warnings, 0);
    toolbar__gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audit_lines),
        cmocka_unit_test(audit_of_proxied),
        cmocka_unit_test(audit_escapes),
        cmocka_unit_test(audit_is_bounded),
        cmocka_unit_test(audit_never_has_the_key),
        cmocka_unit_test(audit_of_a_key_with_escapes),
        cmocka_unit_test(one_line_an_activation),
        cmocka_unit_test(no_warning_with_debug_peers),
        cmocka_unit_test(one_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
