#include "base/digest.h"

#include <errno.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
#include <string.h>
#include <sys/random.h>

bool toolbar__random(void *bytes, size_t length)
{
    unsigned char *at = bytes;

    while (length) {
        ssize_t got = getrandom(at, length, 0);

        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

bool toolbar__sha256(const void *data, size_t length, unsigned char digest[TOOLBAR__DIGEST_BYTES])
{
    return mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), data, length, digest) == 0;
}

/*
 * RFC 2104 by hand: mbedTLS's own takes its context from malloc(), and a request with a wrong key
 * must not allocate.
 */
bool toolbar__hmac(const unsigned char key[TOOLBAR__DIGEST_BYTES], const void *data, size_t length,
                   unsigned char digest[TOOLBAR__DIGEST_BYTES])
{
    enum { BLOCK = 64 };
    unsigned char inner[BLOCK + TOOLBAR__HMAC_MAXIMUM], outer[BLOCK + TOOLBAR__DIGEST_BYTES];
    bool made;

    if (length > TOOLBAR__HMAC_MAXIMUM) return false;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char k = i < TOOLBAR__DIGEST_BYTES ? key[i] : 0;

        inner[i] = k ^ 0x36;
        outer[i] = k ^ 0x5c;
    }
    memcpy(inner + BLOCK, data, length);
    made = toolbar__sha256(inner, BLOCK + length, outer + BLOCK) &&
           toolbar__sha256(outer, sizeof outer, digest);
    toolbar__wipe(inner, sizeof inner);
    toolbar__wipe(outer, sizeof outer);
    return made;
}

bool toolbar__digest_equal(const unsigned char a[TOOLBAR__DIGEST_BYTES],
                           const unsigned char b[TOOLBAR__DIGEST_BYTES])
{
    return mbedtls_ct_memcmp(a, b, TOOLBAR__DIGEST_BYTES) == 0;
}

void toolbar__wipe(void *bytes, size_t length)
{
    mbedtls_platform_zeroize(bytes, length);
}
