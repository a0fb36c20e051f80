/* What trusted proxies say: every form of the two headers, and who is believed. */
#include "gate/forwarded.h"
#include "test_gate_fake.h"

#define SILENT TOOLBAR__SCHEME_SILENT
#define HTTPS TOOLBAR__SCHEME_HTTPS
#define OTHER TOOLBAR__SCHEME_OTHER

struct row {
    const char *value;
    enum toolbar__scheme scheme;
};

static const struct row x_forwarded_rows[] = {
    {"https", HTTPS},
    {"HTTPS", HTTPS},
    {"hTTpS", HTTPS},
    {" https", HTTPS},
    {"https ", HTTPS},
    {"\thttps\t", HTTPS},
    {"http,https", HTTPS},
    {"http, https", HTTPS},
    {"http ,\thttps\t", HTTPS},
    {"https,https", HTTPS},
    {"http,http,https", HTTPS},
    {"wss, https", HTTPS},
    {", https", HTTPS},
    {",,https", HTTPS},
    {"anything at all, https", HTTPS},
    {"", OTHER},
    {" ", OTHER},
    {"http", OTHER},
    {"https,http", OTHER},
    {"https, http", OTHER},
    {"https,", OTHER},
    {"https, ", OTHER},
    {"https,,", OTHER},
    {",", OTHER},
    {"httpss", OTHER},
    {"http s", OTHER},
    {"https https", OTHER},
    {"xhttps", OTHER},
    {"httpsx", OTHER},
    {"https;", OTHER},
    {"\"https\"", OTHER},
    {"https:", OTHER},
    {"https://", OTHER},
    {"on", OTHER},
    {"1", OTHER},
    {"wss", OTHER},
    {"h", OTHER},
    {"%68ttps", OTHER},
    {"https\r", OTHER},
    {"https\n", OTHER},
    {"http\nhttps", OTHER},
    {"http\r\nX: y, https", OTHER},
    {"\x01,https", OTHER},
    {"https\x7f", OTHER},
    {"http\xc2\xa0,https", OTHER},
    {"\xef\xbd\x88ttps", OTHER},
    {"http\xc5\xbf", OTHER},
    {"\x0bhttps", OTHER},
    {"https\x0c", OTHER},
};

static const struct row forwarded_rows[] = {
    {"proto=https", HTTPS},
    {"Proto=HTTPS", HTTPS},
    {"PROTO=hTTps", HTTPS},
    {"proto=\"https\"", HTTPS},
    {"proto=\"ht\\tps\"", HTTPS},
    {"proto=\"\\h\\t\\t\\p\\s\"", HTTPS},
    {"for=192.0.2.60;proto=https", HTTPS},
    {"for=192.0.2.60;proto=https;by=203.0.113.43", HTTPS},
    {"for=192.0.2.60; proto=https ;by=203.0.113.43", HTTPS},
    {"proto=https;for=\"[2001:db8:cafe::17]\"", HTTPS},
    {"for=\"[2001:db8:cafe::17]:4711\";proto=https", HTTPS},
    {"for=\"192.0.2.43:47011\";proto=https", HTTPS},
    {"for=_hidden;proto=https", HTTPS},
    {"for=\"_gazonk\";proto=https", HTTPS},
    {"for=\"_a:_b\";proto=https", HTTPS},
    {"for=unknown;by=_SEVKISEK;proto=https", HTTPS},
    {"for=\"a;proto=http\";proto=https", HTTPS},
    {"for=\"a,proto=http\";proto=https", HTTPS},
    {"for=\"a\\\",proto=http\";proto=https", HTTPS},
    {"for=\"\\\\\";proto=https", HTTPS},
    {"for=\"\";proto=https", HTTPS},
    {"proto=https;ext=1", HTTPS},
    {"proto=https;host=example.com", HTTPS},
    {"proto=https;host=\"example.com:8080\"", HTTPS},
    {"proto=http, proto=https", HTTPS},
    {"proto=http,proto=https", HTTPS},
    {"for=1.2.3.4;proto=http , for=5.6.7.8;proto=https", HTTPS},
    {"for=1.2.3.4, for=5.6.7.8;proto=https", HTTPS},
    {"for=1.2.3.4, for=\"[::1]\", proto=https", HTTPS},
    {"proto=https,", HTTPS},
    {"proto=https, ,", HTTPS},
    {", proto=https", HTTPS},
    {",,,proto=https,,,", HTTPS},
    {"proto=https;", HTTPS},
    {";proto=https", HTTPS},
    {";;proto=https;;", HTTPS},
    {"  proto=https  ", HTTPS},
    {"\tproto=https\t", HTTPS},
    {"for=\"caf\xc3\xa9\";proto=https", HTTPS},
    {"for=\"a\tb\";proto=https", HTTPS},
    {"for=!#$%&'*+-.^_`|~;proto=https", HTTPS},
    {"proto=https, proto=https", HTTPS},
    {"xproto=http;proto=https", HTTPS},
    {"proto=ftp, for=x;proto=https", HTTPS},
    {"", SILENT},
    {" ", SILENT},
    {",", SILENT},
    {" , ,", SILENT},
    {";", SILENT},
    {"for=192.0.2.60", SILENT},
    {"for=192.0.2.60;by=x", SILENT},
    {"proto=https, for=192.0.2.60", SILENT},
    {"proto=https, ;", SILENT},
    {"proto=https,for=a,", SILENT},
    {"for=\"proto=https\"", SILENT},
    {"for=\";proto=https\"", SILENT},
    {"for=\",proto=https\"", SILENT},
    {"for=\"\\\";proto=https\"", SILENT},
    {"xproto=https", SILENT},
    {"protox=https", SILENT},
    {"proto.=https", SILENT},
    {"proto=http", OTHER},
    {"proto=\"http\"", OTHER},
    {"proto=\"\"", OTHER},
    {"proto=\"https \"", OTHER},
    {"proto=\"httpsx\"", OTHER},
    {"proto=\"https,https\"", OTHER},
    {"proto=httpsx", OTHER},
    {"proto=wss", OTHER},
    {"proto=https, proto=http", OTHER},
    {"proto=https,proto=ftp,", OTHER},
    {"for=a;proto=https, for=b;proto=http", OTHER},
    {"proto", OTHER},
    {"proto=", OTHER},
    {"proto=;", OTHER},
    {"=https", OTHER},
    {"proto==https", OTHER},
    {"proto =https", OTHER},
    {"proto= https", OTHER},
    {"proto = https", OTHER},
    {"proto=https https", OTHER},
    {"proto=https for=x", OTHER},
    {"proto=https\"", OTHER},
    {"proto=\"https", OTHER},
    {"proto=\"https\\", OTHER},
    {"proto=\"https\\\"", OTHER},
    {"proto=\"https\"x", OTHER},
    {"proto=\"https\" x", OTHER},
    {"proto=\"https\"\"\"", OTHER},
    {"proto=x\"https\"", OTHER},
    {"proto='https'", OTHER},
    {"proto=https;proto=https", OTHER},
    {"proto=https;proto=http", OTHER},
    {"proto=http;proto=https", OTHER},
    {"proto=http;PROTO=https", OTHER},
    {"for=a;FOR=b;proto=https", OTHER},
    {"for=a;proto=https;for=b", OTHER},
    {"for=[2001:db8::1];proto=https", OTHER},
    {"for=2001:db8::1;proto=https", OTHER},
    {"for=192.0.2.43:47011;proto=https", OTHER},
    {"for=a/b;proto=https", OTHER},
    {"for=a@b;proto=https", OTHER},
    {"for=(x);proto=https", OTHER},
    {"for={x};proto=https", OTHER},
    {"for=;proto=https", OTHER},
    {"for;proto=https", OTHER},
    {"https", OTHER},
    {"proto:https", OTHER},
    {"proto=https=", OTHER},
    {"proto=https:", OTHER},
    {"proto=ht\\tps", OTHER},
    {"pro to=https", OTHER},
    {"\"proto\"=https", OTHER},
    {"proto=https\n", OTHER},
    {"proto=https\r\n", OTHER},
    {"proto=https\x0b", OTHER},
    {"proto=https\x7f", OTHER},
    {"proto=http\xc2\xa0s", OTHER},
    {"proto=https,\x01", OTHER},
    {"for=\"a\nb\";proto=https", OTHER},
    {"for=\"a\x01\";proto=https", OTHER},
    {"for=\"a\\\x01\";proto=https", OTHER},
    {"for=\"a\x7f\";proto=https", OTHER},
    {"for=caf\xc3\xa9;proto=https", OTHER},
    {"for=\"a, proto=https", OTHER},
    {"for=x\", proto=https", OTHER},
    {"@, proto=https", OTHER},
    {"a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1;m=1;n=1;o=1;p=1;proto=https", OTHER},
};

enum {
    X_ROWS = sizeof x_forwarded_rows / sizeof *x_forwarded_rows,
    ROWS = sizeof forwarded_rows / sizeof *forwarded_rows
};

/* From a buffer of exactly that size, so that a sanitizer sees every byte read too far. */
static enum toolbar__scheme parse(enum toolbar__scheme (*parser)(const char *, size_t),
                                  const char *value, size_t length)
{
    char *exact = malloc(length ? length : 1);
    enum toolbar__scheme scheme;

    assert_non_null(exact);
    memcpy(exact, value, length);
    scheme = parser(exact, length);
    free(exact);
    return scheme;
}

static void x_forwarded_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < X_ROWS; i++) {
        const struct row *row = &x_forwarded_rows[i];

        print_message("%s\n", row->value);
        assert_int_equal(parse(toolbar__x_forwarded_scheme, row->value, strlen(row->value)),
                         row->scheme);
    }
    assert_int_equal(parse(toolbar__x_forwarded_scheme, "https\0", 6), OTHER);
    assert_int_equal(parse(toolbar__x_forwarded_scheme, "http\0,https", 11), OTHER);
}

static void forwarded_table(void **state)
{
    (void)state;
    assert_true(ROWS + X_ROWS >= 150);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &forwarded_rows[i];

        print_message("%s\n", row->value);
        assert_int_equal(parse(toolbar__forwarded_scheme, row->value, strlen(row->value)),
                         row->scheme);
    }
    assert_int_equal(parse(toolbar__forwarded_scheme, "proto=https\0", 12), OTHER);
    assert_int_equal(parse(toolbar__forwarded_scheme, "for=\"a\0b\";proto=https", 21), OTHER);
}

/* Cut anywhere, the first byte cut off anywhere: only to see that nothing is read beyond. */
static void forwarded_cut(void **state)
{
    static const char value[] =
        "for=\"[2001:db8::1]:4711\";proto=\"ht\\tps\" , ;by=_x, proto=https";
    size_t length = sizeof value - 1;

    (void)state;
    for (size_t from = 0; from <= length; from++) {
        for (size_t to = from; to <= length; to++) {
            parse(toolbar__forwarded_scheme, value + from, to - from);
            parse(toolbar__x_forwarded_scheme, value + from, to - from);
        }
    }
}

static void long_values(void **state)
{
    enum { LENGTH = 8192 };
    char *value = malloc(LENGTH + 1);

    (void)state;
    assert_non_null(value);
    memset(value, ',', LENGTH);
    memcpy(value + LENGTH - 5, "https", 6);
    assert_int_equal(toolbar__x_forwarded_scheme(value, LENGTH), HTTPS);
    memcpy(value + LENGTH - 11, "proto=https", 12);
    assert_int_equal(toolbar__forwarded_scheme(value, LENGTH), HTTPS);
    memset(value, 'a', LENGTH);
    snprintf(value, LENGTH, "proto=https;ext=\"");
    value[17] = 'a';
    assert_int_equal(toolbar__forwarded_scheme(value, LENGTH), OTHER);
    value[LENGTH - 1] = '"';
    assert_int_equal(toolbar__forwarded_scheme(value, LENGTH), HTTPS);
    free(value);
}

/* Two header lines at most, and which of the two headers is configured. */
struct lines {
    const char *names[3];
    const char *values[3];
    bool x; /* secure if X-Forwarded-Proto is the one */
    bool standard;
};

static const struct lines line_rows[] = {
    {{NULL}, {NULL}, false, false},
    {{"X-Forwarded-Proto"}, {"https"}, true, false},
    {{"x-forwarded-proto"}, {"https"}, true, false},
    {{"X-Forwarded-Proto"}, {"http"}, false, false},
    {{"Forwarded"}, {"proto=https"}, false, true},
    {{"FORWARDED"}, {"proto=https"}, false, true},
    {{"Forwarded"}, {"for=x"}, false, false},
    {{"X-Forwarded-Proto", "X-Forwarded-Proto"}, {"https", "https"}, false, false},
    {{"X-Forwarded-Proto", "X-Forwarded-Proto"}, {"http", "https"}, false, false},
    {{"X-Forwarded-Proto", "x-forwarded-proto"}, {"https", "http"}, false, false},
    {{"X_Forwarded_Proto", "X-Forwarded-Proto"}, {"https", "http"}, false, false},
    {{"X_Forwarded_Proto", "X-Forwarded-Proto"}, {"https", "https"}, false, false},
    {{"X-Forwarded-Proto", "X_Forwarded_Proto"}, {"https", "https"}, false, false},
    {{"X_Forwarded_Proto"}, {"https"}, false, false},
    {{"X-Forwarded-Proto "}, {"https"}, false, false},
    {{" X-Forwarded-Proto"}, {"https"}, false, false},
    {{"X-Forwarded-Proto", "X-Forwarded-Proto "}, {"https", "https"}, false, false},
    {{"X-Forwarded-Prot"}, {"https"}, false, false},
    {{"X-Forwarded-Ssl"}, {"on"}, false, false},
    {{"X-Forwarded-Scheme"}, {"https"}, false, false},
    {{"X-Forwarded-Port"}, {"443"}, false, false},
    {{"Front-End-Https"}, {"on"}, false, false},
    {{"Forwarded", "Forwarded"}, {"proto=https", "proto=https"}, false, false},
    {{"Forwarded", "Forwarded"}, {"proto=http", "proto=https"}, false, false},
    {{"Forwarded", "Forwarded "}, {"proto=https", "for=x"}, false, false},
    {{"X-Forwarded-Proto", "Forwarded"}, {"https", "proto=https"}, true, true},
    {{"X-Forwarded-Proto", "Forwarded"}, {"https", "proto=http"}, false, false},
    {{"X-Forwarded-Proto", "Forwarded"}, {"http", "proto=https"}, false, false},
    {{"X-Forwarded-Proto", "Forwarded"}, {"https", "for=x"}, true, false},
    {{"X-Forwarded-Proto", "Forwarded"}, {"https", "broken"}, false, false},
    {{"X-Forwarded-Proto", "Forwarded", "Forwarded"},
     {"https", "proto=https", "for=x"},
     false,
     false},
    {{"X-Forwarded-Proto", "X-Forwarded-Proto", "Forwarded"},
     {"https", "https", "proto=https"},
     false,
     false},
};

static const char *const proxies[] = {"10.0.0.0/8", "2001:db8::/32", NULL};

static struct toolbar__gate *proxied_gate(enum toolbar_forwarded which)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    options.secret_key = KEY;
    options.debug = true;
    options.trusted_proxies = proxies;
    options.forwarded = which;
    return fake_gate(&options);
}

struct peer {
    const char *address;
    bool trusted;
};

static void check_lines(struct toolbar__gate *gate, const struct lines *lines, bool secure,
                        const struct peer *peer)
{
    for (int with_key = 0; with_key < 2; with_key++) {
        struct fake fake;
        bool shown = secure && peer->trusted;

        fake_init(&fake, gate);
        fake.encrypted = false;
        fake_set_peer(&fake, peer->address);
        for (int i = 0; i < 3 && lines->names[i]; i++) {
            fake_add(&fake, lines->names[i], lines->values[i]);
        }
        if (with_key) fake_add(&fake, "MYAPPKEY", KEY);
        assert_int_equal(fake_decide(&fake), shown      ? TOOLBAR__SHOWN
                                             : with_key ? TOOLBAR__BURNED
                                                        : TOOLBAR__HIDDEN);
        assert_true(toolbar__gate_proxied(&fake.request));
        /* TLS of our own needs nobody's word. */
        fake.encrypted = true;
        assert_int_equal(fake_decide(&fake), TOOLBAR__SHOWN);
        assert_false(toolbar__gate_proxied(&fake.request));
    }
}

static void who_is_believed(void **state)
{
    static const struct peer peers[] = {
        {"10.1.2.3", true},          {"::ffff:10.1.2.3", true}, {"2001:db8::1", true},
        {"11.1.2.3", false},         {"127.0.0.1", false},      {"::1", false},
        {"::ffff:127.0.0.1", false}, {"2001:db9::1", false},    {"unix", false},
    };
    struct toolbar__gate *x = proxied_gate(TOOLBAR_FORWARDED_X_FORWARDED_PROTO);
    struct toolbar__gate *standard = proxied_gate(TOOLBAR_FORWARDED_RFC7239);

    (void)state;
    for (size_t i = 0; i < sizeof line_rows / sizeof *line_rows; i++) {
        print_message("row %zu\n", i);
        for (size_t j = 0; j < sizeof peers / sizeof *peers; j++) {
            check_lines(x, &line_rows[i], line_rows[i].x, &peers[j]);
            check_lines(standard, &line_rows[i], line_rows[i].standard, &peers[j]);
        }
    }
    toolbar__gate_free(x);
    toolbar__gate_free(standard);
}

static void unknown_peer(void **state)
{
    struct toolbar__gate *gate = proxied_gate(TOOLBAR_FORWARDED_X_FORWARDED_PROTO);
    struct fake fake;

    (void)state;
    fake_init(&fake, gate);
    fake.encrypted = false;
    fake.no_peer = true;
    fake_add(&fake, "X-Forwarded-Proto", "https");
    assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    toolbar__gate_free(gate);
}

static void options_belong_together(void **state)
{
    static const char *const none[] = {NULL};
    static const struct {
        const char *const *proxies;
        int forwarded;
        enum toolbar_error error;
    } rows[] = {
        {NULL, TOOLBAR_FORWARDED_NONE, TOOLBAR_OK},
        {none, TOOLBAR_FORWARDED_NONE, TOOLBAR_OK},
        {proxies, TOOLBAR_FORWARDED_X_FORWARDED_PROTO, TOOLBAR_OK},
        {proxies, TOOLBAR_FORWARDED_RFC7239, TOOLBAR_OK},
        {proxies, TOOLBAR_FORWARDED_NONE, TOOLBAR_ERROR_FORWARDED},
        {NULL, TOOLBAR_FORWARDED_RFC7239, TOOLBAR_ERROR_FORWARDED},
        {none, TOOLBAR_FORWARDED_X_FORWARDED_PROTO, TOOLBAR_ERROR_FORWARDED},
        {proxies, 3, TOOLBAR_ERROR_ARGUMENT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
        struct toolbar__gate *gate = NULL;

        options.trusted_proxies = rows[i].proxies;
        options.forwarded = (enum toolbar_forwarded)rows[i].forwarded;
        assert_int_equal(toolbar__gate_new(&options, &gate), rows[i].error);
        toolbar__gate_free(gate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x_forwarded_table),       cmocka_unit_test(forwarded_table),
        cmocka_unit_test(forwarded_cut),           cmocka_unit_test(long_values),
        cmocka_unit_test(who_is_believed),         cmocka_unit_test(unknown_peer),
        cmocka_unit_test(options_belong_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
