/* The front library and threads; worth running with ThreadSanitizer. */
#include "test_sqlite_threads.h"

static void requests_on_one_connection(void **state)
{
    (void)state;
    requests_do_not_mix(NULL);
}

static void statements_of_several_threads(void **state)
{
    (void)state;
    statements_go_from_thread_to_thread(NULL);
}

/* The application may hold the connection's mutex, so we must not want it under a lock of ours. */
static void *with_mutex(void *cls)
{
    struct worker *worker = cls;

    shown_begin(&worker->shown);
    for (int i = 0; i < ROUNDS; i++) {
        sqlite3_stmt *statement;

        sqlite3_mutex_enter(sqlite3_db_mutex(worker->db));
        /* Bound by nobody, and failing: this reads the expanded text and the error message. */
        assert_int_equal(
            sqlite3_exec(worker->db, "INSERT INTO author VALUES (?, 'a1')", NULL, NULL, NULL),
            SQLITE_CONSTRAINT);
        assert_int_equal(sqlite3_prepare_v2(worker->db, "SELEKT", -1, &statement, NULL),
                         SQLITE_ERROR);
        sqlite3_mutex_leave(sqlite3_db_mutex(worker->db));
        work(worker);
    }
    shown_finish(&worker->shown);
    shown_end(&worker->shown);
    return NULL;
}

static void the_connections_mutex_may_be_held(void **state)
{
    sqlite3 *db = open_database(":memory:");
    struct worker workers[2];

    (void)state;
    create_schema(db);
    for (unsigned i = 0; i < 2; i++) {
        workers[i].db = db;
        snprintf(workers[i].sql, sizeof workers[i].sql, "SELECT ?");
        assert_int_equal(pthread_create(&workers[i].thread, NULL, with_mutex, &workers[i]), 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_on_one_connection),
        cmocka_unit_test(statements_of_several_threads),
        cmocka_unit_test(the_connections_mutex_may_be_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
