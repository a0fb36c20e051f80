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
#include "base/inflate.h"
#include "routes/assets.h"

static char *plain(const struct toolbar__asset *asset)
{
    struct toolbar_text text;
    size_t length;
    char *data;

    toolbar__text_init(&text, asset->length + 1);
    assert_true(toolbar__inflate(asset->packed, asset->packed_length, &text));
    data = toolbar__text_take(&text, &length);
    assert_non_null(data);
    assert_int_equal(length, asset->length);
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
        char *data = plain(asset);

        total += asset->length;
        for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
            assert_null(memmem(data, asset->length, unsafe[i], strlen(unsafe[i])));
        }
        free(data);
    }
    assert_in_range(total, 1000, 60 * 1024);
}

/* The build takes the hash of the text in hexadecimal, before it compresses it. */
static void assets_are_what_their_hashes_are_of(void **state)
{
    (void)state;
    for (const struct toolbar__asset *asset = toolbar__assets; asset->name; asset++) {
        unsigned char digest[TOOLBAR__DIGEST_BYTES];
        char *data = plain(asset);
        char *digits = malloc(2 * asset->length + 1);

        assert_non_null(digits);
        for (size_t i = 0; i < asset->length; i++) {
            snprintf(digits + 2 * i, 3, "%02x", (unsigned char)data[i]);
        }
        assert_true(toolbar__sha256(digits, 2 * asset->length, digest));
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
