/*
 * The two primitives that the secret key needs, from mbedTLS: a keyed digest and a comparison
 * that takes the same time wherever the difference is. The one file outside adapters/ that
 * includes somebody else's header: cryptography is not ours to write.
 */
#ifndef TOOLBAR_BASE_DIGEST_H
#define TOOLBAR_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TOOLBAR__DIGEST_BYTES = 32,
    TOOLBAR__PREFIX_BYTES = 16,
    TOOLBAR__PREFIXED_MAXIMUM = 256 /* bytes behind the prefix */
};

/* From the kernel; false if it has none to give. */
bool toolbar__random(void *bytes, size_t length);

/* SHA-256 of data; false if mbedTLS failed. */
bool toolbar__sha256(const void *data, size_t length, unsigned char digest[TOOLBAR__DIGEST_BYTES]);

/*
 * SHA-256 of the prefix and at most PREFIXED_MAXIMUM bytes; false for more, or if mbedTLS failed.
 * With a random prefix nobody can know what digest a text will have. It is not a message
 * authentication code: from a digest that is given away, those of longer texts can be made. Digests
 * that are only compared need no more, and up to 39 bytes take one block instead of HMAC's four.
 */
bool toolbar__prefixed_sha256(const unsigned char prefix[TOOLBAR__PREFIX_BYTES], const void *data,
                              size_t length, unsigned char digest[TOOLBAR__DIGEST_BYTES]);

bool toolbar__digest_equal(const unsigned char a[TOOLBAR__DIGEST_BYTES],
                           const unsigned char b[TOOLBAR__DIGEST_BYTES]);

/* Wipes what the compiler must not optimise away. */
void toolbar__wipe(void *bytes, size_t length);

#endif
