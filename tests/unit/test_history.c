/* What the history keeps, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "history/store.h"

static struct toolbar_recording *finished(size_t bytes)
{
    struct toolbar_recording *recording = toolbar__recording_new();

    while (toolbar__recording_bytes(recording) < bytes &&
           toolbar__arena_alloc(&recording->arena, 4000)) {
    }
    toolbar__recording_finish(recording, 200, NULL, 1000);
    return recording;
}

static void test_keeps_the_newest(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *list[TOOLBAR__STORE_REQUESTS];
    char ids[120][TOOLBAR__ID_LENGTH + 1];
    size_t count;

    (void)state;
    assert_int_equal(store->functions->list(store, list, TOOLBAR__STORE_REQUESTS), 0);
    for (size_t i = 0; i < 120; i++) {
        struct toolbar_recording *recording = finished(0);

        memcpy(ids[i], recording->id, sizeof ids[i]);
        store->functions->add(store, recording);
        toolbar__recording_unref(recording);
    }
    count = store->functions->list(store, list, TOOLBAR__STORE_REQUESTS);
    assert_int_equal(count, TOOLBAR__STORE_REQUESTS);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(list[i]->id, ids[119 - i]);
        toolbar__recording_unref(list[i]);
    }
    assert_null(store->functions->find(store, ids[0]));
    list[0] = store->functions->find(store, ids[119]);
    assert_non_null(list[0]);
    toolbar__recording_unref(list[0]);
    assert_int_equal(store->functions->list(store, list, 3), 3);
    for (size_t i = 0; i < 3; i++) {
        toolbar__recording_unref(list[i]);
    }
    store->functions->free(store);
}

static void test_is_bounded_in_bytes(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *list[TOOLBAR__STORE_REQUESTS];
    size_t bytes = 0, count;

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        struct toolbar_recording *recording = finished(1000 * 1000);

        store->functions->add(store, recording);
        toolbar__recording_unref(recording);
    }
    count = store->functions->list(store, list, TOOLBAR__STORE_REQUESTS);
    for (size_t i = 0; i < count; i++) {
        bytes += toolbar__recording_bytes(list[i]);
        toolbar__recording_unref(list[i]);
    }
    assert_in_range(count, 14, 17);
    assert_true(bytes <= TOOLBAR__STORE_BYTES);
    store->functions->free(store);
}

static void test_forgets_what_is_old(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *old = finished(0), *young = finished(0), *found;

    (void)state;
    store->functions->add(store, old);
    store->functions->add(store, young);
    /* Only the test may change a recording that is kept. */
    old->begin_ns -= (TOOLBAR__STORE_SECONDS + 1) * INT64_C(1000000000);
    assert_null(store->functions->find(store, old->id));
    found = store->functions->find(store, young->id);
    assert_ptr_equal(found, young);
    toolbar__recording_unref(found);
    toolbar__recording_unref(old);
    toolbar__recording_unref(young);
    store->functions->free(store);
}

static void test_a_found_one_outlives_the_store(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *recording = finished(0), *found;

    (void)state;
    store->functions->add(store, recording);
    found = store->functions->find(store, recording->id);
    toolbar__recording_unref(recording);
    store->functions->free(store);
    assert_int_equal(found->status, 200);
    toolbar__recording_unref(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_the_newest),
        cmocka_unit_test(test_is_bounded_in_bytes),
        cmocka_unit_test(test_forgets_what_is_old),
        cmocka_unit_test(test_a_found_one_outlives_the_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
