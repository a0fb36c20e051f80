/*
 * 120 names that tell of secrets, in each of seven carriers, and 40 values that look like one:
 * none of it in the page, in the record, in the list of requests or in the log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "json_reader.h"
#include "server.h"

/* Looks like nothing in particular: only its name can give it away. */
#define CANARY "marmalade"
#define HEX32 "9f86d081884c7d659a2feaa0c55ad015"
#define TOKEN "kR3nV8xQ2mZ7pL5tW9yB"
#define JWT "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl"

enum carrier { QUERY, FORM, MULTIPART, JSON, COOKIE, REQUEST_HEADER, RESPONSE_HEADER, CARRIERS };

// clang-format off
static const char *const names[] = {
    "password", "PASSWORD", "Password", "password1", "password_confirmation", "new-password",
    "user.password", "user-password", "passwordHash", "userPassword", "pass_word", "pass",
    "db_pass", "dbPass", "PASS", "passwd", "passphrase", "passcode", "pwd", "user.pwd", "pw",
    "secret", "client_secret", "clientSecret", "SECRET_KEY", "secrets", "token", "tokens",
    "access_token", "accessToken", "refresh-token", "id_token", "csrfmiddlewaretoken",
    "authenticity_token", "X-Auth-Token", "auth", "HTTP_AUTHORIZATION", "X-Authorization",
    "x-proxy-authorization", "basic_auth", "authCode", "oauth", "oauth2", "oauth_verifier", "key",
    "KEY", "api_key", "apiKey", "APIKey", "apikey", "X-API-KEY", "api", "API", "keys", "key1",
    "ssh_key", "privateKey", "private_key", "encryption_key", "aws_access_key_id",
    "AWSAccessKeyId", "sig", "signature", "x_signature", "session", "sessionid", "SESSIONID",
    "PHPSESSID", "JSESSIONID", "sess.session", "sid", "connect.sid", "SID", "userSID", "csrf",
    "_csrf", "xsrf", "XSRF-TOKEN", "credential", "credentials", "cred", "creds", "otp", "OTP",
    "otpCode", "totp", "pin", "PIN", "user_pin", "userPIN", "PINCode", "pin-code", "cvv", "cvc",
    "card", "card_number", "cardNumber", "creditCard", "credit-card-number", "iban", "IBAN",
    "ssn", "SSN", "socialSecurityNumber", "email", "e-mail", "E_MAIL", "userEmail", "email2",
    "phone", "phoneNumber", "mobile_phone", "jwt", "JWT", "bearer", "bearerToken", "private",
    "nonce", "code", "state"
};

/* Each with the part that must not be seen. */
static const char *const shapes[][2] = {
    {JWT, "c2lnbmF0dXJl"}, {"Bearer " JWT, "c2lnbmF0dXJl"}, {"x=" JWT, "c2lnbmF0dXJl"},
    {"eyJ0eXAiOiJKV1QifQ.eyJhIjoxfQ.", "eyJ0eXAi"}, {"(" JWT ")", "c2lnbmF0dXJl"},
    {"-----BEGIN RSA PRIVATE KEY-----MIIE", "MIIE"}, {"-----BEGIN EC PRIVATE KEY-----Mx", "Mx"},
    {"-----BEGIN OPENSSH PRIVATE KEY-----b3B", "b3B"}, {"a -----BEGIN CERTIFICATE-----M", "CERT"},
    {HEX32, "9f86d08"}, {"9F86D081884C7D659A2FEAA0C55AD015", "9F86D08"}, {"<" HEX32 ">", "9f86d08"},
    {"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", "da39a3"}, {HEX32 HEX32, "9f86d08"},
    {"a " HEX32 " b", "9f86d08"}, {"00000000000000000000000000000000", "0000000"},
    {TOKEN, "kR3nV8x"}, {TOKEN "4cD6", "kR3nV8x"}, {"a." TOKEN, "kR3nV8x"}, {"ghp_" TOKEN, "kR3nV8x"},
    {"Zk3v9Qw1Xe7Lp5RtB8nF2yH6jM4ug0Tc", "Zk3v9Qw"}, {"dGhpcyBpcyBh-IHNlY3JldCB0_b2tlbg", "dGhpcy"},
    {"value: aB3dE6gH9jK2mN5pQ8sT", "aB3dE6g"}, {"AIzaSyD4x8Kq2Lm9Nn0Pp1Rr3Ss5Tt7Uu9Vv1W", "AIzaSy"},
    {"4111111111111111", "41111111"}, {"4111 1111 1111 1111", "4111 1"}, {"4111-1111-1111-1111", "4111-1"},
    {"5500005555555559", "55000055"}, {"378282246310005", "37828224"}, {"6011111111111117", "60111111"},
    {"a 4012888888881881 b", "40128888"}, {"https://bob:" CANARY "@host/", CANARY},
    {"postgres://bob:" CANARY "@db/x", CANARY}, {"see redis://:" CANARY "@db", CANARY},
    {"ftp://b:" CANARY "@h/a?b=c", CANARY}, {"password=" CANARY, CANARY}, {"a=1&token=" CANARY, CANARY},
    {"/next?api_key=" CANARY "&a=1", CANARY}, {"https://h/p?secret=" CANARY, CANARY},
    {"a%3Dpassword%3D" CANARY, CANARY}
};
// clang-format on

enum { NAMES = sizeof names / sizeof *names, SHAPES = sizeof shapes / sizeof *shapes };
_Static_assert(NAMES == 120 && SHAPES == 40, "as many as are asked for");

static struct toolbar *toolbar;
static struct server *server;
static struct log kept_log = LOG_INIT;
static unsigned tried;

/* The response's headers of the case that is being tried. */
static struct {
    const char *name, *value;
} wanted;

static enum MHD_Result answer(struct call *call)
{
    static const char page[] = "<!doctype html><html><body>page</body></html>";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);
    char cookie[300];

    MHD_add_response_header(response, "Content-Type", "text/html");
    if (wanted.name) {
        snprintf(cookie, sizeof cookie, "%s=%s; Path=/", wanted.name, wanted.value);
        MHD_add_response_header(response, wanted.name, wanted.value);
        MHD_add_response_header(response, "Set-Cookie", cookie);
    }
    return call_answer(call, MHD_HTTP_OK, response);
}

static const struct route routes[] = {{"/*", answer}, {NULL, NULL}};

static void append(struct bytes *bytes, const char *string)
{
    bytes_append(bytes, string, strlen(string));
}

static void append_encoded(struct bytes *bytes, const char *string)
{
    char code[4];

    for (; *string; string++) {
        snprintf(code, sizeof code, "%%%02x", (unsigned char)*string);
        bytes_append(bytes, code, 3);
    }
}

static const char *type_of(enum carrier carrier)
{
    switch (carrier) {
    case FORM: return "application/x-www-form-urlencoded";
    case MULTIPART: return "multipart/form-data; boundary=bound";
    case JSON: return "application/json";
    default: return NULL;
    }
}

static void make_body(struct bytes *body, enum carrier carrier, const char *name, const char *value)
{
    switch (carrier) {
    case FORM:
        append(body, "first=1&");
        append_encoded(body, name);
        append(body, "=");
        append_encoded(body, value);
        break;
    case MULTIPART:
        append(body, "--bound\r\nContent-Disposition: form-data; name=\"");
        append(body, name);
        append(body, "\"\r\n\r\n");
        append(body, value);
        append(body, "\r\n--bound--\r\n");
        break;
    case JSON:
        append(body, "{\"first\": [1], \"");
        append(body, name);
        append(body, "\" : \"");
        append(body, value);
        append(body, "\"}");
        break;
    default: break;
    }
}

static void make_request(struct bytes *request, enum carrier carrier, const char *name,
                         const char *value)
{
    struct bytes body = {0};
    char line[600];

    make_body(&body, carrier, name, value);
    append(request, body.length ? "POST /a" : "GET /a");
    if (carrier == QUERY) {
        append(request, "?");
        append_encoded(request, name);
        append(request, "=");
        append_encoded(request, value);
    }
    append(request, " HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE);
    snprintf(line, sizeof line, "%s%s%s%s\r\n", carrier == COOKIE ? "Cookie: " : "", name,
             carrier == COOKIE ? "=" : ": ", value);
    if (carrier == COOKIE || carrier == REQUEST_HEADER) append(request, line);
    if (body.length) {
        snprintf(line, sizeof line, "Content-Type: %s\r\nContent-Length: %zu\r\n", type_of(carrier),
                 body.length);
        append(request, line);
    }
    append(request, "\r\n");
    if (body.length) append(request, body.data);
    bytes_free(&body);
}

static void assert_clean(const struct bytes *bytes, const char *where, enum carrier carrier,
                         const char *name, const char *secret)
{
    if (memmem(bytes->data, bytes->length, secret, strlen(secret))) {
        fail_msg("%s of carrier %d, %s, in the %s:\n%s", secret, (int)carrier, name, where,
                 bytes->data);
    }
}

/* The panel of a hostile name must still be there: nothing is hidden by failing. */
static void try(struct client *client, enum carrier carrier, const char *name, const char *value,
                const char *secret)
{
    struct bytes request = {0};
    struct reply page, record, list;
    char path[100];

    tried++;
    wanted.name = carrier == RESPONSE_HEADER ? name : NULL;
    wanted.value = value;
    make_request(&request, carrier, name, value);
    assert_true(client_send(client, request.data, request.length));
    assert_true(client_read(client, false, &page));
    assert_int_equal(page.status, 200);
    assert_non_null(strstr(page.body.data, "<debug-toolbar"));
    assert_null(strstr(page.body.data, "could not be shown"));
    assert_clean(&page.body, "page", carrier, name, secret);
    snprintf(path, sizeof path, "/__debug__/requests/%s.json",
             reply_header(&page, "Debug-Toolbar-Id"));
    assert_true(client_fetch(client, "GET", path, SERVER_KEY_LINE, &record));
    assert_int_equal(record.status, 200);
    assert_int_equal(json_at(record.body.data, "panels.request").type, JSON_OBJECT);
    assert_clean(&record.body, "record", carrier, name, secret);
    assert_non_null(strstr(record.body.data, "********"));
    assert_true(client_fetch(client, "GET", "/__debug__/requests.json", SERVER_KEY_LINE, &list));
    assert_clean(&list.body, "list", carrier, name, secret);
    bytes_free(&request);
    reply_free(&page);
    reply_free(&record);
    reply_free(&list);
}

static void try_all(const char *name, const char *value, const char *secret)
{
    struct client *client = client_open(server->port, true);

    assert_non_null(client);
    for (enum carrier carrier = 0; carrier < CARRIERS; carrier++) {
        try(client, carrier, name, value, secret);
    }
    client_close(client);
}

static void assert_log_clean(const char *secret)
{
    for (size_t i = 0; i < sizeof kept_log.lines / sizeof *kept_log.lines; i++) {
        const struct bytes *lines = &kept_log.lines[i];

        if (lines->length) assert_null(memmem(lines->data, lines->length, secret, strlen(secret)));
    }
}

static void telling_names(void **state)
{
    (void)state;
    tried = 0;
    for (size_t i = 0; i < NAMES; i++) {
        try_all(names[i], CANARY, CANARY);
    }
    assert_int_equal(tried, 840);
    assert_log_clean(CANARY);
}

/* One that looks like a secret is hidden whatever it is called, unless the name is the secret. */
static void telling_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        try_all("note", shapes[i][0], shapes[i][1]);
        assert_log_clean(shapes[i][1]);
    }
}

/* The key itself, repeated wherever a client can put it, is not even told by its length. */
static void the_key(void **state)
{
    (void)state;
    try_all("note", SERVER_KEY, SERVER_KEY);
    try_all("note", "a " SERVER_KEY " b", SERVER_KEY);
    assert_log_clean(SERVER_KEY);
}

/* In the strict mode nothing has to look like a secret. */
static void strict_mode(void **state)
{
    (void)state;
    try_all("note", CANARY, CANARY);
    try_all("a", "1 " CANARY, CANARY);
    assert_log_clean(CANARY);
}

static int start_with(bool hide_values)
{
    struct toolbar_options toolbar_options = TOOLBAR_OPTIONS_INIT;
    struct server_options options = {.transport = SERVER_MBEDTLS, .routes = routes};

    toolbar_options.hide_values = hide_values;
    toolbar = options.toolbar = server_toolbar(&toolbar_options, &kept_log);
    server = server_start(&options);
    return 0;
}

static int start(void **state)
{
    (void)state;
    return start_with(false);
}

static int start_strict(void **state)
{
    (void)state;
    return start_with(true);
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    toolbar_free(toolbar);
    log_clear(&kept_log);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telling_names),
        cmocka_unit_test(telling_shapes),
        cmocka_unit_test(the_key),
    };
    const struct CMUnitTest strict_tests[] = {
        cmocka_unit_test(telling_names),
        cmocka_unit_test(telling_shapes),
        cmocka_unit_test(the_key),
        cmocka_unit_test(strict_mode),
    };

    return cmocka_run_group_tests_name("redaction", tests, start, stop) +
           cmocka_run_group_tests_name("redaction, values hidden", strict_tests, start_strict,
                                       stop);
}
