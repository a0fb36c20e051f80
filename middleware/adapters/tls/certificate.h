/*
 * The two certificates of local development: an authority, and the server certificate for
 * localhost that it signs. Here is what is in them and when they are still good; development.c
 * keeps them. Times are explicit, so that expiry can be tested.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_CERTIFICATE_H
#define TOOLBAR_ADAPTERS_TLS_CERTIFICATE_H

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { TOOLBAR__PEM_BYTES = 4096 };

/* A certificate and the key that belongs to it. */
struct toolbar__tls_identity {
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
};

void toolbar__tls_identity_init(struct toolbar__tls_identity *identity);
void toolbar__tls_identity_free(struct toolbar__tls_identity *identity);

/* Replaces the key of `identity`, and its certificate: by one of its own if `authority` is NULL. */
bool toolbar__tls_identity_make_key(struct toolbar__tls_identity *identity,
                                    mbedtls_ctr_drbg_context *random);
bool toolbar__tls_identity_make_certificate(struct toolbar__tls_identity *identity,
                                            struct toolbar__tls_identity *authority, time_t now,
                                            unsigned char pem[TOOLBAR__PEM_BYTES],
                                            mbedtls_ctr_drbg_context *random);

/* Whether it is one of ours, signed by `authority` (NULL: by itself), and good for a while. */
bool toolbar__tls_identity_is_good(struct toolbar__tls_identity *identity,
                                   struct toolbar__tls_identity *authority, time_t now,
                                   mbedtls_ctr_drbg_context *random);

#endif
