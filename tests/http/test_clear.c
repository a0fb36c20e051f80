/* Clearing the history takes two proofs; without the first one there is nothing to be seen. */
#include "own_pages.h"

/* The token that the history page carries. */
static void read_token(char token[33])
{
    static const char before[] = "name=\"token\" value=\"";
    struct reply reply = get("/__debug__/");

    memcpy(token, find(&reply, before) + sizeof before - 1, 32);
    token[32] = '\0';
    reply_free(&reply);
}

static struct reply clear(const char *headers, const char *body)
{
    struct client *client = client_open(server->port, true);
    struct reply reply = {0};
    char head[600];

    assert_non_null(client);
    snprintf(head, sizeof head,
             "POST /__debug__/clear HTTP/1.1\r\nHost: example.com\r\n%sContent-Length: %zu\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
             headers, strlen(body));
    assert_true(client_send_text(client, head));
    assert_true(client_send_text(client, body));
    assert_true(client_read(client, false, &reply));
    client_close(client);
    return reply;
}

static void clearing(void **state)
{
    static const char *const proofs[] = {SAME, SAME "Origin: null\r\n",
                                         "Origin: https://example.com\r\n"};
    char id[33], token[33], headers[300], body[64];
    struct reply reply;

    (void)state;
    read_token(token);
    for (size_t i = 0; i < 2 * sizeof proofs / sizeof *proofs; i++) {
        bool in_header = i % 2;

        visit("GET", "/page", id);
        assert_int_equal(count_kept(), 1);
        snprintf(headers, sizeof headers, SERVER_KEY_LINE "%s%s%s%s", proofs[i / 2],
                 in_header ? "X-Debug-Toolbar-Token: " : "", in_header ? token : "",
                 in_header ? "\r\n" : "");
        snprintf(body, sizeof body, "token=%s", in_header ? "" : token);
        reply = clear(headers, body);
        assert_int_equal(reply.status, 303);
        assert_header(&reply, "Location", "/__debug__/");
        assert_false(reply.closes);
        reply_free(&reply);
        assert_int_equal(count_kept(), 0);
    }
}

/* Whoever does not come from the history page is not even told that there is something. */
static void clearing_by_others(void **state)
{
    static const char *const headers[] = {
        SAME,
        SERVER_KEY_LINE,
        SERVER_KEY_LINE "Sec-Fetch-Site: none\r\n",
        SERVER_KEY_LINE "Sec-Fetch-Site: same-site\r\n",
        SERVER_KEY_LINE "Sec-Fetch-Site: cross-site\r\n",
        SERVER_KEY_LINE SAME SAME,
        SERVER_KEY_LINE "Origin: null\r\n",
        SERVER_KEY_LINE "Origin: https://example.com.evil.example\r\n",
        SERVER_KEY_LINE "Origin: http://example.com\r\n",
        SERVER_KEY_LINE "Sec-Fetch-Site: cross-site\r\nOrigin: https://example.com\r\n",
    };
    char id[33], token[33], body[64];
    struct reply reply;

    (void)state;
    read_token(token);
    snprintf(body, sizeof body, "token=%s", token);
    visit("GET", "/page", id);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        reply = clear(headers[i], body);
        check_untouched(&reply);
        reply_free(&reply);
    }
    reply = ask("GET", "/__debug__/clear", SERVER_KEY_LINE SAME);
    check_untouched(&reply);
    reply_free(&reply);
    reply = get("/__debug__/requests.json");
    find(&reply, id);
    reply_free(&reply);
}

static void clearing_with_a_wrong_token(void **state)
{
    static char long_body[6000];
    char id[33], token[33], bodies[6][80], headers[200];
    struct reply reply;

    (void)state;
    read_token(token);
    visit("GET", "/page", id);
    snprintf(bodies[0], sizeof *bodies, "token=%.31s%c", token, token[31] == '0' ? '1' : '0');
    snprintf(bodies[1], sizeof *bodies, "token=%.31s", token);
    snprintf(bodies[2], sizeof *bodies, "token=%s0", token);
    snprintf(bodies[3], sizeof *bodies, "TOKEN=%s", token);
    snprintf(bodies[4], sizeof *bodies, "token=");
    bodies[5][0] = '\0';
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        reply = clear(SERVER_KEY_LINE SAME, bodies[i]);
        check_own_page(&reply, 403);
        reply_free(&reply);
    }
    /* More than any page of the toolbar sends, with the right token in front. */
    memset(long_body, '&', sizeof long_body - 1);
    snprintf(long_body, 39, "token=%s", token);
    long_body[38] = '&';
    reply = clear(SERVER_KEY_LINE SAME, long_body);
    check_own_page(&reply, 403);
    reply_free(&reply);
    /* A wrong one in the header is not made good by the form. */
    snprintf(headers, sizeof headers, "%sX-Debug-Toolbar-Token: " NOBODY "\r\n",
             SERVER_KEY_LINE SAME);
    snprintf(bodies[0], sizeof *bodies, "token=%s", token);
    reply = clear(headers, bodies[0]);
    check_own_page(&reply, 403);
    reply_free(&reply);
    assert_int_equal(count_kept(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(clearing),
        TEST(clearing_by_others),
        TEST(clearing_with_a_wrong_token),
    };

    return cmocka_run_group_tests_name("clear", tests, NULL, NULL);
}
