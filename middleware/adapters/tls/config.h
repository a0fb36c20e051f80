/*
 * What all connections of one listener share: the certificate and its key, the random numbers,
 * the key of the session tickets, and the hardened choice of what TLS may negotiate.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_CONFIG_H
#define TOOLBAR_ADAPTERS_TLS_CONFIG_H

#include <debugtoolbar/toolbar.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>

/* Must not move in memory once it is set up. */
struct toolbar__tls_config {
    mbedtls_ssl_config ssl; /* read only after the setup: for any number of threads */
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_ssl_ticket_context tickets;
};

/*
 * TOOLBAR_ERROR_CERTIFICATE if a file cannot be read or the two do not belong together,
 * TOOLBAR_ERROR_TLS for everything else. To be freed in either case.
 */
enum toolbar_error toolbar__tls_config_init(struct toolbar__tls_config *config,
                                            const char *certificate_file, const char *key_file);
/*
 * Set whenever a handshake of this thread finds a ticket that is good: mbedTLS does not say
 * afterwards whether a session was resumed.
 */
extern _Thread_local bool toolbar__tls_ticket_taken;

void toolbar__tls_config_free(struct toolbar__tls_config *config);

#endif
