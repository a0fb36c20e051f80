/* The style sheet and the scripts as they are embedded: small, and with nothing that a strict
 * policy of a page forbids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "routes/assets.h"
#include "scratch.h"

enum { MAXIMUM = 60 * 1024 }; /* bytes of all of them */

/* As every client of an asset has to read it: by a gzip that is not ours. */
static char *plain(const struct toolbar__asset *asset, size_t *length)
{
    const char *path = scratch_path("asset.gz");
    FILE *file = fopen(path, "wb");
    char command[512];
    char *data = malloc(MAXIMUM);

    assert_non_null(file);
    assert_non_null(data);
    assert_int_equal(fwrite(asset->gzip, 1, asset->gzip_length, file), asset->gzip_length);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    file = popen(command, "r");
    assert_non_null(file);
    *length = fread(data, 1, MAXIMUM, file);
    assert_int_equal(pclose(file), 0);
    assert_in_range(*length, 100, MAXIMUM - 1);
    return data;
}

static void assets_need_nothing_unsafe(void **state)
{
    static const char *const unsafe[] = {
        "innerHTML",      "outerHTML", "insertAdjacent", "eval(",   "Function(",
        "document.write", "http:",     "https:",         "@import", "url("};
    size_t total = 0;

    (void)state;
    for (const struct toolbar__asset *asset = toolbar__assets; asset->name; asset++) {
        size_t length;
        char *data = plain(asset, &length);

        total += length;
        for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
            assert_null(memmem(data, length, unsafe[i], strlen(unsafe[i])));
        }
        free(data);
    }
    assert_in_range(total, 1000, MAXIMUM);
}

/* The build takes the hash of the text in hexadecimal, before it compresses it. */
static void assets_are_what_their_hashes_are_of(void **state)
{
    (void)state;
    for (const struct toolbar__asset *asset = toolbar__assets; asset->name; asset++) {
        unsigned char digest[TOOLBAR__DIGEST_BYTES];
        size_t length;
        char *data = plain(asset, &length);
        char *digits = malloc(2 * length + 1);

        assert_non_null(digits);
        for (size_t i = 0; i < length; i++) {
            snprintf(digits + 2 * i, 3, "%02x", (unsigned char)data[i]);
        }
        assert_true(toolbar__sha256(digits, 2 * length, digest));
        for (size_t i = 0; i < 8; i++) {
            snprintf(digits + 2 * i, 3, "%02x", digest[i]);
        }
        assert_string_equal(digits, asset->hash);
        free(digits);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assets_need_nothing_unsafe),
        cmocka_unit_test(assets_are_what_their_hashes_are_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
