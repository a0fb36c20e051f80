#include "base/digest.h"

#include <errno.h>
#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool toolbar__random(void *bytes, size_t length)
{
    unsigned char *at = bytes;

    while (length) {
        /* getrandom() itself is a point at which a thread can be cancelled. */
        long got = syscall(SYS_getrandom, at, length, 0);

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
 * In one piece and on the stack: mbedTLS's own way to hash pieces takes its context from malloc(),
 * and a request with a wrong key must not allocate.
 */
bool toolbar__prefixed_sha256(const unsigned char prefix[TOOLBAR__PREFIX_BYTES], const void *data,
                              size_t length, unsigned char digest[TOOLBAR__DIGEST_BYTES])
{
    unsigned char whole[TOOLBAR__PREFIX_BYTES + TOOLBAR__PREFIXED_MAXIMUM];
    bool made;

    if (length > TOOLBAR__PREFIXED_MAXIMUM) return false;
    memcpy(whole, prefix, TOOLBAR__PREFIX_BYTES);
    memcpy(whole + TOOLBAR__PREFIX_BYTES, data, length);
    made = toolbar__sha256(whole, TOOLBAR__PREFIX_BYTES + length, digest);
    toolbar__wipe(whole, TOOLBAR__PREFIX_BYTES + length);
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
