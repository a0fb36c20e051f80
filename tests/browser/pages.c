/*
 * A server for the browser tests. A test makes its page in the URL, so that the page and what is
 * expected of it stand in one file:
 *   /page?html=...&csp=...&queries=51   that body, under that policy, after that many queries;
 *                                       &sleeps=1000 and one that takes as many milliseconds
 *   /file/<name>                        a file of the directory that was named at start
 * Usage: browser-pages SCRATCH FILES; prints its URL, ends when standard input does.
 */
#include <debugtoolbar/mhd.h>
#include <debugtoolbar/sqlite.h>
#include <debugtoolbar/tls.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_MAXIMUM = 64 * 1024 };

struct application {
    sqlite3 *database;
    const char *files;
};

static const char *argument(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);

    return value ? value : "";
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status,
                                 const char *type, char *text, size_t length)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (!response) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    if (*argument(connection, "csp")) {
        MHD_add_response_header(response, "Content-Security-Policy", argument(connection, "csp"));
    }
    if (*argument(connection, "csp_report_only")) {
        MHD_add_response_header(response, "Content-Security-Policy-Report-Only",
                                argument(connection, "csp_report_only"));
    }
    if (*argument(connection, "location")) {
        MHD_add_response_header(response, "Location", argument(connection, "location"));
    }
    result = toolbar_mhd_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void query(sqlite3 *database, const char *sql, int value)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) return;
    if (sqlite3_bind_parameter_count(statement)) sqlite3_bind_int(statement, 1, value);
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_finalize(statement);
}

/* sleep(ms), for a query that is slow on any machine. */
static void sleep_ms(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, sqlite3_sleep(sqlite3_value_int(values[0])));
}

static void make_queries(struct application *application, struct MHD_Connection *connection)
{
    long count = strtol(argument(connection, "queries"), NULL, 10);

    for (int i = 0; i < (int)count; i++) {
        if (i == 0) {
            query(application->database, "SELECT id, name FROM person ORDER BY name", 0);
        } else {
            query(application->database, "SELECT name FROM person WHERE id = ?1", i % 40);
        }
    }
    if (*argument(connection, "sleeps")) {
        query(application->database, "SELECT sleep(?1)",
              (int)strtol(argument(connection, "sleeps"), NULL, 10));
    }
    if (*argument(connection, "scans")) {
        query(application->database, "SELECT id FROM reading WHERE person = ?1", 7);
    }
    if (*argument(connection, "fails")) {
        query(application->database, "INSERT INTO person (id, name) VALUES (?1, 'twice')", 1);
    }
}

static enum MHD_Result send_page(struct application *application, struct MHD_Connection *connection)
{
    const char *type = argument(connection, "type");
    const char *head = argument(connection, "head");
    unsigned status = (unsigned)strtoul(argument(connection, "status"), NULL, 10);
    char *page = malloc(PAGE_MAXIMUM);
    enum MHD_Result result;
    int length;

    if (!page) return MHD_NO;
    make_queries(application, connection);
    if (*type) {
        length = snprintf(page, PAGE_MAXIMUM, "%s", argument(connection, "html"));
    } else {
        length = snprintf(page, PAGE_MAXIMUM,
                          "<!DOCTYPE html><html lang=\"en\"><head><title>A page</title>%s</head>"
                          "<body><main><h1>A page</h1>%s</main></body></html>",
                          head, argument(connection, "html"));
    }
    result = length < PAGE_MAXIMUM ? send_text(connection, status ? status : 200,
                                               *type ? type : "text/html", page, (size_t)length)
                                   : MHD_NO;
    free(page);
    return result;
}

static enum MHD_Result send_file(const struct application *application,
                                 struct MHD_Connection *connection, const char *name)
{
    const char *extension = strrchr(name, '.');
    const char *type = extension && !strcmp(extension, ".js") ? "text/javascript" : "text/plain";
    size_t capacity = 1024 * 1024;
    char *data = malloc(capacity);
    char path[4096];
    enum MHD_Result result;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", application->files, name);
    file = strstr(name, "..") ? NULL : fopen(path, "rb");
    if (!data || !file) {
        free(data);
        return send_text(connection, 404, "text/plain", "no such file", 12);
    }
    result = send_text(connection, 200, type, data, fread(data, 1, capacity, file));
    fclose(file);
    free(data);
    return result;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls)
{
    static char began;

    (void)method, (void)version, (void)upload_data;
    if (!*req_cls) {
        *req_cls = &began;
        return MHD_YES;
    }
    if (*upload_data_size) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    if (strncmp(url, "/file/", 6) == 0) return send_file(cls, connection, url + 6);
    return send_page(cls, connection);
}

static int serve(struct toolbar *toolbar, struct application *application, const char *scratch)
{
    static struct toolbar_tls_development_files files;
    struct toolbar_tls_options tls = TOOLBAR_TLS_OPTIONS_INIT;
    struct toolbar_tls_listener *listener = NULL;
    struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, handle, application);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0,
        NULL, NULL, toolbar_mhd_handler, mhd, MHD_OPTION_NOTIFY_COMPLETED, toolbar_mhd_completed,
        mhd, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)PAGE_MAXIMUM, MHD_OPTION_END);
    int failed = 1;

    if (!mhd || !daemon) goto out;
    if (toolbar_tls_development_certificate(scratch, &files)) goto out;
    tls.certificate_file = files.certificate_file;
    tls.key_file = files.key_file;
    if (toolbar_tls_listen(daemon, &tls, &listener)) goto out;
    printf("https://localhost:%u/\n", toolbar_tls_port(listener));
    fflush(stdout);
    while (getchar() != EOF) {
    }
    failed = 0;
out:
    toolbar_tls_close(listener);
    if (daemon) MHD_stop_daemon(daemon);
    toolbar_mhd_free(mhd);
    return failed;
}

int main(int count, char **arguments)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct application application = {0};
    struct toolbar *toolbar = NULL;
    char database[4096];
    int failed = 1;

    if (count != 3) return 2;
    application.files = arguments[2];
    options.debug = true;
    if (toolbar_new(&options, &toolbar)) return 1;
    snprintf(database, sizeof database, "%s/people.sqlite", arguments[1]);
    if (sqlite3_open(database, &application.database) != SQLITE_OK) goto out;
    sqlite3_exec(application.database,
                 "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);"
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
                 "INSERT INTO person SELECT i, 'Name ' || i FROM n;"
                 "CREATE TABLE reading (id INTEGER PRIMARY KEY, person INTEGER);"
                 "INSERT INTO reading SELECT a.id * 200 + b.id, a.id FROM person a, person b",
                 NULL, NULL, NULL);
    sqlite3_create_function(application.database, "sleep", 1, SQLITE_UTF8, NULL, sleep_ms, NULL,
                            NULL);
    toolbar_sqlite_attach(toolbar, application.database, "main");
    failed = serve(toolbar, &application, arguments[1]);
out:
    sqlite3_close(application.database);
    toolbar_free(toolbar);
    return failed;
}
