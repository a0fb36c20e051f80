/* A request made of literals, for the tests of the gate: no server, no sockets. */
#ifndef TEST_GATE_FAKE_H
#define TEST_GATE_FAKE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include <cmocka.h>

#include "gate/gate.h"

#define KEY "Zk3v9Qw1Xe7Lp5Rt"
#define OTHER_KEY "b8Nf2Yh6Jm4Ug0Tc"
#define KEY_ID "53c0ad5a"

enum { FAKE_HEADERS_MAXIMUM = 40 };

struct fake {
    struct toolbar_request request; /* what is asked of the gate */
    struct {
        const char *name;
        size_t name_length;
        const char *value;
        size_t value_length;
    } headers[FAKE_HEADERS_MAXIMUM];
    size_t count;
    bool encrypted;
    unsigned walks, encrypted_calls, peer_calls;
    struct sockaddr_storage peer;
    bool no_peer;
};

/* What the gate logged. */
struct fake_log {
    unsigned audits, warnings, errors;
    char last[2048];
};

static inline void fake_headers(void *connection, toolbar__header_visitor visit, void *cls)
{
    struct fake *fake = connection;

    fake->walks++;
    for (size_t i = 0; i < fake->count; i++) {
        if (!visit(cls, fake->headers[i].name, fake->headers[i].name_length, fake->headers[i].value,
                   fake->headers[i].value_length)) {
            return;
        }
    }
}

static inline bool fake_encrypted(void *connection)
{
    struct fake *fake = connection;

    fake->encrypted_calls++;
    return fake->encrypted;
}

static inline const struct sockaddr *fake_peer(void *connection)
{
    struct fake *fake = connection;

    fake->peer_calls++;
    return fake->no_peer ? NULL : (const struct sockaddr *)&fake->peer;
}

static inline bool fake_has(void *connection, const char *name, size_t length)
{
    const struct fake *fake = connection;

    for (size_t i = 0; i < fake->count; i++) {
        if (fake->headers[i].name_length == length &&
            strncasecmp(fake->headers[i].name, name, length) == 0) {
            return true;
        }
    }
    return false;
}

/* "unix", or an IPv4 or IPv6 address. */
static inline void fake_set_peer(struct fake *fake, const char *address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&fake->peer;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&fake->peer;

    memset(&fake->peer, 0, sizeof fake->peer);
    if (strcmp(address, "unix") == 0) {
        fake->peer.ss_family = AF_UNIX;
    } else if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, address, &v6->sin6_addr), 1);
        v6->sin6_family = AF_INET6;
    }
}

/* GET /people over HTTPS from this machine, without headers. */
static inline void fake_init(struct fake *fake, struct toolbar__gate *gate)
{
    static const struct toolbar__head_source source = {fake_headers, fake_encrypted, fake_peer,
                                                       fake_has};

    memset(fake, 0, sizeof *fake);
    fake->encrypted = true;
    fake_set_peer(fake, "127.0.0.1");
    fake->request.gate = gate;
    fake->request.head.method = "GET";
    fake->request.head.url = "/people";
    fake->request.head.version = "HTTP/1.1";
    fake->request.head.source = &source;
    fake->request.head.connection = fake;
}

static inline void fake_add_bytes(struct fake *fake, const char *name, size_t name_length,
                                  const char *value, size_t value_length)
{
    assert_true(fake->count < FAKE_HEADERS_MAXIMUM);
    fake->headers[fake->count].name = name;
    fake->headers[fake->count].name_length = name_length;
    fake->headers[fake->count].value = value;
    fake->headers[fake->count++].value_length = value_length;
}

static inline void fake_add(struct fake *fake, const char *name, const char *value)
{
    fake_add_bytes(fake, name, strlen(name), value, strlen(value));
}

static inline enum toolbar__verdict fake_decide(struct fake *fake)
{
    const struct toolbar__head *head = &fake->request.head;

    /* As an adapter asks: what may not be shown needs no decision. */
    if (!toolbar__gate_may_show(fake->request.gate, head->source, head->connection)) {
        return TOOLBAR__HIDDEN;
    }
    return toolbar__gate_decide(&fake->request);
}

static inline void fake_log(void *cls, enum toolbar_log_level level, const char *line)
{
    struct fake_log *log = cls;

    log->audits += level == TOOLBAR_LOG_AUDIT;
    log->warnings += level == TOOLBAR_LOG_WARNING;
    log->errors += level == TOOLBAR_LOG_ERROR;
    assert_true(strlen(line) < sizeof log->last);
    memcpy(log->last, line, strlen(line) + 1);
}

static inline struct toolbar__gate *fake_gate(const struct toolbar_options *options)
{
    struct toolbar__gate *gate = NULL;

    assert_int_equal(toolbar__gate_new(options, &gate), TOOLBAR_OK);
    assert_non_null(gate);
    return gate;
}

#endif
