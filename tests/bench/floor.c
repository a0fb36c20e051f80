/*
 * The server that is measured. Compiled without BENCH_TOOLBAR it is the floor: bare
 * libmicrohttpd and SQLite, no line of the toolbar linked. With it, the same source is a server
 * that carries the toolbar as one in production does: a key, no debug mode, and a proxy on this
 * machine that ends TLS.
 *
 *   bench-floor [--database FILE] [--threads N] [--tls CERTIFICATE KEY]
 *
 * Prints its port, and ends when it is told to. TLS is libmicrohttpd's own with GnuTLS in the
 * floor, and the toolbar's listener in the other.
 */
#ifdef BENCH_TOOLBAR
#include <debugtoolbar/mhd.h>
#include <debugtoolbar/sqlite.h>
#include <debugtoolbar/tls.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../demo/people.h"
#include "pages.h"

enum { CONNECTIONS_MAX = 1000, IDLE_TIMEOUT_S = 60, PEM_MAX_BYTES = 64 * 1024 };

struct options {
    const char *database;
    unsigned threads;
    const char *certificate; /* NULL: plain HTTP */
    const char *key;
};

struct server {
    struct databases databases;
    struct MHD_Daemon *daemon;
    MHD_AccessHandlerCallback handler;
    void *cls;
#ifdef BENCH_TOOLBAR
    struct toolbar *toolbar;
    struct toolbar_mhd *mhd;
    struct toolbar_tls_listener *listener;
#endif
};

static bool complain(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    return false;
}

static bool read_options(struct options *options, int argc, char **argv)
{
    *options = (struct options){.database = ":memory:", .threads = 1};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--database") == 0 && i + 1 < argc) {
            options->database = argv[++i];
        } else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc) {
            options->threads = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--tls") == 0 && i + 2 < argc) {
            options->certificate = argv[++i];
            options->key = argv[++i];
        } else {
            return complain(argv[i], "not an option, or without its value");
        }
    }
    return (options->threads > 0 && options->threads <= BENCH_THREADS_MAX) ||
           complain("--threads", "out of range");
}

static bool open_databases(struct server *server, const struct options *options)
{
    for (unsigned i = 0; i < options->threads; i++) {
        sqlite3 **db = &server->databases.connections[i];
        const char *reason;

        server->databases.count = i + 1;
        if (sqlite3_open(options->database, db) != SQLITE_OK) {
            return complain(options->database, "cannot be opened");
        }
        reason = people_make(*db);
        if (reason) return complain(options->database, reason);
#ifdef BENCH_TOOLBAR
        if (toolbar_sqlite_attach(server->toolbar, *db, "main")) return false;
#endif
    }
    return true;
}

#ifdef BENCH_TOOLBAR
static bool make_toolbar(struct server *server)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    enum toolbar_error error;

    options.secret_key_environment = "BENCH_KEY";
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    error = toolbar_new(&options, &server->toolbar);
    if (error) return complain("toolbar", toolbar_error_text(error));
    server->mhd = toolbar_mhd_new(server->toolbar, pages_handler, &server->databases);
    server->handler = toolbar_mhd_handler;
    server->cls = server->mhd;
    return server->mhd || complain("toolbar", "out of memory");
}
#else
static bool make_toolbar(struct server *server)
{
    server->handler = pages_handler;
    server->cls = &server->databases;
    return true;
}
#endif

enum { OWN_THREAD = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC };

static struct MHD_Daemon *start_daemon(const struct server *server, const struct options *options,
                                       unsigned flags, struct MHD_OptionItem *more)
{
    return MHD_start_daemon(flags, 0, NULL, NULL, server->handler, server->cls,
                            MHD_OPTION_THREAD_POOL_SIZE, options->threads,
                            MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S,
#ifdef BENCH_TOOLBAR
                            MHD_OPTION_NOTIFY_COMPLETED, toolbar_mhd_completed, server->mhd,
#endif
                            MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static uint16_t daemon_port(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

    return info ? info->port : 0;
}

static uint16_t start_plain(struct server *server, const struct options *options)
{
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

    server->daemon = start_daemon(server, options, OWN_THREAD, none);
    return daemon_port(server->daemon);
}

#ifdef BENCH_TOOLBAR
static uint16_t start_tls(struct server *server, const struct options *options)
{
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    struct toolbar_tls_options tls = TOOLBAR_TLS_OPTIONS_INIT;
    enum toolbar_error error;

    /* As many threads as the floor has: the one of the listener, if there is to be one. */
    tls.run_daemon = options->threads == 1;
    server->daemon = start_daemon(
        server, options, MHD_USE_NO_LISTEN_SOCKET | (tls.run_daemon ? MHD_USE_EPOLL : OWN_THREAD),
        none);
    if (!server->daemon) return 0;
    tls.certificate_file = options->certificate;
    tls.key_file = options->key;
    tls.threads = options->threads;
    error = toolbar_tls_listen(server->daemon, &tls, &server->listener);
    if (error) complain("TLS", toolbar_error_text(error));
    return error ? 0 : toolbar_tls_port(server->listener);
}
#else
static bool read_pem(const char *path, char text[PEM_MAX_BYTES])
{
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, PEM_MAX_BYTES - 1, file) : 0;

    if (file) fclose(file);
    text[length] = '\0';
    return length > 0 || complain(path, "cannot be read");
}

static uint16_t start_tls(struct server *server, const struct options *options)
{
    static char certificate[PEM_MAX_BYTES], key[PEM_MAX_BYTES];
    struct MHD_OptionItem more[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, certificate},
                                    {MHD_OPTION_HTTPS_MEM_KEY, 0, key},
                                    {MHD_OPTION_END, 0, NULL}};

    if (!read_pem(options->certificate, certificate) || !read_pem(options->key, key)) return 0;
    server->daemon = start_daemon(server, options, OWN_THREAD | MHD_USE_TLS, more);
    return daemon_port(server->daemon);
}
#endif

static void stop(struct server *server)
{
#ifdef BENCH_TOOLBAR
    toolbar_tls_close(server->listener);
#endif
    if (server->daemon) MHD_stop_daemon(server->daemon);
    for (unsigned i = 0; i < server->databases.count; i++) {
        sqlite3_close(server->databases.connections[i]);
    }
#ifdef BENCH_TOOLBAR
    toolbar_mhd_free(server->mhd);
    toolbar_free(server->toolbar);
#endif
}

int main(int argc, char **argv)
{
    struct server server = {0};
    struct options options;
    uint16_t port = 0;
    sigset_t ends;
    int signal_number;

    /* Blocked before there are threads, so that only sigwait() sees them. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (!read_options(&options, argc, argv)) return 2;
    if (make_toolbar(&server) && open_databases(&server, &options)) {
        port = options.certificate ? start_tls(&server, &options) : start_plain(&server, &options);
    }
    if (port) {
        printf("%u\n", port);
        fflush(stdout);
        sigwait(&ends, &signal_number);
    } else {
        complain("server", "did not start");
    }
    stop(&server);
    return port ? 0 : 1;
}
