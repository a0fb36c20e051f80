/* The front library and threads; worth running with ThreadSanitizer. */
#include "test_sqlite_threads.h"

#include "record/tracking.h"

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

struct errand {
    struct toolbar_request *request;
    sqlite3_stmt *statement;
};

static void *step_elsewhere(void *cls)
{
    const struct errand *errand = cls;

    toolbar__current_set(errand->request);
    assert_int_equal(sqlite3_step(errand->statement), SQLITE_ROW);
    toolbar__current_set(NULL);
    return NULL;
}

/* What a thread reads is of the row that is there, not of the one that it has made itself. */
static void rows_are_read_by_who_did_not_step(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement = prepare_sql(db, "VALUES (1), (2), (3)");
    const struct toolbar__run *run;
    struct errand errand;
    struct shown shown;
    pthread_t thread;

    (void)state;
    shown_begin(&shown);
    errand = (struct errand){&shown.request, statement};
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 1);
    assert_int_equal(sqlite3_column_int(statement, 0), 1);
    run = shown.request.recording->queries->run;
    assert_int_equal(run->row, 1);
    assert_int_equal(run->columns[0].rows, 1);
    pthread_create(&thread, NULL, step_elsewhere, &errand);
    pthread_join(thread, NULL);
    assert_int_equal(sqlite3_column_int(statement, 0), 2);
    assert_int_equal(run->row, 2);
    assert_int_equal(run->columns[0].rows, 2);
    sqlite3_reset(statement);
    assert_int_equal(sqlite3_column_int(statement, 0), 0);
    assert_int_equal(run->columns[0].rows, 2);
    sqlite3_finalize(statement);
    shown_finish(&shown);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_on_one_connection),
        cmocka_unit_test(statements_of_several_threads),
        cmocka_unit_test(the_connections_mutex_may_be_held),
        cmocka_unit_test(rows_are_read_by_who_did_not_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
