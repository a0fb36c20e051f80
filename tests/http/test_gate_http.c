/*
 * Who is shown the toolbar, on the wire: the key, the debug flag and their order, what is not
 * quite the key header, plain HTTP and trusted proxies, where a browser says the request comes
 * from, and the audit lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

#define OTHER_KEY "canary-b81d02f6e7935ca4"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static struct server *gnutls, *mbedtls, *plain;

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", page);
}

static const struct route routes[] = {{"/*", answer_page}, {NULL, NULL}};

static void start(const struct toolbar_options *options)
{
    struct server_options server = {.mode = SERVER_EPOLL, .routes = routes};

    server.toolbar = toolbar = server_toolbar(options, &test_log);
    server.transport = SERVER_GNUTLS;
    gnutls = server_start(&server);
    server.transport = SERVER_MBEDTLS;
    mbedtls = server_start(&server);
    server.transport = SERVER_PLAIN;
    plain = server_start(&server);
}

static int start_default(void **state)
{
    (void)state;
    start(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(gnutls);
    server_stop(mbedtls);
    server_stop(plain);
    toolbar_free(toolbar);
    assert_false(test_log.multiline);
    if (test_log.lines[0].data) assert_no_key(&test_log.lines[0], SERVER_KEY);
    log_clear(&test_log);
    return 0;
}

/* The reply is the page, either with the panel or without a trace of it. */
static bool is_shown(const struct reply *reply)
{
    assert_int_equal(reply->status, 200);
    if (reply_header(reply, "Debug-Toolbar-Id")) {
        assert_page(reply, page);
        return true;
    }
    assert_hidden(reply);
    assert_string_equal(reply->body.data, page);
    return false;
}

static bool shown(const struct server *server, const char *headers)
{
    struct reply reply;
    bool result;

    assert_true(fetch(server->port, server->tls, "GET", "/", headers, &reply));
    result = is_shown(&reply);
    reply_free(&reply);
    return result;
}

static void key_and_debug_flag(void **state)
{
    const struct server *servers[] = {gnutls, mbedtls};

    (void)state;
    for (int i = 0; i < 2; i++) {
        toolbar_set_debug(toolbar, false);
        assert_true(shown(servers[i], SERVER_KEY_LINE));
        assert_true(shown(servers[i], "myAppKey:" SERVER_KEY "\r\n"));
        assert_true(shown(servers[i], "MYAPPKEY: \t " SERVER_KEY "\r\n"));
        assert_false(shown(servers[i], NULL));
        assert_false(shown(servers[i], "MYAPPKEY: " OTHER_KEY "\r\n"));
        assert_false(shown(servers[i], "MYAPPKEY: " SERVER_KEY "0\r\n"));
        assert_false(shown(servers[i], "MYAPPKEY: canary-0f3a7c51d2e4b69\r\n"));
        assert_false(shown(servers[i], "MYAPPKEY:\r\n"));
        toolbar_set_debug(toolbar, true);
        assert_true(toolbar_debug(toolbar));
        assert_true(shown(servers[i], NULL));
        assert_true(shown(servers[i], SERVER_KEY_LINE));
        assert_false(shown(servers[i], "MYAPPKEY: " OTHER_KEY "\r\n"));
        assert_false(shown(servers[i], "MYAPPKEY:\r\n"));
    }
}

static void keys_change_at_run_time(void **state)
{
    (void)state;
    assert_int_equal(toolbar_set_secret_keys(toolbar, SERVER_KEY, OTHER_KEY), TOOLBAR_OK);
    assert_true(shown(gnutls, SERVER_KEY_LINE));
    assert_true(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
    assert_int_equal(toolbar_set_secret_keys(toolbar, OTHER_KEY, NULL), TOOLBAR_OK);
    assert_false(shown(gnutls, SERVER_KEY_LINE));
    assert_true(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
    /* A refused key leaves the old one. */
    assert_int_not_equal(toolbar_set_secret_keys(toolbar, "short", NULL), TOOLBAR_OK);
    assert_true(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
    assert_int_equal(toolbar_set_secret_keys(toolbar, NULL, NULL), TOOLBAR_OK);
    assert_false(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
    toolbar_set_debug(toolbar, true);
    assert_true(shown(gnutls, NULL));
    assert_false(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
}

static void *turn_the_keys(void *cls)
{
    atomic_bool *ends = cls;

    for (unsigned i = 0; !atomic_load(ends); i++) {
        if (toolbar_set_secret_keys(toolbar, i % 2 ? SERVER_KEY : OTHER_KEY,
                                    i % 2 ? OTHER_KEY : SERVER_KEY) != TOOLBAR_OK) {
            return cls;
        }
        toolbar_set_debug(toolbar, i % 3 == 0);
    }
    return NULL;
}

/* Both keys are in force all the time, in one order or the other, and a wrong one never. */
static void keys_change_under_load(void **state)
{
    struct client *client = client_open(gnutls->port, true);
    atomic_bool ends = false;
    pthread_t thread;
    void *failed;
    int right = 0;

    (void)state;
    assert_non_null(client);
    assert_int_equal(toolbar_set_secret_keys(toolbar, SERVER_KEY, OTHER_KEY), TOOLBAR_OK);
    assert_int_equal(pthread_create(&thread, NULL, turn_the_keys, &ends), 0);
    for (int i = 0; i < 300; i++) {
        static const char *const keys[] = {SERVER_KEY_LINE, "MYAPPKEY: " OTHER_KEY "\r\n",
                                           "MYAPPKEY: canary-wrong-wrong-wrong\r\n"};
        struct reply reply;

        /* No assertion while the thread runs: a failing test leaves this function. */
        if (!client_fetch(client, "GET", "/", keys[i % 3], &reply)) break;
        right += (reply_header(&reply, "Debug-Toolbar-Id") != NULL) == (i % 3 < 2);
        reply_free(&reply);
    }
    atomic_store(&ends, true);
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_int_equal(right, 300);
    client_close(client);
}

/* What is not quite the header, or is there more than once: neither shown by key nor by debug. */
static void key_header_look_alikes(void **state)
{
    static const char *const twice[] = {
        SERVER_KEY_LINE SERVER_KEY_LINE,
        SERVER_KEY_LINE "MYAPPKEY: x\r\n",
        "MYAPPKEY: x\r\n" SERVER_KEY_LINE,
        SERVER_KEY_LINE "myappkey:\r\n",
        "MYAPPKEY: " SERVER_KEY ", " SERVER_KEY "\r\n",
        "MYAPPKEY: " SERVER_KEY " " SERVER_KEY "\r\n",
        "MYAPPKEY: \"" SERVER_KEY "\"\r\n",
    };
    /* Other headers, which do not concern the toolbar. */
    static const char *const others[] = {
        "MY_APPKEY: " SERVER_KEY "\r\n",       "MYAPPKEY_: " SERVER_KEY "\r\n",
        "HTTP_MYAPPKEY: " SERVER_KEY "\r\n",   "MY-APP-KEY: " SERVER_KEY "\r\n",
        "MYAPPKEY%20: " SERVER_KEY "\r\n",     "MYAPPKE: " SERVER_KEY "\r\n",
        "Cookie: MYAPPKEY=" SERVER_KEY "\r\n",
    };

    (void)state;
    for (int debug = 0; debug < 2; debug++) {
        toolbar_set_debug(toolbar, debug);
        for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
            assert_false(shown(gnutls, twice[i]));
            assert_false(shown(mbedtls, twice[i]));
        }
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            assert_int_equal(shown(gnutls, others[i]), debug);
            assert_int_equal(shown(mbedtls, others[i]), debug);
        }
    }
}

/* With dashes in its name the variants with underscores are what proxies confuse it with. */
static void key_header_with_dashes(void **state)
{
    static const char *const refused[] = {
        "X_Debug_Key: " SERVER_KEY "\r\n",
        "X-Debug_Key: " SERVER_KEY "\r\n",
        "X-Debug-Key: " SERVER_KEY "\r\nX_Debug_Key: x\r\n",
        "X_Debug_Key: x\r\nX-Debug-Key: " SERVER_KEY "\r\n",
    };
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    options.key_header = "X-Debug-Key";
    stop(state);
    start(&options);
    assert_true(shown(gnutls, "X-Debug-Key: " SERVER_KEY "\r\n"));
    assert_true(shown(gnutls, "x-debug-KEY: " SERVER_KEY "\r\n"));
    assert_false(shown(gnutls, SERVER_KEY_LINE));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_false(shown(gnutls, refused[i]));
        assert_false(shown(mbedtls, refused[i]));
    }
}

struct odd {
    const char *bytes; /* of header lines */
    size_t length;
    enum {
        REFUSED,
        FORGED, /* refused too, but libmicrohttpd before 1.0 makes the key header of it */
        LEGAL   /* RFC 9110, 5.5: obs-text */
    } kind;
};

#define ODD(literal, kind)                                                                         \
    {                                                                                              \
        literal, sizeof literal - 1, kind                                                          \
    }

static const struct odd odds[] = {
    ODD("MYAPPKE: " SERVER_KEY "\r\n Y\r\n", FORGED),
    ODD("MYAPPKE: " SERVER_KEY "\r\n\tY\r\n", FORGED),
    ODD("MYAPPKEY: " SERVER_KEY "\0\r\n", FORGED),
    ODD("MYAPPKEY: " SERVER_KEY "\0, " SERVER_KEY "\r\n", FORGED),
    ODD("MYAPPKEY : " SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPPKEY\t: " SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPPKEY\x01: " SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPPKEY\xc2\xad: " SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPP\0KEY: " SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPPKEY: \0" SERVER_KEY "\r\n", REFUSED),
    ODD("MYAPPKEY: " SERVER_KEY "\x01\r\n", REFUSED),
    ODD("MYAPPKEY: " SERVER_KEY "\x7f\r\n", REFUSED),
    ODD("MYAPPKEY: " SERVER_KEY "\xff\r\n", LEGAL),
    ODD("MYAPPKEY: " SERVER_KEY "\rx\r\n", REFUSED),
    ODD("MYAPPKEY: " SERVER_KEY "\r\n folded\r\n", REFUSED),
};

static void send_odd(const struct server *server, const struct odd *odd, struct reply *reply)
{
    static const char start_line[] = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    struct client *client = client_open(server->port, true);
    struct bytes request = {0};

    assert_non_null(client);
    bytes_append(&request, start_line, sizeof start_line - 1);
    bytes_append(&request, odd->bytes, odd->length);
    bytes_append(&request, "\r\n", 2);
    assert_true(client_send(client, request.data, request.length));
    assert_true(client_read(client, false, reply));
    bytes_free(&request);
    client_close(client);
}

/* Over the toolbar's listener they never reach the application. */
static void malformed_headers_are_refused_by_the_listener(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        struct reply reply;

        send_odd(mbedtls, &odds[i], &reply);
        assert_int_equal(reply.status, odds[i].kind == LEGAL ? 200 : 400);
        assert_int_equal(reply.closes, odds[i].kind != LEGAL);
        assert_hidden(&reply);
        reply_free(&reply);
    }
    assert_int_equal(atomic_load(&mbedtls->begun), 1);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_AUDIT), 0);
}

/*
 * Over libmicrohttpd's own TLS its parser decides what arrives. A fold before 1.0 is put at the
 * end of the name, and a value ends at a NUL: nobody behind it can tell. The client that does
 * this has the key anyway; it takes a proxy that removes the key header and passes folds for
 * this to matter. All else has to be hidden here too.
 */
static void malformed_headers_over_gnutls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        struct reply reply;

        send_odd(gnutls, &odds[i], &reply);
        if (odds[i].kind == FORGED && MHD_VERSION < 0x01000000) {
            reply_free(&reply);
            continue;
        }
        if (reply.status == 200) {
            assert_false(is_shown(&reply));
        } else {
            assert_hidden(&reply);
        }
        reply_free(&reply);
    }
}

static void never_over_plain_http(void **state)
{
    static const char *const lines[] = {
        NULL,
        SERVER_KEY_LINE,
        SERVER_KEY_LINE "X-Forwarded-Proto: https\r\n",
        SERVER_KEY_LINE "Forwarded: proto=https\r\n",
        SERVER_KEY_LINE "X-Forwarded-Ssl: on\r\nFront-End-Https: on\r\n",
    };

    (void)state;
    for (int debug = 0; debug < 2; debug++) {
        toolbar_set_debug(toolbar, debug);
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            assert_false(shown(plain, lines[i]));
        }
    }
}

static bool always(struct toolbar_request *request, void *cls)
{
    unsigned *asked = cls;

    ++*asked;
    assert_string_equal(toolbar_request_url(request), "/");
    return true;
}

/* Whatever a callback answers; it is not even asked. */
static void callback_cannot_show_over_plain_http(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    unsigned asked = 0;

    stop(state);
    options.show = always;
    options.show_cls = &asked;
    start(&options);
    assert_false(shown(plain, NULL));
    assert_false(shown(plain, SERVER_KEY_LINE));
    assert_int_equal(asked, 0);
    assert_true(shown(gnutls, NULL));
    assert_int_equal(asked, 1);
}

static void trusted_proxy(void **state)
{
    static const struct {
        const char *line;
        bool shown;
    } rows[] = {
        {"X-Forwarded-Proto: https\r\n", true},
        {"x-forwarded-proto: HTTPS\r\n", true},
        {"", false},
        {"X-Forwarded-Proto: http\r\n", false},
        {"X-Forwarded-Proto:\r\n", false},
        {"X-Forwarded-Proto: https, http\r\n", false},
        {"X-Forwarded-Proto: httpsx\r\n", false},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Proto: https\r\n", false},
        {"X-Forwarded-Proto: http\r\nX_Forwarded_Proto: https\r\n", false},
        {"X_Forwarded_Proto: https\r\n", false},
        {"X-Forwarded-Proto: https\r\nForwarded: proto=http\r\n", false},
        {"Forwarded: proto=https\r\n", false},
    };
    static const char *const proxies[] = {"127.0.0.0/8", NULL};
    static const char *const elsewhere[] = {"192.0.2.1", NULL};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    char lines[256];

    stop(state);
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    start(&options);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(lines, sizeof lines, "%s%s", SERVER_KEY_LINE, rows[i].line);
        assert_int_equal(shown(plain, lines), rows[i].shown);
        assert_false(shown(plain, *rows[i].line ? rows[i].line : NULL));
    }
    stop(state);
    options.trusted_proxies = elsewhere;
    start(&options);
    assert_false(shown(plain, SERVER_KEY_LINE "X-Forwarded-Proto: https\r\n"));
}

static void where_the_request_comes_from(void **state)
{
    static const struct {
        const char *line;
        bool shown;
    } rows[] = {
        {"Sec-Fetch-Site: none\r\n", true},
        {"Sec-Fetch-Site: same-origin\r\n", true},
        {"Sec-Fetch-Site: same-site\r\n", false},
        {"Sec-Fetch-Site: cross-site\r\n", false},
        {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
         false},
        {"Sec-Fetch-Site: \r\n", false},
        {"Sec-Fetch-Site: nonsense\r\n", false},
        {"Sec-Fetch-Site: none\r\nSec-Fetch-Site: none\r\n", false},
        {"Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n", false},
        {"Sec_Fetch_Site: none\r\n", false},
        {"Origin: https://localhost\r\n", true},
        {"Origin: http://localhost\r\n", false},
        {"Origin: https://evil.example\r\n", false},
        {"Origin: null\r\n", false},
        {"Origin: https://localhost.evil.example\r\n", false},
    };
    char lines[256];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(lines, sizeof lines, "%s%s", SERVER_KEY_LINE, rows[i].line);
        assert_int_equal(shown(gnutls, lines), rows[i].shown);
        assert_int_equal(shown(mbedtls, lines), rows[i].shown);
    }
}

static void audit_lines(void **state)
{
    struct client *client = client_open(gnutls->port, true);
    struct reply reply;

    (void)state;
    assert_non_null(client);
    assert_true(client_send_text(client,
                                 "POST /a%0d%0ab\"c HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
                                 "Content-Length: 3\r\n\r\na"));
    assert_true(client_send_text(client, "bc"));
    assert_true(client_read(client, false, &reply));
    assert_true(is_shown(&reply));
    reply_free(&reply);
    client_close(client);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_AUDIT), 1);
    assert_true(log_has(&test_log, TOOLBAR_LOG_AUDIT, "127.0.0.1"));
    assert_true(log_has(&test_log, TOOLBAR_LOG_AUDIT, "/a\\x0d\\x0ab"));
    assert_false(shown(gnutls, "MYAPPKEY: " OTHER_KEY "\r\n"));
    assert_false(shown(gnutls, NULL));
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_AUDIT), 1);

    /* A wrong key over plain HTTP is no news, a right one is burned: once for the request. */
    assert_false(shown(plain, "MYAPPKEY: " OTHER_KEY "\r\n"));
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_AUDIT), 1);
    client = client_open(plain->port, false);
    assert_true(client_send_text(client, "POST / HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
                                         "Content-Length: 3\r\n\r\na"));
    assert_true(client_send_text(client, "bc"));
    assert_true(client_read(client, false, &reply));
    assert_false(is_shown(&reply));
    reply_free(&reply);
    client_close(client);
    assert_int_equal(log_count(&test_log, TOOLBAR_LOG_AUDIT), 2);
    assert_true(log_has(&test_log, TOOLBAR_LOG_AUDIT, "burned"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, start_default, stop)
        TEST(key_and_debug_flag),
        TEST(keys_change_at_run_time),
        TEST(keys_change_under_load),
        TEST(key_header_look_alikes),
        TEST(key_header_with_dashes),
        TEST(malformed_headers_are_refused_by_the_listener),
        TEST(malformed_headers_over_gnutls),
        TEST(never_over_plain_http),
        TEST(callback_cannot_show_over_plain_http),
        TEST(trusted_proxy),
        TEST(where_the_request_comes_from),
        TEST(audit_lines),
    };

    return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
