/*
 * Without memory, for all that panels record and show: requests with bodies, cookies and queries,
 * an application that tells by hand and has a panel with a state, and the toolbar's own pages.
 * One allocation of the library fails, or all from one on; the application's answer arrives.
 */
#include "test_out_of_memory.h"

#include <arpa/inet.h>
#include <debugtoolbar/mhd.h>
#include <debugtoolbar/panel.h>
#include <debugtoolbar/record.h>
#include <debugtoolbar/sqlite.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scratch.h"

#define KEY "q7Zr2mXw9LkT4vBn8sHd"
#define NAVIGATION                                                                                 \
    "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
#define BOUNDARY "XyZzY"

static const char page[] = "<!DOCTYPE html><html><body><p>page</p></body></html>";
static const char json[] = "{\"a\":[1,2,{\"b\":null}]}";

/* ---- The application ---- */

struct state {
    unsigned begun;
    unsigned rows;
};

static void on_request(struct toolbar_recording *recording, struct toolbar_request *request);
static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html);
static void to_json(const struct toolbar_recording *recording, struct toolbar_json *out);

static const struct toolbar_panel panel = {
    .id = "own",
    .title = "Own",
    .state_size = sizeof(struct state),
    .on_request = on_request,
    .subtitle = subtitle,
    .render = subtitle,
    .to_json = to_json,
};

static void on_request(struct toolbar_recording *recording, struct toolbar_request *request)
{
    struct state *state = toolbar_panel_state(recording, &panel);

    (void)request;
    if (state) state->begun++;
}

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct state *state = toolbar_panel_state(recording, &panel);

    toolbar_text_integer(html, state ? state->rows : 0);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *out)
{
    const struct state *state = toolbar_panel_state(recording, &panel);

    toolbar_json_integer(out, state ? (int64_t)state->rows : -1);
}

static void tell(void)
{
    struct toolbar_span span = toolbar_span_begin("work");
    struct toolbar_query query = toolbar_query_begin("elsewhere", "SELECT password FROM p");
    struct state *state = toolbar_panel_state(toolbar_recording_current(), &panel);

    if (state) state->rows += 2;
    toolbar_message(TOOLBAR_MESSAGE_INFO, "token=%d of %s", 5, "some");
    toolbar_cache_call("sessions", "get", "user/5", 1, 0, 1000);
    toolbar_template_rendered("page.html", 1000, "title=a\npassword=b");
    toolbar_query_end(query, 2, "went wrong");
    toolbar_span_end(span);
}

static void query(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT 1, 'a' FROM t; COMMIT", NULL, NULL, NULL),
                     SQLITE_OK);
}

static struct MHD_Response *respond(const char *path)
{
    static const char *const type = "Content-Type";
    struct MHD_Response *response;

    if (strcmp(path, "/file") == 0) {
        int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

        assert_true(fd >= 0);
        response = toolbar_mhd_create_response_from_fd(0, fd);
    } else {
        const char *body = strcmp(path, "/json") == 0 ? json : page;

        response = MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body,
                                                   MHD_RESPMEM_PERSISTENT);
    }
    assert_non_null(response);
    MHD_add_response_header(response, type,
                            strcmp(path, "/json") == 0 ? "application/json" : "text/html");
    MHD_add_response_header(response, "Set-Cookie", "session=secret; Path=/");
    if (strcmp(path, "/redirect") == 0) MHD_add_response_header(response, "Location", "/page?a=b");
    return response;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **req_cls)
{
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)method, (void)version, (void)data;
    if (!*req_cls) {
        *req_cls = cls;
        return MHD_YES;
    }
    if (*length) {
        *length = 0;
        return MHD_YES;
    }
    tell();
    query(cls);
    response = respond(path);
    result = toolbar_mhd_queue_response(
        connection, strcmp(path, "/redirect") == 0 ? MHD_HTTP_SEE_OTHER : MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- Visits, in this thread ---- */

struct visit {
    const char *method;
    const char *path; /* @ stands for the id of a request, the second time for another one's */
    const char *headers;
    const char *body;
    unsigned stride;
    unsigned answered;
};

static char answer[1024 * 1024];
static const char *database;

static void ask(struct MHD_Daemon *daemon, const char *method, const char *path,
                const char *headers, const char *body)
{
    const struct sockaddr_in peer = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[4096];
    size_t length = 0;
    ssize_t got = -1;
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(
        MHD_add_connection(daemon, pair[1], (const struct sockaddr *)&peer, sizeof peer), MHD_YES);
    snprintf(request, sizeof request,
             "%s %s HTTP/1.0\r\nHost: a\r\nX-Forwarded-Proto: https\r\nMYAPPKEY: " KEY
             "\r\nCookie: theme=dark; sid=abc\r\n%sContent-Length: %zu\r\n\r\n%s",
             method, path, headers, strlen(body), body);
    assert_int_equal(send(pair[0], request, strlen(request), 0), strlen(request));
    for (int turn = 0; turn < 400 && got != 0; turn++) {
        assert_int_equal(MHD_run(daemon), MHD_YES);
        got = recv(pair[0], answer + length, sizeof answer - 1 - length, 0);
        if (got > 0) length += (size_t)got;
    }
    answer[length] = '\0';
    close(pair[0]);
    MHD_run(daemon);
    MHD_run(daemon);
}

static bool says(const char *what)
{
    return strstr(answer, what) != NULL;
}

static bool ends_with(const char *end)
{
    size_t length = strlen(answer);

    return length >= strlen(end) && strcmp(answer + length - strlen(end), end) == 0;
}

/* As long as it says. */
static bool is_complete(void)
{
    const char *length = strstr(answer, "Content-Length: "), *body = strstr(answer, "\r\n\r\n");

    return length && body && strtoul(length + 16, NULL, 10) == strlen(body + 4);
}

/* The application's answer is whole, as it is, with the panel, or on a page made of it. */
static void check_answer(struct visit *visit)
{
    const char *path = visit->path;
    bool made = says("HTTP/1.1 200") && says("<debug-toolbar") && is_complete();
    bool whole;

    if (!*answer) return;
    if (strncmp(path, "/__debug__", 10) == 0) {
        if (!is_complete()) fail_msg("%s: cut off", path);
        visit->answered += says("HTTP/1.1 200") || says("HTTP/1.1 303");
        return;
    }
    if (strcmp(path, "/redirect") == 0) {
        whole = (says("HTTP/1.1 303") && says("Location: /page?a=b\r\n")) || made;
    } else if (strcmp(path, "/json") == 0) {
        whole = says("HTTP/1.1 200") && (ends_with(json) || made);
    } else if (strcmp(path, "/file") == 0) {
        whole = says("HTTP/1.1 200");
    } else {
        whole = says("HTTP/1.1 200") && says("<p>page</p>") && ends_with("</body></html>");
    }
    if (!whole) {
        print_message("%s with %u failing%s:\n%.2000s\n", path, failing,
                      and_all_after ? " and all after" : "", answer);
        fail();
    }
    visit->answered++;
}

/* The text behind `before`, up to the quote that ends it. */
static void find(const char *before, char *text, size_t size)
{
    const char *at = strstr(answer, before);
    size_t length;

    assert_non_null(at);
    at += strlen(before);
    length = strcspn(at, "\"");
    assert_true(length < size);
    memcpy(text, at, length);
    text[length] = '\0';
}

static void put_ids(char *path, size_t size, const char *pattern, char ids[2][40])
{
    size_t length = 0, used = 0;

    for (; *pattern; pattern++) {
        size_t bytes = *pattern == '@' ? strlen(ids[used]) : 1;

        assert_true(length + bytes < size);
        memcpy(path + length, *pattern == '@' ? ids[used++] : pattern, bytes);
        length += bytes;
    }
    path[length] = '\0';
}

/* Two requests are kept already when the toolbar's own pages are asked for. */
static void visit_daemon(struct MHD_Daemon *daemon, struct visit *visit)
{
    char ids[2][40] = {"", ""}, token[80], path[256], body[256];
    const char *text = visit->body;

    if (strncmp(visit->path, "/__debug__", 10) == 0) {
        for (int i = 0; i < 2; i++) {
            ask(daemon, "GET", "/page", "", "");
            find("data-id=\"", ids[i], sizeof ids[i]);
        }
        ask(daemon, "GET", "/__debug__/", "", "");
        find("name=\"token\" value=\"", token, sizeof token);
        if (strcmp(text, "token") == 0) {
            snprintf(body, sizeof body, "token=%s", token);
            text = body;
        }
    }
    put_ids(path, sizeof path, visit->path, ids);
    atomic_store(&armed, true);
    ask(daemon, visit->method, path, visit->headers, text);
    atomic_store(&armed, false);
    check_answer(visit);
    /* And all is well again. */
    ask(daemon, "GET", "/page", "", "");
    assert_true(says("<debug-toolbar") && ends_with("</body></html>"));
}

static void visit_once(void *cls)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct MHD_Daemon *daemon;
    struct toolbar *toolbar;
    struct toolbar_mhd *mhd;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    options.secret_key = KEY;
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    options.intercept_redirects = true;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    assert_int_equal(toolbar_panel_add(toolbar, &panel), TOOLBAR_OK);
    assert_int_equal(toolbar_setting(toolbar, "a", "b"), TOOLBAR_OK);
    mhd = toolbar_mhd_new(toolbar, handle, db);
    assert_non_null(mhd);
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
    daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
                              toolbar_mhd_handler, mhd, MHD_OPTION_NOTIFY_COMPLETED,
                              toolbar_mhd_completed, mhd, MHD_OPTION_END);
    assert_non_null(daemon);
    visit_daemon(daemon, cls);
    MHD_stop_daemon(daemon);
    toolbar_mhd_free(mhd);
    toolbar_free(toolbar);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void sweep_all(struct visit *visits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sweep(visit_once, &visits[i], visits[i].stride);
        if (!visits[i].answered) fail_msg("%s was never answered", visits[i].path);
    }
}

static void requests(void **state)
{
    static struct visit visits[] = {
        {"GET", "/page?a=b&token=c&d", "Referer: https://a/b?c=d\r\n", "", 1, 0},
        {"POST", "/form", "Content-Type: application/x-www-form-urlencoded\r\n",
         "name=Ann&password=x&empty=&last=%20y", 1, 0},
        {"POST", "/files", "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n",
         "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--" BOUNDARY
         "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n"
         "Content-Type: text/plain\r\n\r\ncontent\r\n--" BOUNDARY "--\r\n",
         1, 0},
        {"POST", "/body", "Content-Type: application/json\r\n",
         "{\"a\":[1,\"x\"],\"password\":\"y\"}", 1, 0},
        {"GET", "/json", NAVIGATION, "", 1, 0},
        {"GET", "/json", "", "", 1, 0},
        {"GET", "/redirect", NAVIGATION, "", 1, 0},
        {"GET", "/file", "", "", 1, 0},
    };

    (void)state;
    sweep_all(visits, sizeof visits / sizeof *visits);
}

static void own_pages(void **state)
{
    static struct visit visits[] = {
        {"GET", "/__debug__/", "", "", 1, 0},
        {"GET", "/__debug__/requests.json", "", "", 1, 0},
        {"GET", "/__debug__/requests/@", "", "", 1, 0},
        {"GET", "/__debug__/requests/@.json", "", "", 1, 0},
        {"GET", "/__debug__/requests/@/trace.json", "", "", 1, 0},
        {"GET", "/__debug__/requests/@/queries/3/plan", "", "", 1, 0},
        {"GET", "/__debug__/requests/@/queries/3/index", "", "", 1, 0},
        {"GET", "/__debug__/compare/@/@", "", "", 1, 0},
        {"GET", "/__debug__/compare/@/@.json", "", "", 1, 0},
        {"POST", "/__debug__/clear", "Sec-Fetch-Site: same-origin\r\n", "token", 1, 0},
    };

    (void)state;
    sweep_all(visits, sizeof visits / sizeof *visits);
}

static int make_database(void **state)
{
    sqlite3 *db;

    (void)state;
    database = scratch_path("db");
    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", NULL, NULL, NULL),
        SQLITE_OK);
    return sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(own_pages),
    };

    return cmocka_run_group_tests(tests, make_database, NULL);
}
