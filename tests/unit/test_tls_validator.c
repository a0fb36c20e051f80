/*
 * The request validator: which heads pass, that nothing of an invalid one does, and that it
 * follows the framing of messages, however the bytes are cut into pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/tls/validator.h"

struct outcome {
    unsigned verdict;
    char *passed;
    size_t length;
    bool between;
};

/* Feeds `input` in pieces of `piece` bytes, each from a block of its own size. */
static struct outcome feed(struct toolbar__validator *validator, const char *input, size_t length,
                           size_t piece)
{
    struct outcome outcome = {.passed = malloc(length + 1)};

    for (size_t at = 0; at < length && !outcome.verdict;) {
        size_t take = length - at < piece ? length - at : piece;
        char *block = malloc(take);
        size_t used = 0;

        memcpy(block, input + at, take);
        while (used < take && !outcome.verdict) {
            struct toolbar__passage passage;
            size_t consumed = 0;

            outcome.verdict =
                toolbar__validator_feed(validator, block + used, take - used, &consumed, &passage);
            if (outcome.verdict) break;
            memcpy(outcome.passed + outcome.length, passage.data ? passage.data : "",
                   passage.length);
            outcome.length += passage.length;
            if (!consumed) break;
            used += consumed;
        }
        free(block);
        if (used < take) break;
        at += take;
    }
    outcome.passed[outcome.length] = '\0';
    outcome.between = toolbar__validator_between_requests(validator);
    return outcome;
}

static struct outcome feed_new(const char *input, size_t length, size_t piece)
{
    struct toolbar__validator validator;
    struct outcome outcome;

    toolbar__validator_init(&validator);
    outcome = feed(&validator, input, length, piece);
    toolbar__validator_free(&validator);
    return outcome;
}

static const size_t pieces[] = {1, 2, 3, 7, 64, SIZE_MAX};

/* `expected`: what has to pass; NULL: all of the input. */
static void check_bytes(const char *input, size_t length, unsigned verdict, const char *expected,
                        bool between)
{
    if (!expected) expected = input;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct outcome outcome = feed_new(input, (size_t)length, pieces[i]);

        if (outcome.verdict != verdict || strcmp(outcome.passed, expected) != 0 ||
            outcome.between != between)
            fail_msg("in pieces of %zu: %s\n=> %u, passed: %s", pieces[i], input, outcome.verdict,
                     outcome.passed);
        free(outcome.passed);
    }
}

static void check_valid(const char *input)
{
    check_bytes(input, strlen(input), 0, NULL, true);
}

/* Nothing of it may pass. */
static void check_bad(const char *input)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct outcome outcome = feed_new(input, strlen(input), pieces[i]);

        if (outcome.verdict != TOOLBAR__REQUEST_BAD || outcome.length)
            fail_msg("in pieces of %zu: %s\n=> %u, passed: %s", pieces[i], input, outcome.verdict,
                     outcome.passed);
        free(outcome.passed);
    }
}

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: x\r\n"
#define END "\r\n"

static void test_valid_heads(void **state)
{
    (void)state;
    check_valid(GET HOST END);
    check_valid(GET END);
    check_valid("GET / HTTP/1.0\r\n" END);
    check_valid("OPTIONS * HTTP/1.1\r\n" HOST END);
    check_valid("GET http://x/y?z HTTP/1.1\r\n" HOST END);
    check_valid("M-SEARCH /\xc3\xa9?a=\"b\" HTTP/1.1\r\n" HOST END);
    check_valid(GET "MYAPPKEY: 0123456789abcdef\r\n" HOST END);
    check_valid(GET "X:\r\n" HOST END);
    check_valid(GET "X: a\tb  \r\n" HOST END);
    check_valid(GET "X:a\r\nX:b\r\nx:c\r\n" HOST END);
    check_valid(GET "Under_score: \xff\x80\r\n" HOST END);
    check_valid(GET "TE: trailers, deflate\r\n" HOST END);
    check_valid("POST / HTTP/1.1\r\nContent-Length: 0\r\n" END);
    check_valid("POST / HTTP/1.1\r\ncontent-LENGTH:\t5\r\n" END "hello");
    check_valid("POST / HTTP/1.1\r\nContent-Length: 05\r\n" END "a\r\n b");
    check_valid("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" END "ab");
}

static void test_bad_heads(void **state)
{
    (void)state;
    /* Folding: forged names and values with libmicrohttpd 0.9.75. */
    check_bad(GET "MYAPPKE: k1\r\n Y\r\n" END);
    check_bad(GET "X: a\r\n\tb\r\n" END);
    check_bad(GET " X: a\r\n" END);
    check_bad(GET "\tX: a\r\n" END);
    check_bad(GET " \r\n" END);
    /* Names. */
    check_bad(GET "X : a\r\n" END);
    check_bad(GET "X\t: a\r\n" END);
    check_bad(GET ": a\r\n" END);
    check_bad(GET "X\r\n" END);
    check_bad(GET "X Y: a\r\n" END);
    check_bad(GET "\xc2\xad"
                  "X: a\r\n" END);
    check_bad(GET "X(: a\r\n" END);
    /* Line ends. */
    check_bad("GET / HTTP/1.1\nHost: x\r\n" END);
    check_bad("GET / HTTP/1.1\r\nHost: x\n\n");
    check_bad(GET "X: a\rb\r\n" END);
    check_bad(GET "X: a\r\r\n" END);
    check_bad(GET HOST "\r\r\n");
    check_bad(GET HOST "\n");
    check_bad("\n" GET END);
}

static void test_bad_request_lines(void **state)
{
    (void)state;
    check_bad("GET /\r\n" END);
    check_bad("GET / HTTP/1.2\r\n" END);
    check_bad("GET / HTTP/2.0\r\n" END);
    check_bad("GET / http/1.1\r\n" END);
    check_bad("GET / HTTP/1.1 \r\n" END);
    check_bad("GET / HTTP/1.11\r\n" END);
    check_bad("GET  / HTTP/1.1\r\n" END);
    check_bad("GET /  HTTP/1.1\r\n" END);
    check_bad("GET /a b HTTP/1.1\r\n" END);
    check_bad("GET /a\tb HTTP/1.1\r\n" END);
    check_bad("GET\t/ HTTP/1.1\r\n" END);
    check_bad(" GET / HTTP/1.1\r\n" END);
    check_bad("G(T / HTTP/1.1\r\n" END);
    check_bad("GET HTTP/1.1\r\n" END);
    check_bad("GET\r\n" END);
    check_bad("PRI * HTTP/2.0\r\n" END "SM\r\n" END);
    check_bad("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
}

static void test_bad_routing_and_framing(void **state)
{
    (void)state;
    check_bad(GET HOST "host: x\r\n" END);
    check_bad(GET "Content-Length: 5\r\nContent-Length: 5\r\n" END);
    check_bad(GET "Content-Length: 5\r\nContent-Length: 0\r\n" END);
    check_bad(GET "Content-Length: +5\r\n" END);
    check_bad(GET "Content-Length: -1\r\n" END);
    check_bad(GET "Content-Length: 5, 5\r\n" END);
    check_bad(GET "Content-Length: 5 \r\n" END);
    check_bad(GET "Content-Length: 0x5\r\n" END);
    check_bad(GET "Content-Length:\r\n" END);
    check_bad(GET "Content-Length: 9223372036854775808\r\n" END);
    check_bad(GET "Content-Length: 18446744073709551617\r\n" END);
    check_bad(GET "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END);
    check_bad(GET "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END);
    check_bad(GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" END);
    check_bad(GET "Transfer-Encoding: xchunked\r\n" END);
    check_bad(GET "Transfer-Encoding: gzip, chunked\r\n" END);
    check_bad(GET "Transfer-Encoding: chunked \r\n" END);
    check_bad(GET "Transfer-Encoding: identity\r\n" END);
    check_bad(GET "Transfer-Encoding:\r\n" END);
    check_bad("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" END);
}

/* Names take token characters and nothing else, values everything but controls. */
static void test_every_byte(void **state)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char *const shapes[] = {"?bc: v", "a?c: v", "ab?: v",
                                         "a: ?bc", "a: b?c", "a: bc?"};

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t shape = 0; shape < 6; shape++) {
            char input[64];
            int length = snprintf(input, sizeof input, GET "%s\r\n\r\n", shapes[shape]);
            bool good = shape < 3 ? byte && strchr(token, byte)
                                  : byte == '\t' || (byte >= ' ' && byte != 0x7f);

            *strchr(input, '?') = (char)byte;
            /* "a:c: v" has the name "a". */
            if ((shape == 1 || shape == 2) && byte == ':') good = true;
            for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
                struct outcome outcome = feed_new(input, (size_t)length, pieces[i]);

                if (outcome.verdict != (good ? 0 : TOOLBAR__REQUEST_BAD) ||
                    outcome.length != (good ? (size_t)length : 0))
                    fail_msg("byte %d at %zu: %u", byte, shape, outcome.verdict);
                free(outcome.passed);
            }
        }
    }
}

#define CHUNKED "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n" END

static void test_framing(void **state)
{
    (void)state;
    check_valid(GET HOST END GET HOST END);
    check_valid("POST / HTTP/1.1\r\nContent-Length: 19\r\n" END "GET X HTTP/1.1\n\n \r\n" GET END);
    check_valid(CHUNKED "0\r\n\r\n");
    check_valid(CHUNKED "3\r\na\n\n\r\n00A;ext=\"1\"\r\n0123456789\r\n0\r\n\r\n" GET END);
    check_valid(CHUNKED "1\r\nx\r\n0\r\nX-Sum: 1\r\nMYAPPKEY: k\r\n\r\n" GET END);
    /* Empty lines in front of a request are dropped. */
    check_bytes("\r\n\r\n" GET END, strlen("\r\n\r\n" GET END), 0, GET END, true);
    /* Cut off. */
    check_bytes("GET / HT", 8, 0, "", false);
    check_bytes(GET HOST "\r", strlen(GET HOST "\r"), 0, "", false);
    check_bytes(GET END "\r", strlen(GET END "\r"), 0, GET END, false);
    check_bytes(CHUNKED "3\r\nab", strlen(CHUNKED "3\r\nab"), 0, NULL, false);
    check_bytes(CHUNKED "0\r\nX: 1", strlen(CHUNKED "0\r\nX: 1"), 0, CHUNKED "0\r\n", false);
}

static void check_bad_after(const char *head, const char *rest)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char input[1024];
        struct outcome outcome;

        snprintf(input, sizeof input, "%s%s", head, rest);
        outcome = feed_new(input, strlen(input), pieces[i]);
        if (outcome.verdict != TOOLBAR__REQUEST_BAD || outcome.length < strlen(head) ||
            memcmp(outcome.passed, input, outcome.length) != 0)
            fail_msg("in pieces of %zu: %s\n=> %u, passed: %s", pieces[i], input, outcome.verdict,
                     outcome.passed);
        free(outcome.passed);
    }
}

static void test_bad_framing(void **state)
{
    static char long_extension[TOOLBAR__CHUNK_EXTENSION_BYTES + 8];

    (void)state;
    memset(long_extension, 'x', sizeof long_extension - 1);
    long_extension[0] = '1';
    long_extension[1] = ';';

    check_bad_after(GET END, "GET / HTTP/1.1\r\nX : a\r\n" END);
    check_bad_after("POST / HTTP/1.1\r\nContent-Length: 1\r\n" END "x", "y\r\n" END);
    check_bad_after(CHUNKED, "\r\n");
    check_bad_after(CHUNKED, "x\r\n");
    check_bad_after(CHUNKED, "-1\r\n");
    check_bad_after(CHUNKED, "0x1\r\nx\r\n");
    check_bad_after(CHUNKED, " 1\r\nx\r\n");
    check_bad_after(CHUNKED, "1 \r\nx\r\n");
    check_bad_after(CHUNKED, "1\nx\r\n");
    check_bad_after(CHUNKED, "1\rx");
    check_bad_after(CHUNKED, ";x\r\n");
    check_bad_after(CHUNKED, "1;a\nb\r\n");
    check_bad_after(CHUNKED, "1;a\x01\r\n");
    check_bad_after(CHUNKED, long_extension);
    check_bad_after(CHUNKED, "0000000000000001\r\nx\r\n");
    check_bad_after(CHUNKED, "1\r\nxy\r\n");
    check_bad_after(CHUNKED, "1\r\nx\n0\r\n");
    check_bad_after(CHUNKED "0\r\n", "X : 1\r\n\r\n");
    check_bad_after(CHUNKED "0\r\n", "X: 1\r\n Y\r\n\r\n");
    check_bad_after(CHUNKED "0\r\n", "Content-Length: 1\r\n\r\n");
    check_bad_after(CHUNKED "0\r\n", "Host: 1\r\n\r\n");
    check_bad_after(CHUNKED "0\r\n", "Transfer-Encoding: chunked\r\n\r\n");
}

static void test_head_size(void **state)
{
    static char input[TOOLBAR__HEAD_BYTES + 64];

    (void)state;
    memset(input, 'x', sizeof input - 1);
    input[snprintf(input, sizeof input, GET "X: ")] = 'x';
    memcpy(input + TOOLBAR__HEAD_BYTES - 4, "\r\n\r\n", 5);
    check_bytes(input, TOOLBAR__HEAD_BYTES, 0, NULL, true);

    input[TOOLBAR__HEAD_BYTES - 4] = 'x';
    memcpy(input + TOOLBAR__HEAD_BYTES - 3, "\r\n\r\n", 5);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct outcome outcome = feed_new(input, TOOLBAR__HEAD_BYTES + 1, pieces[i]);

        assert_int_equal(outcome.verdict, TOOLBAR__REQUEST_TOO_LARGE);
        assert_int_equal(outcome.length, 0);
        free(outcome.passed);
    }
}

#define UPGRADE GET "Connection: Upgrade\r\nUpgrade: websocket\r\n" END

/* Feeds input, expects `passed` to pass, and leaves the validator as it is then. */
static void feed_some(struct toolbar__validator *validator, const char *input, const char *passed)
{
    struct outcome outcome = feed(validator, input, strlen(input), SIZE_MAX);

    assert_int_equal(outcome.verdict, 0);
    assert_string_equal(outcome.passed, passed);
    free(outcome.passed);
}

static void test_upgrade(void **state)
{
    struct toolbar__validator validator;

    (void)state;
    toolbar__validator_init(&validator);
    feed_some(&validator, UPGRADE "\x81\x05hello", UPGRADE);
    assert_true(toolbar__validator_awaits_answer(&validator));
    assert_true(toolbar__validator_between_requests(&validator));
    toolbar__validator_answer(&validator, "HTTP/1.", 7);
    assert_true(toolbar__validator_awaits_answer(&validator));
    toolbar__validator_answer(&validator, "1 101 Switching Protocols\r\n", 27);
    assert_false(toolbar__validator_awaits_answer(&validator));
    feed_some(&validator, "\x81\x05hello\r\n \n", "\x81\x05hello\r\n \n");
    toolbar__validator_free(&validator);

    /* Refused: goes on as HTTP. */
    toolbar__validator_init(&validator);
    feed_some(&validator, UPGRADE, UPGRADE);
    toolbar__validator_answer(&validator, "HTTP/1.1 200 OK\r\n", 17);
    feed_some(&validator, GET END, GET END);
    /* And a later one does not leave HTTP. */
    feed_some(&validator, UPGRADE GET END, UPGRADE GET END);
    toolbar__validator_answer(&validator, "HTTP/1.1 101 OK\r\n", 17);
    feed_some(&validator, GET END, GET END);
    toolbar__validator_free(&validator);

    /* With a body it is none. */
    check_valid("POST / HTTP/1.1\r\nUpgrade: x\r\nContent-Length: 1\r\n" END "x" GET END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_heads),       cmocka_unit_test(test_bad_heads),
        cmocka_unit_test(test_bad_request_lines), cmocka_unit_test(test_bad_routing_and_framing),
        cmocka_unit_test(test_every_byte),        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_bad_framing),       cmocka_unit_test(test_head_size),
        cmocka_unit_test(test_upgrade),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
