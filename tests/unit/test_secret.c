/* The secret key must be found wherever it turns up, in whatever it is wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "record/recording.h"

#define KEY "otters-climb-quiet-fjord"
#define OTHER "n0+a/word=of(its)own"

static unsigned asked;

static bool is_other(const void *cls, const char *value, size_t length)
{
    (void)cls;
    asked++;
    return length == sizeof OTHER - 1 && memcmp(value, OTHER, length) == 0;
}

static const struct toolbar__secret secret = {
    .presented = KEY,
    .presented_length = sizeof KEY - 1,
    .lengths = {0, sizeof OTHER - 1},
    .in_force = is_other,
};

static bool is_in(const char *data)
{
    return toolbar__secret_in(&secret, data, strlen(data));
}

/* Every byte as an escape, `times` times over. */
static const char *encoded(const char *key, unsigned times)
{
    static char results[2][4096];
    const char *from = key;

    for (unsigned i = 0; i < times; i++) {
        char *to = results[i % 2];

        for (; *from; from++) {
            to += snprintf(to, 4, "%%%02X", (unsigned)(unsigned char)*from);
        }
        from = results[i % 2];
    }
    return from;
}

static void presented(void **state)
{
    (void)state;
    assert_true(is_in(KEY));
    assert_true(is_in("INSERT INTO log VALUES('MYAPPKEY: " KEY "')"));
    assert_true(is_in("x" KEY "x"));
    for (unsigned times = 1; times <= 3; times++) {
        assert_true(is_in(encoded(KEY, times)));
    }
    assert_true(is_in("%6Ftters-climb-quiet-fjor%64"));
    assert_true(is_in("/a%20b/%256Ftters-%63limb-quiet-fjord?x"));
    assert_true(is_in("50% of %2525 %otters-climb-quiet-fjord"));
    /* What printf '%s' "$key" | xxd -p says. */
    assert_true(is_in("x'6f74746572732d636c696d622d71756965742d666a6f7264'"));
    assert_true(is_in("X'006F74746572732D636C696D622D71756965742D666A6F726400'"));
    assert_false(is_in(""));
    assert_false(is_in("otters climb quiet fjords"));
    assert_false(is_in("otters-climb-quiet-fjor"
                       " "));
    assert_false(is_in("%6"));
}

/* Wherever data was cut, not much of the key is left behind. */
static void cut(void **state)
{
    (void)state;
    for (unsigned times = 0; times <= 3; times++) {
        const char *data = encoded(KEY, times);
        size_t each = strlen(data) / (sizeof KEY - 1);

        for (size_t length = 8 * each; length < strlen(data); length++) {
            assert_true(toolbar__secret_in(&secret, data, length));
        }
        assert_false(toolbar__secret_in(&secret, data, 7 * each));
    }
}

static void in_force(void **state)
{
    (void)state;
    assert_true(is_in(OTHER));
    assert_true(is_in("/people/" OTHER));
    assert_true(is_in("SELECT '" OTHER "' FROM t"));
    for (unsigned times = 1; times <= 3; times++) {
        assert_true(is_in(encoded(OTHER, times)));
    }
    assert_false(is_in("x" OTHER));
    assert_false(is_in(OTHER "x"));
    /* Asking costs a digest: only a word of the right length is worth one. */
    asked = 0;
    assert_false(is_in("SELECT"));
    assert_false(is_in("abcdefghijklmnopqrs"));
    assert_false(is_in("abcdefghijklmnopqrstu"));
    assert_int_equal(asked, 0);
    assert_false(is_in("abcdefghijklmnopqrst"));
    assert_int_equal(asked, 1);
}

/* An application's own callback may take anything for a key. */
static void short_ones(void **state)
{
    static const struct toolbar__secret tiny = {.presented = "1", .presented_length = 1};
    static const struct toolbar__secret none = {0};

    (void)state;
    assert_true(toolbar__secret_in(&tiny, "1", 1));
    assert_false(toolbar__secret_in(&tiny, "10", 2));
    assert_false(toolbar__secret_in(&none, "10", 2));
}

static const struct toolbar__query *run(struct toolbar_recording *recording, const char *sql,
                                        const struct toolbar__value *value)
{
    struct toolbar__statement *statement =
        toolbar__recording_statement(recording, "main", sql, strlen(sql));
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    struct toolbar__query *query =
        toolbar__recording_query(recording, statement, 0, value, value ? 1 : 0);

    outcome.error_code = 1;
    outcome.error_message = sql;
    toolbar__recording_query_done(recording, statement, query, &outcome);
    return query;
}

static void recordings_keep_none(void **state)
{
    struct toolbar_recording *recording = toolbar__recording_new();
    struct toolbar__value text = {.type = TOOLBAR__VALUE_TEXT, .as.bytes = KEY, .kept = 12};
    struct toolbar__value blob = {.type = TOOLBAR__VALUE_BLOB, .as.bytes = "\0" KEY};
    struct toolbar__pairs pairs = {0};
    const struct toolbar__query *query;
    char straddling[300];

    (void)state;
    blob.kept = blob.length = sizeof KEY;
    text.length = sizeof KEY - 1;
    toolbar__recording_set_secret(recording, &secret);
    query = run(recording, "SELECT ?, name FROM t WHERE id = 'a " KEY "'", &text);
    assert_string_equal(query->statement->sql, "SELECT ?, name FROM t WHERE id = ?");
    assert_string_equal(query->error_message, "********");
    assert_int_equal(query->values[0].type, TOOLBAR__VALUE_MASKED);
    query = run(recording, "SELECT \"" KEY "\" FROM t", &blob);
    assert_null(strstr(query->statement->sql, KEY));
    assert_int_equal(query->values[0].type, TOOLBAR__VALUE_MASKED);
    snprintf(straddling, sizeof straddling, "%245s%s", "", KEY);
    text = (struct toolbar__value){.type = TOOLBAR__VALUE_TEXT, .as.bytes = straddling};
    text.kept = text.length = strlen(straddling);
    query = run(recording, "SELECT ?", &text);
    assert_int_equal(query->values[0].type, TOOLBAR__VALUE_MASKED);
    assert_string_equal(toolbar__recording_string(recording, KEY, 20), "********");
    toolbar__pairs_add(recording, &pairs, KEY, sizeof KEY - 1, "a=" OTHER, sizeof OTHER + 1);
    assert_string_equal(pairs.first->name, "********");
    assert_string_equal(pairs.first->value, "********");
    toolbar__pairs_add(recording, &pairs, "name", 4, "value", 5);
    assert_string_equal(pairs.last->name, "name");
    assert_string_equal(pairs.last->value, "value");
    toolbar__recording_finish(recording, 200, NULL, 1);
    assert_null(memmem(recording, sizeof *recording, KEY, 8));
    toolbar__recording_unref(recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presented),
        cmocka_unit_test(cut),
        cmocka_unit_test(in_force),
        cmocka_unit_test(short_ones),
        cmocka_unit_test(recordings_keep_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
