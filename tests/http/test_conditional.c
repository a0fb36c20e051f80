/*
 * A server that answers 304 and compresses: asked through the toolbar's look-up, it sends a page
 * that can carry the panel to who is shown it, and what it always sends to all others. It uses
 * the drop-in names, so that these are tried too.
 */
#define TOOLBAR_MHD_DROP_IN
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"
#include "server.h"

static const char page[] = "<!doctype html><html><body><p>text</p></body></html>";

static enum MHD_Result answer_page(struct call *call)
{
    const char *tag =
        MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "If-None-Match");
    const char *coding =
        MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "accept-encoding");
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof page - 1, (void *)(uintptr_t)page, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result;

    if (MHD_add_response_header(response, "Content-Type", "text/html") != MHD_YES) abort();
    if (coding && MHD_add_response_header(response, "Content-Encoding", "x-app") != MHD_YES)
        abort();
    result = MHD_queue_response(call->connection, tag ? 304 : 200, response);
    MHD_destroy_response(response);
    return result;
}

static const struct route routes[] = {{"/page", answer_page}, {NULL, NULL}};

static struct toolbar *toolbar;
static struct server *server;

static struct reply get(const char *headers)
{
    struct reply reply = {0};

    if (!fetch(server->port, true, "GET", "/page", headers, &reply)) fail_msg("no reply");
    return reply;
}

static void a_shown_page_is_whole_and_plain(void **state)
{
    struct reply reply = get(SERVER_KEY_LINE "If-None-Match: \"a\"\r\nAccept-Encoding: x-app\r\n");

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_null(reply_header(&reply, "Content-Encoding"));
    assert_page(&reply, page);
    reply_free(&reply);
}

static void others_get_what_they_ask_for(void **state)
{
    struct reply reply = get("If-None-Match: \"a\"\r\n");

    (void)state;
    assert_int_equal(reply.status, 304);
    assert_hidden(&reply);
    reply_free(&reply);
    reply = get("Accept-Encoding: x-app\r\n");
    assert_string_equal(reply_header(&reply, "Content-Encoding"), "x-app");
    assert_hidden(&reply);
    reply_free(&reply);
}

static void a_fetch_keeps_its_conditions(void **state)
{
    struct reply reply =
        get(SERVER_KEY_LINE "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"
                            "Sec-Fetch-Dest: empty\r\nIf-None-Match: \"a\"\r\n");

    (void)state;
    assert_int_equal(reply.status, 304);
    assert_non_null(reply_header(&reply, "Debug-Toolbar-Id"));
    reply_free(&reply);
}

static int start(void **state)
{
    struct server_options options = {
        .mode = SERVER_EPOLL, .transport = SERVER_MBEDTLS, .routes = routes};

    (void)state;
    toolbar = server_toolbar(NULL, NULL);
    options.toolbar = toolbar;
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
        cmocka_unit_test(a_shown_page_is_whole_and_plain),
        cmocka_unit_test(others_get_what_they_ask_for),
        cmocka_unit_test(a_fetch_keeps_its_conditions),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
