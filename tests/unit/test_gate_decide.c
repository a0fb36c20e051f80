/* The decision as a whole: its order, its branches, and the application's callback. */
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

static void the_seed(void **state)
{
    static const char *const keys[] = {NULL, KEY, OTHER_KEY, "", "Zk3v9Qw1Xe7Lp5R", (KEY "x")};

    (void)state;
    for (unsigned i = 0; i < 6 * 8; i++) {
        const char *key = keys[i % 6];
        bool debug = i / 6 & 1, encrypted = i / 12 & 1, with_key = i / 24 & 1;
        bool right = with_key && key && strcmp(key, KEY) == 0;
        enum toolbar__verdict expected = TOOLBAR__HIDDEN;
        struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
        struct toolbar__gate *gate;

        if (encrypted && (key ? right : debug)) expected = TOOLBAR__SHOWN;
        if (!encrypted && right) expected = TOOLBAR__BURNED;
        if (with_key) options.secret_key = KEY;
        options.debug = debug;
        gate = fake_gate(&options);
        assert_int_equal(verdict_of(gate, key, encrypted), expected);
        toolbar__gate_free(gate);
        /* The same, named explicitly. */
        options.show = toolbar_show_default;
        gate = fake_gate(&options);
        assert_int_equal(verdict_of(gate, key, encrypted), expected);
        toolbar__gate_free(gate);
    }
}

/* Naming the default is no callback of one's own: no stricter rules, no line in the log. */
static void the_default_by_name(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;
    struct fake fake;

    (void)state;
    options.debug = true;
    options.show = toolbar_show_default;
    gate = fake_gate(&options);
    fake_init(&fake, gate);
    fake_add(&fake, "Sec-Fetch-Site", "cross-site");
    fake_add(&fake, "Sec-Fetch-Mode", "navigate");
    fake_add(&fake, "Sec-Fetch-Dest", "document");
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_int_equal(log_.audits, 0);
    toolbar__gate_free(gate);
}

static void debug_flag_at_run_time(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate = fake_gate(&options);

    (void)state;
    for (int i = 0; i < 4; i++) {
        toolbar__gate_set_debug(gate, i % 2);
        assert_int_equal(toolbar__gate_debug(gate), i % 2);
        assert_int_equal(verdict_of(gate, NULL, true), i % 2 ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
    }
    toolbar__gate_free(gate);
}

static void rotation(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate = fake_gate(&options);

    (void)state;
    assert_int_equal(toolbar__gate_set_keys(gate, KEY, OTHER_KEY), TOOLBAR_OK);
    assert_int_equal(verdict_of(gate, KEY, true), TOOLBAR__SHOWN);
    assert_int_equal(verdict_of(gate, OTHER_KEY, true), TOOLBAR__SHOWN);
    assert_int_equal(toolbar__gate_set_keys(gate, OTHER_KEY, NULL), TOOLBAR_OK);
    assert_int_equal(verdict_of(gate, KEY, true), TOOLBAR__HIDDEN);
    assert_int_equal(verdict_of(gate, OTHER_KEY, true), TOOLBAR__SHOWN);
    assert_int_equal(toolbar__gate_set_keys(gate, NULL, NULL), TOOLBAR_OK);
    assert_int_equal(verdict_of(gate, OTHER_KEY, true), TOOLBAR__HIDDEN);
    toolbar__gate_free(gate);
}

/* Most requests: the key is looked up, and nothing else is asked. */
static void the_cheap_way_out(void **state)
{
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate = fake_gate(&options);
    struct fake fake;

    (void)state;
    fake_init(&fake, gate);
    fake_add(&fake, "Host", "example.com");
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    assert_int_equal(fake.walks, 0);
    assert_int_equal(fake.encrypted_calls, 0);
    assert_int_equal(fake.peer_calls, 0);
    /* Nobody can have a key that does not exist. */
    assert_int_equal(toolbar__gate_set_keys(gate, NULL, NULL), TOOLBAR_OK);
    fake_add(&fake, "MYAPPKEY", KEY);
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    assert_int_equal(fake.walks, 0);
    toolbar__gate_free(gate);
}

static void methods_and_versions(void **state)
{
    static const struct {
        const char *method, *version;
        bool shown;
    } rows[] = {
        {"GET", "HTTP/1.1", true},    {"GET", "HTTP/1.0", true},
        {"HEAD", "HTTP/1.1", true},   {"POST", "HTTP/1.1", true},
        {"PUT", "HTTP/1.1", true},    {"PATCH", "HTTP/1.1", true},
        {"DELETE", "HTTP/1.1", true}, {"PROPFIND", "HTTP/1.1", true},
        {"get", "HTTP/1.1", true},    {"OPTIONS", "HTTP/1.1", false},
        {"TRACE", "HTTP/1.1", false}, {"CONNECT", "HTTP/1.1", false},
        {"GET", "HTTP/0.9", false},   {"GET", "HTTP/1.2", false},
        {"GET", "HTTP/2.0", false},   {"GET", "HTTP/1.1 ", false},
        {"GET", "", false},           {"GET", "http/1.1", false},
    };
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate;

    (void)state;
    options.debug = true;
    gate = fake_gate(&options);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int with_key = 0; with_key < 2; with_key++) {
            struct fake fake;

            fake_init(&fake, gate);
            fake.request.head.method = rows[i].method;
            fake.request.head.version = rows[i].version;
            if (with_key) fake_add(&fake, "MYAPPKEY", KEY);
            assert_int_equal(fake_decide(&fake), rows[i].shown ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        }
    }
    toolbar__gate_free(gate);
}

static void debug_peers(void **state)
{
    static const char *const here[] = {"127.0.0.0/8", "::1", NULL};
    static const char *const nowhere[] = {NULL};
    static const char *const proxies[] = {"127.0.0.1", NULL};
    static const struct {
        const char *peer;
        bool shown;
    } rows[] = {{"127.0.0.1", true}, {"::1", true},  {"::ffff:127.0.0.9", true},
                {"10.0.0.1", false}, {"::2", false}, {"unix", false}};
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gate, *closed;
    struct fake fake;

    (void)state;
    options.debug = true;
    options.debug_peers = here;
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    gate = fake_gate(&options);
    options.debug_peers = nowhere;
    closed = fake_gate(&options);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_init(&fake, gate);
        fake_set_peer(&fake, rows[i].peer);
        assert_int_equal(fake_decide(&fake), rows[i].shown ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        assert_int_equal(toolbar_show_default(&fake.request, NULL), rows[i].shown);
        fake.request.gate = closed;
        assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
        /* The key needs no address. */
        fake_add(&fake, "MYAPPKEY", KEY);
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    }
    fake_init(&fake, gate);
    fake.no_peer = true;
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    /* Behind a proxy the peer is the proxy, whoever the client is. */
    fake_init(&fake, gate);
    fake.encrypted = false;
    fake_add(&fake, "X-Forwarded-Proto", "https");
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    assert_int_equal(log_.warnings, 0);
    toolbar__gate_free(gate);
    toolbar__gate_free(closed);
}

struct callback {
    unsigned calls;
    bool answer;
    char key[300]; /* what it read */
    bool key_absent;
};

static bool ask(struct toolbar_request *request, void *cls)
{
    struct callback *callback = cls;
    const char *key = toolbar_request_meta(request, "HTTP_MYAPPKEY");

    callback->calls++;
    callback->key_absent = !key;
    snprintf(callback->key, sizeof callback->key, "%s", key ? key : "");
    return callback->answer;
}

static struct toolbar__gate *callback_gate(struct callback *callback, bool answer)
{
    struct toolbar_options options = logged_options();

    memset(callback, 0, sizeof *callback);
    callback->answer = answer;
    options.show = ask;
    options.show_cls = callback;
    return fake_gate(&options);
}

static void callback_answers(void **state)
{
    struct callback callback;
    struct toolbar__gate *gate = callback_gate(&callback, true);

    (void)state;
    assert_int_equal(verdict_of(gate, NULL, true), TOOLBAR__SHOWN);
    assert_true(callback.key_absent);
    assert_int_equal(log_.audits, 1);
    assert_non_null(strstr(log_.last, "shown by callback"));
    assert_int_equal(verdict_of(gate, OTHER_KEY, true), TOOLBAR__SHOWN);
    assert_string_equal(callback.key, OTHER_KEY);
    assert_non_null(strstr(log_.last, "shown by callback"));
    assert_int_equal(verdict_of(gate, " " KEY " \t", true), TOOLBAR__SHOWN);
    assert_string_equal(callback.key, KEY);
    assert_non_null(strstr(log_.last, "shown by key " KEY_ID));
    callback.answer = false;
    assert_int_equal(verdict_of(gate, KEY, true), TOOLBAR__HIDDEN);
    assert_int_equal(callback.calls, 4);
    assert_int_equal(log_.audits, 3);
    toolbar__gate_free(gate);
}

/* It is asked only when its answer could count. */
static void callback_not_asked(void **state)
{
    struct callback callback;
    struct toolbar__gate *gate = callback_gate(&callback, true);
    struct fake fake;

    (void)state;
    assert_int_equal(verdict_of(gate, NULL, false), TOOLBAR__HIDDEN);
    assert_int_equal(verdict_of(gate, OTHER_KEY, false), TOOLBAR__HIDDEN);
    assert_int_equal(log_.audits, 0);
    assert_int_equal(verdict_of(gate, KEY, false), TOOLBAR__BURNED);
    assert_int_equal(verdict_of(gate, "", true), TOOLBAR__HIDDEN);
    assert_int_equal(verdict_of(gate, "a b", true), TOOLBAR__HIDDEN);
    fake_init(&fake, gate);
    fake_add(&fake, "MYAPPKEY", KEY);
    fake_add(&fake, "MYAPPKEY", KEY);
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    fake_init(&fake, gate);
    fake.request.head.method = "OPTIONS";
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    fake_init(&fake, gate);
    fake.request.head.version = "HTTP/3";
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    assert_int_equal(callback.calls, 0);
    toolbar__gate_free(gate);
}

/* The callback of the documentation, word for word. */
static bool documented(struct toolbar_request *request, void *cls)
{
    const char *key = toolbar_request_meta(request, "HTTP_MYAPPKEY");

    if (key) return toolbar__gate_key_matches(request->gate, key);
    return *(bool *)cls;
}

static bool narrowed(struct toolbar_request *request, void *cls)
{
    return strcmp(toolbar_request_url(request), "/secret") != 0 &&
           toolbar_show_default(request, cls);
}

static void callbacks_like_the_default(void **state)
{
    bool debug = true;
    struct toolbar_options options = logged_options();
    struct toolbar__gate *gates[2];

    (void)state;
    options.debug = true;
    options.show = documented;
    options.show_cls = &debug;
    gates[0] = fake_gate(&options);
    options.show = narrowed;
    gates[1] = fake_gate(&options);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(verdict_of(gates[i], NULL, true), TOOLBAR__SHOWN);
        assert_int_equal(verdict_of(gates[i], KEY, true), TOOLBAR__SHOWN);
        assert_int_equal(verdict_of(gates[i], KEY "\t", true), TOOLBAR__SHOWN);
        assert_int_equal(verdict_of(gates[i], OTHER_KEY, true), TOOLBAR__HIDDEN);
        assert_int_equal(verdict_of(gates[i], "", true), TOOLBAR__HIDDEN);
        assert_int_equal(verdict_of(gates[i], NULL, false), TOOLBAR__HIDDEN);
        toolbar__gate_free(gates[i]);
    }
}

static void the_key_is_not_kept(void **state)
{
    struct callback callback;
    struct toolbar__gate *gate = callback_gate(&callback, true);
    struct fake fake;

    (void)state;
    fake_init(&fake, gate);
    fake_add(&fake, "MYAPPKEY", KEY);
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_null(fake.request.key);
    toolbar__gate_free(gate);
}

static void without_a_log(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;
    struct fake fake;

    (void)state;
    options.secret_key = KEY;
    options.debug = true;
    gate = fake_gate(&options);
    fake_init(&fake, gate);
    fake_set_peer(&fake, "192.0.2.1");
    assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
    assert_int_equal(verdict_of(gate, KEY, true), TOOLBAR__SHOWN);
    assert_int_equal(verdict_of(gate, KEY, false), TOOLBAR__BURNED);
    toolbar__gate_free(gate);
    toolbar__gate_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed),
        cmocka_unit_test(the_default_by_name),
        cmocka_unit_test(debug_flag_at_run_time),
        cmocka_unit_test(rotation),
        cmocka_unit_test(the_cheap_way_out),
        cmocka_unit_test(methods_and_versions),
        cmocka_unit_test(debug_peers),
        cmocka_unit_test(callback_answers),
        cmocka_unit_test(callback_not_asked),
        cmocka_unit_test(callbacks_like_the_default),
        cmocka_unit_test(the_key_is_not_kept),
        cmocka_unit_test(without_a_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
