/* What the application can see of SQLite that is watched by its trace hook. */
#include "test_sqlite_state.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static void attach(sqlite3 *db)
{
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
}

static void nothing_changes_for_the_application(void **state)
{
    (void)state;
    compare_journals("test_sqlite_trace_state.sqlite", attach);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_for_the_application),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
