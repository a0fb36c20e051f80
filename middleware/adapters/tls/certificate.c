/*
 * The certificates are put together here and not by mbedTLS's own writer, because that of 2.28
 * gives the signature algorithm a NULL parameter, for which Chromium refuses the certificate
 * (RFC 5758 3.2: it must be absent), and cannot write the alternative names.
 */
#include "adapters/tls/certificate.h"

#include <mbedtls/asn1write.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pem.h>
#include <stdio.h>
#include <string.h>

#include "adapters/tls/versions.h"
#include "base/digest.h"

enum {
    DER_BYTES = 1024,
    KEY_ID_BYTES = 20,
    HOUR = 3600,
    DAY = 24 * HOUR,
    AUTHORITY_DAYS = 3650,
    SERVER_DAYS = 89, /* with the hour below it stays under 90 */
    BACKDATED = HOUR, /* for clocks that are a little behind ours */
    SERVER_RENEWAL_DAYS = 14,
    AUTHORITY_RENEWAL_DAYS = 90 /* what it signs must not outlive it */
};

#define DNS_LOCALHOST 0x82, 9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'
#define IP_LOOPBACK_4 127, 0, 0, 1
#define IP_LOOPBACK_6 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
#define ALL_BITS_4 0xff, 0xff, 0xff, 0xff
#define ALL_BITS_6 ALL_BITS_4, ALL_BITS_4, ALL_BITS_4, ALL_BITS_4
#define CRITICAL 0x01, 1, 0xff

/* clang-format off */

/* Extensions as in RFC 5280 4.2: SEQUENCE { OBJECT IDENTIFIER, critical, OCTET STRING }. */
static const unsigned char server_extensions[] = {
    /* basicConstraints: no authority */
    0x30, 9, 0x06, 3, 0x55, 0x1d, 0x13, 0x04, 2, 0x30, 0,
    /* keyUsage: digitalSignature */
    0x30, 14, 0x06, 3, 0x55, 0x1d, 0x0f, CRITICAL, 0x04, 4, 0x03, 2, 7, 0x80,
    /* extKeyUsage: serverAuth */
    0x30, 19, 0x06, 3, 0x55, 0x1d, 0x25, 0x04, 12,
        0x30, 10, 0x06, 8, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
    /* subjectAltName */
    0x30, 44, 0x06, 3, 0x55, 0x1d, 0x11, 0x04, 37,
        0x30, 35, DNS_LOCALHOST, 0x87, 4, IP_LOOPBACK_4, 0x87, 16, IP_LOOPBACK_6,
};

/*
 * The name constraints permit these three names only, so that a stolen authority is worth little.
 * They are not marked critical, although they should be, because mbedTLS refuses certificates
 * with a critical extension that it does not know.
 */
static const unsigned char authority_extensions[] = {
    /* basicConstraints: authority, path length 0 */
    0x30, 18, 0x06, 3, 0x55, 0x1d, 0x13, CRITICAL, 0x04, 8, 0x30, 6, 0x01, 1, 0xff, 0x02, 1, 0,
    /* keyUsage: keyCertSign */
    0x30, 14, 0x06, 3, 0x55, 0x1d, 0x0f, CRITICAL, 0x04, 4, 0x03, 2, 2, 0x04,
    /* nameConstraints: permittedSubtrees */
    0x30, 72, 0x06, 3, 0x55, 0x1d, 0x1e, 0x04, 65, 0x30, 63, 0xa0, 61,
        0x30, 11, DNS_LOCALHOST,
        0x30, 10, 0x87, 8, IP_LOOPBACK_4, ALL_BITS_4,
        0x30, 34, 0x87, 32, IP_LOOPBACK_6, ALL_BITS_6,
};

/* These two go before a key's identifier. */
static const unsigned char subject_key[] = {
    0x30, 29, 0x06, 3, 0x55, 0x1d, 0x0e, 0x04, 22, 0x04, KEY_ID_BYTES,
};
static const unsigned char authority_key[] = {
    0x30, 31, 0x06, 3, 0x55, 0x1d, 0x23, 0x04, 24, 0x30, 22, 0x80, KEY_ID_BYTES,
};

static const unsigned char ecdsa_with_sha256[] = {
    0x30, 10, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
};
static const unsigned char common_name[] = {0x06, 3, 0x55, 0x04, 0x03};
static const unsigned char version_3[] = {0xa0, 3, 0x02, 1, 2};

/* clang-format on */

void toolbar__tls_identity_init(struct toolbar__tls_identity *identity)
{
    mbedtls_x509_crt_init(&identity->certificate);
    mbedtls_pk_init(&identity->key);
}

void toolbar__tls_identity_free(struct toolbar__tls_identity *identity)
{
    mbedtls_x509_crt_free(&identity->certificate);
    mbedtls_pk_free(&identity->key);
}

bool toolbar__tls_identity_make_key(struct toolbar__tls_identity *identity,
                                    mbedtls_ctr_drbg_context *random)
{
    mbedtls_pk_free(&identity->key);
    mbedtls_pk_init(&identity->key);
    return mbedtls_pk_setup(&identity->key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0 &&
           mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(identity->key),
                               mbedtls_ctr_drbg_random, random) == 0;
}

/* DER is written from its end to its beginning, because lengths come before contents. */
struct writer {
    unsigned char bytes[DER_BYTES];
    unsigned char *at;
    bool failed;
};

static void prepend(struct writer *writer, const void *data, size_t length)
{
    if (mbedtls_asn1_write_raw_buffer(&writer->at, writer->bytes, data, length) < 0)
        writer->failed = true;
}

/* Makes everything from the current place to `end` the content of one element. */
static void wrap(struct writer *writer, const unsigned char *end, unsigned char tag)
{
    if (mbedtls_asn1_write_len(&writer->at, writer->bytes, (size_t)(end - writer->at)) < 0 ||
        mbedtls_asn1_write_tag(&writer->at, writer->bytes, tag) < 0)
        writer->failed = true;
}

static void write_public_key(struct writer *writer, mbedtls_pk_context *key)
{
    unsigned char der[256]; /* filled from its end, too */
    int length = mbedtls_pk_write_pubkey_der(key, der, sizeof der);

    if (length < 0)
        writer->failed = true;
    else
        prepend(writer, der + sizeof der - (size_t)length, (size_t)length);
}

/* RFC 7093 2: the first 160 bits of the SHA-256 of the key. */
static void write_key_id(struct writer *writer, mbedtls_pk_context *key)
{
    struct writer public_key = {.at = public_key.bytes + sizeof public_key.bytes};
    unsigned char digest[TOOLBAR__DIGEST_BYTES];

    write_public_key(&public_key, key);
    if (public_key.failed ||
        !toolbar__sha256(public_key.at,
                         (size_t)(public_key.bytes + sizeof public_key.bytes - public_key.at),
                         digest))
        writer->failed = true;
    else
        prepend(writer, digest, KEY_ID_BYTES);
}

static void write_extensions(struct writer *writer, mbedtls_pk_context *key,
                             mbedtls_pk_context *issuer_key, bool is_authority)
{
    const unsigned char *end = writer->at;

    if (is_authority)
        prepend(writer, authority_extensions, sizeof authority_extensions);
    else
        prepend(writer, server_extensions, sizeof server_extensions);
    write_key_id(writer, issuer_key);
    prepend(writer, authority_key, sizeof authority_key);
    write_key_id(writer, key);
    prepend(writer, subject_key, sizeof subject_key);
    wrap(writer, end, 0x30);
    wrap(writer, end, 0xa3);
}

static void write_name(struct writer *writer, const char *name)
{
    const unsigned char *end = writer->at;

    prepend(writer, name, strlen(name));
    wrap(writer, end, MBEDTLS_ASN1_UTF8_STRING);
    prepend(writer, common_name, sizeof common_name);
    wrap(writer, end, 0x30);
    wrap(writer, end, 0x31);
    wrap(writer, end, 0x30);
}

/* RFC 5280 4.1.2.5: two digits for the year until 2049, four from then on. */
static void write_time(struct writer *writer, time_t when)
{
    const unsigned char *end = writer->at;
    char text[32];
    struct tm utc;
    size_t length;
    size_t skip;

    if (!gmtime_r(&when, &utc)) {
        writer->failed = true;
        return;
    }
    length = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc);
    skip = utc.tm_year < 150 ? 2 : 0;
    prepend(writer, text + skip, length - skip);
    wrap(writer, end, skip ? MBEDTLS_ASN1_UTC_TIME : MBEDTLS_ASN1_GENERALIZED_TIME);
}

static void write_validity(struct writer *writer, time_t now, int days)
{
    const unsigned char *end = writer->at;

    write_time(writer, now + (time_t)days * DAY);
    write_time(writer, now - BACKDATED);
    wrap(writer, end, 0x30);
}

/* Positive and of full length. */
static void write_serial(struct writer *writer, const unsigned char serial[16])
{
    const unsigned char *end = writer->at;
    unsigned char first = (unsigned char)((serial[0] & 0x3f) | 0x40);

    prepend(writer, serial + 1, 15);
    prepend(writer, &first, 1);
    wrap(writer, end, MBEDTLS_ASN1_INTEGER);
}

/* What is signed. The name of an authority has a random part: clients mix up two of one name. */
static void write_content(struct writer *writer, struct toolbar__tls_identity *identity,
                          struct toolbar__tls_identity *authority, time_t now,
                          const unsigned char serial[16])
{
    const unsigned char *end = writer->at;
    char name[64];

    write_extensions(writer, &identity->key, authority ? &authority->key : &identity->key,
                     !authority);
    write_public_key(writer, &identity->key);
    snprintf(name, sizeof name, "debugtoolbar development CA %02x%02x%02x%02x", serial[12],
             serial[13], serial[14], serial[15]);
    write_name(writer, authority ? "localhost" : name);
    write_validity(writer, now, authority ? SERVER_DAYS : AUTHORITY_DAYS);
    if (authority)
        prepend(writer, authority->certificate.subject_raw.p,
                authority->certificate.subject_raw.len);
    else
        write_name(writer, name);
    prepend(writer, ecdsa_with_sha256, sizeof ecdsa_with_sha256);
    write_serial(writer, serial);
    prepend(writer, version_3, sizeof version_3);
    wrap(writer, end, 0x30);
}

/* Puts content, algorithm and signature together. */
static void write_signed(struct writer *writer, const struct writer *content,
                         mbedtls_pk_context *key, mbedtls_ctr_drbg_context *random)
{
    const unsigned char *end = writer->at;
    const unsigned char no_unused_bits = 0;
    size_t length = (size_t)(content->bytes + sizeof content->bytes - content->at);
    unsigned char hash[TOOLBAR__DIGEST_BYTES];
    unsigned char signature[TOOLBAR__SIGNATURE_BYTES];
    size_t signature_length;

    if (content->failed || !toolbar__sha256(content->at, length, hash) ||
        toolbar__tls_sign(key, hash, signature, &signature_length, random) != 0) {
        writer->failed = true;
        return;
    }
    prepend(writer, signature, signature_length);
    prepend(writer, &no_unused_bits, 1);
    wrap(writer, end, MBEDTLS_ASN1_BIT_STRING);
    prepend(writer, ecdsa_with_sha256, sizeof ecdsa_with_sha256);
    prepend(writer, content->at, length);
    wrap(writer, end, 0x30);
}

bool toolbar__tls_identity_make_certificate(struct toolbar__tls_identity *identity,
                                            struct toolbar__tls_identity *authority, time_t now,
                                            unsigned char pem[TOOLBAR__PEM_BYTES],
                                            mbedtls_ctr_drbg_context *random)
{
    struct writer content = {.at = content.bytes + sizeof content.bytes};
    struct writer whole = {.at = whole.bytes + sizeof whole.bytes};
    unsigned char serial[16];
    size_t length;

    if (mbedtls_ctr_drbg_random(random, serial, sizeof serial) != 0) return false;
    write_content(&content, identity, authority, now, serial);
    write_signed(&whole, &content, authority ? &authority->key : &identity->key, random);
    if (whole.failed) return false;
    length = (size_t)(whole.bytes + sizeof whole.bytes - whole.at);
    mbedtls_x509_crt_free(&identity->certificate);
    mbedtls_x509_crt_init(&identity->certificate);
    return mbedtls_x509_crt_parse_der(&identity->certificate, whole.at, length) == 0 &&
           mbedtls_pem_write_buffer("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
                                    whole.at, length, pem, TOOLBAR__PEM_BYTES, &length) == 0;
}

static time_t seconds_of(const mbedtls_x509_time *when)
{
    struct tm utc = {.tm_year = when->year - 1900,
                     .tm_mon = when->mon - 1,
                     .tm_mday = when->day,
                     .tm_hour = when->hour,
                     .tm_min = when->min,
                     .tm_sec = when->sec};

    return timegm(&utc);
}

static bool contains(const mbedtls_x509_crt *certificate, const unsigned char *bytes, size_t length)
{
    return memmem(certificate->raw.p, certificate->raw.len, bytes, length) != NULL;
}

/* The caller looks at the times: those of mbedTLS are the system's. */
static bool is_signed_by(mbedtls_x509_crt *certificate, mbedtls_x509_crt *authority)
{
    const uint32_t times = MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;
    uint32_t flags = 0;
    int result = mbedtls_x509_crt_verify(certificate, authority, NULL, NULL, &flags, NULL, NULL);

    return (result == 0 || result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) && !(flags & ~times);
}

bool toolbar__tls_identity_is_good(struct toolbar__tls_identity *identity,
                                   struct toolbar__tls_identity *authority, time_t now,
                                   mbedtls_ctr_drbg_context *random)
{
    mbedtls_x509_crt *certificate = &identity->certificate;
    int margin_days = authority ? SERVER_RENEWAL_DAYS : AUTHORITY_RENEWAL_DAYS;

    if (!certificate->raw.len || seconds_of(&certificate->valid_from) > now ||
        seconds_of(&certificate->valid_to) < now + (time_t)margin_days * DAY ||
        toolbar__tls_check_pair(&certificate->pk, &identity->key, random) != 0)
        return false;
    if (!authority)
        return contains(certificate, authority_extensions, sizeof authority_extensions) &&
               is_signed_by(certificate, certificate);
    return contains(certificate, server_extensions, sizeof server_extensions) &&
           is_signed_by(certificate, &authority->certificate);
}
