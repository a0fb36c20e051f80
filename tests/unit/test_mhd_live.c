/*
 * The table of connections with an exchange: finding, a full neighbourhood, forgetting. And that
 * a request found hidden is remembered no longer than it lasts, whichever threads it passes.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/mhd/exchange.h"

static struct toolbar *toolbar;

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **req_cls)
{
    (void)cls, (void)connection, (void)url, (void)method;
    (void)version, (void)data, (void)length, (void)req_cls;
    return MHD_NO;
}

static struct toolbar_mhd *new_mhd(void)
{
    struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, handle, NULL);

    assert_non_null(mhd);
    return mhd;
}

/* Never looked into: an address is all that the table knows of a connection. */
static struct MHD_Connection *connection_at(uintptr_t address)
{
    return (struct MHD_Connection *)address;
}

static struct toolbar__exchange *publish(struct toolbar_mhd *mhd, uintptr_t address)
{
    struct toolbar__exchange *exchange = calloc(1, sizeof *exchange);

    assert_non_null(exchange);
    exchange->kind = TOOLBAR__EXCHANGE_BURNED;
    exchange->mhd = mhd;
    exchange->connection = connection_at(address);
    if (toolbar__exchange_publish(exchange)) return exchange;
    toolbar__exchange_free(exchange);
    return NULL;
}

static void test_found_until_withdrawn(void **state)
{
    struct toolbar_mhd *mhd = new_mhd();
    struct toolbar__exchange *exchange;

    (void)state;
    assert_null(toolbar__exchange_find(connection_at(64)));
    exchange = publish(mhd, 64);
    assert_ptr_equal(toolbar__exchange_find(connection_at(64)), exchange);
    assert_null(toolbar__exchange_find(connection_at(128)));
    toolbar__exchange_end(exchange);
    assert_null(toolbar__exchange_find(connection_at(64)));
    toolbar_mhd_free(mhd);
}

/* What the daemon never said was completed goes with its own wrapper, and only that. */
static void test_forgotten_with_its_wrapper(void **state)
{
    struct toolbar_mhd *first = new_mhd();
    struct toolbar_mhd *second = new_mhd();
    struct toolbar__exchange *kept;

    (void)state;
    for (uintptr_t i = 1; i <= 100; i++) {
        assert_non_null(publish(first, i * 64));
    }
    kept = publish(second, 101 * 64);
    toolbar_mhd_free(first);
    for (uintptr_t i = 1; i <= 100; i++) {
        assert_null(toolbar__exchange_find(connection_at(i * 64)));
    }
    assert_ptr_equal(toolbar__exchange_find(connection_at(101 * 64)), kept);
    toolbar_mhd_free(second);
    assert_null(toolbar__exchange_find(connection_at(101 * 64)));
}

/* Full is refused, not overwritten; there is room again afterwards. */
static void test_full(void **state)
{
    struct toolbar_mhd *mhd = new_mhd();
    uintptr_t address = 0;
    uintptr_t first = 64;
    unsigned published = 0;

    (void)state;
    for (address = first; publish(mhd, address); address += 64) {
        published++;
    }
    assert_true(published > 1000);
    assert_null(toolbar__exchange_find(connection_at(address)));
    assert_non_null(toolbar__exchange_find(connection_at(first)));
    toolbar_mhd_free(mhd);
    mhd = new_mhd();
    assert_non_null(publish(mhd, address));
    toolbar_mhd_free(mhd);
}

/* A daemon without threads, one connection to it, and an application that says as little. */
struct site {
    struct toolbar_mhd *mhd;
    struct MHD_Daemon *daemon;
    int client;
};

static char visited;
static unsigned calls;

/* Its only mark that it has seen a request is the same for all of them. */
static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **req_cls)
{
    static char body[] = "<!doctype html><body></body>";
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)cls, (void)url, (void)method, (void)version, (void)data;
    *req_cls = &visited;
    if (!calls++ || *length) {
        *length = 0;
        return MHD_YES;
    }
    calls = 0;
    response = MHD_create_response_from_buffer(sizeof body - 1, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "text/html");
    result = toolbar_mhd_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static void *log_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)uri, (void)connection;
    return cls;
}

static void complete(void *cls, struct MHD_Connection *connection, void **req_cls,
                     enum MHD_RequestTerminationCode code)
{
    toolbar_mhd_completed(cls, connection, req_cls, code);
}

static void complete_nothing(void *cls, struct MHD_Connection *connection, void **req_cls,
                             enum MHD_RequestTerminationCode code)
{
    (void)cls, (void)connection, (void)req_cls, (void)code;
}

static void open_site(struct site *site, struct toolbar_mhd *mhd,
                      MHD_RequestCompletedCallback completed, void *first_req_cls)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int pair[2];

    site->mhd = mhd;
    site->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
                         toolbar_mhd_handler, mhd, MHD_OPTION_NOTIFY_COMPLETED, completed, mhd,
                         MHD_OPTION_URI_LOG_CALLBACK, log_uri, first_req_cls, MHD_OPTION_END);
    assert_non_null(site->daemon);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(
        MHD_add_connection(site->daemon, pair[1], (struct sockaddr *)&address, sizeof address),
        MHD_YES);
    site->client = pair[0];
}

static void close_site(struct site *site)
{
    MHD_stop_daemon(site->daemon);
    close(site->client);
}

static void *run(void *daemon)
{
    for (int i = 0; i < 20; i++) {
        assert_int_equal(MHD_run(daemon), MHD_YES);
    }
    return NULL;
}

static void say(const struct site *site, const char *text)
{
    assert_int_equal(send(site->client, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    run(site->daemon);
}

static void say_on_another_thread(const struct site *site, const char *text)
{
    pthread_t thread;

    assert_int_equal(send(site->client, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    assert_int_equal(pthread_create(&thread, NULL, run, site->daemon), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* A reply has come; the panel is in it, or not. */
static bool is_shown(const struct site *site)
{
    static char reply[256 * 1024];
    ssize_t length = recv(site->client, reply, sizeof reply - 1, 0);

    assert_true(length > 0);
    reply[length] = '\0';
    assert_memory_equal(reply, "HTTP/1.1 200", 12);
    return strstr(reply, "Debug-Toolbar-Id: ") != NULL;
}

#define FOR_PROXY "Host: a\r\nX-Forwarded-Proto: https\r\n"

static void check_hidden_then_shown(const struct site *site)
{
    say(site, "POST / HTTP/1.1\r\n" FOR_PROXY "Content-Length: 1\r\n\r\n");
    say_on_another_thread(site, "x");
    assert_false(is_shown(site));
    say(site, "GET / HTTP/1.1\r\n" FOR_PROXY "MYAPPKEY: Zk3v9Qw1Xe7Lp5Rt\r\n\r\n");
    assert_true(is_shown(site));
}

/*
 * The thread that found the first request hidden is not the one that ends it; what follows on the
 * connection is another request, even if the application's req_cls is the same from the start.
 */
static void test_hidden_until_completed(void **state)
{
    void *const first_req_cls[] = {NULL, &visited};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, answer, NULL);
        struct site site;

        assert_non_null(mhd);
        open_site(&site, mhd, complete, first_req_cls[i]);
        say(&site, "GET / HTTP/1.1\r\n" FOR_PROXY "\r\n");
        assert_false(is_shown(&site));
        check_hidden_then_shown(&site);
        close_site(&site);
        toolbar_mhd_free(mhd);
    }
}

/* Two daemons with one wrapper, and one of them forgets to say when requests are over. */
static void test_hidden_without_completed(void **state)
{
    struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, answer, NULL);
    struct site careful, careless;

    (void)state;
    assert_non_null(mhd);
    open_site(&careful, mhd, complete, NULL);
    open_site(&careless, mhd, complete_nothing, NULL);
    say(&careful, "GET / HTTP/1.1\r\n" FOR_PROXY "\r\n");
    assert_false(is_shown(&careful));
    check_hidden_then_shown(&careless);
    close_site(&careless);
    close_site(&careful);
    toolbar_mhd_free(mhd);
}

static int make_toolbar(void **state)
{
    static const char *const proxies[] = {"127.0.0.1", NULL};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    (void)state;
    options.secret_key = "Zk3v9Qw1Xe7Lp5Rt";
    options.trusted_proxies = proxies;
    options.forwarded = TOOLBAR_FORWARDED_X_FORWARDED_PROTO;
    return (int)toolbar_new(&options, &toolbar);
}

static int free_toolbar(void **state)
{
    (void)state;
    toolbar_free(toolbar);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_until_withdrawn),
        cmocka_unit_test(test_forgotten_with_its_wrapper),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_hidden_until_completed),
        cmocka_unit_test(test_hidden_without_completed),
    };

    return cmocka_run_group_tests(tests, make_toolbar, free_toolbar);
}
