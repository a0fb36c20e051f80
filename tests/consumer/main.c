/*
 * What an application does to have the toolbar: a server on libmicrohttpd with an SQLite database.
 * It asks itself for its page and succeeds if the page is what it should be.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <debugtoolbar/mhd.h>
#include <debugtoolbar/sqlite.h>
#include <debugtoolbar/tls.h>

static const char page[] = "<!DOCTYPE html><body>3 people</body>";

static int people(sqlite3 *db)
{
    sqlite3_stmt *statement;
    int count = -1;

    if (sqlite3_prepare_v2(db, "SELECT ?1 + 1", -1, &statement, NULL) != SQLITE_OK) return -1;
    sqlite3_bind_int(statement, 1, 2);
    if (sqlite3_step(statement) == SQLITE_ROW) count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls)
{
    char body[sizeof page];
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)url, (void)method, (void)version, (void)upload_data, (void)upload_data_size;
    (void)req_cls;
    snprintf(body, sizeof body, "<!DOCTYPE html><body>%d people</body>", people(cls));
    response = MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
    result = toolbar_mhd_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static int ask(unsigned port, char *answer, size_t size)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    size_t length = 0;
    ssize_t got = -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, request, sizeof request - 1, 0) > 0) {
        while ((got = recv(fd, answer + length, size - 1 - length, 0)) > 0)
            length += (size_t)got;
    }
    answer[length] = 0;
    close(fd);
    return got;
}

int main(void)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar *toolbar = NULL;
    struct toolbar_mhd *mhd;
    struct MHD_Daemon *daemon;
    char answer[4096] = "";
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
    if (toolbar_new(&options, &toolbar) != TOOLBAR_OK) return 2;
    if (toolbar_sqlite_attach(toolbar, db, "main") != TOOLBAR_OK) return 3;
    mhd = toolbar_mhd_new(toolbar, handle, db);
    daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, toolbar_mhd_handler, mhd,
                         MHD_OPTION_NOTIFY_COMPLETED, toolbar_mhd_completed, mhd, MHD_OPTION_END);
    if (!daemon) return 4;
    if (ask(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port, answer, sizeof answer))
        return 5;
    MHD_stop_daemon(daemon);
    toolbar_mhd_free(mhd);
    sqlite3_close(db);
    toolbar_free(toolbar);
    return strncmp(answer, "HTTP/1.", 7) == 0 && strstr(answer, page) ? 0 : 6;
}
