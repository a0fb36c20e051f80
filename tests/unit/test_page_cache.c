/* SQLite's page cache of a request: its own connections, its own rise of the counters. */
#include "test_sqlite_support.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static sqlite3 *open_attached(const char *name)
{
    sqlite3 *db = open_database(":memory:");

    create_schema(db);
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, name), TOOLBAR_OK);
    return db;
}

static int counter(sqlite3 *db, int operation)
{
    int now, highest;

    assert_int_equal(sqlite3_db_status(db, operation, &now, &highest, 0), SQLITE_OK);
    return now;
}

static void the_rise_of_used_connections_is_recorded(void **state)
{
    sqlite3 *used = open_attached("used"), *idle = open_attached("idle");
    const struct toolbar__page_cache *cache;
    struct shown shown;
    int before, hits;

    (void)state;
    run_sql(used, "SELECT count(*) FROM book");
    shown_begin(&shown);
    before = counter(used, SQLITE_DBSTATUS_CACHE_HIT);
    run_sql(used, "SELECT count(*) FROM book, author");
    hits = counter(used, SQLITE_DBSTATUS_CACHE_HIT) - before;
    shown_finish(&shown);
    assert_true(hits > 0);
    assert_int_equal(shown.request.recording->activity.page_caches.count, 1);
    cache = (const void *)shown.request.recording->activity.page_caches.first;
    assert_string_equal(cache->connection, "used");
    assert_int_equal(cache->hits, hits);
    assert_int_equal(cache->misses, 0);
    assert_int_equal(cache->spills, 0);
    assert_true(cache->memory_bytes > 4096);
    /* The application's counters go on. */
    assert_int_equal(counter(used, SQLITE_DBSTATUS_CACHE_HIT), before + hits);
    shown_end(&shown);
    sqlite3_close(used);
    sqlite3_close(idle);
}

static void a_closed_connection_is_left_out(void **state)
{
    sqlite3 *db = open_attached("main");
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    run_sql(db, "SELECT 1 FROM book");
    sqlite3_close(db);
    shown_finish(&shown);
    assert_int_equal(shown.request.recording->activity.page_caches.count, 0);
    shown_end(&shown);
}

static void one_opened_for_the_request_is_left_out(void **state)
{
    struct shown shown;
    sqlite3 *db;

    (void)state;
    shown_begin(&shown);
    db = open_attached("late");
    run_sql(db, "SELECT 1 FROM book");
    shown_finish(&shown);
    assert_int_equal(shown.request.recording->activity.page_caches.count, 0);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rise_of_used_connections_is_recorded),
        cmocka_unit_test(a_closed_connection_is_left_out),
        cmocka_unit_test(one_opened_for_the_request_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
