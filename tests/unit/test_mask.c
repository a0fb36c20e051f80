/* What is masked by name, by shape, in SQL and in URLs; and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/mask.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define JWT "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl"
#define HEX32 "9f86d081884c7d659a2feaa0c55ad015"

/* In a buffer of exactly that size, so that a sanitizer sees every byte read too far. */
static char *exact(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length ? length : 1);

    assert_non_null(copy);
    for (size_t i = 0; i < length; i++) {
        copy[i] = text[i];
    }
    return copy;
}

static bool by_name(const char *name)
{
    char *copy = exact(name);
    bool masked = toolbar__mask_name(copy, strlen(name));

    free(copy);
    return masked;
}

static bool by_shape(const char *value)
{
    char *copy = exact(value);
    bool masked = toolbar__mask_value(copy, strlen(value));

    free(copy);
    return masked;
}

static void telling_names(void **state)
{
    // clang-format off
    static const char *const names[] = {
        "password", "PASSWORD", "Password", "password1", "password_confirmation", "new-password",
        "user[password]", "user[0][password]", "passwordHash", "userPassword", "pass_word", "pass",
        "db_pass", "dbPass", "PASS", "passwd", "passphrase", "passcode", "pwd", "user.pwd", "pw",
        "secret", "client_secret", "clientSecret", "SECRET_KEY", "secrets", "token", "tokens",
        "access_token", "accessToken", "refresh-token", "id_token", "csrfmiddlewaretoken",
        "authenticity_token", "X-Auth-Token", "auth", "HTTP_AUTHORIZATION", "Authorization",
        "proxy-authorization", "basic_auth", "authCode", "oauth", "oauth2", "oauth_verifier", "key",
        "KEY", "api_key", "apiKey", "APIKey", "apikey", "X-API-KEY", "api", "API", "keys", "key1",
        "ssh_key", "privateKey", "private_key", "encryption_key", "aws_access_key_id",
        "AWSAccessKeyId", "sig", "signature", "x_signature", "session", "sessionid", "SESSIONID",
        "PHPSESSID", "JSESSIONID", "sess.session", "sid", "connect.sid", "SID", "userSID", "csrf",
        "_csrf", "xsrf", "XSRF-TOKEN", "credential", "credentials", "cred", "creds", "otp", "OTP",
        "otpCode", "totp", "pin", "PIN", "user_pin", "userPIN", "PINCode", "pin-code", "cvv", "cvc",
        "card", "card_number", "cardNumber", "creditCard", "credit-card-number", "iban", "IBAN",
        "ssn", "SSN", "socialSecurityNumber", "email", "e-mail", "E_MAIL", "userEmail", "email2",
        "phone", "phoneNumber", "mobile_phone", "jwt", "JWT", "bearer", "bearerToken", "private",
        "nonce", "code", "codes", "state", "assertion", "client_assertion", "SAMLResponse",
        "samlRequest", "cookie", "Set-Cookie", "HTTP_COOKIE", "mfa", "pAsSwOrD", "p-a-s-s-w-o-r-d",
        "xpasswordx", "api.key", "api key", "master_key", "masterkey", "userpass", "authkey",
        "\303\234ber-pin", "PINNumber", "SSNHash", "userPINs", "p-i-n", "myTOKENvalue"
    };
    // clang-format on

    (void)state;
    assert_true(COUNT(names) >= 120);
    for (size_t i = 0; i < COUNT(names); i++) {
        if (!by_name(names[i])) fail_msg("shown: %s", names[i]);
    }
}

static void harmless_names(void **state)
{
    // clang-format off
    static const char *const names[] = {
        "", "_", "--", "id", "name", "author", "author_id", "authors", "keyword", "keywords",
        "key_word", "keyboard", "monkey", "turkey_id", "primary_key", "foreign_key", "sort_key",
        "sortKey", "shipping", "shippingAddress", "opinion", "spin", "spinner", "pineapple",
        "design", "designer", "signal", "assign", "sigma", "side", "inside", "sidebar", "residence",
        "encode", "encoder", "decoded", "codec", "statement", "stateful", "estate", "status",
        "status_code", "statusCode", "error_code", "country_code", "countryCodes", "compass",
        "passenger", "passage", "bypass", "passed", "cardinal", "discard", "cardboard", "rapid",
        "capital", "therapist", "apiary", "japan", "pandas", "panel", "pattern", "path", "page",
        "q", "query", "search", "sort", "order", "limit", "offset", "created_at", "updatedAt",
        "title", "body", "price", "amount", "father_id", "job", "announce", "pronounced", "option",
        "optical", "laptop", "topic", "powder", "url", "lang", "utf8", "column2", "x", "1",
        "\303\274ber"
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (by_name(names[i])) fail_msg("masked: %s", names[i]);
    }
}

static void long_names(void **state)
{
    char name[400];

    (void)state;
    memset(name, 'x', sizeof name);
    assert_false(toolbar__mask_name(name, 256));
    assert_true(toolbar__mask_name(name, 257));
    snprintf(name + 248, 9, "password");
    assert_true(toolbar__mask_name(name, 256));
}

static void secret_shapes(void **state)
{
    static const char *const values[] = {
        JWT,
        ("Bearer " JWT),
        "eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.",
        ("x=" JWT "; path=/"),
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "-----BEGIN CERTIFICATE-----",
        " -----BEGIN EC PRIVATE KEY-----",
        HEX32,
        "9F86D081884C7D659A2FEAA0C55AD015",
        "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ("<" HEX32 ">"),
        "00000000000000000000000000000000",
        "kR3nV8xQ2mZ7pL5tW9yB",
        "kR3nV8xQ2mZ7pL5tW9yB4cD6",
        "Zk3v9Qw1Xe7Lp5RtB8nF2yH6jM4ug0Tc",
        "dGhpcyBpcyBh-IHNlY3JldCB0_b2tlbg",
        "token: aB3dE6gH9jK2mN5pQ8sT",
        "AIzaSyD4x8Kq2Lm9Nn0Pp1Rr3Ss5Tt7Uu9Vv1W",
        "xoxb-2384729384-kJh3Gf9Ds2Aq1Zx",
        "k3j9x0a8b7c2d5e4f1g6",
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "30569309025904",
        "3530111333300000",
        "2223003122003222",
        "6759649826438453",
        "4222222222222",
        "card 4111111111111111 exp",
        "https://user:pass@example.com/",
        "postgres://app:s3cr3t@db:5432/x",
        "see ftp://a:b@c",
        "redis://:pw@host",
        "amqp://guest:guest@localhost",
        "https://user:p:w@example.com",
    };

    (void)state;
    assert_true(COUNT(values) >= 40);
    for (size_t i = 0; i < COUNT(values); i++) {
        if (!by_shape(values[i])) fail_msg("shown: %s", values[i]);
    }
}

static void harmless_shapes(void **state)
{
    // clang-format off
    static const char *const values[] = {
        "", " ", "1", "hello world", "Smith", "2023-10-23", "2023-10-23T10:20:30Z",
        "2023-10-23T10-20-30Z", "10:20:30.123456", "550e8400-e29b-41d4-a716-446655440000",
        "1700000000", "1700000000000", "1700000000000000000", "4111111111111112",
        "41111111111111110", "411111111111", "1234567812345670", "4111  1111 1111 1111",
        "9f86d081884c7d659a2", "eyJ", "eyJhbGci", "eyJhbGci.", "eyJhbGci. x",
        "https://example.com/", "https://example.com:8080/a@b", "https://user@example.com/",
        "mailto:a@b", "://", "a://b:c", "a://b:c/d@e", "SELECT name FROM people WHERE id = ?",
        "how-to-write-a-debug-toolbar-in-c", "How-To-Write-A-Debug-Toolbar-In-C",
        "sqlite3_column_int64_value", "getUserAccountDetails", "application/x-www-form-urlencoded",
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0)", "the quick brown fox jumps over the lazy dog",
        "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "INSERT INTO people(name) VALUES (?)",
        "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0", "3.14159265358979323846", "127.0.0.1",
        "2001:db8:85a3:0000:0000:8a2e:0370:7334", "BEGIN", "----- BEGIN", "00:1A:2B:3C:4D:5E"
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        if (by_shape(values[i])) fail_msg("masked: %s", values[i]);
    }
}

/* The limits of is_random() hold what their comment promises. */
static void random_tokens(void **state)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned seed = 7, missed[2] = {0, 0};

    (void)state;
    for (int i = 0; i < 4000; i++) {
        char token[32];

        for (size_t j = 0; j < sizeof token; j++) {
            seed = seed * 1103515245u + 12345u;
            token[j] = base64[seed >> 14 & 63];
        }
        missed[0] += !toolbar__mask_value(token, 20);
        missed[1] += !toolbar__mask_value(token, 32);
    }
    assert_in_range(missed[0], 0, 4000 / 25);
    assert_in_range(missed[1], 0, 4000 / 80);
}

static void harmless_headers(void **state)
{
    static const char *const shown[] = {
        "Host",           "HOST",      "accept",       "Accept-Language", "If-None-Match",
        "Sec-Fetch-Site", "sec-ch-ua", "User-Agent",   "Content-Type",    "Content-Length",
        "Range",          "Via",       "Cache-Control"};
    // clang-format off
    static const char *const hidden[] = {
        "", "Cookie", "Authorization", "X-Api-Key", "Referer", "Hosts", "Acceptx", "If",
        "Sec-WebSocket-Key", "MYAPPKEY", "Origin", "X-Forwarded-For", "Content-Type2", "Hos"
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(shown); i++) {
        assert_true(toolbar__mask_harmless_header(shown[i], strlen(shown[i])));
    }
    for (size_t i = 0; i < COUNT(hidden); i++) {
        assert_false(toolbar__mask_harmless_header(hidden[i], strlen(hidden[i])));
    }
}

struct row {
    const char *input;
    const char *masked;
    const char *strict;
};

typedef void (*masker)(struct toolbar_text *text, const char *data, size_t length, bool strict);

static void check(masker mask, const char *input, bool strict, const char *expected)
{
    char *copy = exact(input);
    struct toolbar_text text;
    char *result;

    toolbar__text_init(&text, 65536);
    mask(&text, copy, strlen(input), strict);
    result = toolbar__text_take(&text, NULL);
    assert_non_null(result);
    assert_string_equal(result, expected);
    free(result);
    free(copy);
}

/* NULL: unchanged. */
static void check_rows(masker mask, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];

        check(mask, row->input, false, row->masked ? row->masked : row->input);
        check(mask, row->input, true, row->strict ? row->strict : row->input);
    }
}

static const struct row sql_rows[] = {
    {"", NULL, NULL},
    {"SELECT * FROM people WHERE id = ?", NULL, NULL},
    {"SELECT 1, 'a', x'ff', 1.5e3 FROM \"t\" WHERE a = :b", NULL,
     "SELECT ?, ?, ?, ? FROM \"t\" WHERE a = :b"},
    {"SELECT * FROM t WHERE a = '" JWT "'", "SELECT * FROM t WHERE a = '********'",
     "SELECT * FROM t WHERE a = ?"},
    {"SELECT * FROM t WHERE a = x'" HEX32 "'", "SELECT * FROM t WHERE a = x'********'",
     "SELECT * FROM t WHERE a = ?"},
    {"SELECT * FROM t WHERE a IN (1, 4111111111111111)",
     "SELECT * FROM t WHERE a IN (1, '********')", "SELECT * FROM t WHERE a IN (?, ?)"},
    {"WHERE password = 'hunter2' AND name = 'joe'", "WHERE password = '********' AND name = 'joe'",
     "WHERE password = ? AND name = ?"},
    {"WHERE u.password='hunter2'", "WHERE u.password='********'", "WHERE u.password=?"},
    {"WHERE \"password\" <> 'hunter2'", "WHERE \"password\" <> '********'",
     "WHERE \"password\" <> ?"},
    {"WHERE [api key] LIKE 'x%' ESCAPE '\\'", "WHERE [api key] LIKE '********' ESCAPE '\\'",
     "WHERE [api key] LIKE ? ESCAPE ?"},
    {"WHERE pin = 1234 LIMIT 10", "WHERE pin = '********' LIMIT 10", "WHERE pin = ? LIMIT ?"},
    {"WHERE token IN ('a', 'b') AND x IN ('a', 'b')",
     "WHERE token IN ('********', '********') AND x IN ('a', 'b')",
     "WHERE token IN (?, ?) AND x IN (?, ?)"},
    {"WHERE otp BETWEEN 'a' AND 'b'", "WHERE otp BETWEEN '********' AND '********'",
     "WHERE otp BETWEEN ? AND ?"},
    {"WHERE password = sha1('hunter2')", "WHERE password = sha1('********')",
     "WHERE password = sha1(?)"},
    {"WHERE lower(name) = 'joe'", NULL, "WHERE lower(name) = ?"},
    {"UPDATE u SET name = 'joe', password = 'hunter2', age = 3",
     "UPDATE u SET name = 'joe', password = '********', age = 3",
     "UPDATE u SET name = ?, password = ?, age = ?"},
    {"INSERT INTO u (name, password) VALUES ('joe', 'hunter2'), ('x', 'y')",
     "INSERT INTO u (name, password) VALUES ('********', '********'), ('********', '********')",
     "INSERT INTO u (name, password) VALUES (?, ?), (?, ?)"},
    {"INSERT INTO u (name, age) VALUES ('joe', 3)", NULL,
     "INSERT INTO u (name, age) VALUES (?, ?)"},
    {"INSERT INTO u(a, pin) SELECT 'x', 1234",
     "INSERT INTO u(a, pin) SELECT '********', '********'", "INSERT INTO u(a, pin) SELECT ?, ?"},
    {"INSERT INTO settings VALUES ('smtp_password', 'hunter2')",
     "INSERT INTO settings VALUES ('smtp_password', '********')",
     "INSERT INTO settings VALUES (?, ?)"},
    {"SELECT data ->> '$.token' = 'abc'", "SELECT data ->> '$.token' = '********'",
     "SELECT data ->> ? = ?"},
    {"INSERT INTO u(pin) VALUES (1); SELECT 'a'",
     "INSERT INTO u(pin) VALUES ('********'); SELECT 'a'",
     "INSERT INTO u(pin) VALUES (?); SELECT ?"},
    {"PRAGMA key = 'hunter2'", "PRAGMA key = '********'", "PRAGMA key = ?"},
    {"ATTACH 'a.db' AS b KEY 'hunter2'", "ATTACH 'a.db' AS b KEY '********'",
     "ATTACH ? AS b KEY ?"},
    {"WHERE name = \"" JWT "\"", "WHERE name = \"********\"", "WHERE name = \"********\""},
    {"SELECT 'it''s'", NULL, "SELECT ?"},
    {"SELECT 'cut of", NULL, "SELECT ?"},
    {"WHERE password = 'cut of", "WHERE password = '********'", "WHERE password = ?"},
    {"SELECT '", NULL, "SELECT ?"},
    {"SELECT x'", NULL, "SELECT ?"},
    {"SELECT \"", NULL, NULL},
    {"SELECT 1 /* a comment */", NULL, "SELECT ? /* ******** */"},
    {"SELECT a -- traceparent='00-" HEX32 "-b7ad6b7169203331-01'\n, b",
     "SELECT a /* ******** */\n, b", "SELECT a /* ******** */\n, b"},
    {"\xff\xfe'\xff'", NULL, "\xff\xfe?"},
};

static void sql(void **state)
{
    (void)state;
    check_rows(toolbar__mask_sql, sql_rows, COUNT(sql_rows));
}

/* Cut anywhere, as a recorded statement may be, nothing shows up that the whole one hides. */
static void sql_cut(void **state)
{
    static const char statement[] =
        "INSERT INTO u(a, password) VALUES ('hunter2', \"hunter2x\" || x'6869', 'hunter2'); "
        "UPDATE u SET token='hunter2' /* c */ WHERE pin = 4711";

    (void)state;
    for (size_t length = 0; length < sizeof statement; length++) {
        struct toolbar_text text;

        toolbar__text_init(&text, 4096);
        toolbar__mask_sql(&text, statement, length, false);
        assert_false(text.failed);
        if (text.length) {
            assert_null(memmem(text.data, text.length, "'h", 2));
            assert_null(memmem(text.data, text.length, "47", 2));
        }
        toolbar__text_free(&text);
    }
}

static const struct row url_rows[] = {
    {"", NULL, NULL},
    {"/", NULL, NULL},
    {"/people", NULL, NULL},
    {"/people?", NULL, NULL},
    {"/people?page=2&q=smith", NULL, "/people?page=********&q=********"},
    {"/people?a=&b", NULL, "/people?a=&********"},
    {"/x?token=abc&page=2", "/x?token=********&page=2", "/x?token=********&page=********"},
    {"/x?page=2;token=abc", "/x?page=2;token=********", "/x?page=********;token=********"},
    {"/x?to%6ben=abc", "/x?to%6ben=********", "/x?to%6ben=********"},
    {"/x?user%5Bpassword%5D=abc", "/x?user%5Bpassword%5D=********",
     "/x?user%5Bpassword%5D=********"},
    {"/x?api+key=abc", "/x?api+key=********", "/x?api+key=********"},
    {"/x?a=" HEX32, "/x?a=********", "/x?a=********"},
    {"/x?" HEX32, "/x?********", "/x?********"},
    {"/x?" HEX32 "=1", "/x?********=1", "/x?********=********"},
    {"/x?a=4111+1111+1111+1111", "/x?a=********", "/x?a=********"},
    {"/x?a=4111%201111%201111%201111", "/x?a=********", "/x?a=********"},
    {"/x?a=%2d%2D%2d%2d%2dBEGIN%20RSA", "/x?a=********", "/x?a=********"},
    {"/x?a=%252d%252D%252d%252d%252dBEGIN%2520RSA", "/x?a=********", "/x?a=********"},
    {"/x?a=https%3A%2F%2Fu%3Ap%40h%2F", "/x?a=********", "/x?a=********"},
    {"/x?next=%2Fcb%3Fpage%3D2", NULL, "/x?next=********"},
    {"/x?next=%2Fcb%3Ftoken%3Dabc", "/x?next=********", "/x?next=********"},
    {"/x?next=%252Fcb%253Ftoken%253Dabc", "/x?next=********", "/x?next=********"},
    {"/x?next=/cb?token=abc", "/x?next=/cb?token=********", "/x?next=********?token=********"},
    {"/x?json=%7B%22password%22%3A%22abc%22%7D", "/x?json=********", "/x?json=********"},
    {"/x?json=%7B%22page%22%3A2%7D", NULL, "/x?json=********"},
    {"/x?a=%", NULL, "/x?a=********"},
    {"/x?a=%4", NULL, "/x?a=********"},
    {"/x?a=%zz", NULL, "/x?a=********"},
    {"/x?=abc", NULL, "/x?=********"},
    {"/x?&&", NULL, NULL},
    {"/x#token=abc", "/x#token=********", "/x#token=********"},
    {"/x?a=1#token=abc", "/x?a=1#token=********", "/x?a=********#token=********"},
    {"/reset/" HEX32 "/ok", "/reset/********/ok", "/reset/********/ok"},
    {"/reset/" JWT, "/reset/********", "/reset/********"},
    {"/app;jsessionid=abc/x", "/app;jsessionid=********/x", "/app;jsessionid=********/x"},
    {"/app;v=1/x", NULL, "/app;v=********/x"},
    {"https://user:pw@example.com/x?a=1", "https://user:********@example.com/x?a=1",
     "https://user:********@example.com/x?a=********"},
    {"https://user@example.com:8443/x", NULL, NULL},
    {"https://example.com:8443/x", NULL, NULL},
    {"https://a:b:c@example.com", "https://a:********@example.com",
     "https://a:********@example.com"},
    {"https://", NULL, NULL},
    {"/x/https://user:pw@example.com/", NULL, NULL},
    {"\xff?\xff=\xff", NULL, "\xff?\xff=********"},
};

static void url(void **state)
{
    (void)state;
    check_rows(toolbar__mask_url, url_rows, COUNT(url_rows));
}

static void long_url(void **state)
{
    char input[3000];

    (void)state;
    memset(input, ' ', sizeof input);
    memcpy(input, "/x?a=", 5);
    input[5 + 1024] = '\0';
    check(toolbar__mask_url, input, false, input);
    input[5 + 1024] = ' ';
    input[5 + 1025] = '\0';
    check(toolbar__mask_url, input, false, "/x?a=********");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telling_names),    cmocka_unit_test(harmless_names),
        cmocka_unit_test(long_names),       cmocka_unit_test(secret_shapes),
        cmocka_unit_test(harmless_shapes),  cmocka_unit_test(random_tokens),
        cmocka_unit_test(harmless_headers), cmocka_unit_test(sql),
        cmocka_unit_test(sql_cut),          cmocka_unit_test(url),
        cmocka_unit_test(long_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
