/* Header names: what finds the key, what only looks like it, and what the application reads. */
#include "test_gate_fake.h"

static struct toolbar__gate *plain_gate(bool debug, const char *key_header)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    options.secret_key = KEY;
    options.debug = debug;
    if (key_header) options.key_header = key_header;
    return fake_gate(&options);
}

static enum toolbar__verdict verdict_of(struct toolbar__gate *gate, const char *name,
                                        size_t name_length, const char *value, size_t value_length)
{
    struct fake fake;

    fake_init(&fake, gate);
    fake_add(&fake, "Host", "localhost:8443");
    fake_add_bytes(&fake, name, name_length, value, value_length);
    return fake_decide(&fake);
}

static bool is_variant(const char *name, size_t length)
{
    const char wanted[] = "MYAPPKEY";

    if (length != 8) return false;
    for (size_t i = 0; i < length; i++) {
        char c = name[i];

        if (c >= 'a' && c <= 'z') c = (char)(c - 32);
        if (c != wanted[i]) return false;
    }
    return true;
}

/* Every byte in place of, and put in at, the first, a middle and the last position. */
static void every_byte_in_the_name(void **state)
{
    struct toolbar__gate *gate = plain_gate(false, NULL);
    const size_t positions[] = {0, 3, 7, 8};
    unsigned shown = 0;

    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t i = 0; i < 4; i++) {
            char name[] = "MYAPPKEY\0";
            char longer[10] = "";
            size_t at = positions[i];
            enum toolbar__verdict verdict;

            if (at < 8) {
                name[at] = (char)byte;
                verdict = verdict_of(gate, name, 8, KEY, strlen(KEY));
                assert_int_equal(verdict == TOOLBAR__SHOWN, is_variant(name, 8));
                shown += verdict == TOOLBAR__SHOWN;
            }
            memcpy(longer, "MYAPPKEY", at);
            longer[at] = (char)byte;
            memcpy(longer + at + 1, &"MYAPPKEY"[at], 8 - at);
            assert_int_equal(verdict_of(gate, longer, 9, KEY, strlen(KEY)), TOOLBAR__HIDDEN);
        }
    }
    /* The letter itself and its other case, at three positions. */
    assert_int_equal(shown, 6);
    toolbar__gate_free(gate);
}

/* Every byte in place of, and put in at, each position of the value. */
static void every_byte_in_the_value(void **state)
{
    struct toolbar__gate *gate = plain_gate(true, NULL);
    const size_t length = strlen(KEY);

    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at <= length; at++) {
            char value[64] = KEY;
            bool same;

            value[at] = (char)byte;
            same = at < length && KEY[at] == (char)byte;
            if (at < length) {
                assert_int_equal(verdict_of(gate, "MYAPPKEY", 8, value, length),
                                 same ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
            }
            memcpy(value, KEY, at);
            value[at] = (char)byte;
            memcpy(value + at + 1, &KEY[at], length - at);
            same = (byte == ' ' || byte == '\t') && (at == 0 || at == length);
            assert_int_equal(verdict_of(gate, "MYAPPKEY", 8, value, length + 1),
                             same ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        }
    }
    assert_int_equal(verdict_of(gate, "MYAPPKEY", 8, " \t" KEY "\t ", length + 4), TOOLBAR__SHOWN);
    toolbar__gate_free(gate);
}

static void value_lengths(void **state)
{
    struct toolbar__gate *gate = plain_gate(true, NULL);
    char key[258], value[1024];

    (void)state;
    for (size_t i = 0; i < sizeof key - 1; i++) {
        key[i] = (char)('!' + (i * 37 + i / 11) % 90);
        if (key[i] == ',') key[i] = '~';
    }
    key[257] = '\0';
    assert_int_equal(toolbar__gate_set_keys(gate, key, NULL), TOOLBAR_ERROR_KEY_CHARACTERS);
    key[256] = '\0';
    assert_int_equal(toolbar__gate_set_keys(gate, key, NULL), TOOLBAR_OK);
    memset(value, 'x', sizeof value);
    memcpy(value, key, 256);
    for (size_t length = 0; length <= sizeof value; length++) {
        assert_int_equal(verdict_of(gate, "MYAPPKEY", 8, value, length),
                         length == 256 ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
    }
    toolbar__gate_free(gate);
}

struct collision {
    const char *configured;
    const char *name;
    bool shown;   /* with the key */
    bool ignored; /* another header altogether: debug mode does not mind it */
};

static void collisions(void **state)
{
    static const struct collision rows[] = {
        {"MYAPPKEY", "MYAPPKEY", true, false},
        {"MYAPPKEY", "myappkey", true, false},
        {"MYAPPKEY", "MyAppKey", true, false},
        {"MYAPPKEY", "HTTP_MYAPPKEY", false, true},
        {"MYAPPKEY", "HTTP-MYAPPKEY", false, true},
        {"MYAPPKEY", "MY_APPKEY", false, true},
        {"MYAPPKEY", "My-App-Key", false, true},
        {"MYAPPKEY", "MYAPPKEY_", false, true},
        {"MYAPPKEY", "MYAPPKEY-", false, true},
        {"MYAPPKEY", "_MYAPPKEY", false, true},
        {"MYAPPKEY", "MYAPPKEY.", false, true},
        {"MYAPPKEY", "MYAPPKEY%20", false, true},
        {"MYAPPKEY", "MYAPPKEY ", false, false},
        {"MYAPPKEY", " MYAPPKEY", false, false},
        {"MYAPPKEY", "\tMYAPPKEY\t ", false, false},
        {"MYAPPKEY", "MYAPPKEY\r", false, false},
        {"MYAPPKEY", "MYAPPKEY\x7f", false, false},
        {"MYAPPKEY", "XMYAPPKEY", false, true},
        {"MYAPPKEY", "MYAPPKE", false, true},
        {"MYAPPKEY", "MYAPPKEX", false, true},
        {"MYAPPKEY", "\xef\xbc\xad\xef\xbc\xb9\xef\xbc\xa1\xef\xbc\xb0\xef\xbc\xb0", false, true},
        {"MYAPPKEY",
         "MYAPP\xe2\x84\xaa"
         "EY",
         false, true},
        {"MYAPPKEY", "", false, true},
        {"X-App-Key", "X-App-Key", true, false},
        {"X-App-Key", "x-APP-kEY", true, false},
        {"X-App-Key", "X_App_Key", false, false},
        {"X-App-Key", "X-App_Key", false, false},
        {"X-App-Key", "x_app-key ", false, false},
        {"X-App-Key", "XAppKey", false, true},
        {"X-App-Key", "X--App-Key", false, true},
        {"-x-", "-X-", true, false},
        {"-x-", "_X-", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct collision *row = &rows[i];
        struct toolbar__gate *gate = plain_gate(false, row->configured);
        size_t length = strlen(row->name);

        print_message("%s for %s\n", row->name, row->configured);
        assert_int_equal(verdict_of(gate, row->name, length, KEY, strlen(KEY)),
                         row->shown ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        assert_int_equal(toolbar__gate_is_key_header(gate, row->name, length), !row->ignored);
        toolbar__gate_set_debug(gate, true);
        assert_int_equal(verdict_of(gate, row->name, length, KEY, strlen(KEY)),
                         row->shown || row->ignored ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        toolbar__gate_free(gate);
    }
}

/* The right header does not help if anything similar stands beside it, in whichever order. */
static void duplicates(void **state)
{
    static const char *const others[] = {"X-App-Key", "x-app-key",  "X_App_Key",
                                         "X-App_Key", "X-App-Key ", "\tX-App-Key"};
    struct toolbar__gate *gate = plain_gate(true, "X-App-Key");

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        for (int order = 0; order < 2; order++) {
            for (int value = 0; value < 3; value++) {
                static const char *const values[] = {KEY, "", "something else"};
                struct fake fake;

                fake_init(&fake, gate);
                if (order) fake_add(&fake, others[i], values[value]);
                fake_add(&fake, "X-App-Key", KEY);
                fake_add(&fake, "Accept", "*/*");
                if (!order) fake_add(&fake, others[i], values[value]);
                assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
                assert_string_equal(toolbar_request_meta(&fake.request, "HTTP_X_APP_KEY"), "");
                assert_false(toolbar_show_default(&fake.request, NULL));
            }
        }
    }
    toolbar__gate_free(gate);
}

static void refused_configured_names(void **state)
{
    // clang-format off
    static const char *const names[] = {
        "", "MY_APPKEY", "MYAPPKEY ", " MYAPPKEY", "MY APPKEY", "MYAPPKEY:", "MYAPP\nKEY",
        "MYAPPK\xc3\x89Y", "HTTP-MYAPPKEY", "http-x", "Host", "cookie", "Set-Cookie",
        "AUTHORIZATION", "Connection", "Content-Length", "content-type", "Content-Anything",
        "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Accept", "Accept-Language",
        "User-Agent", "Referer", "Origin", "Range", "If-None-Match", "Sec-Fetch-Site",
        "Proxy-Authorization", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "Via", "Date",
        "Cache-Control", "Debug-Toolbar-Id", "Keep-Alive", "Access-Control-Request-Method",
        "x2345678901234567890123456789012345678901234567890123456789012345"
    };
    // clang-format on
    // clang-format off
    static const char *const fine[] = {
        "MYAPPKEY", "X-App-Key", "Hostess", "Hos", "Iffy", "TEa", "Contents", "X-Forwardedx",
        "x234567890123456789012345678901234567890123456789012345678901234", "Date2", "x"
    };
    // clang-format on
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        options.key_header = names[i];
        print_message("%s\n", names[i]);
        assert_int_equal(toolbar__gate_new(&options, &gate), TOOLBAR_ERROR_HEADER_NAME);
        assert_null(gate);
    }
    options.key_header = NULL;
    assert_int_equal(toolbar__gate_new(&options, &gate), TOOLBAR_ERROR_HEADER_NAME);
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        print_message("%s\n", fine[i]);
        options.key_header = fine[i];
        toolbar__gate_free(fake_gate(&options));
    }
}

static void meta(void **state)
{
    struct toolbar__gate *gate = plain_gate(false, NULL);
    char long_name[400] = "HTTP_";
    struct fake fake;
    const struct toolbar_request *request = &fake.request;

    (void)state;
    fake_init(&fake, gate);
    fake_add(&fake, "Host", "example.com");
    fake_add(&fake, "X-Tab", " \tvalue");
    fake_add(&fake, "X-Empty", "");
    fake_add(&fake, "X-Blank", "  ");
    fake_add(&fake, "X-Twice", "a");
    fake_add(&fake, "x-twice", "a");
    fake_add(&fake, "X_Under", "a");
    fake_add(&fake, "X-Space ", "a");
    fake_add(&fake, "X-B\x01", "a");
    fake_add_bytes(&fake, "X-Nul", 5, "a\0b", 3);
    fake_add(&fake, "content-type", "text/plain");
    fake_add(&fake, "Content-Length", "12");
    fake_add(&fake, "MYAPPKEY", KEY);

    assert_string_equal(toolbar_request_meta(request, "HTTP_HOST"), "example.com");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_TAB"), "value");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_EMPTY"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_BLANK"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_TWICE"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_UNDER"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_SPACE"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_B"), "");
    assert_string_equal(toolbar_request_meta(request, "HTTP_X_NUL"), "");
    assert_string_equal(toolbar_request_meta(request, "CONTENT_TYPE"), "text/plain");
    assert_string_equal(toolbar_request_meta(request, "CONTENT_LENGTH"), "12");
    assert_string_equal(toolbar_request_meta(request, "HTTP_MYAPPKEY"), KEY);
    assert_null(toolbar_request_meta(request, "HTTP_CONTENT_TYPE"));
    assert_null(toolbar_request_meta(request, "HOST"));
    assert_null(toolbar_request_meta(request, "HTTP_"));
    assert_null(toolbar_request_meta(request, ""));
    assert_null(toolbar_request_meta(request, NULL));
    assert_null(toolbar_request_meta(request, "HTTP_ABSENT"));
    memset(long_name + 5, 'X', sizeof long_name - 6);
    assert_null(toolbar_request_meta(request, long_name));
    assert_string_equal(toolbar_request_method(request), "GET");
    assert_string_equal(toolbar_request_url(request), "/people");
    assert_ptr_equal(toolbar_request_toolbar(request), fake.request.toolbar);
    toolbar__gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_in_the_name),
        cmocka_unit_test(every_byte_in_the_value),
        cmocka_unit_test(value_lengths),
        cmocka_unit_test(collisions),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(refused_configured_names),
        cmocka_unit_test(meta),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
