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

static void test_clearing(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *list[TOOLBAR__STORE_REQUESTS], *recording;

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 70; i++) {
            recording = finished(0);
            store->functions->add(store, recording);
            toolbar__recording_unref(recording);
        }
        assert_int_equal(store->functions->list(store, list, 1), 1);
        store->functions->clear(store);
        assert_null(store->functions->find(store, list[0]->id));
        /* Whoever has one keeps it. */
        assert_int_equal(list[0]->status, 200);
        toolbar__recording_unref(list[0]);
        assert_int_equal(store->functions->list(store, list, TOOLBAR__STORE_REQUESTS), 0);
    }
    store->functions->free(store);
}

static struct toolbar_recording *add_redirect(struct toolbar__store *store, uint64_t target,
                                              uint64_t client)
{
    struct toolbar_recording *recording = finished(0);

    recording->redirect = (struct toolbar__redirect){target, client};
    store->functions->add(store, recording);
    toolbar__recording_unref(recording);
    return recording;
}

static void test_following_redirects(void **state)
{
    struct toolbar__store *store = toolbar__memory_store_new();
    struct toolbar_recording *first = add_redirect(store, 7, 1);
    struct toolbar_recording *second = add_redirect(store, 7, 1), *found;

    (void)state;
    /* Another target, another client. */
    assert_null(store->functions->follow(store, 8, 1));
    assert_null(store->functions->follow(store, 7, 2));
    /* The newest first, each once. */
    found = store->functions->follow(store, 7, 1);
    assert_ptr_equal(found, second);
    toolbar__recording_unref(found);
    found = store->functions->follow(store, 7, 1);
    assert_ptr_equal(found, first);
    toolbar__recording_unref(found);
    assert_null(store->functions->follow(store, 7, 1));
    /* Too long ago. */
    first = add_redirect(store, 9, 1);
    first->begin_ns -= (TOOLBAR__REDIRECT_SECONDS + 1) * INT64_C(1000000000);
    assert_null(store->functions->follow(store, 9, 1));
    store->functions->free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_the_newest),
        cmocka_unit_test(test_is_bounded_in_bytes),
        cmocka_unit_test(test_forgets_what_is_old),
        cmocka_unit_test(test_a_found_one_outlives_the_store),
        cmocka_unit_test(test_clearing),
        cmocka_unit_test(test_following_redirects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
