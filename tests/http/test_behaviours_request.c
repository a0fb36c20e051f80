/*
 * What people try first on a panel about the request: the same name several times, letters beyond
 * ASCII, bytes that are no letters, JSON of all shapes, and secrets under names of all kinds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "record.h"
#include "server.h"

static struct toolbar *toolbar;
static struct server *server;

static enum MHD_Result answer_page(struct call *call)
{
    return call_text(call, MHD_HTTP_OK, "text/html", "<!doctype html><body>page</body>");
}

static const struct route routes[] = {{"/*", answer_page}, {NULL, NULL}};

static const char form_type[] = "application/x-www-form-urlencoded";

static char *post(const char *type, const char *body)
{
    return record_post(server, "/post", type, body, strlen(body), 1000);
}

static void assert_pair(const char *record, const char *list, int at, const char *name,
                        const char *value)
{
    char path[64];

    snprintf(path, sizeof path, "panels.request.%s[%d].name", list, at);
    assert_is(record, path, name);
    snprintf(path, sizeof path, "panels.request.%s[%d].value", list, at);
    assert_is(record, path, value);
}

static void a_name_may_come_several_times(void **state)
{
    char *records[] = {record_get(server, "/get?a=2&a=1&b=&a=3", ""),
                       record_get(server, "/get", "Cookie: a=2; a=1; b=; a=3\r\n"),
                       post(form_type, "a=2&a=1&b=&a=3")};
    static const char *const lists[] = {"query", "cookies", "form"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_pair(records[i], lists[i], 0, "a", "2");
        assert_pair(records[i], lists[i], 1, "a", "1");
        assert_pair(records[i], lists[i], 2, "b", "");
        assert_pair(records[i], lists[i], 3, "a", "3");
        free(records[i]);
    }
}

/* In UTF-8 they are letters; in another charset they do no harm: the record is JSON all the same.
 */
static void names_and_values_may_be_any_bytes(void **state)
{
    char *record = record_get(server, "/\xc3\xa9t\xc3\xa9?%C3%BC=%E2%82%AC", "");

    (void)state;
    assert_is(record, "panels.request.path", "/\xc3\xa9t\xc3\xa9");
    assert_pair(record, "query", 0, "\xc3\xbc", "\xe2\x82\xac");
    free(record);
    record = post(form_type, "%C3%BC=\xe2\x82\xac&b=1");
    assert_pair(record, "form", 0, "\xc3\xbc", "\xe2\x82\xac");
    assert_pair(record, "form", 1, "b", "1");
    free(record);
    record = post("application/x-www-form-urlencoded; charset=iso-8859-1",
                  "%FC=%DF&\xfc=\xdf&%=%zz&b=%00x&c=1");
    assert_value(record, "panels.request.form", "c", "1");
    free(record);
    record = record_get(server, "/get?\xff=\xfe&a=1", "Cookie: \xff=\xfe; a=1\r\n");
    assert_value(record, "panels.request.query", "a", "1");
    assert_value(record, "panels.request.cookies", "a", "1");
    free(record);
}

/* The secret is always the same: it must be nowhere in the record. */
static void secrets_have_names_of_all_kinds(void **state)
{
    static const char *const bodies[] = {
        "{\"password\":\"marmalade\"}",
        "{\"PassWord\":\"marmalade\"}",
        "{\"old_password_2\":\"marmalade\"}",
        "{\"user\":{\"credentials\":{\"name\":\"marmalade\"}}}",
        "{\"tokens\":[\"marmalade\",{\"x\":\"marmalade\"}]}",
        "[{\"id\":1,\"api.key\":\"marmalade\"},{\"id\":2,\"api.key\":\"marmalade\"}]",
        "[[{\"client-secret\":\"marmalade\"}]]",
        "{\"pass(word\":1,\"password.*[\":\"marmalade\",\"$password^\":\"marmalade\"}",
        "{\"secret\":\"marmalade",
        "{\"secret\":{\"a\":[\"marmalade",
        "  {\"a\":\"b\",\"authorization\" : \"Basic marmalade\" }  ",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char *record = post("application/json", bodies[i]);

        if (strstr(record, "marmalade")) fail_msg("%s is in %s", bodies[i], record);
        free(record);
    }
}

/* A harmless name stays harmless whatever a pattern would make of it. */
static void harmless_names_keep_their_values(void **state)
{
    char *record = post("application/json", "[{\"a.*b[\":\"shown\"},{\"author\":[null,true,1e3]}]");
    struct json body = json_at(record, "panels.request.body.json");
    char *text = json_string(body);

    (void)state;
    assert_non_null(strstr(text, "\"a.*b[\": \"shown\""));
    assert_non_null(strstr(text, "1e3"));
    assert_null(strstr(text, "********"));
    free(text);
    free(record);
    record = record_get(server, "/get?keyword=shown&monkey=shown", "Cookie: theme=dark\r\n");
    assert_pair(record, "query", 0, "keyword", "shown");
    assert_pair(record, "query", 1, "monkey", "shown");
    assert_pair(record, "cookies", 0, "theme", "dark");
    free(record);
}

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_POOL, .transport = SERVER_GNUTLS, .routes = routes};

    (void)state;
    options.toolbar = toolbar = server_toolbar(NULL, NULL);
    server = server_start(&options);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop_complete(server);
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_may_come_several_times),
        cmocka_unit_test(names_and_values_may_be_any_bytes),
        cmocka_unit_test(secrets_have_names_of_all_kinds),
        cmocka_unit_test(harmless_names_keep_their_values),
    };

    return cmocka_run_group_tests_name("behaviours of requests", tests, start, stop);
}
