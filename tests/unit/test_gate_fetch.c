/* Who made the browser send it: every combination of the Sec-Fetch headers and Origin. */
#include "test_gate_fake.h"

static const char *const sites[] = {NULL,        "none",       "same-origin",
                                    "same-site", "cross-site", "bogus"};
static const char *const dests[] = {NULL, "document", "iframe", "image", "empty", "script"};
static const char *const modes[] = {NULL, "navigate", "cors", "no-cors"};
static const char *const origins[] = {NULL, "https://example.com", "https://evil.example", "null"};
static const char *const methods[] = {"GET",     "HEAD",  "POST",    "PUT", "DELETE",
                                      "OPTIONS", "TRACE", "CONNECT", "BREW"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct request_case {
    const char *site, *dest, *mode, *origin, *method;
};

static bool is(const char *value, const char *word)
{
    return value && strcmp(value, word) == 0;
}

/* The rules, written down a second time and in another way. */
static bool is_same(const struct request_case *row)
{
    if (!row->site) return !row->origin || is(row->origin, "https://example.com");
    return is(row->site, "none") || is(row->site, "same-origin");
}

static bool is_foreign_window(const struct request_case *row)
{
    return (is(row->site, "same-site") || is(row->site, "cross-site")) &&
           is(row->mode, "navigate") && is(row->dest, "document");
}

static bool is_refused_method(const struct request_case *row)
{
    return is(row->method, "OPTIONS") || is(row->method, "TRACE") || is(row->method, "CONNECT");
}

static void fill(struct fake *fake, struct toolbar__gate *gate, const struct request_case *row)
{
    fake_init(fake, gate);
    fake->request.head.method = row->method;
    fake_add(fake, "Host", "example.com");
    if (row->site) fake_add(fake, "Sec-Fetch-Site", row->site);
    if (row->dest) fake_add(fake, "Sec-Fetch-Dest", row->dest);
    if (row->mode) fake_add(fake, "Sec-Fetch-Mode", row->mode);
    if (row->origin) fake_add(fake, "Origin", row->origin);
}

static void check(struct toolbar__gate *const *gates, const struct request_case *row)
{
    bool same = is_same(row) && !is_refused_method(row);
    bool window = (is_same(row) || is_foreign_window(row)) && !is_refused_method(row);
    struct fake fake;

    fill(&fake, gates[0], row);
    assert_int_equal(fake_decide(&fake), window ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
    assert_int_equal(toolbar__gate_same_site(&fake.request), is_same(row));
    assert_int_equal(toolbar__gate_own_page(&fake.request),
                     row->site ? is(row->site, "same-origin")
                               : is(row->origin, "https://example.com"));
    fake_add(&fake, "MYAPPKEY", KEY);
    assert_int_equal(fake_decide(&fake), same ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
    /* An own callback that always agrees. */
    fill(&fake, gates[1], row);
    assert_int_equal(fake_decide(&fake), same ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
}

static bool always(struct toolbar_request *request, void *cls)
{
    (void)request;
    (void)cls;
    return true;
}

static void matrix(void **state)
{
    const size_t total =
        COUNT(sites) * COUNT(dests) * COUNT(modes) * COUNT(origins) * COUNT(methods);
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gates[2];

    (void)state;
    options.secret_key = KEY;
    options.debug = true;
    gates[0] = fake_gate(&options);
    options.show = always;
    options.debug = false;
    gates[1] = fake_gate(&options);
    for (size_t i = 0; i < total; i++) {
        size_t rest = i;
        struct request_case row;

        row.site = sites[rest % COUNT(sites)], rest /= COUNT(sites);
        row.dest = dests[rest % COUNT(dests)], rest /= COUNT(dests);
        row.mode = modes[rest % COUNT(modes)], rest /= COUNT(modes);
        row.origin = origins[rest % COUNT(origins)], rest /= COUNT(origins);
        row.method = methods[rest];
        check(gates, &row);
    }
    toolbar__gate_free(gates[0]);
    toolbar__gate_free(gates[1]);
}

struct line {
    const char *name;
    const char *value;
};

struct list {
    struct line lines[4];
    bool key;   /* shown with the key */
    bool debug; /* shown by debug */
};

/* More than one line, names that are only similar, values that are only similar. */
static const struct list line_rows[] = {
    {{{"Sec-Fetch-Site", "none"}}, true, true},
    {{{"sec-fetch-site", " none\t"}}, true, true},
    {{{"Sec-Fetch-Site", "None"}}, false, false},
    {{{"Sec-Fetch-Site", ""}}, false, false},
    {{{"Sec-Fetch-Site", "none, none"}}, false, false},
    {{{"Sec-Fetch-Site", "same-origin;x=1"}}, false, false},
    {{{"Sec-Fetch-Site", "\"none\""}}, false, false},
    {{{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "none"}}, false, false},
    {{{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}, false, false},
    {{{"Sec-Fetch-Site", "none"}, {"Sec_Fetch_Site", "none"}}, false, false},
    {{{"Sec_Fetch_Site", "none"}}, false, false},
    {{{"Sec-Fetch-Site ", "none"}}, false, false},
    {{{"Sec-Fetch-Site", "cross-site"},
      {"Sec-Fetch-Mode", "navigate"},
      {"Sec-Fetch-Dest", "document"}},
     false,
     true},
    {{{"Sec-Fetch-Site", "cross-site"},
      {"Sec-Fetch-Mode", "navigate"},
      {"Sec-Fetch-Dest", "document"},
      {"Sec-Fetch-Dest", "document"}},
     false,
     false},
    {{{"Sec-Fetch-Site", "cross-site"},
      {"Sec-Fetch-Mode", "Navigate"},
      {"Sec-Fetch-Dest", "document"}},
     false,
     false},
    {{{"Sec-Fetch-Site", "cross-site"},
      {"Sec_Fetch_Mode", "navigate"},
      {"Sec-Fetch-Dest", "document"}},
     false,
     false},
    {{{"Sec-Fetch-Mode", "cors"}}, true, true},
};

static void lines(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.secret_key = KEY;
    options.debug = true;
    gate = fake_gate(&options);
    for (size_t i = 0; i < COUNT(line_rows); i++) {
        struct fake fake;

        print_message("row %zu\n", i);
        fake_init(&fake, gate);
        for (size_t j = 0; j < 4 && line_rows[i].lines[j].name; j++) {
            fake_add(&fake, line_rows[i].lines[j].name, line_rows[i].lines[j].value);
        }
        assert_int_equal(fake_decide(&fake), line_rows[i].debug ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        fake_add(&fake, "MYAPPKEY", KEY);
        assert_int_equal(fake_decide(&fake), line_rows[i].key ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
    }
    toolbar__gate_free(gate);
}

struct pair {
    const char *origin, *host;
    bool same;
};

static void origin_without_metadata(void **state)
{
    static const struct pair rows[] = {
        {"https://example.com", "example.com", true},
        {"HTTPS://EXAMPLE.com", "example.COM", true},
        {"https://example.com", "example.com:443", true},
        {"https://example.com:443", "example.com", true},
        {"https://example.com:443", "example.com:443", true},
        {"https://example.com:8443", "example.com:8443", true},
        {"https://[::1]:8443", "[::1]:8443", true},
        {"https://example.com:8443", "example.com", false},
        {"https://example.com", "example.com:8443", false},
        {"http://example.com", "example.com", false},
        {"https://example.com.evil", "example.com", false},
        {"https://evil.example.com", "example.com", false},
        {"https://example.co", "example.com", false},
        {"https://example.com/", "example.com", false},
        {"https://user@example.com", "example.com", false},
        {"example.com", "example.com", false},
        {"https://", "", false},
        {"https://", "example.com", false},
        {"https:", "example.com", false},
        {"", "", false},
        {"", "example.com", false},
        {"null", "null", false},
        {"https://:443", ":443", true},
        {"https://example.com https://evil.example", "example.com", false},
        {"https://example.com", NULL, false},
    };
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.debug = true;
    gate = fake_gate(&options);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fake fake;

        print_message("%s at %s\n", rows[i].origin, rows[i].host ? rows[i].host : "no host");
        fake_init(&fake, gate);
        if (rows[i].host) fake_add(&fake, "Host", rows[i].host);
        fake_add(&fake, "Origin", rows[i].origin);
        assert_int_equal(fake_decide(&fake), rows[i].same ? TOOLBAR__SHOWN : TOOLBAR__HIDDEN);
        /* Twice is no evidence. */
        fake_add(&fake, "origin", rows[i].origin);
        assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
        fake.count--;
        fake_add(&fake, "host", "example.com");
        if (rows[i].host) assert_int_equal(fake_decide(&fake), TOOLBAR__HIDDEN);
    }
    toolbar__gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix),
        cmocka_unit_test(lines),
        cmocka_unit_test(origin_without_metadata),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
