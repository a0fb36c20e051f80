/* What the application can see of SQLite behind the front library. */
#include "test_sqlite_state.h"

static void nothing_changes_for_the_application(void **state)
{
    (void)state;
    compare_journals("test_sqlite_front_state.sqlite", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_for_the_application),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
