#include "base/digest.h"

#include <errno.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
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

bool toolbar__hmac(const unsigned char key[TOOLBAR__DIGEST_BYTES], const void *data, size_t length,
                   unsigned char digest[TOOLBAR__DIGEST_BYTES])
{
    return mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key, TOOLBAR__DIGEST_BYTES,
                           data, length, digest) == 0;
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
