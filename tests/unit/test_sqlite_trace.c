/* SQLite watched by its trace hook: what is recorded, and when the hook is there. */
#include "test_sqlite_cases.h"
#include "test_sqlite_threads.h"

#include "adapters/sqlite/connections.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static void attach(sqlite3 *db)
{
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
}

static sqlite3 *open_attached(const char *path)
{
    sqlite3 *db = open_database(path);

    create_schema(db);
    attach(db);
    return db;
}

static bool is_hooked(const sqlite3 *db)
{
    const struct toolbar__database *database;
    bool hooked;

    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(db);
    hooked = database && database->hooked;
    pthread_mutex_unlock(&toolbar__databases.lock);
    return hooked;
}

static void every_execution_is_recorded_once(void **state)
{
    (void)state;
    run_cases(":memory:", attach);
    run_cases("test_sqlite_trace.sqlite", attach);
}

static void requests_on_one_connection(void **state)
{
    (void)state;
    requests_do_not_mix(attach);
}

static void statements_of_several_threads(void **state)
{
    (void)state;
    statements_go_from_thread_to_thread(attach);
}

static void arguments_are_checked(void **state)
{
    sqlite3 *db = open_database(":memory:");

    (void)state;
    assert_int_equal(toolbar_sqlite_attach(NULL, db, "main"), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_sqlite_attach(toolbar, NULL, "main"), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, NULL), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, ""), TOOLBAR_ERROR_ARGUMENT);
    assert_null(toolbar__databases.first);
    toolbar_sqlite_detach(NULL);
    toolbar_sqlite_detach(db);
    sqlite3_close(db);
}

static int count_trace(unsigned event, void *count, void *statement, void *detail)
{
    (void)event;
    (void)statement;
    (void)detail;
    ++*(int *)count;
    return 0;
}

/* SQLite has one trace hook; the application's being there proves that ours is not. */
static void the_hook_is_there_only_for_shown_requests(void **state)
{
    sqlite3 *db = open_attached(":memory:");
    struct shown shown[2];
    int count = 0;

    (void)state;
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_trace, &count);
    run_sql(db, "SELECT 1");
    assert_int_equal(count, 1);
    assert_false(is_hooked(db));

    shown_begin(&shown[0]);
    assert_true(is_hooked(db));
    shown_begin(&shown[1]);
    run_sql(db, "SELECT 2");
    assert_int_equal(shown_finish(&shown[1])->query_count, 1);
    shown_end(&shown[1]);
    assert_true(is_hooked(db));
    run_sql(db, "SELECT 3; SELECT 4");
    assert_int_equal(shown_finish(&shown[0])->query_count, 2);
    run_sql(db, "SELECT 5");
    assert_int_equal(shown[0].request.recording->late_queries, 1);
    shown_end(&shown[0]);
    assert_false(is_hooked(db));
    assert_int_equal(count, 1);
    run_sql(db, "SELECT 6");
    sqlite3_close(db);
}

static void figures_are_those_of_the_execution(void **state)
{
    sqlite3 *db = open_attached(":memory:");
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author WHERE id > ? ORDER BY "
                                              "length(name)");
    const struct toolbar__query *query;
    struct shown shown;

    (void)state;
    sqlite3_bind_int(statement, 1, -5);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_reset(statement);
    shown_begin(&shown);
    run_sql(db, "BEGIN");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    run_sql(db, "ROLLBACK");
    query = query_at(shown_finish(&shown), 2);
    assert_true(query->in_transaction);
    assert_int_equal(query->sorts, 1);
    assert_int_equal(query->auto_index, 0);
    assert_int_equal(2 * query->vm_steps,
                     sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0));
    assert_int_equal(query->engine_ns, TOOLBAR__UNKNOWN);
    assert_int_equal(query->duration_ns, query->open_ns);
    assert_int_equal(query->error_code, 0);
    assert_null(query->call_site);
    assert_int_equal(query->value_count, 1);
    assert_int_equal(query->values[0].as.integer, -5);
    assert_false(query_at(shown.request.recording, 1)->in_transaction);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* The text is looked through for its parameters the first time only, if they are not too many. */
static void check_values(const struct toolbar__query *query, const char *name, unsigned count,
                         int number)
{
    assert_int_equal(query->value_count, count);
    assert_int_equal(query->values[count - 1].as.integer, number);
    if (count < 3) return;
    assert_int_equal(query->values[0].kept, strlen(name));
    assert_memory_equal(query->values[0].as.bytes, name, strlen(name));
    assert_int_equal(query->values[1].type,
                     number == 2 ? TOOLBAR__VALUE_NULL : TOOLBAR__VALUE_INTEGER);
}

static void values_are_read_back_each_time(void **state)
{
    static const char *const names[] = {"a", "it's ?2 longer", ""};
    sqlite3 *db = open_database(":memory:");
    const struct toolbar_recording *recording;
    sqlite3_stmt *statement;
    char many[600] = "SELECT ?1";
    struct shown shown;

    (void)state;
    attach(db);
    for (int i = 0; i < 100; i++) {
        memcpy(many + strlen(many), " + ?1", sizeof " + ?1");
    }
    shown_begin(&shown);
    for (int i = 0; i < 3; i++) {
        statement = prepare_sql(db, "SELECT ?3 || 'no :name', :name /* ? */, ?1, ?2, ?3");
        sqlite3_bind_text(statement, 1, names[i], -1, SQLITE_STATIC);
        if (i != 1) sqlite3_bind_int(statement, 2, 7);
        sqlite3_bind_int(statement, 3, i + 1);
        sqlite3_bind_int(statement, 4, i + 1);
        step_all(statement);
        sqlite3_finalize(statement);
        statement = prepare_sql(db, many);
        sqlite3_bind_int(statement, 1, i + 1);
        step_all(statement);
        sqlite3_finalize(statement);
    }
    recording = shown_finish(&shown);
    for (int i = 0; i < 3; i++) {
        check_values(query_at(recording, 2 * (unsigned)i + 1), names[i], 4, i + 1);
        check_values(query_at(recording, 2 * (unsigned)i + 2), NULL, 1, i + 1);
    }
    shown_end(&shown);
    sqlite3_close(db);
}

static void a_connection_may_be_closed_without_a_word(void **state)
{
    sqlite3 *db = open_attached(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    sqlite3_close(db);
    assert_null(toolbar__databases.first);

    /* While it is watched, and with a statement that outlives it. */
    db = open_attached(":memory:");
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT id FROM author");
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_close(db), SQLITE_BUSY);
    assert_int_equal(sqlite3_close_v2(db), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_non_null(toolbar__databases.first);
    sqlite3_finalize(statement);
    assert_null(toolbar__databases.first);
    assert_int_equal(query_at(shown_finish(&shown), 1)->rows, 2);
    shown_end(&shown);
}

static void attaching_and_detaching_in_a_request(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__connection *connection;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    run_sql(db, "SELECT 1");
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "one"), TOOLBAR_OK);
    run_sql(db, "SELECT 2");
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "two"), TOOLBAR_OK);
    run_sql(db, "SELECT 3");
    toolbar_sqlite_detach(db);
    assert_false(is_hooked(db));
    run_sql(db, "SELECT 4");
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "three"), TOOLBAR_OK);
    run_sql(db, "SELECT 5");
    connection = shown_finish(&shown)->connections;
    assert_int_equal(shown.request.recording->query_count, 3);
    assert_string_equal(connection->name, "one");
    assert_string_equal(connection->next->name, "two");
    assert_string_equal(connection->next->next->name, "three");
    shown_end(&shown);
    toolbar_sqlite_detach(db);
    shown_begin(&shown);
    assert_false(is_hooked(db));
    shown_finish(&shown);
    shown_end(&shown);
    sqlite3_close(db);
    assert_null(toolbar__databases.first);
}

static void *begin_elsewhere(void *cls)
{
    shown_begin(cls);
    shown_finish(cls);
    return NULL;
}

static void *end_elsewhere(void *cls)
{
    toolbar__sqlite_request_end(cls);
    return NULL;
}

/* Without a mutex nobody else's thread may touch it. */
static void a_connection_without_mutex_is_its_threads(void **state)
{
    sqlite3 *db;
    struct shown shown;
    pthread_t thread;

    (void)state;
    assert_int_equal(
        sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
        SQLITE_OK);
    attach(db);
    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, &shown), 0);
    pthread_join(thread, NULL);
    assert_false(is_hooked(db));
    assert_string_equal(shown.request.recording->connections->name, "main");
    assert_int_equal(shown.request.recording->connections->uncounted, 1);
    toolbar__sqlite_request_end(shown.request.recording);
    toolbar__recording_unref(shown.request.recording);

    shown_begin(&shown);
    assert_true(is_hooked(db));
    run_sql(db, "SELECT 1");
    assert_int_equal(shown_finish(&shown)->query_count, 1);
    assert_int_equal(shown.request.recording->connections->uncounted, 0);
    shown_end(&shown);
    assert_false(is_hooked(db));
    sqlite3_close(db);
}

/* Somebody else is inside the connection: as a request begins, and as it ends. */
static void a_busy_connection_does_not_hold_up_the_request(void **state)
{
    sqlite3 *db = open_attached(":memory:");
    struct shown shown;
    pthread_t thread;

    (void)state;
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, &shown), 0);
    pthread_join(thread, NULL);
    assert_false(is_hooked(db));
    assert_int_equal(shown.request.recording->connections->uncounted, 1);
    toolbar__sqlite_request_end(shown.request.recording);
    toolbar__recording_unref(shown.request.recording);
    sqlite3_mutex_leave(sqlite3_db_mutex(db));

    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, &shown), 0);
    pthread_join(thread, NULL);
    assert_true(is_hooked(db));
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    assert_int_equal(pthread_create(&thread, NULL, end_elsewhere, shown.request.recording), 0);
    pthread_join(thread, NULL);
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
    assert_true(is_hooked(db));
    toolbar__recording_unref(shown.request.recording);
    /* The first statement that comes removes what could not be removed. */
    run_sql(db, "SELECT 1");
    assert_false(is_hooked(db));
    sqlite3_close(db);
}

/* SQLite opens a blob with a statement that has no text, here where another one was. */
static void opening_a_blob_adds_no_row(void **state)
{
    sqlite3 *db = open_attached(":memory:");
    sqlite3_stmt *statement;
    sqlite3_blob *blob;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT id FROM author");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_blob_open(db, "main", "data", "bytes", 1, 0, &blob), SQLITE_OK);
    sqlite3_blob_close(blob);
    assert_int_equal(query_at(shown_finish(&shown), 1)->rows, 10);
    assert_int_equal(shown.request.recording->query_count, 1);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_execution_is_recorded_once),
        cmocka_unit_test(requests_on_one_connection),
        cmocka_unit_test(statements_of_several_threads),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(the_hook_is_there_only_for_shown_requests),
        cmocka_unit_test(figures_are_those_of_the_execution),
        cmocka_unit_test(values_are_read_back_each_time),
        cmocka_unit_test(a_connection_may_be_closed_without_a_word),
        cmocka_unit_test(attaching_and_detaching_in_a_request),
        cmocka_unit_test(a_connection_without_mutex_is_its_threads),
        cmocka_unit_test(a_busy_connection_does_not_hold_up_the_request),
        cmocka_unit_test(opening_a_blob_adds_no_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
