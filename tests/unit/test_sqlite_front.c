/* SQLite watched by the front library: what is recorded, and of whom. */
#include "test_sqlite_cases.h"

#include <time.h>

#include "base/clock.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static void every_execution_is_recorded_once(void **state)
{
    (void)state;
    run_cases(":memory:", NULL);
    run_cases("test_sqlite_front.sqlite", NULL);
}

static void nothing_is_recorded_for_a_hidden_request(void **state)
{
    sqlite3 *db = open_database(":memory:");
    struct toolbar_request hidden = {.recording = NULL};
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    toolbar__current_set(&hidden);
    act_select(db);
    toolbar__current_set(NULL);
    act_select(db);
    assert_int_equal(shown_finish(&shown)->query_count, 0);
    shown_end(&shown);
    sqlite3_close(db);
}

/* SQLite reads the schema with statements of its own. */
static void reading_the_schema_is_not_recorded(void **state)
{
    const char *path = "test_sqlite_front_schema.sqlite";
    sqlite3 *db;
    struct shown shown;

    (void)state;
    unlink(path);
    db = open_database(path);
    create_schema(db);
    sqlite3_close(db);
    db = open_database(path);
    shown_begin(&shown);
    assert_int_equal(
        sqlite3_table_column_metadata(db, "main", "data", "bytes", NULL, NULL, NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(shown_finish(&shown)->query_count, 0);
    shown_end(&shown);
    sqlite3_close(db);
    unlink(path);
}

static void errors_are_recorded_as_sqlite_says_them(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar_recording *recording;
    const struct toolbar__query *query;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    act_constraint(db);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT nix FROM author; SELECT 1", -1, &statement, NULL),
        SQLITE_ERROR);
    assert_int_equal(sqlite3_prepare16_v2(db, u"SELEKT '\u20ac'", -1, &statement, NULL),
                     SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(db, "SELECT 1; SELECT * FROM none; SELECT 2", NULL, NULL, NULL),
                     SQLITE_ERROR);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT 12345", 8, &statement, NULL), SQLITE_OK);
    sqlite3_finalize(statement);

    recording = shown_finish(&shown);
    assert_int_equal(recording->query_count, 5);
    query = query_at(recording, 1);
    assert_int_equal(query->error_code, SQLITE_CONSTRAINT_UNIQUE);
    assert_string_equal(query->error_message, "UNIQUE constraint failed: author.name");
    query = query_at(recording, 2);
    assert_string_equal(query->statement->sql, "SELECT nix FROM author;");
    assert_string_equal(query->error_message, "no such column: nix");
    assert_int_equal(query->error_code, SQLITE_ERROR);
    query = query_at(recording, 3);
    assert_string_equal(query->statement->sql, "SELEKT '\u20ac'");
    assert_string_equal(query->error_message, "near \"SELEKT\": syntax error");
    assert_int_equal(query_at(recording, 4)->error_code, 0);
    assert_null(query_at(recording, 4)->error_message);
    assert_string_equal(query_at(recording, 5)->error_message, "no such table: none");
    shown_end(&shown);
    sqlite3_close(db);
}

/* What RAISE() says may be as long as it likes; what is kept of it is bounded, and terminated. */
static void a_long_error_is_cut(void **state)
{
    enum { LENGTH = 2 * TOOLBAR__VALUE_SEEN };
    sqlite3 *db = open_database(":memory:");
    char said[LENGTH + 1], *sql;
    const struct toolbar__query *query;
    struct shown shown;

    (void)state;
    memset(said, 'e', LENGTH);
    said[LENGTH] = '\0';
    create_schema(db);
    sql = sqlite3_mprintf(
        "CREATE TEMP TRIGGER t BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, %Q); END", said);
    run_sql(db, sql);
    sqlite3_free(sql);
    shown_begin(&shown);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO log VALUES (1)", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    query = query_at(shown_finish(&shown), 1);
    assert_int_equal(query->error_code, SQLITE_CONSTRAINT_TRIGGER);
    assert_int_equal(strlen(query->error_message), TOOLBAR__VALUE_MAXIMUM);
    assert_memory_equal(query->error_message, said, TOOLBAR__VALUE_MAXIMUM);
    shown_end(&shown);
    sqlite3_close(db);
}

/* COMMIT is one statement, however often it has to be tried. */
static void a_busy_commit_is_one_statement(void **state)
{
    const char *path = "test_sqlite_front_busy.sqlite";
    sqlite3 *db;
    sqlite3 *reader;
    sqlite3_stmt *reading;
    sqlite3_stmt *commit;
    const struct toolbar__query *query;
    struct shown shown;

    (void)state;
    unlink(path);
    db = open_database(path);
    create_schema(db);
    reader = open_database(path);
    reading = prepare_sql(reader, "SELECT id FROM author");
    assert_int_equal(sqlite3_step(reading), SQLITE_ROW);
    run_sql(db, "BEGIN; INSERT INTO log VALUES (1)");
    commit = prepare_sql(db, "COMMIT");
    shown_begin(&shown);
    assert_int_equal(sqlite3_step(commit), SQLITE_BUSY);
    sqlite3_finalize(reading);
    assert_int_equal(sqlite3_step(commit), SQLITE_DONE);
    query = query_at(shown_finish(&shown), 1);
    assert_int_equal(shown.request.recording->query_count, 1);
    assert_true(query->in_transaction && query->done);
    assert_int_equal(query->error_code, 0);
    shown_end(&shown);
    sqlite3_finalize(commit);
    sqlite3_close(reader);
    sqlite3_close(db);
    unlink(path);
}

static void figures_are_those_of_the_execution(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar__query *query;
    struct shown shown;

    (void)state;
    create_schema(db);
    statement = prepare_sql(db, "SELECT name FROM author ORDER BY length(name)");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_reset(statement);
    shown_begin(&shown);
    run_sql(db, "BEGIN");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_reset(statement);
    run_sql(db, "ROLLBACK; SELECT a.id FROM author a JOIN log ON log.what = a.name");
    query = query_at(shown_finish(&shown), 2);
    assert_true(query->in_transaction);
    assert_int_equal(query->sorts, 1);
    assert_int_equal(query->rows_scanned, 9);
    assert_int_equal(query->auto_index, 0);
    /* A second execution's worth, not both. */
    assert_int_equal(2 * query->vm_steps,
                     sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0));
    assert_false(query_at(shown.request.recording, 1)->in_transaction);
    assert_true(query_at(shown.request.recording, 3)->in_transaction);
    assert_false(query_at(shown.request.recording, 4)->in_transaction);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void connections_have_names(void **state)
{
    static const char long_name[] = "0123456789012345678901234567890123456789012345678901234567"
                                    "890\u20ac";
    sqlite3 *memory = open_database(":memory:");
    sqlite3 *file = open_database("test_sqlite_front_name.sqlite");
    const struct toolbar__connection *connection;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    run_sql(memory, "SELECT 1");
    run_sql(file, "SELECT 2");
    assert_int_equal(toolbar_sqlite_attach(toolbar, file, "people"), TOOLBAR_OK);
    run_sql(file, "SELECT 3");
    assert_int_equal(toolbar_sqlite_attach(toolbar, file, long_name), TOOLBAR_OK);
    run_sql(file, "SELECT 4");
    toolbar_sqlite_detach(file);
    run_sql(file, "SELECT 5");
    connection = shown_finish(&shown)->connections;
    assert_string_equal(connection->name, "memory");
    assert_int_equal(connection->count, 1);
    connection = connection->next;
    assert_string_equal(connection->name, "test_sqlite_front_name.sqlite");
    assert_int_equal(connection->count, 2);
    assert_string_equal(connection->next->name, "people");
    assert_int_equal(strlen(connection->next->next->name), 61);
    assert_null(connection->next->next->next);
    shown_end(&shown);
    sqlite3_close(memory);
    sqlite3_close(file);
    unlink("test_sqlite_front_name.sqlite");
}

__attribute__((noinline)) static void call_exec(sqlite3 *db)
{
    run_sql(db, "SELECT 1");
    run_sql(db, "SELECT 2");
}

/* Also for the calls that sqlite3_exec() makes. */
static void callers_are_the_application(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar_recording *recording;
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    call_exec(db);
    act_table(db);
    act_callback(db);
    statement = prepare_sql(db, "SELECT 3");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    recording = shown_finish(&shown);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        /* All of this program's functions are near each other, and far from SQLite. */
        intptr_t distance = (intptr_t)query->call_site - (intptr_t)call_exec;

        assert_true(distance > -0x100000 && distance < 0x100000);
    }
    assert_ptr_not_equal(query_at(recording, 1)->call_site, query_at(recording, 4)->call_site);
    /* Statement, its callback, and the statement after it in one sqlite3_exec(). */
    assert_string_equal(trimmed(query_at(recording, 9)->statement->sql), "SELECT 3");
    assert_ptr_equal(query_at(recording, 6)->call_site, query_at(recording, 9)->call_site);
    assert_ptr_not_equal(query_at(recording, 6)->call_site, query_at(recording, 7)->call_site);
    shown_end(&shown);
    sqlite3_close(db);
}

static void pause_ms(int ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000L};

    nanosleep(&time, NULL);
}

static void sleeper(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    pause_ms(5);
    sqlite3_result_int(context, 1);
}

/* The application's time between rows is not SQLite's. */
static void time_is_that_inside_sqlite(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const struct toolbar__query *query;
    struct shown shown;
    int64_t inside_ns = 0;

    (void)state;
    create_schema(db);
    sqlite3_create_function(db, "sleep", 0, SQLITE_UTF8, NULL, sleeper, NULL, NULL);
    statement = prepare_sql(db, "SELECT sleep() FROM author LIMIT 3");
    shown_begin(&shown);
    for (int code = SQLITE_ROW; code == SQLITE_ROW;) {
        int64_t begin_ns = toolbar__now_ns();

        code = sqlite3_step(statement);
        inside_ns += toolbar__now_ns() - begin_ns;
        pause_ms(30);
    }
    query = query_at(shown_finish(&shown), 1);
    print_message("inside SQLite: own clock %.3f ms, recorded %.3f ms (%+.2f %%), open %.3f ms\n",
                  (double)inside_ns / 1e6, (double)query->engine_ns / 1e6,
                  100.0 * (double)(query->engine_ns - inside_ns) / (double)inside_ns,
                  (double)query->open_ns / 1e6);
    /* What was recorded lies within our calls; the waiting between them does not. */
    assert_true(query->engine_ns <= inside_ns);
    assert_true(query->engine_ns >= INT64_C(15000000));
    assert_true(query->open_ns >= query->engine_ns + INT64_C(90000000));
    assert_int_equal(query->duration_ns, query->engine_ns);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void open_statements_are_settled_as_they_are(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__query *query;
    struct shown shown;
    int64_t stepped_ns;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    act_left_open(db);
    sqlite3_reset(prepared);
    assert_int_equal(sqlite3_step(prepared), SQLITE_ROW);
    toolbar__sqlite_request_settle(shown.request.recording);
    stepped_ns = query_at(shown.request.recording, 2)->engine_ns;
    assert_true(stepped_ns > 0);
    query = query_at(shown_finish(&shown), 1);
    assert_true(query->engine_ns > 0 && query->open_ns >= query->engine_ns);
    /* Settled: nothing more is added to it. */
    assert_int_equal(sqlite3_step(prepared), SQLITE_ROW);
    sqlite3_finalize(prepared);
    assert_int_equal(query_at(shown.request.recording, 2)->engine_ns, stepped_ns);
    assert_int_equal(shown.request.recording->query_count, 2);
    shown_end(&shown);
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

static void the_trace_hook_stays_the_applications(void **state)
{
    sqlite3 *db = open_database(":memory:");
    struct shown shown;
    int count = 0;

    (void)state;
    assert_int_equal(toolbar_sqlite_attach(toolbar, db, "main"), TOOLBAR_OK);
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_trace, &count);
    shown_begin(&shown);
    run_sql(db, "SELECT 1; SELECT 2");
    assert_int_equal(shown_finish(&shown)->query_count, 2);
    shown_end(&shown);
    assert_int_equal(count, 2);
    run_sql(db, "SELECT 3");
    assert_int_equal(count, 3);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_execution_is_recorded_once),
        cmocka_unit_test(nothing_is_recorded_for_a_hidden_request),
        cmocka_unit_test(reading_the_schema_is_not_recorded),
        cmocka_unit_test(errors_are_recorded_as_sqlite_says_them),
        cmocka_unit_test(a_long_error_is_cut),
        cmocka_unit_test(a_busy_commit_is_one_statement),
        cmocka_unit_test(figures_are_those_of_the_execution),
        cmocka_unit_test(connections_have_names),
        cmocka_unit_test(callers_are_the_application),
        cmocka_unit_test(time_is_that_inside_sqlite),
        cmocka_unit_test(open_statements_are_settled_as_they_are),
        cmocka_unit_test(the_trace_hook_stays_the_applications),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
