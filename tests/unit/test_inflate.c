/* Decompression: each kind of block, and data that breaks off or is broken. The assets, which
 * test_assets.c checks, are blocks with codes of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/inflate.h"
#include "routes/assets.h"

/* Made by zlib. */
static const unsigned char stored[] = {1, 8, 0, 0xf7, 0xff, 'a', 's', ' ', 'i', 't', ' ', 'i', 's'};
static const unsigned char fixed[] = {0x4b, 0x4c, 0x4a, 0x4e, 0x44, 0x45, 0x3a, 0x0a,
                                      0x89, 0x79, 0x29, 0x0a, 0x89, 0xe9, 0x89, 0x99,
                                      0x79, 0x56, 0x0a, 0x10, 0x21, 0x00};
static const unsigned char run[] = {0x4b, 0x4c, 0x1c, 0x05, 0xa3, 0x80, 0xfa, 0x00, 0x00};

static void expect(const unsigned char *data, size_t length, const char *expected)
{
    struct toolbar_text text;
    char *plain;

    toolbar__text_init(&text, 1024);
    toolbar__text_string(&text, "before ");
    assert_true(toolbar__inflate(data, length, &text));
    plain = toolbar__text_take(&text, NULL);
    assert_non_null(plain);
    assert_memory_equal(plain, "before ", 7);
    assert_string_equal(plain + 7, expected);
    free(plain);
}

static void expect_refused(const unsigned char *data, size_t length, size_t maximum)
{
    struct toolbar_text text;

    toolbar__text_init(&text, maximum);
    assert_false(toolbar__inflate(data, length, &text));
    assert_true(text.length <= maximum);
    toolbar__text_free(&text);
}

static void each_kind_of_block_is_read(void **state)
{
    char expected[601];

    (void)state;
    expect(stored, sizeof stored, "as it is");
    expect(fixed, sizeof fixed, "abcabcabcabcabcabc, and again: abcabc");
    memset(expected, 'a', 600);
    expected[600] = '\0';
    expect(run, sizeof run, expected);
}

static void blocks_follow_each_other(void **state)
{
    unsigned char two[2 * sizeof stored];

    (void)state;
    memcpy(two, stored, sizeof stored);
    memcpy(two + sizeof stored, stored, sizeof stored);
    two[0] = 0;
    expect(two, sizeof two, "as it isas it is");
    expect_refused(two, sizeof stored, 1024);
}

static void what_breaks_off_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof stored; length++) {
        expect_refused(stored, length, 1024);
    }
    for (size_t length = 0; length < sizeof fixed; length++) {
        expect_refused(fixed, length, 1024);
    }
    for (size_t length = 0; length < toolbar__assets[0].packed_length; length += 61) {
        expect_refused(toolbar__assets[0].packed, length, 64 * 1024);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    expect_refused(stored, sizeof stored, 7);
    expect_refused(run, sizeof run, 599);
    expect_refused(toolbar__assets[0].packed, toolbar__assets[0].packed_length,
                   toolbar__assets[0].length - 1);
}

static void what_is_no_such_data_is_refused(void **state)
{
    static const unsigned char kind[] = {7, 0, 0};
    static const unsigned char check[] = {1, 8, 0, 0xf7, 0xfe, 'a', 's', ' ', 'i', 't', ' ', 'i'};
    /* A copy of what stands before the first byte: 'a', and three from a distance of two. */
    static const unsigned char far_away[] = {0x4b, 0x04, 0x22, 0x00, 0x00};
    /* The first length of all is said to be the one before it. */
    static const unsigned char repeats[] = {0x05, 0x00, 0x01, 0x00, 0x00, 0x00};

    (void)state;
    expect_refused(kind, sizeof kind, 1024);
    expect_refused(check, sizeof check, 1024);
    expect_refused(far_away, sizeof far_away, 1024);
    expect_refused(repeats, sizeof repeats, 1024);
}

/* Whatever it is read as: nothing outside of the data and the text, and an end. */
static void broken_data_does_no_harm(void **state)
{
    const struct toolbar__asset *asset = &toolbar__assets[0];
    unsigned char *broken = malloc(asset->packed_length);

    (void)state;
    assert_non_null(broken);
    for (size_t bit = 0; bit < 8 * asset->packed_length; bit += bit < 1024 ? 1 : 997) {
        struct toolbar_text text;

        memcpy(broken, asset->packed, asset->packed_length);
        broken[bit / 8] = (unsigned char)(broken[bit / 8] ^ (1U << bit % 8));
        toolbar__text_init(&text, asset->length);
        toolbar__inflate(broken, asset->packed_length, &text);
        assert_true(text.length <= asset->length);
        toolbar__text_free(&text);
    }
    free(broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_block_is_read),
        cmocka_unit_test(blocks_follow_each_other),
        cmocka_unit_test(what_breaks_off_is_refused),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_is_no_such_data_is_refused),
        cmocka_unit_test(broken_data_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
