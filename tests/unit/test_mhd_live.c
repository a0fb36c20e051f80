/* The table of connections with an exchange: finding, a full neighbourhood, forgetting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/mhd/exchange.h"

static struct toolbar *toolbar;

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **req_cls)
{
    (void)cls, (void)connection, (void)url, (void)method;
    (void)version, (void)data, (void)length, (void)req_cls;
    return MHD_NO;
}

static struct toolbar_mhd *new_mhd(void)
{
    struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, handle, NULL);

    assert_non_null(mhd);
    return mhd;
}

/* Never looked into: an address is all that the table knows of a connection. */
static struct MHD_Connection *connection_at(uintptr_t address)
{
    return (struct MHD_Connection *)address;
}

static struct toolbar__exchange *publish(struct toolbar_mhd *mhd, uintptr_t address)
{
    struct toolbar__exchange *exchange = calloc(1, sizeof *exchange);

    assert_non_null(exchange);
    exchange->kind = TOOLBAR__EXCHANGE_BURNED;
    exchange->mhd = mhd;
    exchange->connection = connection_at(address);
    if (toolbar__exchange_publish(exchange)) return exchange;
    toolbar__exchange_free(exchange);
    return NULL;
}

static void test_found_until_withdrawn(void **state)
{
    struct toolbar_mhd *mhd = new_mhd();
    struct toolbar__exchange *exchange;

    (void)state;
    assert_null(toolbar__exchange_find(connection_at(64)));
    exchange = publish(mhd, 64);
    assert_ptr_equal(toolbar__exchange_find(connection_at(64)), exchange);
    assert_null(toolbar__exchange_find(connection_at(128)));
    toolbar__exchange_end(exchange);
    assert_null(toolbar__exchange_find(connection_at(64)));
    toolbar_mhd_free(mhd);
}

/* What the daemon never said was completed goes with its own wrapper, and only that. */
static void test_forgotten_with_its_wrapper(void **state)
{
    struct toolbar_mhd *first = new_mhd();
    struct toolbar_mhd *second = new_mhd();
    struct toolbar__exchange *kept;

    (void)state;
    for (uintptr_t i = 1; i <= 100; i++) {
        assert_non_null(publish(first, i * 64));
    }
    kept = publish(second, 101 * 64);
    toolbar_mhd_free(first);
    for (uintptr_t i = 1; i <= 100; i++) {
        assert_null(toolbar__exchange_find(connection_at(i * 64)));
    }
    assert_ptr_equal(toolbar__exchange_find(connection_at(101 * 64)), kept);
    toolbar_mhd_free(second);
    assert_null(toolbar__exchange_find(connection_at(101 * 64)));
}

/* Full is refused, not overwritten; there is room again afterwards. */
static void test_full(void **state)
{
    struct toolbar_mhd *mhd = new_mhd();
    uintptr_t address = 0;
    uintptr_t first = 64;
    unsigned published = 0;

    (void)state;
    for (address = first; publish(mhd, address); address += 64) {
        published++;
    }
    assert_true(published > 1000);
    assert_null(toolbar__exchange_find(connection_at(address)));
    assert_non_null(toolbar__exchange_find(connection_at(first)));
    toolbar_mhd_free(mhd);
    mhd = new_mhd();
    assert_non_null(publish(mhd, address));
    toolbar_mhd_free(mhd);
}

static int make_toolbar(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    (void)state;
    return (int)toolbar_new(&options, &toolbar);
}

static int free_toolbar(void **state)
{
    (void)state;
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_until_withdrawn),
        cmocka_unit_test(test_forgotten_with_its_wrapper),
        cmocka_unit_test(test_full),
    };

    return cmocka_run_group_tests(tests, make_toolbar, free_toolbar);
}
