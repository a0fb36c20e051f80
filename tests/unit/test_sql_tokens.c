/* Tokens of SQL, against SQLite's own idea of them where it can be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "record/sql_tokens.h"

/* One letter a token: the type; spaces are left out. */
static void assert_types(const char *sql, const char *expected)
{
    static const char letters[] = ".sckwitbnpo";
    char types[64] = "";
    size_t count = 0;
    size_t at = 0;

    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, strlen(sql), &at);

        if (token.type == TOOLBAR__SQL_END) break;
        if (token.type == TOOLBAR__SQL_SPACE) continue;
        assert_true(count + 1 < sizeof types);
        types[count++] = letters[token.type];
    }
    if (strcmp(types, expected) != 0) print_error("in: %s\n", sql);
    assert_string_equal(types, expected);
}

/* Of most statements that is true, and then nobody looks for values. */
static void statements_without_values_have_none(void **state)
{
    static const char alphabet[] = "xX'?:a$ -/*\n[\"]1.(`_";
    unsigned without = 0;
    uint32_t random = 1;

    (void)state;
    for (int i = 0; i < 50000; i++) {
        size_t length = 1 + (size_t)i % 12, at = 0;
        struct toolbar__sql_token token;
        char sql[12];

        for (size_t j = 0; j < length; j++) {
            random = random * 1664525 + 1013904223;
            sql[j] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        if (toolbar__sql_has_values(sql, length)) continue;
        without++;
        do {
            token = toolbar__sql_next(sql, length, &at);
            if (token.type == TOOLBAR__SQL_NUMBER) print_error("in: %.*s\n", (int)length, sql);
            assert_int_not_equal(token.type, TOOLBAR__SQL_COMMENT);
            assert_int_not_equal(token.type, TOOLBAR__SQL_IDENTIFIER);
            assert_int_not_equal(token.type, TOOLBAR__SQL_STRING);
            assert_int_not_equal(token.type, TOOLBAR__SQL_BLOB);
            assert_int_not_equal(token.type, TOOLBAR__SQL_NUMBER);
        } while (token.type != TOOLBAR__SQL_END);
    }
    assert_true(without > 1000);
    assert_false(toolbar__sql_has_values("SELECT a1 FROM t2 WHERE a1 = ?12", 32));
}

/* What is passed over between parameters has none in it, however broken the text is. */
static void parameters_are_the_same_alone(void **state)
{
    static const char alphabet[] = "xX'?:a$ -/*\n[\"]1.(`_";
    uint32_t random = 1;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct toolbar__sql_token token, alone;
        size_t length = 1 + (size_t)i % 20, at = 0, at_alone = 0;
        char sql[20];

        for (size_t j = 0; j < length; j++) {
            random = random * 1664525 + 1013904223;
            sql[j] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        do {
            do {
                token = toolbar__sql_next(sql, length, &at);
            } while (token.type != TOOLBAR__SQL_PARAMETER && token.type != TOOLBAR__SQL_END);
            alone = toolbar__sql_next_parameter(sql, length, &at_alone);
            if (alone.data != token.data) print_error("in: %.*s\n", (int)length, sql);
            assert_int_equal(alone.type, token.type);
            assert_ptr_equal(alone.data, token.data);
            assert_int_equal(alone.length, token.length);
        } while (token.type != TOOLBAR__SQL_END);
    }
}

static void types_are_told_apart(void **state)
{
    (void)state;
    assert_types("", "");
    assert_types(" \t\r\n\f", "");
    assert_types("SELECT name FROM t", "kwkw");
    assert_types("select -- what\nid /* it */ from t", "kcwckw");
    assert_types("/**/ 1 /*/ 2 */ 3", "cncn");
    assert_types("'it''s' x'00ff' X'' xy", "tbbw");
    assert_types("\"a\"\"b\" `c``d` [e]", "iii");
    assert_types("1 1.5 .5 5. 1e9 1E-9 1.e+3 0x1F 1_000 0xF_F", "nnnnnnnnnn");
    assert_types("a.b t.1", "wowwn");
    assert_types("? ?12 :a @b $c #d $e::f(g)", "ppppppp");
    assert_types("a->b a->>'$.x' a||b a<>b a!=b a==b a<=b a>=b a<<b a>>b",
                 "wowwotwowwowwowwowwowwowwowwow");
    assert_types("- -", "oo");
    assert_types("(a,b);", "owowoo");
}

static void lengths_are_exact(void **state)
{
    static const struct {
        const char *sql;
        const char *first;
    } cases[] = {
        {"'a''b'c", "'a''b'"},
        {"'a'' ", "'a'' "},
        {"\"x\"\"y\" z", "\"x\"\"y\""},
        {"[a]b]", "[a]"},
        {"[a", "[a"},
        {"x'12", "x'12"},
        {"-- a\nb", "-- a"},
        {"/* a */b", "/* a */"},
        {"/* a", "/* a"},
        {"12abc d", "12abc"},
        {"0x1fz", "0x1fz"},
        {"1e+5-2", "1e+5"},
        {"1e+", "1e"},
        {"1__0", "1__0"},
        {"?12a", "?12"},
        {":a::b(c d)", ":a::b(c"},
        {"$a(b)c", "$a(b)"},
        {": a", ":"},
        {"->>x", "->>"},
        {"->x", "->"},
        {"a$b-", "a$b"},
        {"\xc3\xa9t\xc3\xa9 x", "\xc3\xa9t\xc3\xa9"},
        {"\x01\x02", "\x01"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 0;
        struct toolbar__sql_token token =
            toolbar__sql_next(cases[i].sql, strlen(cases[i].sql), &at);

        if (token.length != strlen(cases[i].first)) print_error("in: %s\n", cases[i].sql);
        assert_int_equal(token.length, strlen(cases[i].first));
        assert_ptr_equal(token.data, cases[i].sql);
        assert_int_equal(at, token.length);
    }
}

static void every_keyword_of_sqlite_is_one(void **state)
{
    (void)state;
    assert_true(sqlite3_keyword_count() >= 147);
    for (int i = 0; i < sqlite3_keyword_count(); i++) {
        const char *name;
        char word[64] = "";
        int length;
        size_t at = 0;

        assert_int_equal(sqlite3_keyword_name(i, &name, &length), SQLITE_OK);
        memcpy(word, name, (size_t)length);
        word[0] = (char)(word[0] | 0x20);
        assert_int_equal(toolbar__sql_next(word, (size_t)length, &at).type, TOOLBAR__SQL_KEYWORD);
        assert_int_equal(at, length);
    }
    assert_types("selec selects current_timestamps", "www");
}

/* Whatever comes in, the tokens are the text, piece by piece, each at least a byte long. */
static void any_bytes_are_covered(void **state)
{
    static const char alphabet[] = "'\"`[]x0e.+-*/_?:@$#() \nab;\x80\xff";
    char *bytes;
    uint32_t random = 1;

    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        size_t length = round % 24;
        size_t at = 0;

        /* Of exactly this size, so that AddressSanitizer sees a byte read too much. */
        bytes = malloc(length ? length : 1);
        assert_non_null(bytes);
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        while (at < length) {
            size_t before = at;
            struct toolbar__sql_token token = toolbar__sql_next(bytes, length, &at);

            assert_int_not_equal(token.type, TOOLBAR__SQL_END);
            assert_ptr_equal(token.data, bytes + before);
            assert_true(token.length > 0 && at == before + token.length && at <= length);
        }
        assert_int_equal(toolbar__sql_next(bytes, length, &at).type, TOOLBAR__SQL_END);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_apart),
        cmocka_unit_test(parameters_are_the_same_alone),
        cmocka_unit_test(statements_without_values_have_none),
        cmocka_unit_test(lengths_are_exact),
        cmocka_unit_test(every_keyword_of_sqlite_is_one),
        cmocka_unit_test(any_bytes_are_covered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
