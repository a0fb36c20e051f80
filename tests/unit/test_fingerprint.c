/* Fingerprints: what is equal, what is not, and how they read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/fingerprint.h"

static char *fingerprint(const char *sql, size_t length)
{
    struct toolbar_text text;
    char *result;

    toolbar__text_init(&text, 65536);
    toolbar__fingerprint(&text, sql, length);
    result = toolbar__text_take(&text, NULL);
    assert_non_null(result);
    return result;
}

static void assert_fingerprint(const char *sql, const char *expected)
{
    char *actual = fingerprint(sql, strlen(sql));

    assert_string_equal(actual, expected);
    free(actual);
    /* The shape of a shape is that shape. */
    actual = fingerprint(expected, strlen(expected));
    assert_string_equal(actual, expected);
    free(actual);
}

static void it_reads_well(void **state)
{
    (void)state;
    assert_fingerprint("select  Name , AGE\n from\tPeople where id=7 ;",
                       "SELECT name, age FROM people WHERE id = ?");
    assert_fingerprint("SELECT p.*, count( * ) FROM main.people AS p",
                       "SELECT p.*, count(*) FROM main.people AS p");
    assert_fingerprint("INSERT INTO t (a,b) VALUES (1,'x')", "INSERT INTO t(a, b) VALUES (?, ...)");
    assert_fingerprint("UPDATE t SET a=a+1 WHERE b<>?", "UPDATE t SET a = a + ? WHERE b <> ?");
    assert_fingerprint("SELECT a->>'$.x' FROM t", "SELECT a ->> ? FROM t");
    assert_fingerprint("SELECT t.key, t.\"Key\" FROM t", "SELECT t.key, t.\"Key\" FROM t");
    assert_fingerprint("BEGIN IMMEDIATE;", "BEGIN IMMEDIATE");
    assert_fingerprint("SELECT 1; SELECT 2;;", "SELECT ?; SELECT ?");
    assert_fingerprint(" ;; SELECT 1", "SELECT ?");
    assert_fingerprint(";;", "");
}

static void values_do_not_matter(void **state)
{
    static const char *const values[] = {"1",       "-1",       "+ 1",    "1.5e-3", "0x1f",
                                         "'it''s'", "x'00ff'",  "?",      "?17",    ":a",
                                         "@a",      "$a::b(c)", "' -- '", "''",     "1_000"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char sql[100] = "SELECT a1 FROM t2 WHERE b=";

        strncat(sql, values[i], 40);
        strncat(sql, " AND c=1", 40);
        assert_fingerprint(sql, "SELECT a1 FROM t2 WHERE b = ? AND c = ?");
    }
}

static void white_space_and_comments_do_not_matter(void **state)
{
    const char *expected = "SELECT a FROM t WHERE b = ?";

    (void)state;
    assert_fingerprint("SELECT a FROM t WHERE b = 1", expected);
    assert_fingerprint("-- who\nselect/**/a\r\nfrom t where(b)=1", "SELECT a FROM t WHERE (b) = ?");
    assert_fingerprint("-- who\nselect/* ' */a\r\nfrom t where b=1 -- '", expected);
    assert_fingerprint("select a from t where b=1/* open", expected);
    assert_fingerprint("  SELECT\ta\fFROM t WHERE b=1  ;\n ; ", expected);
}

static void lists_are_one(void **state)
{
    (void)state;
    assert_fingerprint("SELECT a FROM t WHERE b IN (1)", "SELECT a FROM t WHERE b IN (?, ...)");
    assert_fingerprint("SELECT a FROM t WHERE b IN(1 , -2,?3)",
                       "SELECT a FROM t WHERE b IN (?, ...)");
    assert_fingerprint("SELECT a FROM t WHERE b IN (1,c)", "SELECT a FROM t WHERE b IN (?, c)");
    assert_fingerprint("SELECT a FROM t WHERE b IN (SELECT 1)",
                       "SELECT a FROM t WHERE b IN (SELECT ?)");
    assert_fingerprint("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (?)");
    assert_fingerprint("INSERT INTO t VALUES (1),(2), (3)", "INSERT INTO t VALUES (?)");
    assert_fingerprint("INSERT INTO t VALUES (1,2),(3,4)\n,(5,6)", "INSERT INTO t VALUES (?, ...)");
    assert_fingerprint("INSERT INTO t VALUES (1,2),(a,4)", "INSERT INTO t VALUES (?, ...), (a, ?)");
    assert_fingerprint("SELECT f(1), (2)", "SELECT f(?), (?)");
    assert_fingerprint("SELECT f(1,2), g()", "SELECT f(?, ...), g()");
    assert_fingerprint("SELECT a FROM t LIMIT 1, 2", "SELECT a FROM t LIMIT ?, ?");
}

static void signs_and_differences(void **state)
{
    (void)state;
    assert_fingerprint("SELECT a-1", "SELECT a - ?");
    assert_fingerprint("SELECT a - -1", "SELECT a - ?");
    assert_fingerprint("SELECT (a)-1", "SELECT (a) - ?");
    assert_fingerprint("SELECT 1-1", "SELECT ? - ?");
    assert_fingerprint("SELECT -a, ~ b", "SELECT -a, ~b");
    assert_fingerprint("SELECT CASE WHEN a THEN 1 END - 1", "SELECT CASE WHEN a THEN ? END - ?");
}

/* Two tables that only differ in their quoted names are two tables. */
static void quoted_names_stay(void **state)
{
    (void)state;
    assert_fingerprint("SELECT \"a\" FROM \"T1\"", "SELECT \"a\" FROM \"T1\"");
    assert_fingerprint("SELECT \"a\" FROM \"T2\"", "SELECT \"a\" FROM \"T2\"");
    assert_fingerprint("SELECT `a``b` FROM [T 3]", "SELECT `a``b` FROM [T 3]");
    assert_fingerprint("SELECT c FROM t1 JOIN t2", "SELECT c FROM t1 JOIN t2");
}

static void nonsense_is_survived(void **state)
{
    char *huge;
    struct toolbar_text text;

    (void)state;
    assert_fingerprint("", "");
    assert_fingerprint(";", "");
    assert_fingerprint("-- only a comment", "");
    assert_fingerprint("SELECT 'open", "SELECT ?");
    assert_fingerprint("SELECT \"open", "SELECT \"open");
    assert_fingerprint("((((", "((((");
    assert_fingerprint("SELECT (1,2", "SELECT (?, ?");

    /* It must stop at its bound, and fast, though every parenthesis is looked past. */
    huge = malloc(1000000);
    assert_non_null(huge);
    memset(huge, '(', 1000000);
    toolbar__text_init(&text, 1000);
    toolbar__fingerprint(&text, huge, 1000000);
    assert_true(text.failed);
    assert_true(text.length <= 1000);
    toolbar__text_free(&text);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_well),
        cmocka_unit_test(values_do_not_matter),
        cmocka_unit_test(white_space_and_comments_do_not_matter),
        cmocka_unit_test(lists_are_one),
        cmocka_unit_test(signs_and_differences),
        cmocka_unit_test(quoted_names_stay),
        cmocka_unit_test(nonsense_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
