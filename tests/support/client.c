/* See the header. */
#include "client.h"

#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct client {
    CURL *curl;
    curl_socket_t socket;
    struct bytes received; /* not consumed yet */
    bool ended;
};

static void initialise(void)
{
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_ALL);
}

static bool connect_to(struct client *client, const char *url)
{
    CURL *curl = client->curl = curl_easy_init();

    if (!curl) return false;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    /* Certificates have tests of their own. */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CLIENT_TIMEOUT_MS);
    return curl_easy_perform(curl) == CURLE_OK &&
           curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &client->socket) == CURLE_OK;
}

struct client *client_open_at(const char *address, uint16_t port, bool tls)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct client *client = calloc(1, sizeof *client);
    char url[128];

    if (!client) abort();
    pthread_once(&once, initialise);
    snprintf(url, sizeof url, strchr(address, ':') ? "%s://[%s]:%u/" : "%s://%s:%u/",
             tls ? "https" : "http", address, (unsigned)port);
    if (connect_to(client, url)) return client;
    client_close(client);
    return NULL;
}

struct client *client_open(uint16_t port, bool tls)
{
    return client_open_at("127.0.0.1", port, tls);
}

void client_close(struct client *client)
{
    if (!client) return;
    if (client->curl) curl_easy_cleanup(client->curl);
    bytes_free(&client->received);
    free(client);
}

void client_abort(struct client *client)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    setsockopt(client->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    /* The TLS goodbye of client_close() has nowhere to go any more. */
    shutdown(client->socket, SHUT_RDWR);
    client_close(client);
}

static bool wait_for(const struct client *client, short events)
{
    struct pollfd pollfd = {.fd = client->socket, .events = events};

    return poll(&pollfd, 1, CLIENT_TIMEOUT_MS) == 1;
}

bool client_send(struct client *client, const void *data, size_t length)
{
    const char *at = data;

    while (length) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(client->curl, at, length, &sent);

        if (code == CURLE_AGAIN) {
            if (!wait_for(client, POLLOUT)) return false;
        } else if (code != CURLE_OK) {
            return false;
        }
        at += sent;
        length -= sent;
    }
    return true;
}

bool client_send_text(struct client *client, const char *text)
{
    return client_send(client, text, strlen(text));
}

/* False: nothing is there yet. The end of the connection is also something. */
static bool receive_now(struct client *client)
{
    static _Thread_local char buffer[64 * 1024];
    size_t got = 0;
    CURLcode code;

    if (client->ended) return true;
    code = curl_easy_recv(client->curl, buffer, sizeof buffer, &got);
    if (code == CURLE_AGAIN) return false;
    if (code != CURLE_OK || !got) {
        client->ended = true;
    } else {
        bytes_append(&client->received, buffer, got);
    }
    return true;
}

/* Waits for more; false after the timeout. */
static bool receive(struct client *client)
{
    while (!receive_now(client)) {
        if (!wait_for(client, POLLIN)) return false;
    }
    return true;
}

static void consume(struct client *client, size_t length)
{
    struct bytes rest = {0};

    if (length < client->received.length) {
        bytes_append(&rest, client->received.data + length, client->received.length - length);
    }
    bytes_free(&client->received);
    client->received = rest;
}

bool client_read(struct client *client, bool head_request, struct reply *reply)
{
    enum reply_progress progress;
    size_t used = 0;

    bytes_append(&client->received, "", 0);
    for (;;) {
        progress = reply_parse(&client->received, head_request, client->ended, reply, &used);
        if (progress != REPLY_MORE) break;
        if (!receive(client)) return false;
        /* All that is there: a large body is not to be parsed at every packet. */
        while (!client->ended && receive_now(client)) {
        }
    }
    if (progress == REPLY_COMPLETE) consume(client, used);
    return progress == REPLY_COMPLETE;
}

bool client_read_all(struct client *client, struct reply *reply)
{
    while (!client->ended) {
        if (!receive(client)) return false;
    }
    *reply = (struct reply){0};
    bytes_append(&reply->raw, client->received.data, client->received.length);
    consume(client, client->received.length);
    return true;
}

size_t client_read_bytes(struct client *client, char *buffer, size_t length)
{
    while (client->received.length < length && !client->ended && receive(client)) {
    }
    if (length > client->received.length) length = client->received.length;
    if (length) memcpy(buffer, client->received.data, length);
    consume(client, length);
    return length;
}

bool client_ended(struct client *client)
{
    return !client->received.length && (client->ended || receive(client)) && client->ended;
}

bool client_drained(const struct client *client)
{
    return client->received.length == 0;
}

bool client_fetch(struct client *client, const char *method, const char *path, const char *headers,
                  struct reply *reply)
{
    struct bytes request = {0};
    bool sent;

    bytes_append(&request, method, strlen(method));
    bytes_append(&request, " ", 1);
    bytes_append(&request, path, strlen(path));
    bytes_append(&request, " HTTP/1.1\r\nHost: localhost\r\n", 28);
    if (headers) bytes_append(&request, headers, strlen(headers));
    bytes_append(&request, "\r\n", 2);
    sent = client_send(client, request.data, request.length);
    bytes_free(&request);
    return sent && client_read(client, strcmp(method, "HEAD") == 0, reply);
}

bool fetch(uint16_t port, bool tls, const char *method, const char *path, const char *headers,
           struct reply *reply)
{
    struct client *client = client_open(port, tls);
    bool done = client && client_fetch(client, method, path, headers, reply);

    client_close(client);
    return done;
}
