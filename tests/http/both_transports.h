/*
 * One server for all tests of a file, first over GnuTLS, then over mbedTLS. main() sets
 * `server_options` and runs RUN_OVER_BOTH().
 */
#ifndef TEST_BOTH_TRANSPORTS_H
#define TEST_BOTH_TRANSPORTS_H

#include "asserts.h"
#include "server.h"

static struct server_options server_options;
static struct toolbar *toolbar;
static struct server *server;

static int start_over(enum server_transport transport)
{
    server_options.transport = transport;
    toolbar = server_options.toolbar = server_toolbar(NULL, NULL);
    server = server_start(&server_options);
    return 0;
}

static int start_over_gnutls(void **state)
{
    (void)state;
    return start_over(SERVER_GNUTLS);
}

static int start_over_mbedtls(void **state)
{
    (void)state;
    return start_over(SERVER_MBEDTLS);
}

static int stop_over(void **state)
{
    (void)state;
    server_stop_complete(server);
    toolbar_free(toolbar);
    return 0;
}

#define RUN_OVER_BOTH(name, tests)                                                                 \
    (cmocka_run_group_tests_name(name " over GnuTLS", tests, start_over_gnutls, stop_over) +       \
     cmocka_run_group_tests_name(name " over mbedTLS", tests, start_over_mbedtls, stop_over))

#endif
