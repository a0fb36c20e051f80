/*
 * Without memory: every allocation of the library fails in turn, alone or with all that follow.
 * The application has memory: its answer arrives whole, with the panel or without, or the
 * connection ends.
 */
#include "test_out_of_memory.h"
#include "test_tls_peer.h"

#include <debugtoolbar/mhd.h>
#include <debugtoolbar/sqlite.h>
#include <fcntl.h>
#include <sqlite3.h>

#define KEY "q7Zr2mXw9LkT4vBn8sHd"

/* ---- The application ---- */

static const char page[] = "<!DOCTYPE html><html><head><title>t</title></head><body><p>page</p>"
                           "</body></html>";

static void query(sqlite3 *db)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, "SELECT ?1 || :b", -1, &statement, NULL), SQLITE_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sqlite3_bind_int(statement, 1, i), SQLITE_OK);
        assert_int_equal(sqlite3_bind_text(statement, 2, "text", 4, SQLITE_STATIC), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_bytes(statement, 0), 5);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_exec(db, "SELECT nothing", NULL, NULL, NULL), SQLITE_ERROR);
}

/* In two pieces. Those of unknown length can be had only once. */
struct pieces {
    bool once;
    size_t at;
};

static ssize_t read_piece(void *cls, uint64_t position, char *buffer, size_t size)
{
    struct pieces *pieces = cls;
    size_t length;

    if (!pieces->once) pieces->at = (size_t)position;
    length = sizeof page - 1 - pieces->at;
    if (!length) return MHD_CONTENT_READER_END_OF_STREAM;
    if (length > 40) length = 40;
    if (length > size) length = size;
    memcpy(buffer, page + pieces->at, length);
    pieces->at += length;
    return (ssize_t)length;
}

static struct MHD_Response *respond(const char *path)
{
    struct pieces *pieces;

    if (strcmp(path, "/page") == 0) {
        return MHD_create_response_from_buffer(sizeof page - 1, (void *)(uintptr_t)page,
                                               MHD_RESPMEM_PERSISTENT);
    }
    pieces = __real_calloc(1, sizeof *pieces);
    assert_non_null(pieces);
    pieces->once = strcmp(path, "/stream") == 0;
    return MHD_create_response_from_callback(pieces->once ? MHD_SIZE_UNKNOWN : sizeof page - 1,
                                             1024, read_piece, pieces, free);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **req_cls)
{
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)method, (void)version, (void)data, (void)length;
    if (!*req_cls) {
        *req_cls = cls;
        return MHD_YES;
    }
    query(cls);
    response = respond(path);
    assert_non_null(response);
    MHD_add_response_header(response, "Content-Type", "text/html");
    MHD_add_response_header(response, "Content-Security-Policy", "script-src 'nonce-abc'");
    result = toolbar_mhd_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- One visit, in this thread ---- */

struct visit {
    sqlite3 *db;
    const char *path;
    unsigned answered;
};

static void assert_answer(struct visit *visit, const char *answer)
{
    const char *body = strstr(answer, "\r\n\r\n");
    const char *rest;

    if (!*answer) return;
    assert_non_null(body);
    if (strncmp(visit->path, "/__debug__", 10) == 0) return;
    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    /* HTTP/1.0 requests get no chunks. */
    rest = strstr(body, "</body>");
    if (rest && strncmp(body + 4, page, 60) == 0 && strcmp(rest, "</body></html>") == 0) {
        visit->answered++;
    } else {
        /* Cut off: the length that was announced did not come. */
        print_message("%s with %u failing%s: %s\n", visit->path, failing,
                      and_all_after ? " and all after" : "", answer);
        fail();
    }
}

static void exchange_bytes(struct MHD_Daemon *daemon, struct visit *visit)
{
    static char answer[256 * 1024];
    const struct sockaddr_in peer = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[256];
    size_t length = 0;
    ssize_t got = -1;
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(
        MHD_add_connection(daemon, pair[1], (const struct sockaddr *)&peer, sizeof peer), MHD_YES);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.0\r\nHost: a\r\nX-Forwarded-Proto: https\r\nMYAPPKEY: " KEY "\r\n\r\n",
             visit->path);
    assert_int_equal(send(pair[0], request, strlen(request), 0), strlen(request));
    for (int turn = 0; turn < 200 && got != 0; turn++) {
        assert_int_equal(MHD_run(daemon), MHD_YES);
        got = recv(pair[0], answer + length, sizeof answer - 1 - length, 0);
        if (got > 0) length += (size_t)got;
    }
    answer[length] = '\0';
    close(pair[0]);
    MHD_run(daemon);
    MHD_run(daemon);
    assert_answer(visit, answer);
}

static void serve(struct toolbar *toolbar, struct visit *visit)
{
    struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, handle, visit->db);
    struct MHD_Daemon *daemon;

    if (!mhd) return;
    daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
                              toolbar_mhd_handler, mhd, MHD_OPTION_NOTIFY_COMPLETED,
                              toolbar_mhd_completed, mhd, MHD_OPTION_END);
    assert_non_null(daemon);
    if (visit->db) (void)toolbar_sqlite_attach(toolbar, visit->db, "main");
    exchange_bytes(daemon, visit);
    MHD_stop_daemon(daemon);
    toolbar_mhd_free(mhd);
}

static void visit_once(void *cls)
{
    static const char *const proxies[] = {"127.0.0.1", "::1", NULL};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct visit *visit = cls;
    struct toolbar *toolbar = NULL;
    enum toolbar_error error;

    assert_int_equal(sqlite3_open(":memory:", &visit->db), SQLITE_OK);
    options.secret_key = KEY;
    options.trusted_proxies = options.debug_peers = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    atomic_store(&armed, true);
    error = toolbar_new(&options, &toolbar);
    if (error) {
        assert_int_equal(error, TOOLBAR_ERROR_MEMORY);
        assert_null(toolbar);
    } else {
        serve(toolbar, visit);
        toolbar_free(toolbar);
    }
    atomic_store(&armed, false);
    assert_int_equal(sqlite3_close(visit->db), SQLITE_OK);
}

static void test_visits(void **state)
{
    static const char *const paths[] = {
        "/page", "/stream", "/known", "/__debug__/requests.json",
        "/__debug__/requests/0123456789abcdef0123456789abcdef.json"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct visit visit = {.path = paths[i]};

        sweep(visit_once, &visit, 1);
        if (i < 3) assert_true(visit.answered > 0);
    }
}

/* ---- TLS ---- */

static void handshake_once(void *cls)
{
    const struct toolbar_tls_options *options = cls;
    struct server server = {0};
    enum toolbar_error error;
    struct peer peer;

    server.daemon = start_daemon(&server, EPOLL, 0);
    assert_non_null(server.daemon);
    atomic_store(&armed, true);
    error = toolbar_tls_listen(server.daemon, options, &server.listener);
    if (!error) {
        spared = true;
        peer_init(&peer, toolbar_tls_port(server.listener));
        if (peer_shake(&peer, NULL) == 0) {
            const char *answer = "";

            if (peer_send_pieces(&peer, GET_OF("/"), strlen(GET_OF("/")), SIZE_MAX))
                answer = peer_response(&peer);
            /* The client may be told that there is no room for it, but nothing that is wrong. */
            if (*answer && strncmp(answer, "HTTP/1.1 503", 12) != 0)
                assert_contains(answer, "secure from 127.0.0.1 path /\n");
        }
        peer_cut(&peer);
        spared = false;
        atomic_store(&armed, false);
        assert_serves(toolbar_tls_port(server.listener));
    }
    atomic_store(&armed, false);
    server_stop(&server);
}

static void test_listener(void **state)
{
    struct toolbar_tls_options options = default_options();

    (void)state;
    sweep(handshake_once, &options, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visits),
        cmocka_unit_test(test_listener),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
