/* What the demo's pages share, for as long as the server runs. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <microhttpd.h>
#include <stdint.h>

struct database;
struct toolbar;

struct demo {
    const struct options *options;
    struct toolbar *toolbar;
    struct database *database;
    struct MHD_Response *large; /* one response for every request of /large */
    const char *ca_file;        /* what a client has to trust */

    /* The ports that the system gave; atomic, because threads serve as soon as they are known. */
    _Atomic uint16_t https_port;
    _Atomic uint16_t http_port;
};

#endif
