/*
 * Owns the daemons, the TLS listener and the wrapped handler. Both doors lead to the same
 * handler; they differ only in how a connection comes in.
 */
#include "server.h"

#include <debugtoolbar/mhd.h>
#include <debugtoolbar/tls.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listen.h"
#include "options.h"
#include "pages.h"

enum { CONNECTIONS_MAX = 512, IDLE_TIMEOUT_S = 30, PEM_MAX_BYTES = 64 * 1024 };
enum { EXIT_RUNTIME = 1, EXIT_CONFIGURATION = 2 };

struct server {
    struct toolbar_mhd *mhd;
    struct MHD_Daemon *http;
    struct MHD_Daemon *https;
    struct toolbar_tls_listener *listener; /* NULL with libmicrohttpd's own TLS */
    struct toolbar_tls_development_files files;
};

static int complain(int status, const char *what, const char *why)
{
    fprintf(stderr, "debugtoolbar-demo: %s: %s\n", what, why);
    return status;
}

/* A daemon with the options that all have; `more` is what this one has besides. */
static struct MHD_Daemon *start_daemon(const struct server *server, const struct demo *demo,
                                       unsigned int flags, struct MHD_OptionItem *more)
{
    /* No MHD_USE_ERROR_LOG: behind the TLS listener it would tell at every response that a
     * socket pair has no TCP_NODELAY. */
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | flags, 0, NULL, NULL,
                            toolbar_mhd_handler, server->mhd, MHD_OPTION_NOTIFY_COMPLETED,
                            toolbar_mhd_completed, server->mhd, MHD_OPTION_THREAD_POOL_SIZE,
                            demo->options->threads, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S, MHD_OPTION_ARRAY, more,
                            MHD_OPTION_END);
}

static int start_http(struct server *server, struct demo *demo)
{
    const struct options *options = demo->options;
    uint16_t port;
    int fd = listen_on(options->bind, options->http_port, &port);
    if (fd < 0) {
        listen_complain("--http-port", options->bind, options->http_port, errno);
        return EXIT_CONFIGURATION;
    }
    struct MHD_OptionItem more[] = {{MHD_OPTION_LISTEN_SOCKET, fd, NULL},
                                    {MHD_OPTION_END, 0, NULL}};
    server->http = start_daemon(server, demo, 0, more);
    if (!server->http) {
        close(fd);
        return complain(EXIT_RUNTIME, "HTTP", "libmicrohttpd did not start");
    }
    demo->http_port = port;
    return 0;
}

static int start_mbedtls(struct server *server, struct demo *demo)
{
    const struct options *options = demo->options;
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server->https = start_daemon(server, demo, MHD_USE_NO_LISTEN_SOCKET, none);
    if (!server->https) return complain(EXIT_RUNTIME, "HTTPS", "libmicrohttpd did not start");
    struct toolbar_tls_options tls = TOOLBAR_TLS_OPTIONS_INIT;
    tls.address = options->bind;
    tls.port = options->https_port;
    tls.certificate_file = server->files.certificate_file;
    tls.key_file = server->files.key_file;
    tls.threads = options->threads;
    enum toolbar_error error = toolbar_tls_listen(server->https, &tls, &server->listener);
    if (error == TOOLBAR_ERROR_ADDRESS) {
        listen_complain("--https-port", options->bind, options->https_port, errno);
        return EXIT_CONFIGURATION;
    }
    if (error) return complain(EXIT_RUNTIME, "HTTPS", toolbar_error_text(error));
    demo->https_port = toolbar_tls_port(server->listener);
    return 0;
}

/* The file's text, or NULL. */
static char *read_pem(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, PEM_MAX_BYTES + 1);
    bool complete = file && text && fread(text, 1, PEM_MAX_BYTES, file) > 0 && !ferror(file);
    if (file) fclose(file);
    if (complete) return text;
    free(text);
    return NULL;
}

static int start_gnutls_on(struct server *server, struct demo *demo, char *certificate, char *key)
{
    const struct options *options = demo->options;
    uint16_t port;
    int fd = listen_on(options->bind, options->https_port, &port);
    if (fd < 0) {
        listen_complain("--https-port", options->bind, options->https_port, errno);
        return EXIT_CONFIGURATION;
    }
    char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    struct MHD_OptionItem more[] = {{MHD_OPTION_LISTEN_SOCKET, fd, NULL},
                                    {MHD_OPTION_HTTPS_MEM_CERT, 0, certificate},
                                    {MHD_OPTION_HTTPS_MEM_KEY, 0, key},
                                    {MHD_OPTION_HTTPS_PRIORITIES, 0, priorities},
                                    {MHD_OPTION_END, 0, NULL}};
    server->https = start_daemon(server, demo, MHD_USE_TLS, more);
    if (!server->https) {
        close(fd);
        return complain(EXIT_RUNTIME, "HTTPS", "libmicrohttpd did not start its TLS");
    }
    demo->https_port = port;
    return 0;
}

static int start_gnutls(struct server *server, struct demo *demo)
{
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return complain(EXIT_CONFIGURATION, "--tls gnutls", "this libmicrohttpd has no TLS");
    char *certificate = read_pem(server->files.certificate_file);
    char *key = read_pem(server->files.key_file);
    int status = certificate && key
                     ? start_gnutls_on(server, demo, certificate, key)
                     : complain(EXIT_RUNTIME, demo->options->certificates, strerror(errno));
    free(certificate);
    free(key);
    return status;
}

static int make_certificate(struct server *server, struct demo *demo)
{
    const char *directory = demo->options->certificates;
    enum toolbar_error error = toolbar_tls_development_certificate(directory, &server->files);
    demo->ca_file = server->files.authority_file;
    if (error == TOOLBAR_ERROR_SYSTEM)
        return complain(EXIT_CONFIGURATION, directory, strerror(errno));
    if (error == TOOLBAR_ERROR_CERTIFICATE)
        return complain(EXIT_CONFIGURATION, directory,
                        "the directory or a key in it is open to others: chmod 700 and 600 them");
    return error ? complain(EXIT_RUNTIME, directory, toolbar_error_text(error)) : 0;
}

static int start(struct server *server, struct demo *demo)
{
    server->mhd = toolbar_mhd_new(demo->toolbar, pages_handler, demo);
    if (!server->mhd) return complain(EXIT_RUNTIME, "libmicrohttpd", "out of memory");
    toolbar_mhd_on_completed(server->mhd, pages_completed, demo);
    int status = make_certificate(server, demo);
    if (status) return status;
    status = demo->options->tls == OPTIONS_TLS_GNUTLS ? start_gnutls(server, demo)
                                                      : start_mbedtls(server, demo);
    return status ? status : start_http(server, demo);
}

int server_start(struct demo *demo, struct server **server)
{
    struct server *started = calloc(1, sizeof *started);
    if (!started) return complain(EXIT_RUNTIME, "server", "out of memory");
    int status = start(started, demo);
    if (status)
        server_stop(started);
    else
        *server = started;
    return status;
}

/* The listener goes first: it feeds the daemon. */
void server_stop(struct server *server)
{
    if (!server) return;
    toolbar_tls_close(server->listener);
    if (server->https) MHD_stop_daemon(server->https);
    if (server->http) MHD_stop_daemon(server->http);
    toolbar_mhd_free(server->mhd);
    free(server);
}
