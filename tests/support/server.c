/* See the header. */
#include "server.h"

#include <debugtoolbar/tls.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "asserts.h"
#include "scratch.h"

static const struct {
    unsigned flags;
    unsigned pool;
} modes[SERVER_MODES] = {
    [SERVER_SELECT] = {MHD_USE_SELECT_INTERNALLY, 0},
    [SERVER_POLL] = {MHD_USE_POLL_INTERNALLY, 0},
    [SERVER_EPOLL] = {MHD_USE_EPOLL_INTERNALLY, 0},
    [SERVER_POOL] = {MHD_USE_EPOLL_INTERNALLY, 4},
    [SERVER_THREADS] = {MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0},
    [SERVER_LOOP_EPOLL] = {MHD_USE_EPOLL, 0},
    [SERVER_LOOP_SELECT] = {0, 0},
};

static char made_by_uri_log;

/* The application as it would be without any toolbar: it tells its own req_cls from others. */
static struct visit *visit_of(struct server *server, void **req_cls)
{
    struct visit *visit = *req_cls;

    if (visit && visit != (void *)&made_by_uri_log) return visit;
    if (server->options.uri_log != (visit != NULL)) atomic_fetch_add(&server->strange, 1);
    return NULL;
}

static void free_visit(struct visit *visit)
{
    bytes_free(&visit->body);
    free(visit);
}

static void take_from_left(struct server *server, const struct visit *visit)
{
    struct visit **at = &server->left;

    while (*at && *at != visit) {
        at = &(*at)->next;
    }
    if (*at) *at = visit->next;
}

static void complete(void *cls, struct MHD_Connection *connection, void **req_cls,
                     enum MHD_RequestTerminationCode toe)
{
    struct server *server = cls;
    struct visit *visit = *req_cls;

    (void)connection, (void)toe;
    /* With a URI log callback libmicrohttpd also completes requests that never were handled. */
    if (!visit || visit == (void *)&made_by_uri_log) return;
    if (server->options.no_completed) take_from_left(server, visit);
    free_visit(visit);
    *req_cls = NULL;
    atomic_fetch_add(&server->completed, 1);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls)
{
    struct server *server = cls;
    struct visit *visit = visit_of(server, req_cls);
    const struct route *route = server->options.routes;
    struct call call = {server, connection, method, url, visit};
    size_t length;

    (void)version;
    if (!visit) {
        visit = calloc(1, sizeof *visit);
        if (!visit) return MHD_NO;
        atomic_fetch_add(&server->begun, 1);
        *req_cls = visit;
        if (server->options.no_completed) {
            visit->next = server->left;
            server->left = visit;
        }
        if (strcmp(url, SERVER_EARLY) != 0) return MHD_YES;
    }
    if (*upload_data_size) {
        bytes_append(&visit->body, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return MHD_YES;
    }
    visit->calls++;
    for (; route->path; route++) {
        length = strlen(route->path);
        if (route->path[length - 1] == '*' ? strncmp(url, route->path, length - 1) == 0
                                           : strcmp(url, route->path) == 0) {
            return route->answer(&call);
        }
    }
    return call_text(&call, MHD_HTTP_NOT_FOUND, "text/plain", "the application's own 404\n");
}

/* Without a completed callback nobody else tidies up. */
static enum MHD_Result handle_and_tidy(void *cls, struct MHD_Connection *connection,
                                       const char *url, const char *method, const char *version,
                                       const char *upload_data, size_t *upload_data_size,
                                       void **req_cls)
{
    bool last = *req_cls && !*upload_data_size;
    enum MHD_Result result =
        handle(cls, connection, url, method, version, upload_data, upload_data_size, req_cls);

    if (last) complete(cls, connection, req_cls, MHD_REQUEST_TERMINATED_COMPLETED_OK);
    return result;
}

static void *uri_log(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)cls, (void)uri, (void)connection;
    return &made_by_uri_log;
}

static void turn_epoll(struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd pollfd = {.fd = info->epoll_fd, .events = POLLIN};
    MHD_UNSIGNED_LONG_LONG timeout_ms = 50;

    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES || timeout_ms > 50) {
        timeout_ms = 50;
    }
    poll(&pollfd, 1, (int)timeout_ms);
    MHD_run(server->daemon);
}

static void turn_select(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 50;
    struct timeval timeout = {0};
    fd_set reads, writes, errors;
    int maximum = -1;

    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&errors);
    MHD_get_fdset(server->daemon, &reads, &writes, &errors, &maximum);
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES || timeout_ms > 50) {
        timeout_ms = 50;
    }
    timeout.tv_usec = (long)timeout_ms * 1000;
    select(maximum + 1, &reads, &writes, &errors, &timeout);
    MHD_run_from_select(server->daemon, &reads, &writes, &errors);
}

static void *run_loop(void *cls)
{
    struct server *server = cls;

    while (!atomic_load(&server->loop_ends)) {
        if (server->options.mode == SERVER_LOOP_EPOLL) {
            turn_epoll(server);
        } else {
            turn_select(server);
        }
    }
    return NULL;
}

static bool is_loop(const struct server *server)
{
    return server->options.mode >= SERVER_LOOP_EPOLL;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct bytes text = {0};
    char buffer[4096];
    size_t got;

    assert_non_null(file);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        bytes_append(&text, buffer, got);
    }
    fclose(file);
    return text.data;
}

static void start_daemon(struct server *server, unsigned flags, char *certificate, char *key)
{
    const struct server_options *options = &server->options;
    struct MHD_OptionItem items[8];
    size_t count = 0;
    bool with = options->toolbar != NULL;

    if (!options->no_completed) {
        items[count++] = (struct MHD_OptionItem){
            MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)(with ? toolbar_mhd_completed : complete),
            with ? (void *)server->mhd : (void *)server};
    }
    if (options->uri_log) {
        items[count++] =
            (struct MHD_OptionItem){MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)uri_log, server};
    }
    if (modes[options->mode].pool) {
        items[count++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE,
                                                 (intptr_t)modes[options->mode].pool, NULL};
    }
    if (certificate) {
        items[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, certificate};
        items[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key};
    }
    items[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    server->daemon = MHD_start_daemon(modes[options->mode].flags | options->flags | flags, 0, NULL,
                                      NULL, with ? toolbar_mhd_handler : handle,
                                      with ? (void *)server->mhd : (void *)server, MHD_OPTION_ARRAY,
                                      items, MHD_OPTION_END);
    assert_non_null(server->daemon);
}

static void listen_mbedtls(struct server *server, const struct toolbar_tls_development_files *files)
{
    struct toolbar_tls_options options = TOOLBAR_TLS_OPTIONS_INIT;

    options.certificate_file = files->certificate_file;
    options.key_file = files->key_file;
    assert_int_equal(toolbar_tls_listen(server->daemon, &options, &server->listener), TOOLBAR_OK);
    server->port = toolbar_tls_port(server->listener);
}

static void start_with_tls(struct server *server)
{
    static struct toolbar_tls_development_files files;
    char *certificate, *key;

    if (!files.key_file[0]) {
        assert_int_equal(toolbar_tls_development_certificate(scratch_path("certificates"), &files),
                         TOOLBAR_OK);
    }
    server->tls = true;
    if (server->options.transport == SERVER_MBEDTLS) {
        start_daemon(server, MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, NULL, NULL);
        listen_mbedtls(server, &files);
        return;
    }
    certificate = read_file(files.certificate_file);
    key = read_file(files.key_file);
    start_daemon(server, MHD_USE_TLS, certificate, key);
    free(certificate);
    free(key);
}

struct server *server_start(const struct server_options *options)
{
    struct server *server = calloc(1, sizeof *server);

    assert_non_null(server);
    server->options = *options;
    if (options->toolbar) {
        server->mhd = toolbar_mhd_new(options->toolbar,
                                      options->no_completed ? handle_and_tidy : handle, server);
        assert_non_null(server->mhd);
        toolbar_mhd_on_completed(server->mhd, complete, server);
    }
    if (options->transport == SERVER_PLAIN) {
        start_daemon(server, 0, NULL, NULL);
    } else {
        start_with_tls(server);
    }
    if (!server->port) {
        server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    }
    if (is_loop(server)) {
        assert_int_equal(pthread_create(&server->loop, NULL, run_loop, server), 0);
    }
    return server;
}

struct server_totals server_stop(struct server *server)
{
    struct server_totals totals;

    toolbar_tls_close(server->listener);
    if (is_loop(server)) {
        atomic_store(&server->loop_ends, true);
        pthread_join(server->loop, NULL);
    }
    MHD_stop_daemon(server->daemon);
    toolbar_mhd_free(server->mhd);
    while (server->left) {
        struct visit *visit = server->left;

        server->left = visit->next;
        free_visit(visit);
    }
    totals = (struct server_totals){.begun = atomic_load(&server->begun),
                                    .completed = atomic_load(&server->completed),
                                    .strange = atomic_load(&server->strange)};
    free(server);
    return totals;
}

void server_stop_complete(struct server *server)
{
    struct server_totals totals = server_stop(server);

    assert_int_equal(totals.completed, totals.begun);
    assert_int_equal(totals.strange, 0);
}

struct toolbar *server_toolbar(const struct toolbar_options *options, struct log *log)
{
    struct toolbar_options defaults = TOOLBAR_OPTIONS_INIT;
    struct toolbar *toolbar = NULL;

    if (options) defaults = *options;
    if (!defaults.secret_key_file && !defaults.secret_key_environment) {
        defaults.secret_key = SERVER_KEY;
    }
    defaults.log = log ? log_line : NULL;
    defaults.log_cls = log;
    assert_int_equal(toolbar_new(&defaults, &toolbar), TOOLBAR_OK);
    return toolbar;
}

enum MHD_Result call_queue(const struct call *call, unsigned status, struct MHD_Response *response)
{
    if (!response) return MHD_NO;
    if (!call->server->options.toolbar) {
        return MHD_queue_response(call->connection, status, response);
    }
    return toolbar_mhd_queue_response(call->connection, status, response);
}

enum MHD_Result call_answer(const struct call *call, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result result = call_queue(call, status, response);

    if (response) MHD_destroy_response(response);
    return result;
}

enum MHD_Result call_text(const struct call *call, unsigned status, const char *type,
                          const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

    if (response && type) MHD_add_response_header(response, "Content-Type", type);
    return call_answer(call, status, response);
}
