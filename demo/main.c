/* The demo server: makes its parts, says where it is, and waits to be told to end. */
#include <debugtoolbar/record.h>
#include <debugtoolbar/toolbar.h>
#include <signal.h>
#include <stdio.h>

#include "database.h"
#include "demo.h"
#include "fragments.h"
#include "listen.h"
#include "options.h"
#include "pages.h"
#include "people_panel.h"
#include "server.h"

enum { EXIT_CONFIGURATION = 2 };

static void log_line(void *cls, enum toolbar_log_level level, const char *line)
{
    static const char *const names[] = {"audit", "warning", "error"};
    (void)cls;
    fprintf(stderr, "%s: %s\n", names[level], line);
}

/* What the toolbar cannot know. Failures leave a line less in a panel. */
static void tell_about_ourselves(struct toolbar *toolbar, const struct options *options)
{
    char number[16];
    snprintf(number, sizeof number, "%u", options->threads);
    toolbar_setting(toolbar, "debug", options->debug ? "on" : "off");
    toolbar_setting(toolbar, "bind", options->bind);
    toolbar_setting(toolbar, "threads", number);
    toolbar_setting(toolbar, "tls", options->tls == OPTIONS_TLS_GNUTLS ? "gnutls" : "mbedtls");
    toolbar_setting(toolbar, "database", options->database);
    toolbar_setting(toolbar, "certificates", options->certificates);
    toolbar_setting(toolbar, "secret_key_file",
                    options->secret_key_file ? options->secret_key_file : "none");
    toolbar_version(toolbar, "debugtoolbar-demo", TOOLBAR_VERSION);
    toolbar_panel_add(toolbar, &people_panel);
}

static int make_toolbar(struct demo *demo)
{
    const struct options *options = demo->options;
    struct toolbar_options toolbar = TOOLBAR_OPTIONS_INIT;
    toolbar.secret_key_file = options->secret_key_file;
    toolbar.debug = options->debug;
    if (options->trusted_proxy_count) {
        toolbar.trusted_proxies = options->trusted_proxies;
        toolbar.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    }
    toolbar.log = log_line;
    enum toolbar_error error = toolbar_new(&toolbar, &demo->toolbar);
    if (!error) {
        tell_about_ourselves(demo->toolbar, options);
        return 0;
    }
    const char *what = error == TOOLBAR_ERROR_NETWORK ? "--trusted-proxy"
                       : options->secret_key_file     ? options->secret_key_file
                                                      : "toolbar";
    fprintf(stderr, "debugtoolbar-demo: %s: %s\n", what, toolbar_error_text(error));
    return EXIT_CONFIGURATION;
}

/* The first two lines are for programs, the rest for people. */
static void announce(const struct demo *demo)
{
    const struct options *options = demo->options;
    struct url https = listen_url("https", options->bind, demo->https_port);
    struct url http = listen_url("http", options->bind, demo->http_port);
    printf("%s\n%s\n\n", https.text, http.text);
    if (options->debug)
        puts("Debug mode: every HTTPS page shows the toolbar.");
    else if (options->secret_key_file)
        puts("As in production: the toolbar is shown to who sends the secret key, in a browser\n"
             "by the extension in demo/extension: load it unpacked at chrome://extensions, then\n"
             "give it the key and the first address above, and switch it on.");
    else
        puts("The toolbar is never shown: neither --debug nor --secret-key-file was given.");
    if (options->secret_key_file)
        printf("With the secret key, from a terminal:\n"
               "  curl --cacert '%s' \\\n    -H \"MYAPPKEY: $(cat '%s')\" %speople/fathers\n",
               demo->ca_file, options->secret_key_file, https.text);
    printf("A browser does not know the certificate yet: accept the warning, or import\n"
           "  %s\nas an authority. Ctrl-C ends the demo.\n",
           demo->ca_file);
    fflush(stdout);
}

static int run(struct demo *demo, const sigset_t *ends)
{
    struct server *server;
    int status = server_start(demo, &server);
    if (status) return status;
    announce(demo);
    int signal;
    sigwait(ends, &signal);
    server_stop(server);
    return 0;
}

int main(int argc, char **argv)
{
    struct options options;
    switch (options_read(&options, argc, argv)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_REFUSED: return EXIT_CONFIGURATION;
    case OPTIONS_RUN: break;
    }

    /* Blocked before there are threads, so that only sigwait() sees them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct demo demo = {.options = &options};
    int status = make_toolbar(&demo);
    if (!status) {
        /* Each port has its own threads. */
        demo.large = large_response();
        demo.database = database_open(options.database, demo.toolbar, 2 * options.threads);
        status = demo.large && demo.database ? run(&demo, &ends) : EXIT_CONFIGURATION;
    }
    database_close(demo.database);
    if (demo.large) MHD_destroy_response(demo.large);
    toolbar_free(demo.toolbar);
    fragments_clear();
    return status;
}
