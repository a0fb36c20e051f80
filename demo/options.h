/* The demo's command line. */
#ifndef DEMO_OPTIONS_H
#define DEMO_OPTIONS_H

#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum { TRUSTED_PROXIES_MAX = 16, THREADS_MAX = 64 };

enum options_tls { OPTIONS_TLS_MBEDTLS, OPTIONS_TLS_GNUTLS };

struct options {
    uint16_t https_port;
    uint16_t http_port;
    const char *bind;
    bool loopback; /* what `bind` is */
    bool debug;
    const char *secret_key_file; /* NULL: none */
    const char *trusted_proxies[TRUSTED_PROXIES_MAX + 1];
    unsigned int trusted_proxy_count;
    enum options_tls tls;
    unsigned int threads;
    char database[PATH_MAX];
    char certificates[PATH_MAX]; /* the directory */
};

/* What main() is to do. */
enum options_verdict { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_REFUSED };

/*
 * Reads the command line. OPTIONS_DONE after --help and --version, OPTIONS_REFUSED after one
 * line on stderr. The options point into argv.
 */
enum options_verdict options_read(struct options *options, int argc, char **argv);

#endif
