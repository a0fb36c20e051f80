/*
 * 150 hostile strings through every place that takes one: whatever the toolbar makes of them keeps
 * the elements that it makes of a harmless string, and its JSON stays JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <debugtoolbar/record.h>
#include <debugtoolbar/sqlite.h>
#include <sqlite3.h>
#include <unistd.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

#define NAVIGATION                                                                                 \
    "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"

// clang-format off
static const char *const strings[] = {
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<body onload=alert(1)>", "<base href=//evil>",
    "<link rel=stylesheet href=//evil>", "<meta http-equiv=refresh content=0>", "<plaintext>",
    "<style>*{x:expression(1)}</style>", "<form action=//evil><button>", "<math><mi//xlink:href=x>",
    "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?xml?>", "</", "<", ">", "&", "&lt;script&gt;",
    "&#60;img&#62;", "\\u003cimg\\u003e", "%3Cscript%3E", "onmouseover=alert(1) x=", "`onload=x`",
    "{{constructor.constructor('x')()}}", "${alert(1)}", "javascript:alert(1)", "data:text/html,<b>",
    "</debug-toolbar>", "</template><b>", "<slot name=x>", "</title><b>", "</textarea><b>",
    "</select></table><b>", "</pre></code><b>", "</noscript><b>", "\\", "\\\"", "\\'", "%s%n%d",
    "\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf", "\xe2\x80\xa8\xe2\x80\xa9", "\xff\xfe\xc0\xbc", "\xc2\x9b\x1b[2J",
    "\xef\xbc\x9cscript\xef\xbc\x9e", "\x01\x7f\x08",
};
static const char *const before[] = {"", "\">", "'\t/>"};
// clang-format on

enum { STRINGS = sizeof strings / sizeof *strings, WAYS = sizeof before / sizeof *before };
_Static_assert(STRINGS *WAYS == 150, "as many as are asked for");

static struct log test_log = LOG_INIT;
static struct toolbar *toolbar;
static struct server *server;
static struct client *client;
static sqlite3 *database;
static char hostile[200]; /* the one that is being tried */

static void say_by_hand(void)
{
    struct toolbar_span span = toolbar_span_begin(hostile);

    toolbar_message_at(TOOLBAR_MESSAGE_INFO, hostile, 1, hostile, "%s", hostile);
    toolbar_cache_call(hostile, hostile, hostile, 1, 0, 1000);
    toolbar_template_rendered(hostile, 1000, hostile);
    toolbar_static_file(hostile, 1);
    toolbar_query_end(toolbar_query_begin(hostile, "SELECT 2"), 1, hostile);
    toolbar_span_end(span);
}

/* As literal, name of a column, name of a table, parameter, row and message of an error. */
static void query(void)
{
    char *sql =
        sqlite3_mprintf("SELECT a, %Q AS \"%w\", ?1 FROM \"%w\" /* */", hostile, hostile, "t");
    char *wrong = sqlite3_mprintf("SELECT * FROM \"%w\"", hostile);
    sqlite3_stmt *statement;

    sqlite3_exec(database, "CREATE TEMP TABLE IF NOT EXISTS t (a); DELETE FROM t", NULL, NULL,
                 NULL);
    assert_int_equal(
        sqlite3_prepare_v2(database, "INSERT INTO t VALUES (?1)", -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, hostile, -1, SQLITE_STATIC);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_blob(statement, 1, hostile, (int)strlen(hostile), SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_finalize(statement);
    assert_int_not_equal(sqlite3_exec(database, wrong, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_free(wrong);
    sqlite3_free(sql);
}

static enum MHD_Result answer_page(struct call *call)
{
    static const char page[] = "<!doctype html><html><body></body></html>";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);

    say_by_hand();
    query();
    MHD_add_response_header(response, "Content-Type", "text/html");
    MHD_add_response_header(response, "X-Hostile", "");
    MHD_add_response_header(response, "X-Hostile", hostile);
    MHD_add_response_header(response, "Set-Cookie", hostile);
    return call_answer(call, MHD_HTTP_OK, response);
}

/* Not quite JSON either way. */
static enum MHD_Result answer_json(struct call *call)
{
    char json[500];

    snprintf(json, sizeof json, strcmp(call->url, "/json") == 0 ? "{\"a\":\"%s\"}" : "%s", hostile);
    return call_text(call, 200, "application/json", json);
}

static enum MHD_Result answer_redirect(struct call *call)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    char location[300];

    /* With a blank or a control character in it, it is not linked. */
    snprintf(location, sizeof location, "/there%s", hostile);
    for (char *at = location; *at; at++) {
        if ((*at > 0 && *at <= ' ') || *at == '\x7f') *at = '+';
    }
    MHD_add_response_header(response, "Location", location);
    return call_answer(call, MHD_HTTP_FOUND, response);
}

static const struct route routes[] = {
    {"/page*", answer_page},
    {"/json*", answer_json},
    {"/redirect", answer_redirect},
    {NULL, NULL},
};

/* The elements with the names of their attributes, in their order: "<a href><p>" */
struct skeleton {
    struct bytes names;
    char open[64][24];
    size_t depth;
};

static bool is_in(const char *list, const char *name)
{
    char padded[40];

    snprintf(padded, sizeof padded, " %s ", name);
    return strstr(list, padded) != NULL;
}

static const char *word_end(const char *at)
{
    return at + strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

static void copy_word(char word[24], const char *at, const char *end)
{
    assert_in_range(end - at, 1, 23);
    memcpy(word, at, (size_t)(end - at));
    word[end - at] = '\0';
}

/* Where an address may lead: to the toolbar, or within the page. */
static void check_address(const char *name, const char *value)
{
    static const char *const own[] = {"/__debug__/", "#", "data:,\"", "/there"};

    if (!is_in(" href src action ", name)) return;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strncmp(value, own[i], strlen(own[i])) == 0) return;
    }
    fail_msg("%s=\"%.40s", name, value);
}

static void name(struct skeleton *skeleton, const char *prefix, const char *name)
{
    bytes_append(&skeleton->names, prefix, strlen(prefix));
    bytes_append(&skeleton->names, name, strlen(name));
}

/* At the > behind the attributes, or the / before it. */
static const char *read_attributes(struct skeleton *skeleton, bool is_kind, const char *at)
{
    char word[24];

    while (*at != '>' && *at != '/') {
        const char *end;

        assert_int_equal(*at, ' ');
        at++;
        end = at + strcspn(at, "= >");
        copy_word(word, at, end);
        if (is_kind) assert_true(is_in(" class title ", word));
        if (!is_kind && strcmp(word, "class") != 0) name(skeleton, " ", word);
        at = end;
        if (*at != '=') continue;
        assert_int_equal(at[1], '"');
        check_address(word, at + 2);
        at = strchr(at + 2, '"');
        assert_non_null(at);
        at++;
    }
    return at;
}

/* Kinds of text, as in statements, may differ; they have no attributes that could do anything. */
static const char *read_tag(struct skeleton *skeleton, const char *at)
{
    static const char kinds[] = " span b i abbr em var small wbr ";
    static const char empty[] = " link meta br input rect wbr ";
    bool closes = *at == '/';
    const char *end = word_end(at += closes);
    bool is_kind;
    char word[24];

    copy_word(word, at, end);
    is_kind = is_in(kinds, word);
    if (closes) {
        assert_true(skeleton->depth > 0);
        assert_string_equal(skeleton->open[--skeleton->depth], word);
        assert_int_equal(*end, '>');
        return end + 1;
    }
    assert_true(skeleton->depth < 64);
    if (!is_kind) name(skeleton, "<", word);
    end = read_attributes(skeleton, is_kind, end);
    if (!is_kind) name(skeleton, ">", "");
    if (*end == '/') return end + 2;
    if (!is_in(empty, word)) memcpy(skeleton->open[skeleton->depth++], word, sizeof word);
    return end + 1;
}

static char *skeleton_of(const char *html, const char *until)
{
    struct skeleton skeleton = {.depth = 0};

    bytes_append(&skeleton.names, "", 0);
    assert_non_null(html);
    while (*html && strcmp(html, until) != 0) {
        if (*html != '<') {
            if ((*html < ' ' && *html != '\n' && *html != '\t') || *html == '\x7f') {
                fail_msg("the byte %02x for %s", (unsigned char)*html, hostile);
            }
            html++;
        } else if (strncmp(html, "<!DOCTYPE html>", 15) == 0) {
            html += 15;
        } else {
            html = read_tag(&skeleton, html + 1);
        }
    }
    assert_int_equal(skeleton.depth, 0);
    return skeleton.names.data;
}

static void append_encoded(struct bytes *bytes, const char *string)
{
    char code[4];

    for (; *string; string++) {
        snprintf(code, sizeof code, "%%%02x", (unsigned char)*string);
        bytes_append(bytes, code, 3);
    }
}

static void append(struct bytes *bytes, const char *string)
{
    bytes_append(bytes, string, strlen(string));
}

/* In the query, a header, a cookie, names and values of a form and the name of a file. */
static void make_request(struct bytes *request)
{
    struct bytes body = {0};
    char line[1000];

    snprintf(
        line, sizeof line,
        "--bound\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n%s\r\n--bound\r\n"
        "Content-Disposition: form-data; name=\"f\"; filename=\"%s\"\r\n\r\nx\r\n--bound--\r\n",
        hostile, hostile);
    append(&body, line);
    append(request, "POST /page");
    append_encoded(request, hostile);
    append(request, "?a=");
    append_encoded(request, hostile);
    append(request, "&");
    append_encoded(request, hostile);
    snprintf(line, sizeof line,
             " HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE "X-Hostile: %s\r\nCookie: a=%s\r\n"
             "Content-Type: multipart/form-data; boundary=bound\r\nContent-Length: %zu\r\n\r\n",
             hostile, hostile, body.length);
    append(request, line);
    append(request, body.data);
    bytes_free(&body);
}

enum { ELEMENT, REQUEST, HISTORY, COMPARE, JSON, TEXT, REDIRECT, PAGES };

static struct reply get(const char *path)
{
    struct reply reply = {0};

    assert_true(client_fetch(client, "GET", path, SERVER_KEY_LINE NAVIGATION, &reply));
    return reply;
}

static void get_skeleton(const char *path, char **skeleton)
{
    struct reply reply = get(path);

    assert_int_equal(reply.status, 200);
    *skeleton = skeleton_of(reply.body.data, "");
    reply_free(&reply);
}

static void check_json(const char *path)
{
    struct reply reply = get(path);

    assert_header(&reply, "Content-Type", "application/json");
    assert_int_not_equal(json_at(reply.body.data, "").type, JSON_NONE);
    assert_null(strpbrk(reply.body.data, "<>&\x7f"));
    assert_null(strstr(reply.body.data, "\xe2\x80\xa8"));
    reply_free(&reply);
}

static void check_all_json(const char *id)
{
    char path[160];

    check_json("/__debug__/requests.json");
    snprintf(path, sizeof path, "/__debug__/requests/%s.json", id);
    check_json(path);
    snprintf(path, sizeof path, "/__debug__/requests/%s/trace.json", id);
    check_json(path);
    snprintf(path, sizeof path, "/__debug__/compare/%s/%s.json", id, id);
    check_json(path);
    for (unsigned n = 1; n < 7; n++) {
        snprintf(path, sizeof path, "/__debug__/requests/%s/queries/%u/plan", id, n);
        check_json(path);
        snprintf(path, sizeof path, "/__debug__/requests/%s/queries/%u/index", id, n);
        check_json(path);
    }
}

static void begin(const char *first, const char *second)
{
    struct toolbar_options toolbar_options = TOOLBAR_OPTIONS_INIT;
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_GNUTLS, .routes = routes};

    snprintf(hostile, sizeof hostile, "%s%s", first, second);
    toolbar_options.intercept_redirects = true;
    options.toolbar = toolbar = server_toolbar(&toolbar_options, &test_log);
    assert_int_equal(toolbar_setting(toolbar, hostile, hostile), TOOLBAR_OK);
    assert_int_equal(toolbar_version(toolbar, hostile, hostile), TOOLBAR_OK);
    assert_int_equal(sqlite3_open("test_hostile_strings.sqlite", &database), SQLITE_OK);
    assert_int_equal(toolbar_sqlite_attach(toolbar, database, hostile), TOOLBAR_OK);
    server = server_start(&options);
    client = client_open(server->port, true);
    assert_non_null(client);
}

static void end(void)
{
    client_close(client);
    server_stop_complete(server);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    toolbar_free(toolbar);
    unlink("test_hostile_strings.sqlite");
}

/* To the page, whose element is looked at; gives its id. */
static char *visit(char id[33])
{
    struct bytes request = {0};
    struct reply reply;
    char *skeleton;

    make_request(&request);
    assert_true(client_send(client, request.data, request.length));
    assert_true(client_read(client, false, &reply));
    assert_own_headers(&reply, id);
    assert_null(strstr(reply.body.data, "could not be shown"));
    skeleton = skeleton_of(strstr(reply.body.data, "<debug-toolbar"), "</body></html>");
    reply_free(&reply);
    bytes_free(&request);
    return skeleton;
}

/* One string everywhere; gives the skeletons of all pages. */
static void try(const char *first, const char *second, char *skeletons[PAGES])
{
    char id[33], path[160];

    begin(first, second);
    skeletons[ELEMENT] = visit(id);
    snprintf(path, sizeof path, "/__debug__/requests/%s", id);
    get_skeleton(path, &skeletons[REQUEST]);
    get_skeleton("/__debug__/", &skeletons[HISTORY]);
    snprintf(path, sizeof path, "/__debug__/compare/%s/%s", id, id);
    get_skeleton(path, &skeletons[COMPARE]);
    check_all_json(id);
    get_skeleton("/json", &skeletons[JSON]);
    get_skeleton("/json/text", &skeletons[TEXT]);
    get_skeleton("/redirect", &skeletons[REDIRECT]);
    end();
}

static void free_all(char *skeletons[PAGES])
{
    for (size_t i = 0; i < PAGES; i++) {
        free(skeletons[i]);
    }
}

static size_t count(const char *skeleton, const char *element)
{
    size_t n = 0;

    while ((skeleton = strstr(skeleton, element))) {
        skeleton += strlen(element);
        n++;
    }
    return n;
}

/*
 * How many rows a table has may depend on the time things took. But every element is one that is
 * also made of a harmless string, and of those that could do something there are as many.
 */
static void assert_same(size_t page, const char *skeleton, const char *expected)
{
    static const char *const active[] = {"<script", "<link",   "<template", "<form",
                                         "<input",  "<iframe", "<meta",     "<debug-toolbar"};

    for (size_t i = 0; i < sizeof active / sizeof *active; i++) {
        assert_int_equal(count(skeleton, active[i]), count(expected, active[i]));
    }
    while (*skeleton) {
        char element[400];
        size_t length = strcspn(skeleton, ">") + 1;

        assert_in_range(length, 2, sizeof element - 1);
        memcpy(element, skeleton, length);
        element[length] = '\0';
        if (!strstr(expected, element)) fail_msg("page %zu for %s: %s", page, hostile, element);
        skeleton += length;
    }
}

static void nothing_becomes_an_element(void **state)
{
    char *harmless[PAGES], *skeletons[PAGES];

    (void)state;
    try("", "harmless", harmless);
    for (size_t i = 0; i < STRINGS * WAYS; i++) {
        try(before[i % WAYS], strings[i / WAYS], skeletons);
        for (size_t page = 0; page < PAGES; page++) {
            assert_same(page, skeletons[page], harmless[page]);
        }
        free_all(skeletons);
    }
    free_all(harmless);
    log_clear(&test_log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_becomes_an_element)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
