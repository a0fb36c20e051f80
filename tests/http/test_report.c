/*
 * debugtoolbar-report, as scripts run it: against the demo, and against servers that mean ill. The
 * key is in nothing that it ever says.
 */
#include <debugtoolbar/tls.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asserts.h"
#include "demo.h"
#include "json_reader.h"
#include "scratch.h"
#include "server.h"

#define ID "0123456789abcdef0123456789abcdef"
#define WRONG_KEY "another-9c1e44ab07d35f62"

static struct demo_process *demo;

static const char *key_file(void)
{
    return scratch_file("report.key", SERVER_KEY "\r\n", 0600);
}

/* Nothing that a terminal would obey but line feeds, in `bytes` of UTF-8. */
static void assert_harmless(const struct bytes *bytes)
{
    for (size_t i = 0; i < bytes->length; i++) {
        unsigned char c = (unsigned char)bytes->data[i];

        assert_true(c == '\n' || (c >= ' ' && c != 0x7f));
        /* C1 controls; no-break space and what follows are printable. */
        if (c == 0xc2) assert_true((unsigned char)bytes->data[i + 1] >= 0xa0);
    }
    assert_null(memmem(bytes->data, bytes->length, "\xe2\x80\xae", 3));
}

/* `url` and `options` with the key file; fails unless it ends with `status`. */
static struct demo_result run(const char *url, const char *const *options, int status)
{
    const char *arguments[16] = {url, "--key-file", key_file()};
    struct demo_result result;
    size_t count = 3;

    for (; options && *options; options++) {
        arguments[count++] = *options;
    }
    result = program_run(getenv("TOOLBAR_REPORT"), arguments);
    if (result.status != status) {
        fail_msg("%s ends with %d: %s%s", url, result.status, result.out.data, result.errors.data);
    }
    assert_null(memmem(result.out.data, result.out.length, SERVER_KEY, strlen(SERVER_KEY)));
    assert_null(memmem(result.errors.data, result.errors.length, SERVER_KEY, strlen(SERVER_KEY)));
    assert_harmless(&result.out);
    assert_harmless(&result.errors);
    return result;
}

static void check(const char *url, const char *const *options, int status, const char *out,
                  const char *errors)
{
    struct demo_result result = run(url, options, status);

    if (!strstr(result.out.data, out)) fail_msg("%s: %s", out, result.out.data);
    if (!strstr(result.errors.data, errors)) fail_msg("%s: %s", errors, result.errors.data);
    if (!*errors) assert_string_equal(result.errors.data, "");
    if (!*out) assert_string_equal(result.out.data, "");
    demo_result_free(&result);
}

static const char *demo_url(const char *path)
{
    static char url[100];

    snprintf(url, sizeof url, "https://localhost:%u%s", demo->https_port, path);
    return url;
}

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void prints_figures_and_advice(void **state)
{
    (void)state;
    check(demo_url("/people/fathers"), NULL, 0, "GET /people/fathers\nStatus     200\n", "");
    check(demo_url("/people/fathers"), NULL, 0, "\nQueries    51\nSQL        ", "");
    check(demo_url("/people/fathers"), NULL, 0, "\nSimilar    50\nDuplicate  31\nAdvice     1\n",
          "");
    check(demo_url("/people/fathers"), NULL, 0,
          " n_plus_one  50       One query for each row of another\n    Run 50 times with ", "");
    check(demo_url("/people/fathers"), NULL, 0,
          "\n    FROM person\n    JOIN person AS other ON other.id = person.father_id\n", "");
    check(demo_url("/people?page=1"), NULL, 0, "GET /people?page=1\n", "");
}

static void budgets_decide(void **state)
{
    const char *fathers = demo_url("/people/fathers");

    (void)state;
    check(fathers, OPTIONS("--max-queries", "51"), 0, "Queries    51 of 51\n", "");
    check(fathers, OPTIONS("--max-queries", "50"), 1, "Queries    51 of 50\n",
          "debugtoolbar-report: over budget: 51 queries, and 50 are allowed\n");
    check(fathers, OPTIONS("--max-sql-ms", "60000.5"), 0, " ms of 60000.5 ms\n", "");
    check(fathers, OPTIONS("--max-sql-ms", "0"), 1, " ms of 0 ms\n", "ms in queries, and 0 are");
    check(fathers, OPTIONS("--fail-on-advice"), 1, "n_plus_one", "there is advice");
    check(demo_url("/people"), OPTIONS("--fail-on-advice", "--max-queries", "1"), 0, "Advice     0",
          "");
}

static void prints_json(void **state)
{
    struct demo_result result =
        run(demo_url("/people/fathers"),
            OPTIONS("--json", "--max-queries", "9", "--max-sql-ms=60000"), 1);
    const char *json = result.out.data;

    (void)state;
    assert_true(json_is(json_at(json, "url"), "/people/fathers"));
    assert_true(json_is(json_at(json, "method"), "GET"));
    assert_int_equal(json_at(json, "id").end - json_at(json, "id").start, 34);
    assert_int_equal(json_at(json, "skipped").type, JSON_NULL);
    assert_int_equal((int)json_number(json_at(json, "status")), 200);
    assert_int_equal((int)json_number(json_at(json, "queries")), 51);
    assert_int_equal((int)json_number(json_at(json, "similar")), 50);
    assert_true(json_number(json_at(json, "sql_ms")) > 0);
    assert_true(json_number(json_at(json, "duration_ms")) > 0);
    assert_true(json_is(json_at(json, "advice[0].rule"), "n_plus_one"));
    assert_int_equal(json_count(json_at(json, "advice[0].queries")), 50);
    assert_int_equal((int)json_number(json_at(json, "max_queries")), 9);
    assert_false(json_true(json_at(json, "fail_on_advice")));
    assert_int_equal(json_count(json_at(json, "over_budget")), 1);
    assert_true(json_is(json_at(json, "over_budget[0]"), "queries"));
    assert_int_equal(json_count(json_at(json, "")), 15);
    demo_result_free(&result);
}

/* What has no panel has figures; what is no success has them too, but does not look fine. */
static void says_what_kind_of_page_it_was(void **state)
{
    (void)state;
    check(demo_url("/api/people.json"), OPTIONS("--max-queries", "1"), 0, "No panel   content-type",
          "does not carry the panel: content-type");
    check(demo_url("/nowhere"), NULL, 2, "Status     404\n", "the page answered 404\n");
    check(demo_url("/old"), NULL, 2, "Status     302\n",
          "leads to '/people', which is not followed");
}

static void a_wrong_key_is_not_shown(void **state)
{
    const char *wrong = scratch_file("wrong.key", WRONG_KEY, 0600);
    const char *arguments[] = {demo_url("/people"), "--key-file", wrong, NULL};
    struct demo_result result = program_run(getenv("TOOLBAR_REPORT"), arguments);

    (void)state;
    assert_int_equal(result.status, 2);
    assert_non_null(
        strstr(result.errors.data, "answered 200, without the toolbar: the key is not "));
    assert_null(strstr(result.errors.data, WRONG_KEY));
    assert_string_equal(result.out.data, "");
    demo_result_free(&result);
    check(demo_url("/people"), OPTIONS("--key-header", "X-Key"), 2, "", "without the toolbar");
    check(demo_url("/people"), OPTIONS("--url-prefix", "/debug"), 2, "", "URL prefix is another");
}

static void the_key_stays_on_https(void **state)
{
    char url[100];

    (void)state;
    snprintf(url, sizeof url, "http://localhost:%u/people", demo->http_port);
    check(url, NULL, 2, "", "the key is sent over https:// only");
    check("localhost:8443", NULL, 2, "", "is not a URL");
    check("ftp://localhost/", NULL, 2, "", "https:// only");
    check("https://ada:secret@localhost/", NULL, 2, "", "no user and password");
    check("https://", NULL, 2, "", "is not a URL");
    snprintf(url, sizeof url, "https://localhost:%u/people", demo->http_port);
    check(url, NULL, 2, "", "cannot fetch it: ");
}

static void key_files_are_checked(void **state)
{
    static const struct {
        const char *text;
        mode_t mode;
        const char *says;
    } files[] = {
        {SERVER_KEY, 0644, "chmod 600"},
        {"short", 0600, "fewer than 16 bytes"},
        {SERVER_KEY "\r\nX-More: 1", 0600, "a control"},
        {"", 0600, "fewer than 16"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *file = scratch_file("bad.key", files[i].text, files[i].mode);
        const char *arguments[] = {demo_url("/people"), "--key-file", file, NULL};
        struct demo_result result = program_run(getenv("TOOLBAR_REPORT"), arguments);

        assert_int_equal(result.status, 2);
        if (!strstr(result.errors.data, files[i].says)) fail_msg("%s", result.errors.data);
        assert_null(strstr(result.errors.data, SERVER_KEY));
        demo_result_free(&result);
        unlink(file);
    }
    check(demo_url("/people"), OPTIONS("--key-file", "/nowhere"), 2, "", "cannot be read");
}

static void usage_is_checked(void **state)
{
    static const struct {
        const char *arguments[5];
        const char *says;
    } wrong[] = {
        {{NULL}, "one URL and --key-file are needed"},
        {{"https://localhost/", NULL}, "one URL and --key-file are needed"},
        {{"https://localhost/", "https://b/", "--key-file", "k", NULL}, "one URL"},
        {{"--max-queries", "-1", NULL}, "'-1' is not a number of queries"},
        {{"--max-queries", "1x", NULL}, "'1x' is not"},
        {{"--max-queries", "99999999999999999999", NULL}, "is not a number of queries"},
        {{"--max-sql-ms", "inf", NULL}, "'inf' is not a number of milliseconds"},
        {{"--key-header", "A:\x1b[1m", NULL}, "'A:\\x1b[1m' is not"},
        {{"--url-prefix", "debug", NULL}, "is not a path"},
        {{"--nonsense", NULL}, "see --help"},
    };
    struct demo_result result;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        result = program_run(getenv("TOOLBAR_REPORT"), wrong[i].arguments);
        assert_int_equal(result.status, 2);
        if (!strstr(result.errors.data, wrong[i].says)) fail_msg("%s", result.errors.data);
        demo_result_free(&result);
    }
    result = program_run(getenv("TOOLBAR_REPORT"), OPTIONS("--help"));
    assert_int_equal(result.status, 0);
    assert_non_null(strstr(result.out.data, "Exit status: 0"));
    demo_result_free(&result);
    result = program_run(getenv("TOOLBAR_REPORT"), OPTIONS("--version"));
    assert_string_equal(result.out.data, "debugtoolbar-report " TOOLBAR_VERSION "\n");
    demo_result_free(&result);
}

/* Only where nobody can stand between is a certificate not looked at. */
static void certificates_are_verified(void **state)
{
    const char *ca = scratch_path("demo-certificates/ca.pem");
    struct toolbar_tls_development_files other;
    char url[100];

    (void)state;
    assert_int_equal(toolbar_tls_development_certificate(scratch_path("other"), &other),
                     TOOLBAR_OK);
    check(demo_url("/people"), OPTIONS("--ca", ca), 0, "Queries    1\n", "");
    check(demo_url("/people"), OPTIONS("--ca", other.authority_file), 2, "",
          "the key was not sent");
    check(demo_url("/people"), OPTIONS("--ca", "/nowhere"), 2, "", "cannot fetch it: ");
    snprintf(url, sizeof url, "https://127.0.0.1:%u/people", demo->https_port);
    check(url, NULL, 0, "Queries    1\n", "");
    /* libcurl takes all below it for the loopback interface; we do not. */
    snprintf(url, sizeof url, "https://www.localhost:%u/people", demo->https_port);
    check(url, NULL, 2, "", "the key was not sent");
}

/* ---- servers that mean ill ---- */

struct evil {
    const char *id;
    const char *location;
    const char *record;
    unsigned keys; /* that it was sent */
};

static enum MHD_Result answer_evil(struct call *call)
{
    struct evil *evil = call->server->options.cls;
    bool record = strstr(call->url, "/requests/") != NULL;
    const char *body = record ? evil->record : "<!doctype html><body></body>";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(body), (char *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);

    if (MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "MYAPPKEY")) evil->keys++;
    if (!record && evil->id) MHD_add_response_header(response, "Debug-Toolbar-Id", evil->id);
    if (!record && evil->location) MHD_add_response_header(response, "Location", evil->location);
    return call_answer(call, !record && evil->location ? MHD_HTTP_FOUND : MHD_HTTP_OK, response);
}

static const struct route evil_routes[] = {{"/*", answer_evil}, {NULL, NULL}};

static struct server *start_evil(struct evil *evil)
{
    struct server_options options = {
        .transport = SERVER_MBEDTLS, .routes = evil_routes, .cls = evil};

    return server_start(&options);
}

static void check_evil(struct evil *evil, const char *const *options, int status, const char *out,
                       const char *errors)
{
    struct server *server = start_evil(evil);
    char url[100];

    snprintf(url, sizeof url, "https://localhost:%u/", server->port);
    check(url, options, status, out, errors);
    server_stop(server);
}

#define HOSTILE "a\\u001b[31mb\\u009b1mc\\u202ed\\ne\\u0007\\u007f \\u00e9 " SERVER_KEY
#define RECORD(status, method, rule)                                                               \
    "{\"id\":\"" ID "\",\"method\":\"" method "\",\"url\":\"" HOSTILE                              \
    "\",\"skipped\":null,\"status\":" status ",\"duration_ms\":1,\"advice\":[{\"rule\":\"" rule    \
    "\",\"severity\":\"" HOSTILE "\",\"title\":\"" HOSTILE "\",\"evidence\":\"" HOSTILE            \
    "\",\"fix\":\"" HOSTILE                                                                        \
    "\",\"tip\":null,\"queries\":[1]}],\"panels\":{\"sql\":{\"queries\":1,\"sql_ms\":0.5,"         \
    "\"connections\":[{\"similar\":0,\"duplicate\":0}]}}}"

static void hostile_strings_are_escaped(void **state)
{
    struct evil evil = {.id = ID, .record = RECORD("200", "GET", HOSTILE)};

    (void)state;
    check_evil(&evil, NULL, 0, "GET a\\x1b[31mb\\u{9b}1mc\\u{202e}d\\x0ae\\x07\\x7f \xc3\xa9 ****",
               "");
    check_evil(&evil, OPTIONS("--json"), 0, "\"a\\u001B[31mb\\u009B1mc\\u202Ed\\ne\\u0007\\u007F",
               "");
}

/* Characters are counted, not bytes. */
static void columns_are_aligned(void **state)
{
    struct evil evil = {.id = ID};
    struct server *server;
    struct demo_result result;
    const char *head, *line;
    char url[100];

    (void)state;
    evil.record = "{\"id\":\"" ID "\",\"method\":\"GET\",\"url\":\"/\",\"skipped\":null,"
                  "\"status\":200,\"duration_ms\":1,\"advice\":[{\"rule\":\"a_rule_with_a_name\","
                  "\"severity\":\"\xc3\xa9\xc3\xa9\xc3\xa9\",\"title\":\"T\",\"evidence\":\"E\","
                  "\"fix\":null,\"tip\":1,\"queries\":[1,2,3]}],\"panels\":{\"sql\":{\"queries\":3,"
                  "\"sql_ms\":1,\"connections\":[]}}}";
    server = start_evil(&evil);
    snprintf(url, sizeof url, "https://localhost:%u/", server->port);
    result = run(url, NULL, 0);
    head = strstr(result.out.data, "\nSeverity  Rule                Queries  Title\n");
    line = strstr(result.out.data,
                  "\n\xc3\xa9\xc3\xa9\xc3\xa9       a_rule_with_a_name  3        T\n");
    assert_non_null(head);
    assert_non_null(line);
    demo_result_free(&result);
    server_stop(server);
}

static void redirects_are_not_followed(void **state)
{
    struct evil other = {.record = ""}, evil = {.id = ID, .record = RECORD("302", "GET", "r")};
    struct server *aim = start_evil(&other);
    char location[200];

    (void)state;
    snprintf(location, sizeof location, "https://localhost:%u/" SERVER_KEY, aim->port);
    evil.location = location;
    check_evil(&evil, NULL, 2, "Status     302\n", "which is not followed\n");
    assert_int_equal(evil.keys, 2);
    evil.id = NULL;
    check_evil(&evil, NULL, 2, "", "answered 302, without the toolbar");
    assert_int_equal(server_stop(aim).begun, 0);
    assert_int_equal(other.keys, 0);
}

static void broken_answers_are_errors(void **state)
{
    static const struct {
        const char *id;
        const char *record;
        const char *says;
    } cases[] = {
        {"../../admin", "{}", "without the toolbar"},
        {ID "0", "{}", "without the toolbar"},
        {ID, "no JSON", "the record is not JSON"},
        {ID, "", "its record answered 200"},
        {ID, "{}", "no figures"},
        {ID, "[]", "no figures"},
        {ID, RECORD("\"200\"", "GET", "r"), "no figures"},
        {ID, RECORD("200", "\\u0000", "r"), "not JSON"},
        {ID, RECORD("200", "GET", "\xff"), "not JSON"},
        {ID, RECORD("200", "GET", "r\",\"fix\":1,\"queries\":2,\"x\":\""), "Status     200"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct evil evil = {.id = cases[i].id, .record = cases[i].record};
        bool last = i + 1 == sizeof cases / sizeof *cases;

        check_evil(&evil, NULL, last ? 0 : 2, last ? cases[i].says : "", last ? "" : cases[i].says);
    }
}

static int start(void **state)
{
    const char *key = scratch_file("demo.key", SERVER_KEY "\n", 0600);

    (void)state;
    demo = demo_start(OPTIONS("--secret-key-file", key));
    return 0;
}

/* No right key ever came to it over plain HTTP. */
static int stop(void **state)
{
    struct demo_result result = demo_stop(demo, SIGTERM);
    bool burned = strstr(result.errors.data, "burned") != NULL;

    (void)state;
    demo_result_free(&result);
    return burned || result.status ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_figures_and_advice),
        cmocka_unit_test(budgets_decide),
        cmocka_unit_test(prints_json),
        cmocka_unit_test(says_what_kind_of_page_it_was),
        cmocka_unit_test(a_wrong_key_is_not_shown),
        cmocka_unit_test(the_key_stays_on_https),
        cmocka_unit_test(key_files_are_checked),
        cmocka_unit_test(usage_is_checked),
        cmocka_unit_test(certificates_are_verified),
        cmocka_unit_test(hostile_strings_are_escaped),
        cmocka_unit_test(columns_are_aligned),
        cmocka_unit_test(redirects_are_not_followed),
        cmocka_unit_test(broken_answers_are_errors),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
