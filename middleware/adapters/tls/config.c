#include "adapters/tls/config.h"

#include "adapters/tls/versions.h"

/* The ticket key lives twice as long. */
enum { TICKET_SECONDS = 3600 };

_Thread_local bool toolbar__tls_ticket_taken;

static int parse_ticket(void *tickets, mbedtls_ssl_session *session, unsigned char *data,
                        size_t length)
{
    int result = mbedtls_ssl_ticket_parse(tickets, session, data, length);

    if (!result) toolbar__tls_ticket_taken = true;
    return result;
}

static enum toolbar_error load_certificate(struct toolbar__tls_config *config,
                                           const char *certificate_file, const char *key_file)
{
    static const unsigned char hash[32] = {0};
    unsigned char signature[TOOLBAR__SIGNATURE_BYTES];
    size_t length;

    if (mbedtls_x509_crt_parse_file(&config->certificate, certificate_file) != 0 ||
        toolbar__tls_read_key(&config->key, key_file, &config->random) != 0 ||
        toolbar__tls_check_pair(&config->certificate.pk, &config->key, &config->random) != 0 ||
        toolbar__tls_keep_table(&config->key) != 0)
        return TOOLBAR_ERROR_CERTIFICATE;
    /*
     * The first signature fills a table inside the key that later ones only read, so it has to
     * be made before there are threads. It proves that the key can sign, too.
     */
    if (toolbar__tls_sign(&config->key, hash, signature, &length, &config->random) != 0)
        return TOOLBAR_ERROR_CERTIFICATE;
    return TOOLBAR_OK;
}

/*
 * Forward secrecy and authenticated encryption only. No RSA key exchange: its timing leaks in
 * mbedTLS before 2.28.7. ChaCha20 comes first because mbedTLS calls the processor's AES block by
 * block: its ChaCha20 in plain C is faster by half.
 */
static void harden(mbedtls_ssl_config *ssl)
{
    static const int suites[] = {
        TOOLBAR__TLS_1_3_SUITES MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        0,
    };

    toolbar__tls_set_protocols(ssl);
    mbedtls_ssl_conf_ciphersuites(ssl, suites);
    mbedtls_ssl_conf_authmode(ssl, MBEDTLS_SSL_VERIFY_NONE);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(ssl, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    mbedtls_ssl_conf_legacy_renegotiation(ssl, MBEDTLS_SSL_LEGACY_NO_RENEGOTIATION);
}

enum toolbar_error toolbar__tls_config_init(struct toolbar__tls_config *config,
                                            const char *certificate_file, const char *key_file)
{
    static const unsigned char purpose[] = "debugtoolbar listener";
    static const char *protocols[] = {"http/1.1", "http/1.0", NULL};
    enum toolbar_error error;

    mbedtls_ssl_config_init(&config->ssl);
    mbedtls_entropy_init(&config->entropy);
    mbedtls_ctr_drbg_init(&config->random);
    mbedtls_x509_crt_init(&config->certificate);
    mbedtls_pk_init(&config->key);
    mbedtls_ssl_ticket_init(&config->tickets);

    if (toolbar__tls_prepare() != 0 ||
        mbedtls_ctr_drbg_seed(&config->random, mbedtls_entropy_func, &config->entropy, purpose,
                              sizeof purpose - 1) != 0)
        return TOOLBAR_ERROR_TLS;
    error = load_certificate(config, certificate_file, key_file);
    if (error) return error;

    if (mbedtls_ssl_config_defaults(&config->ssl, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return TOOLBAR_ERROR_TLS;
    harden(&config->ssl);
    mbedtls_ssl_conf_rng(&config->ssl, mbedtls_ctr_drbg_random, &config->random);
    if (mbedtls_ssl_conf_alpn_protocols(&config->ssl, protocols) != 0 ||
        mbedtls_ssl_conf_own_cert(&config->ssl, &config->certificate, &config->key) != 0 ||
        mbedtls_ssl_ticket_setup(&config->tickets, mbedtls_ctr_drbg_random, &config->random,
                                 MBEDTLS_CIPHER_AES_256_GCM, TICKET_SECONDS) != 0)
        return TOOLBAR_ERROR_TLS;
    mbedtls_ssl_conf_session_tickets_cb(&config->ssl, mbedtls_ssl_ticket_write, parse_ticket,
                                        &config->tickets);
    return TOOLBAR_OK;
}

void toolbar__tls_config_free(struct toolbar__tls_config *config)
{
    mbedtls_ssl_ticket_free(&config->tickets);
    mbedtls_ssl_config_free(&config->ssl);
    mbedtls_pk_free(&config->key);
    mbedtls_x509_crt_free(&config->certificate);
    mbedtls_ctr_drbg_free(&config->random);
    mbedtls_entropy_free(&config->entropy);
}
