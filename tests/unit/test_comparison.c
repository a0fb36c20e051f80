/* Two requests side by side: what is matched with what, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "routes/comparison.h"

enum { MS = 1000 * 1000 };

static void query(struct toolbar_recording *recording, const char *connection, const char *sql,
                  unsigned times, int64_t each_ns)
{
    struct toolbar__statement *statement =
        toolbar__recording_statement(recording, connection, sql, strlen(sql));
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;

    outcome.engine_ns = outcome.open_ns = each_ns;
    for (unsigned i = 0; i < times; i++) {
        toolbar__recording_query_done(recording, statement,
                                      toolbar__recording_query(recording, statement, 0, NULL, 0),
                                      &outcome);
    }
}

static struct toolbar_recording *finished(struct toolbar_recording *recording)
{
    toolbar__recording_finish(recording, 200, NULL, 100 * MS);
    return recording;
}

static void check(const struct toolbar__comparison *comparison, size_t index, const char *change,
                  const char *sql)
{
    const struct toolbar__pairing *pairing = &comparison->pairings[index];
    const struct toolbar__group *group = pairing->b ? pairing->b : pairing->a;

    assert_string_equal(toolbar__change_names[pairing->change], change);
    assert_string_equal(group->fingerprint, sql);
}

static void test_changes(void **state)
{
    struct toolbar_recording *a = toolbar__recording_new(), *b = toolbar__recording_new();
    struct toolbar__comparison comparison;

    (void)state;
    query(a, "main", "SELECT same FROM t", 1, MS);
    query(b, "main", "SELECT same FROM t", 1, MS + 1000);
    query(a, "main", "SELECT more FROM t WHERE id = 7", 1, MS);
    query(b, "main", "SELECT more FROM t WHERE id = 8", 50, MS);
    query(a, "main", "SELECT fewer FROM t", 3, MS);
    query(b, "main", "SELECT fewer FROM t", 2, 9 * MS);
    query(a, "main", "SELECT slower FROM t", 1, MS);
    query(b, "main", "SELECT slower FROM t", 1, 2 * MS);
    query(a, "main", "SELECT faster FROM t", 1, 2 * MS);
    query(b, "main", "SELECT faster FROM t", 1, MS);
    query(a, "main", "SELECT gone FROM t", 1, MS);
    query(b, "main", "SELECT added FROM t", 1, MS);
    /* The same statement elsewhere is another one. */
    query(b, "log", "SELECT same FROM t", 1, MS);
    /* Twice as slow, but of nothing. */
    query(a, "main", "SELECT noise FROM t", 1, 10 * 1000);
    query(b, "main", "SELECT noise FROM t", 1, 20 * 1000);
    assert_true(toolbar__comparison_make(&comparison, finished(a), finished(b)));
    assert_int_equal(comparison.count, 9);
    check(&comparison, 0, "added", "SELECT added FROM t");
    check(&comparison, 1, "added", "SELECT same FROM t");
    check(&comparison, 2, "gone", "SELECT gone FROM t");
    check(&comparison, 3, "more", "SELECT more FROM t WHERE id = ?");
    check(&comparison, 4, "fewer", "SELECT fewer FROM t");
    check(&comparison, 5, "slower", "SELECT slower FROM t");
    check(&comparison, 6, "faster", "SELECT faster FROM t");
    check(&comparison, 7, "same", "SELECT same FROM t");
    check(&comparison, 8, "same", "SELECT noise FROM t");
    assert_int_equal(comparison.counts[TOOLBAR__CHANGE_SAME], 2);
    toolbar__comparison_free(&comparison);
    toolbar__recording_unref(a);
    toolbar__recording_unref(b);
}

static void test_nothing(void **state)
{
    struct toolbar_recording *a = finished(toolbar__recording_new());
    struct toolbar__comparison comparison;

    (void)state;
    assert_true(toolbar__comparison_make(&comparison, a, a));
    assert_int_equal(comparison.count, 0);
    toolbar__comparison_free(&comparison);
    toolbar__recording_unref(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
