/* What recording by the front library is said to have taken. */
#include "test_sqlite_cost.h"

static void the_beginning_is_always_timed(void **state)
{
    (void)state;
    beginnings_are_timed(NULL);
}

static void rows_count_as_one_in_sixteen_tells(void **state)
{
    (void)state;
    rows_are_sampled(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_beginning_is_always_timed),
        cmocka_unit_test(rows_count_as_one_in_sixteen_tells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
