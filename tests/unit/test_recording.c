/* What a recording adds up to: grouping, duplicates, bounds, masking, lateness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "record/recording.h"

static struct toolbar__query *run(struct toolbar_recording *recording, const char *connection,
                                  const char *sql, const struct toolbar__value *values,
                                  unsigned count)
{
    struct toolbar__statement *statement =
        toolbar__recording_statement(recording, connection, sql, strlen(sql));
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    struct toolbar__query *query;

    if (!statement) return NULL;
    query = toolbar__recording_query(recording, statement, 10, values, count);
    outcome.open_ns = 1000;
    outcome.rows = 1;
    toolbar__recording_query_done(recording, statement, query, &outcome);
    return query;
}

static struct toolbar__value integer(int64_t value)
{
    return (struct toolbar__value){.type = TOOLBAR__VALUE_INTEGER, .as.integer = value};
}

/* Six queries as other toolbars count them, so that nobody has to learn new words. */
static void test_similar_and_duplicate(void **state)
{
    static const char *const sql[] = {
        "SELECT * FROM t WHERE id=1",           "SELECT * FROM t WHERE id=1",
        "select *  from t where id = 2 -- two", "SELECT * FROM t WHERE id<10",
        "SELECT * FROM t WHERE id<20",          "SELECT * FROM t WHERE id>10 AND id<20"};
    static const unsigned similar[] = {3, 3, 3, 2, 2, 0}, duplicate[] = {2, 2, 0, 0, 0, 0};
    struct toolbar_recording *recording = toolbar__recording_new();
    const struct toolbar__query *query;
    unsigned i = 0;

    (void)state;
    for (size_t n = 0; n < 6; n++) {
        assert_non_null(run(recording, "main", sql[n], NULL, 0));
    }
    toolbar__recording_finish(recording, 200, NULL, 1000);
    for (query = recording->queries; query; query = query->next, i++) {
        assert_int_equal(query->number, i + 1);
        assert_int_equal(query->similar, similar[i]);
        assert_int_equal(query->duplicate, duplicate[i]);
    }
    assert_int_equal(i, 6);
    assert_int_equal(recording->group_count, 3);
    assert_int_equal(recording->sql_ns, 6000);
    assert_int_equal(recording->connections->count, 6);
    assert_int_equal(recording->connections->similar, 5);
    assert_int_equal(recording->connections->duplicate, 2);
    toolbar__recording_unref(recording);
}

static void test_parameters_make_the_difference(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__value one = integer(1), two = integer(2);
    struct toolbar__value text = {
        .type = TOOLBAR__VALUE_TEXT, .as.bytes = "1", .kept = 1, .length = 1};
    const char *sql = "SELECT name FROM t WHERE id = ?1";
    struct toolbar__query *a = run(recording, "main", sql, &one, 1);
    struct toolbar__query *b = run(recording, "main", sql, &two, 1);
    struct toolbar__query *c = run(recording, "main", sql, &one, 1);
    struct toolbar__query *d = run(recording, "main", sql, &text, 1);
    struct toolbar__value longer = {
        .type = TOOLBAR__VALUE_TEXT, .as.bytes = "1", .kept = 1, .length = 1000};
    struct toolbar__value unseen = {.type = TOOLBAR__VALUE_UNKNOWN};
    struct toolbar__query *e = run(recording, "main", sql, &longer, 1);
    struct toolbar__query *f = run(recording, "main", sql, &unseen, 1);
    struct toolbar__query *g = run(recording, "main", sql, &unseen, 1);
    struct toolbar__query *other = run(recording, "other", sql, &one, 1);

    (void)state;
    toolbar__recording_finish(recording, 200, NULL, 1000);
    assert_int_equal(a->duplicate, 2);
    assert_int_equal(b->duplicate, 0);
    assert_int_equal(c->duplicate, 2);
    assert_int_equal(d->duplicate, 0);
    assert_int_equal(e->duplicate, 0);
    assert_int_equal(f->duplicate, 0);
    assert_int_equal(g->duplicate, 0);
    assert_int_equal(a->similar, 7);
    assert_int_equal(other->similar, 0);
    toolbar__recording_unref(recording);
}

static void test_more_than_is_kept_is_counted(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    unsigned kept = 0;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct toolbar__value value = integer(i);

        if (run(recording, "main", "SELECT ?", &value, 1)) kept++;
    }
    toolbar__recording_finish(recording, 200, NULL, 1000);
    assert_int_equal(kept, TOOLBAR__QUERIES_MAXIMUM);
    assert_int_equal(recording->kept_count, TOOLBAR__QUERIES_MAXIMUM);
    assert_int_equal(recording->query_count, 2000);
    assert_int_equal(recording->groups->count, 2000);
    assert_int_equal(recording->sql_ns, 2000 * 1000);
    assert_int_equal(recording->queries->similar, 2000);
    toolbar__recording_unref(recording);
}

static void test_memory_is_bounded(void **state)
{
    static char sql[200 * 1024];
    struct toolbar_recording *recording = toolbar__recording_new();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        memset(sql, 'a' + i % 26, sizeof sql - 1);
        snprintf(sql, 40, "SELECT column_%d FROM", i);
        sql[strlen(sql)] = ' ';
        run(recording, "main", sql, NULL, 0);
    }
    toolbar__recording_finish(recording, 200, NULL, 1000);
    assert_int_equal(recording->query_count, 1000);
    assert_true(toolbar__recording_bytes(recording) <
                TOOLBAR__RECORDING_MAXIMUM + sizeof *recording + 1);
    assert_int_equal(strlen(recording->queries->statement->sql), TOOLBAR__SQL_MAXIMUM);
    assert_int_equal(recording->queries->statement->length, sizeof sql - 1);
    toolbar__recording_unref(recording);
}

static void test_secrets_are_not_stored(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__value values[] = {
        {.type = TOOLBAR__VALUE_TEXT,
         .name = ":password",
         .as.bytes = "hunter22",
         .kept = 8,
         .length = 8},
        {.type = TOOLBAR__VALUE_TEXT, .name = ":city", .as.bytes = "Paris", .kept = 5, .length = 5},
    };
    struct toolbar__query *query =
        run(recording, "main", "SELECT * FROM t WHERE p = :password AND c = :city", values, 2);

    (void)state;
    assert_int_equal(query->values[0].type, TOOLBAR__VALUE_MASKED);
    assert_null(query->values[0].as.bytes);
    assert_int_equal(query->values[0].length, 8);
    assert_string_equal(query->values[1].as.bytes, "Paris");
    toolbar__recording_unref(recording);

    recording = toolbar__recording_new();
    recording->hide_values = true;
    query = run(recording, "main", "SELECT * FROM t WHERE c = :city AND d = 'x'", values + 1, 1);
    assert_int_equal(query->values[0].type, TOOLBAR__VALUE_MASKED);
    assert_null(strstr(query->statement->sql, "'x'"));
    toolbar__recording_unref(recording);
}

static void test_nothing_changes_after_the_end(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__statement *statement =
        toolbar__recording_statement(recording, "main", "SELECT 1", 8);
    struct toolbar__query *open = toolbar__recording_query(recording, statement, 0, NULL, 0);
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    int64_t sql_ns;

    (void)state;
    toolbar__recording_finish(recording, 404, "status", 1000);
    sql_ns = recording->sql_ns;
    assert_int_equal(open->duration_ns, 1000);
    assert_int_equal(open->duration_ns, sql_ns);
    outcome.open_ns = 123456789;
    toolbar__recording_query_done(recording, statement, open, &outcome);
    assert_null(run(recording, "main", "SELECT 2", NULL, 0));
    assert_null(toolbar__recording_query(recording, statement, 0, NULL, 0));
    toolbar__recording_phase(recording, "late", 0, 1);
    assert_null(toolbar__recording_string(recording, "x", 1));
    toolbar__recording_finish(recording, 200, NULL, 1000);
    assert_int_equal(recording->status, 404);
    assert_string_equal(recording->skipped, "status");
    assert_int_equal(recording->query_count, 1);
    assert_int_equal(recording->sql_ns, sql_ns);
    assert_int_equal(recording->phase_count, 0);
    assert_int_equal(recording->late_queries, 1);
    toolbar__recording_unref(recording);
}

static void test_phases_of_one_name_join(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();

    (void)state;
    toolbar__recording_phase(recording, "handler", 0, 10);
    toolbar__recording_phase(recording, "handler", 10, 10);
    toolbar__recording_phase(recording, "waiting", 20, 5);
    assert_int_equal(recording->phase_count, 2);
    assert_int_equal(recording->phases[0].duration_ns, 20);
    for (int i = 0; i < 1000; i++) {
        toolbar__recording_phase(recording, i % 2 ? "waiting" : "handler", 25 + i, 1);
    }
    assert_int_equal(recording->phase_count, TOOLBAR__PHASES_MAXIMUM);
    assert_int_equal(recording->phases[TOOLBAR__PHASES_MAXIMUM - 1].start_ns +
                         recording->phases[TOOLBAR__PHASES_MAXIMUM - 1].duration_ns,
                     25 + 999 + 1);
    toolbar__recording_unref(recording);
}

static void test_ids_differ(void **state)
{
    struct toolbar_recording *a = toolbar__recording_new(), *b = toolbar__recording_new();

    (void)state;
    assert_int_equal(strspn(a->id, "0123456789abcdef"), TOOLBAR__ID_LENGTH);
    assert_string_not_equal(a->id, b->id);
    toolbar__recording_unref(a);
    toolbar__recording_unref(b);
    toolbar__recording_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_similar_and_duplicate),
        cmocka_unit_test(test_parameters_make_the_difference),
        cmocka_unit_test(test_more_than_is_kept_is_counted),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_secrets_are_not_stored),
        cmocka_unit_test(test_nothing_changes_after_the_end),
        cmocka_unit_test(test_phases_of_one_name_join),
        cmocka_unit_test(test_ids_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
