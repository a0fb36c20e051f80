/* The advisor on times that are believed, and on those that are not. */
#include "test_sqlite_advice.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static unsigned advise_on(sqlite3 *db, const char *sql, const struct toolbar__usage *usage)
{
    struct shown shown;
    unsigned count;

    shown_begin(&shown);
    read_sql(db, sql);
    shown_finish(&shown);
    if (usage) shown.request.recording->usage = *usage;
    toolbar__advise(shown.request.recording);
    count = shown.request.recording->advices.count;
    shown_end(&shown);
    return count;
}

/* The first request reads the pages that all others find. */
static void a_cold_cache_is_not_slow(void **state)
{
    static const char slow[] = "SELECT name FROM author WHERE id = 1 AND spend(25)";
    static const char hot[] = "SELECT name FROM author WHERE id = 1 AND spend(15)";
    static const char work[] = "SELECT count(*) FROM author a, author b, author c "
                               "WHERE a.age + b.age + c.age = 77";

    char file[64];

    (void)state;
    snprintf(file, sizeof file, "test_sqlite_cold.%ld.sqlite", (long)getpid());
    for (size_t i = 0; i < 3; i++) {
        const char *sql = i == 0 ? slow : i == 1 ? hot : work;
        sqlite3 *db;

        unlink(file);
        db = open_database(file);
        create_blog(db);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        db = open_database(file);
        add_spend(db);
        assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
        assert_int_equal(advise_on(db, sql, NULL), sql == work ? 1 : 0);
        assert_int_equal(advise_on(db, sql, NULL), 1);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
    unlink(file);
}

/* Time that other threads had is not the statement's; time that it waited for a disk is. */
static void a_busy_machine_is_not_slow(void **state)
{
    static const char *const times[] = {"SELECT spend(25) FROM author WHERE id = 1",
                                        "SELECT spend(15) FROM author WHERE id = 1"};
    static const struct toolbar__usage waited = {.cpu_ns = 1000000, .voluntary_switches = 9},
                                       lost = {.cpu_ns = 1000000, .involuntary_switches = 1},
                                       worked = {.cpu_ns = 1000000000, .involuntary_switches = 1};
    sqlite3 *db = open_database(":memory:");

    (void)state;
    create_blog(db);
    add_spend(db);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        assert_int_equal(advise_on(db, times[i], &waited), 1);
        assert_int_equal(advise_on(db, times[i], &lost), 0);
        assert_int_equal(advise_on(db, times[i], &worked), 1);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cold_cache_is_not_slow),
        cmocka_unit_test(a_busy_machine_is_not_slow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
