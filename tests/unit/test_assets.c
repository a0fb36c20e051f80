/* The style sheet and the scripts as they are embedded: small, and with nothing that a strict
 * policy of a page forbids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "routes/assets.h"

static void assets_need_nothing_unsafe(void **state)
{
    static const char *const unsafe[] = {
        "innerHTML",      "outerHTML", "insertAdjacent", "eval(",   "Function(",
        "document.write", "http:",     "https:",         "@import", "url("};
    size_t total = 0;

    (void)state;
    for (const struct toolbar__asset *asset = toolbar__assets; asset->name; asset++) {
        total += asset->length;
        for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
            assert_null(memmem(asset->data, asset->length, unsafe[i], strlen(unsafe[i])));
        }
    }
    assert_in_range(total, 1000, 60 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assets_need_nothing_unsafe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
