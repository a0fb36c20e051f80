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

/* The application's own code, called by SQLite, for which the thread's work is over then. */
static void is_through(void *bytes)
{
    (void)bytes;
    toolbar_request_unbind();
}

static void through_in_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    toolbar_request_unbind();
    sqlite3_result_int(context, 1);
}

static void through_when_over(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_set_auxdata(context, 0, context, is_through);
    sqlite3_result_int(context, 1);
}

static int through_when_asked(void *cls, int action, const char *a, const char *b, const char *c,
                              const char *d)
{
    (void)action, (void)a, (void)b, (void)c, (void)d;
    if (cls) is_through(cls);
    return SQLITE_OK;
}

static int through_with_row(void *cls, int count, char **values, char **names)
{
    (void)count, (void)values, (void)names;
    is_through(cls);
    return 0;
}

static void prepare_until_through(sqlite3 *db, struct toolbar_request *request)
{
    static char asks[] = "asks";
    sqlite3_stmt *statement;

    sqlite3_set_authorizer(db, through_when_asked, asks);
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT 1", -1, &statement, NULL), SQLITE_OK);
    assert_null(toolbar_request_current());
    sqlite3_finalize(statement);
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT a", -1, &statement, NULL), SQLITE_ERROR);
    assert_null(toolbar_request_current());
    sqlite3_set_authorizer(db, NULL, NULL);
}

static void exec_until_through(sqlite3 *db, struct toolbar_request *request)
{
    toolbar_request_bind(request);
    run_sql(db, "SELECT through(1)");
    assert_null(toolbar_request_current());
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_exec(db, "SELECT 1", through_with_row, NULL, NULL), SQLITE_OK);
    assert_null(toolbar_request_current());
}

static void act_until_through(sqlite3 *db, struct toolbar_request *request)
{
    static char bytes[] = "bytes";
    sqlite3_stmt *statement = prepare_sql(db, "SELECT through(1), ?");

    toolbar_request_bind(request);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_null(toolbar_request_current());
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    statement = prepare_sql(db, "SELECT over(1), ?");
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_bind_text(statement, 2, bytes, -1, is_through), SQLITE_RANGE);
    assert_null(toolbar_request_current());
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
    assert_null(toolbar_request_current());
    toolbar_request_bind(request);
    assert_int_equal(sqlite3_bind_text(statement, 1, bytes, -1, is_through), SQLITE_OK);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_null(toolbar_request_current());
}

static void a_thread_may_be_through_inside_sqlite(void **state)
{
    sqlite3 *db = open_database(":memory:");
    struct shown shown;

    (void)state;
    sqlite3_create_function(db, "through", 1, SQLITE_UTF8, NULL, through_in_function, NULL, NULL);
    sqlite3_create_function(db, "over", 1, SQLITE_UTF8, NULL, through_when_over, NULL, NULL);
    shown_begin(&shown);
    toolbar__current_set(NULL);
    act_until_through(db, &shown.request);
    prepare_until_through(db, &shown.request);
    exec_until_through(db, &shown.request);
    shown_finish(&shown);
    shown_end(&shown);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_on_one_connection),
        cmocka_unit_test(statements_of_several_threads),
        cmocka_unit_test(the_connections_mutex_may_be_held),
        cmocka_unit_test(rows_are_read_by_who_did_not_step),
        cmocka_unit_test(a_thread_may_be_through_inside_sqlite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
