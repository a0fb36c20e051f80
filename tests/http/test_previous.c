/* What goes into the history beside pages: the requests that led to one, and what it loads. */
#include "own_pages.h"

static void post_redirect_get(void **state)
{
    char post[33], landing[33], again[33], path[80];
    struct reply reply;

    (void)state;
    visit("POST", "/redirect/query", post);
    visit("POST", "/page?name=Ada+B&x", again); /* another method */
    visit("GET", "/page", landing);             /* another target */
    reply = record_of(landing);
    assert_int_equal(json_count(json_at(reply.body.data, "previous")), 0);
    reply_free(&reply);

    visit("GET", "/page?name=Ada+B&x", landing);
    reply = record_of(landing);
    assert_int_equal(json_count(json_at(reply.body.data, "previous")), 1);
    assert_true(json_is(json_at(reply.body.data, "previous[0].id"), post));
    assert_true(json_is(json_at(reply.body.data, "previous[0].method"), "POST"));
    assert_true(json_is(json_at(reply.body.data, "previous[0].url"), "/redirect/query"));
    assert_int_equal((int)json_number(json_at(reply.body.data, "previous[0].status")), 303);
    reply_free(&reply);
    snprintf(path, sizeof path, "/__debug__/requests/%s", landing);
    reply = get(path);
    find(&reply, "<p class=\"previous\">after <a href=");
    find(&reply, post);
    reply_free(&reply);
    /* Once only. */
    visit("GET", "/page?name=Ada+B&x", again);
    reply = record_of(again);
    assert_int_equal(json_count(json_at(reply.body.data, "previous")), 0);
    reply_free(&reply);
}

static void redirect_chain(void **state)
{
    char first[33], second[33], landing[33];
    struct reply reply;

    (void)state;
    visit("POST", "/redirect/redirect/page", first);
    visit("GET", "/redirect/page", second);
    visit("GET", "/page", landing);
    reply = record_of(landing);
    assert_int_equal(json_count(json_at(reply.body.data, "previous")), 2);
    assert_true(json_is(json_at(reply.body.data, "previous[0].id"), second));
    assert_true(json_is(json_at(reply.body.data, "previous[1].id"), first));
    reply_free(&reply);
}

/* Two people behind one proxy, or at one machine, are not taken for each other. */
static void other_clients(void **state)
{
    static const char *const others[] = {"User-Agent: other\r\n", "X-Forwarded-For: 192.0.2.2\r\n",
                                         "Forwarded: for=192.0.2.2\r\n"};
    char post[33], landing[33], headers[200];
    struct reply reply;

    (void)state;
    visit("POST", "/redirect/page", post);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(headers, sizeof headers, SERVER_KEY_LINE "%s", others[i]);
        reply = ask("GET", "/page", headers);
        assert_own_headers(&reply, landing);
        reply_free(&reply);
        reply = record_of(landing);
        assert_int_equal(json_count(json_at(reply.body.data, "previous")), 0);
        reply_free(&reply);
    }
    visit("GET", "/page", landing);
    reply = record_of(landing);
    assert_true(json_is(json_at(reply.body.data, "previous[0].id"), post));
    reply_free(&reply);
}

/* A page's style sheets and images do not push pages out of the history. */
static void subresources(void **state)
{
    struct reply reply;
    char id[33];

    (void)state;
    visit("GET", "/page", id);
    for (int i = 0; i < 60; i++) {
        reply = ask("GET", "/page.css", SERVER_KEY_LINE SAME "Sec-Fetch-Dest: style\r\n");
        assert_own_headers(&reply, NULL);
        reply_free(&reply);
    }
    assert_int_equal(count_kept(), 1);
    /* Unless they have something to tell; and what scripts fetch always has. */
    reply = ask("GET", "/queries/1", SERVER_KEY_LINE SAME "Sec-Fetch-Dest: image\r\n");
    reply_free(&reply);
    reply = ask("GET", "/page", SERVER_KEY_LINE SAME "Sec-Fetch-Dest: empty\r\n");
    reply_free(&reply);
    assert_int_equal(count_kept(), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(post_redirect_get),
        TEST(redirect_chain),
        TEST(other_clients),
        TEST(subresources),
    };

    return cmocka_run_group_tests_name("previous", tests, NULL, NULL);
}
