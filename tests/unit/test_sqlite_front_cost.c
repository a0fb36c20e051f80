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

/* What is refused is recorded at once, as is what SQLite runs without showing us how. */
static void the_whole_of_a_refused_one_is_timed(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;
    int64_t before_ns;

    (void)state;
    shown_begin(&shown);
    before_ns = shown.request.recording->recording_ns;
    assert_int_equal(sqlite3_prepare_v2(db, "SELEKT", -1, &statement, NULL), SQLITE_ERROR);
    assert_in_range(shown.request.recording->recording_ns - before_ns, LOOK_NS, 10 * LOOK_NS);
    assert_int_equal(shown_finish(&shown)->query_count, 1);
    shown_end(&shown);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_beginning_is_always_timed),
        cmocka_unit_test(rows_count_as_one_in_sixteen_tells),
        cmocka_unit_test(the_whole_of_a_refused_one_is_timed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
