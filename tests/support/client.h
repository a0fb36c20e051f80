/*
 * One client connection, plain or TLS, that sends exactly the bytes it is given and hands back
 * exactly what came. libcurl makes the connection and the TLS, nothing more: its own HTTP would
 * hide what these tests are about. Every wait ends after CLIENT_TIMEOUT_MS.
 */
#ifndef TEST_CLIENT_H
#define TEST_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reply.h"

enum { CLIENT_TIMEOUT_MS = 20000 };

struct client;

/* NULL if no connection, or no TLS session, comes about. */
struct client *client_open(uint16_t port, bool tls);

/* Also from another loopback address than 127.0.0.1, "::1" say. */
struct client *client_open_at(const char *address, uint16_t port, bool tls);
void client_close(struct client *client);

/* Cuts the connection without the TLS goodbye and without waiting for what was sent. */
void client_abort(struct client *client);

bool client_send(struct client *client, const void *data, size_t length);
bool client_send_text(struct client *client, const char *text);

/* The next reply, interim ones included in its raw bytes. False: it did not come complete. */
bool client_read(struct client *client, bool head_request, struct reply *reply);

/* All that comes until the connection ends; false if it does not end. */
bool client_read_all(struct client *client, struct reply *reply);

/* At least `length` more bytes, as they come; what was got. For what is no HTTP. */
size_t client_read_bytes(struct client *client, char *buffer, size_t length);

/* True if the server ends the connection without another byte. */
bool client_ended(struct client *client);

/* True if nothing has been received beyond the last reply. */
bool client_drained(const struct client *client);

/*
 * Sends one request on an open connection. `headers` are whole lines, each with its \r\n; NULL:
 * none but Host. False without a complete reply.
 */
bool client_fetch(struct client *client, const char *method, const char *path, const char *headers,
                  struct reply *reply);

/* The same on a connection of its own. */
bool fetch(uint16_t port, bool tls, const char *method, const char *path, const char *headers,
           struct reply *reply);

#endif
