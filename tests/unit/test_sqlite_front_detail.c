/*
 * SQLite watched by the front library, in detail: first rows, transactions, callers, counters,
 * names of errors.
 */
#include "test_sqlite_support.h"

#include "record/preview.h"
#include "record/stack.h"
#include "record/transactions.h"

static const struct toolbar__preview *preview_of(const struct toolbar_recording *recording,
                                                 unsigned number)
{
    const struct toolbar__preview *preview = query_at(recording, number)->preview;

    assert_non_null(preview);
    return preview;
}

static void read_all(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void assert_text(const struct toolbar__value *value, const char *text)
{
    assert_int_equal(value->type, TOOLBAR__VALUE_TEXT);
    assert_int_equal(value->kept, strlen(text));
    assert_memory_equal(value->as.bytes, text, value->kept);
}

static void first_rows_are_kept_as_they_are(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__preview *preview;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    read_all(db, "SELECT id, name, id / 4.0 AS \"a quarter\", NULL, x'00ff', zeroblob(100000),"
                 " replace(hex(zeroblob(15)), '0', 'ab '), 1, 9, 10 FROM author");
    read_all(db, "SELECT id FROM author WHERE id = 1");
    read_all(db, "SELECT id FROM author WHERE id = 2");
    run_sql(db, "INSERT INTO log VALUES ('x')");
    run_sql(db, "SELECT name FROM author WHERE id = 3");
    shown_finish(&shown);
    preview = preview_of(shown.request.recording, 1);
    assert_int_equal(preview->rows, 5);
    assert_int_equal(preview->columns, 8);
    assert_int_equal(preview->all_columns, 10);
    assert_string_equal(preview->names[2].name, "a quarter");
    assert_int_equal(preview->values[4][0].as.integer, 5);
    assert_text(&preview->values[1][1], "a2");
    assert_true(preview->values[0][2].as.real == 0.25);
    assert_int_equal(preview->values[0][3].type, TOOLBAR__VALUE_NULL);
    assert_memory_equal(preview->values[0][4].as.bytes, "\0\xff", 2);
    assert_int_equal(preview->values[0][5].kept, 0);
    assert_int_equal(preview->values[0][5].length, 100000);
    assert_int_equal(preview->values[0][6].kept, TOOLBAR__PREVIEW_BYTES);
    assert_int_equal(preview->values[0][6].length, 90);
    /* One for the group; none where there are no rows; also for what sqlite3_exec() runs. */
    assert_int_equal(preview_of(shown.request.recording, 2)->rows, 1);
    assert_null(query_at(shown.request.recording, 3)->preview);
    assert_null(query_at(shown.request.recording, 4)->preview);
    assert_text(&preview_of(shown.request.recording, 5)->values[0][0], "a3");
    shown_end(&shown);
    sqlite3_close(db);
}

static void secrets_in_rows_are_masked(void **state)
{
    static const char *const statements[] = {
        "SELECT 'hunter2' AS password",
        "SELECT password AS p FROM account",
        "SELECT max(password) FROM account",
        "SELECT '-----BEGIN RSA PRIVATE KEY-----' AS x",
    };
    sqlite3 *db = open_database(":memory:");
    struct shown shown;

    (void)state;
    run_sql(db, "CREATE TABLE account (password, name); INSERT INTO account VALUES ('hunter2', 1)");
    shown_begin(&shown);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        read_all(db, statements[i]);
    }
    read_all(db, "SELECT '-----BEGIN RSA PRIVATE KEY-----'");
    shown_finish(&shown);
    for (unsigned i = 1; i <= 5; i++) {
        const struct toolbar__preview *preview = preview_of(shown.request.recording, i);

        assert_int_equal(preview->values[0][0].type, TOOLBAR__VALUE_MASKED);
        assert_null(preview->values[0][0].as.bytes);
    }
    assert_null(strstr(preview_of(shown.request.recording, 5)->names[0].name, "BEGIN"));
    shown_end(&shown);

    shown_begin(&shown);
    shown.request.recording->hide_values = true;
    read_all(db, "SELECT name FROM account");
    assert_null(query_at(shown_finish(&shown), 1)->preview);
    shown_end(&shown);
    sqlite3_close(db);
}

/* The key that a client sent, wherever the application has put it. */
static void the_key_is_in_no_row(void **state)
{
    static const char key[] = "k3y-0123456789abcdef";
    const struct toolbar__secret secret = {.presented = key, .presented_length = sizeof key - 1};
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__preview *preview;
    struct shown shown;

    (void)state;
    run_sql(db, "CREATE TABLE log (a, b, \"k3y-0123456789abcdef\");"
                "INSERT INTO log VALUES ('sent k3y-0123456789abcdef',"
                "  CAST('k3y-0123456789abcdef' AS BLOB), 1)");
    shown_begin(&shown);
    toolbar__recording_set_secret(shown.request.recording, &secret);
    read_all(db, "SELECT * FROM log");
    preview = preview_of(shown_finish(&shown), 1);
    assert_int_equal(preview->values[0][0].type, TOOLBAR__VALUE_MASKED);
    assert_int_equal(preview->values[0][1].type, TOOLBAR__VALUE_MASKED);
    assert_string_equal(preview->names[2].name, TOOLBAR__MASK);
    shown_end(&shown);
    sqlite3_close(db);
}

static void previews_are_bounded(void **state)
{
    sqlite3 *db = open_database(":memory:");
    unsigned previews = 0;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    for (int i = 0; i < 30; i++) {
        char sql[64];

        snprintf(sql, sizeof sql, "SELECT %d AS column_%d", i, i);
        read_all(db, sql);
    }
    shown_finish(&shown);
    for (unsigned i = 1; i <= 30; i++) {
        if (query_at(shown.request.recording, i)->preview) previews++;
    }
    assert_int_equal(previews, TOOLBAR__PREVIEWS_MAXIMUM);
    shown_end(&shown);
    sqlite3_close(db);
}

static const struct toolbar__transaction *next_is(const struct toolbar__transaction *at,
                                                  const char *savepoint, const char *outcome,
                                                  unsigned first, unsigned last)
{
    assert_non_null(at);
    assert_true(!savepoint == !at->savepoint);
    if (savepoint) assert_string_equal(at->savepoint, savepoint);
    assert_string_equal(at->outcome, outcome);
    assert_int_equal(at->first, first);
    assert_int_equal(at->last, last);
    assert_int_equal(at->queries, last - first + 1);
    assert_true(at->duration_ns > 0);
    return at->next;
}

static void transactions_are_found(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__transaction *at;
    struct shown shown;

    (void)state;
    create_schema(db);
    run_sql(db, "BEGIN");
    shown_begin(&shown);
    run_sql(db, "SELECT 1; COMMIT");                    /* 1, 2 */
    run_sql(db, "begin immediate; SELECT 2; rollback"); /* 3 to 5 */
    run_sql(db, "SAVEPOINT a; SAVEPOINT \"B\"; INSERT INTO log VALUES (1);"
                "ROLLBACK TO a; RELEASE a");                               /* 6 to 10 */
    run_sql(db, "BEGIN; SAVEPOINT c; SELECT 3; RELEASE SAVEPOINT c; END"); /* 11 to 15 */
    run_sql(db, "INSERT INTO log VALUES (2)");                             /* 16, on its own */
    run_sql(db, "BEGIN");                                                  /* 17 */
    assert_int_equal(
        sqlite3_exec(db, "INSERT OR ROLLBACK INTO author VALUES (1, 'x')", NULL, NULL, NULL),
        SQLITE_CONSTRAINT);         /* 18 */
    run_sql(db, "BEGIN; SELECT 4"); /* 19, 20 */
    at = shown_finish(&shown)->transactions;
    assert_true(at->begun_before);
    at = next_is(at, NULL, "commit", 1, 2);
    at = next_is(at, NULL, "rollback", 3, 5);
    at = next_is(at, NULL, "commit", 6, 10);
    at = next_is(at, "a", "rollback", 6, 10);
    at = next_is(at, "\"B\"", "rollback", 7, 9);
    at = next_is(at, NULL, "commit", 11, 15);
    at = next_is(at, "c", "release", 12, 14);
    at = next_is(at, NULL, "rollback", 17, 18);
    at = next_is(at, NULL, "open", 19, 20);
    assert_null(at);
    assert_true(query_at(shown.request.recording, 16)->writes);
    assert_false(query_at(shown.request.recording, 20)->writes);
    shown_end(&shown);
    sqlite3_close(db);
}

static void connections_have_their_own_transactions(void **state)
{
    sqlite3 *one = open_database(":memory:");
    sqlite3 *two = open_database(":memory:");
    const struct toolbar__transaction *at;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    run_sql(one, "BEGIN");
    run_sql(two, "BEGIN");
    run_sql(one, "COMMIT");
    run_sql(two, "ROLLBACK");
    /* Both are called "memory". */
    at = shown_finish(&shown)->transactions;
    assert_string_equal(at->outcome, "commit");
    assert_int_equal(at->queries, 2);
    assert_string_equal(at->next->outcome, "rollback");
    assert_int_equal(at->next->last, 4);
    shown_end(&shown);
    sqlite3_close(one);
    sqlite3_close(two);
}

__attribute__((noinline)) static int look_up(sqlite3_stmt *statement, int id)
{
    int code;

    sqlite3_bind_int(statement, 1, id);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    sqlite3_reset(statement);
    return code;
}

/* Exported: known without debug information. */
__attribute__((noinline)) int handle_request(sqlite3 *db);
int handle_request(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, "SELECT name FROM author WHERE id = ?");
    int code = SQLITE_OK;

    for (int id = 1; id <= 50; id++) {
        code = look_up(statement, id);
    }
    sqlite3_exec(db, "SELECT 1", NULL, NULL, NULL);
    sqlite3_finalize(statement);
    return code;
}

/* The server: it sets the current request, and calls the application. */
__attribute__((noinline)) static void serve(struct shown *shown, sqlite3 *db)
{
    toolbar__current_set(&shown->request);
    assert_int_equal(handle_request(db), SQLITE_DONE);
    toolbar__current_set(NULL);
}

static const struct toolbar__frame *find_frame(const struct toolbar__stack *stack,
                                               const char *function)
{
    for (unsigned i = 0; i < stack->count; i++) {
        const char *name = stack->frames[i].function;

        if (name && strcmp(name, function) == 0) return &stack->frames[i];
    }
    return NULL;
}

/* However often it was called from elsewhere before. */
__attribute__((noinline)) int look_up_early(sqlite3_stmt *statement, int count);
int look_up_early(sqlite3_stmt *statement, int count)
{
    int code = SQLITE_OK;

    for (int id = 1; id <= count; id++) {
        code = look_up(statement, id);
    }
    return code;
}

__attribute__((noinline)) int look_up_late(sqlite3_stmt *statement, int count);
int look_up_late(sqlite3_stmt *statement, int count)
{
    int code = SQLITE_OK;

    for (int id = count; id > 0; id--) {
        code = look_up(statement, id);
    }
    return code;
}

static void callers_are_told_apart_again_and_again(void **state)
{
#if defined(__x86_64__) || defined(__i386__)
    enum { ROUNDS = 20, RUNS = 3 };
#else
    /* Where a return address has no place of its own, callers are looked for so often only. */
    enum { ROUNDS = TOOLBAR__STACK_LOOKS / 8, RUNS = 3 };
#endif
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__query *query;
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    toolbar__current_set(&shown.request);
    statement = prepare_sql(db, "SELECT name FROM author WHERE id = ?");
    for (int i = 0; i < ROUNDS; i++) {
        assert_int_equal(look_up_early(statement, RUNS), SQLITE_DONE);
        assert_int_equal(look_up_late(statement, RUNS), SQLITE_DONE);
    }
    sqlite3_finalize(statement);
    toolbar__current_set(NULL);
    query = shown_finish(&shown)->queries;
    for (int i = 0; i < ROUNDS * 2; i++) {
        const char *function = i % 2 ? "look_up_late" : "look_up_early";

        for (int j = 0; j < RUNS; j++, query = query->next) {
            assert_non_null(query);
            assert_non_null(find_frame(query->stack, function));
        }
    }
    assert_null(query);
    shown_end(&shown);
    sqlite3_close(db);
}

/* Both leave their own part of the stack as large as the other. */
__attribute__((noinline)) int page_early(sqlite3_stmt *statement, int count);
int page_early(sqlite3_stmt *statement, int count)
{
    return look_up_early(statement, count) == SQLITE_DONE ? 1 : 0;
}

__attribute__((noinline)) int page_late(sqlite3_stmt *statement, int count);
int page_late(sqlite3_stmt *statement, int count)
{
    return look_up_early(statement, count) == SQLITE_DONE ? 2 : 0;
}

/* One thread serves them one after the other, down the same stack. */
static void callers_are_told_apart_from_request_to_request(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;

    (void)state;
    create_schema(db);
    statement = prepare_sql(db, "SELECT name FROM author WHERE id = ?");
    for (int i = 0; i < 6; i++) {
        const struct toolbar__stack *stack;
        struct shown shown;

        shown_begin(&shown);
        assert_int_equal((i & 2 ? page_late : page_early)(statement, 2), i & 2 ? 2 : 1);
        stack = shown_finish(&shown)->queries->stack;
        assert_non_null(find_frame(stack, i & 2 ? "page_late" : "page_early"));
        assert_null(find_frame(stack, i & 2 ? "page_early" : "page_late"));
        shown_end(&shown);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void stacks_end_at_the_handler(void **state)
{
    sqlite3 *db = open_database(":memory:");
    const struct toolbar__stack *stack;
    const struct toolbar__frame *frame;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    serve(&shown, db);
    shown_finish(&shown);
    stack = query_at(shown.request.recording, 1)->stack;
    assert_non_null(stack);
    assert_ptr_equal(query_at(shown.request.recording, 1)->call_site, stack->frames[0].address);
    frame = find_frame(stack, "handle_request");
    assert_non_null(frame);
    assert_ptr_equal(frame, &stack->frames[stack->count - 1]);
    /* One for all fifty, another for another statement, also through sqlite3_exec(). */
    for (unsigned i = 2; i <= 50; i++) {
        assert_ptr_equal(query_at(shown.request.recording, i)->stack, stack);
    }
    stack = query_at(shown.request.recording, 51)->stack;
    assert_non_null(find_frame(stack, "handle_request"));
    if (frame->file) {
        assert_non_null(strstr(frame->file, "/tests/unit/test_sqlite_front_detail.c"));
        assert_true(frame->line > 200);
        assert_non_null(find_frame(query_at(shown.request.recording, 1)->stack, "look_up"));
    }
    shown_end(&shown);
    sqlite3_close(db);
}

static void preparing_again_is_counted(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    statement = prepare_sql(db, "SELECT name FROM author");
    shown_begin(&shown);
    assert_int_equal(step_all(statement), SQLITE_DONE);
    sqlite3_reset(statement);
    run_sql(db, "CREATE TABLE made (a)");
    assert_int_equal(step_all(statement), SQLITE_DONE);
    shown_finish(&shown);
    assert_int_equal(query_at(shown.request.recording, 1)->reprepares, 0);
    assert_int_equal(query_at(shown.request.recording, 3)->reprepares, 1);
    assert_int_equal(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0), 1);
    shown_end(&shown);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void errors_have_names(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    struct shown shown;

    (void)state;
    create_schema(db);
    shown_begin(&shown);
    statement = prepare_sql(db, "INSERT INTO author VALUES (50, 'a1')");
    assert_int_equal(sqlite3_step(statement), SQLITE_CONSTRAINT);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT nix", -1, &statement, NULL), SQLITE_ERROR);
    shown_finish(&shown);
    assert_string_equal(query_at(shown.request.recording, 1)->error_name,
                        "SQLITE_CONSTRAINT_UNIQUE");
    assert_string_equal(query_at(shown.request.recording, 2)->error_name, "SQLITE_ERROR");
    shown_end(&shown);
    sqlite3_close(db);
}

/* Last: from here on nothing is kept of any rows. */
static void names_in_utf16_stay_where_they_are(void **state)
{
    sqlite3 *db = open_database(":memory:");
    sqlite3_stmt *statement;
    const void *name;
    struct shown shown;

    (void)state;
    shown_begin(&shown);
    statement = prepare_sql(db, "SELECT 1 AS one");
    name = sqlite3_column_name16(statement, 0);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_ptr_equal(sqlite3_column_name16(statement, 0), name);
    assert_memory_equal(name, u"one", 8);
    sqlite3_finalize(statement);
    assert_null(query_at(shown_finish(&shown), 1)->preview);
    shown_end(&shown);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_rows_are_kept_as_they_are),
        cmocka_unit_test(secrets_in_rows_are_masked),
        cmocka_unit_test(the_key_is_in_no_row),
        cmocka_unit_test(previews_are_bounded),
        cmocka_unit_test(transactions_are_found),
        cmocka_unit_test(connections_have_their_own_transactions),
        cmocka_unit_test(stacks_end_at_the_handler),
        cmocka_unit_test(callers_are_told_apart_again_and_again),
        cmocka_unit_test(callers_are_told_apart_from_request_to_request),
        cmocka_unit_test(preparing_again_is_counted),
        cmocka_unit_test(errors_have_names),
        cmocka_unit_test(names_in_utf16_stay_where_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
