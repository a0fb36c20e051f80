/*
 * The two primitives that the secret key needs, from mbedTLS: a keyed digest and a comparison
 * that takes the same time wherever the difference is. The one file outside adapters/ that
 * includes somebody else's header: cryptography is not ours to write.
 */
#ifndef TOOLBAR_BASE_DIGEST_H
#define TOOLBAR_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { TOOLBAR__DIGEST_BYTES = 32, TOOLBAR__HMAC_MAXIMUM = 256 };

/* From the kernel; false if it has none to give. */
bool toolbar__random(void *bytes, size_t length);

/* SHA-256 of data; false if mbedTLS failed. */
bool toolbar__sha256(const void *data, size_t length, unsigned char digest[TOOLBAR__DIGEST_BYTES]);

/* HMAC-SHA-256 of at most HMAC_MAXIMUM bytes; false for more, or if mbedTLS failed. */
bool toolbar__hmac(const unsigned char key[TOOLBAR__DIGEST_BYTES], const void *data, size_t length,
                   unsigned char digest[TOOLBAR__DIGEST_BYTES]);

bool toolbar__digest_equal(const unsigned char a[TOOLBAR__DIGEST_BYTES],
                           const unsigned char b[TOOLBAR__DIGEST_BYTES]);

/* Wipes what the compiler must not optimise away. */
void toolbar__wipe(void *bytes, size_t length);

#endif
