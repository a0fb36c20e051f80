/*
 * Every wrong argument is found here or by the library that it is for, before anything listens,
 * and told in one line.
 */
#include "options.h"

#include <arpa/inet.h>
#include <debugtoolbar/toolbar.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "number.h"

enum {
    OPTION_HTTPS_PORT = UCHAR_MAX + 1,
    OPTION_HTTP_PORT,
    OPTION_BIND,
    OPTION_DEBUG,
    OPTION_SECRET_KEY_FILE,
    OPTION_DATABASE,
    OPTION_CERTIFICATES,
    OPTION_TLS,
    OPTION_TRUSTED_PROXY,
    OPTION_THREADS,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"https-port", required_argument, NULL, OPTION_HTTPS_PORT},
    {"http-port", required_argument, NULL, OPTION_HTTP_PORT},
    {"bind", required_argument, NULL, OPTION_BIND},
    {"debug", no_argument, NULL, OPTION_DEBUG},
    {"secret-key-file", required_argument, NULL, OPTION_SECRET_KEY_FILE},
    {"database", required_argument, NULL, OPTION_DATABASE},
    {"certificates", required_argument, NULL, OPTION_CERTIFICATES},
    {"tls", required_argument, NULL, OPTION_TLS},
    {"trusted-proxy", required_argument, NULL, OPTION_TRUSTED_PROXY},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: debugtoolbar-demo [OPTION]...\n"
    "A small web server that shows the debug toolbar.\n\n"
    "  --debug                 local debug mode: HTTPS pages show the toolbar, no key needed\n"
    "  --secret-key-file FILE  pages show it to requests that carry this key in MYAPPKEY;\n"
    "                          at least 16 bytes, readable by its owner only (chmod 600)\n"
    "  --https-port N          default 8443; 0 takes a free port and prints it\n"
    "  --http-port N           default 8080; these pages never show the toolbar\n"
    "  --bind ADDRESS          default 127.0.0.1; --debug needs a loopback address\n"
    "  --database FILE         default DATA/people.sqlite, made if it is not there\n"
    "  --certificates DIR      default DATA/certificates: the development certificate\n"
    "  --tls mbedtls|gnutls    the toolbar's listener (default), or libmicrohttpd's own TLS\n"
    "  --trusted-proxy CIDR    believe this peer's X-Forwarded-Proto; may be repeated\n"
    "  --threads N             threads for each port, default 2\n"
    "  --help, --version\n\n"
    "DATA is $XDG_DATA_HOME/debugtoolbar-demo, or ~/.local/share/debugtoolbar-demo.\n"
    "With neither --debug nor --secret-key-file the toolbar is never shown.\n";

__attribute__((format(printf, 1, 2))) static bool refuse(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("debugtoolbar-demo: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs(" (see --help)\n", stderr);
    va_end(arguments);
    return false;
}

static bool read_port(const char *name, const char *text, uint16_t *port)
{
    long number;
    if (!number_parse(text, 0, UINT16_MAX, &number))
        return refuse("%s: '%s' is not a port from 0 to 65535", name, text);
    *port = (uint16_t)number;
    return true;
}

static bool read_bind(struct options *options, const char *text)
{
    struct in_addr four;
    struct in6_addr six;
    options->bind = text;
    if (inet_pton(AF_INET, text, &four) == 1)
        options->loopback = ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
    else if (inet_pton(AF_INET6, text, &six) == 1)
        options->loopback = IN6_IS_ADDR_LOOPBACK(&six);
    else
        return refuse("--bind: '%s' is not an IPv4 or IPv6 address", text);
    return true;
}

static bool read_path(const char *name, const char *text, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s", text);
    if (length == 0 || length >= PATH_MAX) return refuse("%s: the path is empty or too long", name);
    return true;
}

static bool read_tls(struct options *options, const char *text)
{
    if (strcmp(text, "mbedtls") == 0)
        options->tls = OPTIONS_TLS_MBEDTLS;
    else if (strcmp(text, "gnutls") == 0)
        options->tls = OPTIONS_TLS_GNUTLS;
    else
        return refuse("--tls: '%s' is neither mbedtls nor gnutls", text);
    return true;
}

static bool read_threads(struct options *options, const char *text)
{
    long number;
    if (!number_parse(text, 1, THREADS_MAX, &number))
        return refuse("--threads: '%s' is not a number from 1 to %d", text, THREADS_MAX);
    options->threads = (unsigned int)number;
    return true;
}

static bool read_proxy(struct options *options, const char *text)
{
    if (options->trusted_proxy_count == TRUSTED_PROXIES_MAX)
        return refuse("--trusted-proxy: more than %d of them", TRUSTED_PROXIES_MAX);
    options->trusted_proxies[options->trusted_proxy_count++] = text;
    return true;
}

/* `argument` is the one that getopt_long() looked at. */
static bool read_option(struct options *options, int option, const char *argument)
{
    switch (option) {
    case OPTION_HTTPS_PORT: return read_port("--https-port", optarg, &options->https_port);
    case OPTION_HTTP_PORT: return read_port("--http-port", optarg, &options->http_port);
    case OPTION_BIND: return read_bind(options, optarg);
    case OPTION_DEBUG: options->debug = true; return true;
    case OPTION_SECRET_KEY_FILE: options->secret_key_file = optarg; return true;
    case OPTION_DATABASE: return read_path("--database", optarg, options->database);
    case OPTION_CERTIFICATES: return read_path("--certificates", optarg, options->certificates);
    case OPTION_TLS: return read_tls(options, optarg);
    case OPTION_TRUSTED_PROXY: return read_proxy(options, optarg);
    case OPTION_THREADS: return read_threads(options, optarg);
    case ':': return refuse("%s needs a value", argument);
    default:
        if (optopt > 0 && optopt <= UCHAR_MAX) return refuse("'-%c' is not an option", optopt);
        return refuse("'%s' is not an option", argument);
    }
}

/* mkdir -p, for the demo's own directory only: a path that somebody typed has to be there. */
static bool make_directories(char *path)
{
    for (char *slash = path + 1; *slash; slash++) {
        if (*slash != '/') continue;
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool data_directory(char path[PATH_MAX])
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    if (data && *data == '/')
        length = snprintf(path, PATH_MAX, "%s/debugtoolbar-demo", data);
    else if (home && *home == '/')
        length = snprintf(path, PATH_MAX, "%s/.local/share/debugtoolbar-demo", home);
    if (length < 0 || length >= PATH_MAX)
        return refuse("no home directory: give --database and --certificates");
    if (!make_directories(path)) return refuse("%s: %s", path, strerror(errno));
    return true;
}

/* `path` becomes DATA/name if it was not given. */
static bool default_path(char path[PATH_MAX], const char *data, const char *name)
{
    if (*path) return true;
    int length = snprintf(path, PATH_MAX, "%s/%s", data, name);
    return length < PATH_MAX || refuse("%s: the path is too long", data);
}

static bool default_paths(struct options *options)
{
    char data[PATH_MAX];
    if (*options->database && *options->certificates) return true;
    return data_directory(data) && default_path(options->database, data, "people.sqlite") &&
           default_path(options->certificates, data, "certificates");
}

static bool agree(struct options *options)
{
    if (options->debug && !options->loopback)
        return refuse("--debug shows the toolbar to everybody who can connect: it needs a loopback "
                      "address, not --bind %s",
                      options->bind);
    if (options->https_port && options->https_port == options->http_port)
        return refuse("--https-port and --http-port are both %u", options->http_port);
    return default_paths(options);
}

enum options_verdict options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.https_port = 8443, .http_port = 8080, .threads = 2};
    read_bind(options, "127.0.0.1");
    opterr = 0;
    for (;;) {
        int option = getopt_long(argc, argv, ":", long_options, NULL);
        if (option == -1) break;
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            fputs(option == OPTION_HELP ? help : "debugtoolbar-demo " TOOLBAR_VERSION "\n", stdout);
            return OPTIONS_DONE;
        }
        if (!read_option(options, option, argv[optind - 1])) return OPTIONS_REFUSED;
    }
    if (optind < argc) {
        refuse("'%s' is not an option", argv[optind]);
        return OPTIONS_REFUSED;
    }
    return agree(options) ? OPTIONS_RUN : OPTIONS_REFUSED;
}
