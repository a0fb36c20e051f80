/*
 * Where mbedTLS 2.28 and 3.6 differ for us, and nowhere else. Both have every function that the
 * rest of this folder calls by its mbedtls_ name.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_VERSIONS_H
#define TOOLBAR_ADAPTERS_TLS_VERSIONS_H

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>
#include <stddef.h>

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#include <psa/crypto.h>
#endif

enum { TOOLBAR__SIGNATURE_BYTES = 1024 }; /* MBEDTLS_PK_SIGNATURE_MAX_SIZE at most */

/* Without it the key, the random numbers and the tickets belong to a single thread. */
#if defined(MBEDTLS_THREADING_C)
enum { TOOLBAR__TLS_THREADS = true };
#else
enum { TOOLBAR__TLS_THREADS = false };
#endif

#if MBEDTLS_VERSION_NUMBER >= 0x03000000

/* 3.x does a part of its work through PSA, TLS 1.3 all of it. May be called again. */
static inline int toolbar__tls_prepare(void)
{
    return psa_crypto_init() == PSA_SUCCESS ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static inline int toolbar__tls_read_key(mbedtls_pk_context *key, const char *file,
                                        mbedtls_ctr_drbg_context *random)
{
    return mbedtls_pk_parse_keyfile(key, file, NULL, mbedtls_ctr_drbg_random, random);
}

static inline int toolbar__tls_check_pair(const mbedtls_pk_context *public_key,
                                          const mbedtls_pk_context *key,
                                          mbedtls_ctr_drbg_context *random)
{
    return mbedtls_pk_check_pair(public_key, key, mbedtls_ctr_drbg_random, random);
}

/* Keys of elliptic curves sign with tables that are there from the start. */
static inline int toolbar__tls_keep_table(mbedtls_pk_context *key)
{
    (void)key;
    return 0;
}

static inline int toolbar__tls_sign(mbedtls_pk_context *key, const unsigned char hash[32],
                                    unsigned char signature[TOOLBAR__SIGNATURE_BYTES],
                                    size_t *length, mbedtls_ctr_drbg_context *random)
{
    return mbedtls_pk_sign(key, MBEDTLS_MD_SHA256, hash, 32, signature, TOOLBAR__SIGNATURE_BYTES,
                           length, mbedtls_ctr_drbg_random, random);
}

/* TLS 1.3 only where its downgrade to 1.2 is sound (3.6.6) and PSA may be used by threads. */
static inline void toolbar__tls_set_protocols(mbedtls_ssl_config *config)
{
    static const uint16_t groups[] = {
        MBEDTLS_SSL_IANA_TLS_GROUP_X25519, MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
        MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_NONE};

    mbedtls_ssl_conf_groups(config, groups);
    mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#if MBEDTLS_VERSION_NUMBER < 0x03060600 || !defined(MBEDTLS_THREADING_C)
    mbedtls_ssl_conf_max_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
}

#define TOOLBAR__TLS_1_3_SUITES                                                                    \
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS1_3_AES_128_GCM_SHA256,                    \
        MBEDTLS_TLS1_3_AES_256_GCM_SHA384,

#else

static inline int toolbar__tls_prepare(void)
{
    return 0;
}

static inline int toolbar__tls_read_key(mbedtls_pk_context *key, const char *file,
                                        mbedtls_ctr_drbg_context *random)
{
    (void)random;
    return mbedtls_pk_parse_keyfile(key, file, NULL);
}

static inline int toolbar__tls_check_pair(const mbedtls_pk_context *public_key,
                                          const mbedtls_pk_context *key,
                                          mbedtls_ctr_drbg_context *random)
{
    (void)random;
    return mbedtls_pk_check_pair(public_key, key);
}

/*
 * A parsed key of an elliptic curve is copied for every signature, without the table that the one
 * before has made. As an ECDSA key it is not.
 */
static inline int toolbar__tls_keep_table(mbedtls_pk_context *key)
{
    mbedtls_pk_context ecdsa;
    int result;

    if (mbedtls_pk_get_type(key) != MBEDTLS_PK_ECKEY) return 0;
    mbedtls_pk_init(&ecdsa);
    result = mbedtls_pk_setup(&ecdsa, mbedtls_pk_info_from_type(MBEDTLS_PK_ECDSA));
    if (!result) result = mbedtls_ecdsa_from_keypair(mbedtls_pk_ec(ecdsa), mbedtls_pk_ec(*key));
    mbedtls_pk_free(result ? &ecdsa : key);
    if (!result) *key = ecdsa;
    return result;
}

static inline int toolbar__tls_sign(mbedtls_pk_context *key, const unsigned char hash[32],
                                    unsigned char signature[TOOLBAR__SIGNATURE_BYTES],
                                    size_t *length, mbedtls_ctr_drbg_context *random)
{
    return mbedtls_pk_sign(key, MBEDTLS_MD_SHA256, hash, 32, signature, length,
                           mbedtls_ctr_drbg_random, random);
}

/* P-256 has to be in the list for certificates that are on it. */
static inline void toolbar__tls_set_protocols(mbedtls_ssl_config *config)
{
    static const mbedtls_ecp_group_id curves[] = {MBEDTLS_ECP_DP_CURVE25519,
                                                  MBEDTLS_ECP_DP_SECP256R1,
                                                  MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_NONE};

    mbedtls_ssl_conf_curves(config, curves);
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
}

#define TOOLBAR__TLS_1_3_SUITES

#endif
#endif
