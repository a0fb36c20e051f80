#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "client.h"

char *record_of(const struct server *server, const struct reply *reply)
{
    const char *id = reply_header(reply, "Debug-Toolbar-Id");
    struct reply json;
    char path[100], *text;

    assert_non_null(id);
    snprintf(path, sizeof path, "/__debug__/requests/%s.json", id);
    assert_true(fetch(server->port, server->tls, "GET", path, SERVER_KEY_LINE, &json));
    assert_int_equal(json.status, 200);
    assert_no_key(&json.raw, SERVER_KEY);
    text = strdup(json.body.data);
    assert_non_null(text);
    reply_free(&json);
    return text;
}

char *record_post(const struct server *server, const char *path, const char *type, const char *body,
                  size_t length, size_t step)
{
    struct client *client = client_open(server->port, server->tls);
    struct reply reply;
    char head[400], *record;

    assert_non_null(client);
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: localhost\r\n" SERVER_KEY_LINE
             "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
             path, type, length);
    assert_true(client_send_text(client, head));
    for (size_t at = 0; at < length; at += step) {
        assert_true(client_send(client, body + at, length - at < step ? length - at : step));
    }
    assert_true(client_read(client, false, &reply));
    record = record_of(server, &reply);
    reply_free(&reply);
    client_close(client);
    return record;
}

char *record_get(const struct server *server, const char *path, const char *headers)
{
    struct reply reply;
    char lines[2000], *record;

    snprintf(lines, sizeof lines, SERVER_KEY_LINE "%s", headers);
    assert_true(fetch(server->port, server->tls, "GET", path, lines, &reply));
    record = record_of(server, &reply);
    reply_free(&reply);
    return record;
}

void assert_is(const char *record, const char *path, const char *value)
{
    struct json found = json_at(record, path);

    if (!json_is(found, value)) {
        fail_msg("%s is %.*s, not %s", path, (int)(found.end - found.start), found.start, value);
    }
}

void assert_unknown(const char *record, const char *path)
{
    assert_int_equal(json_at(record, path).type, JSON_NULL);
}

char *value_of(const char *record, const char *list, const char *name)
{
    int64_t count = json_count(json_at(record, list));
    char path[200];

    for (int64_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s[%d].name", list, (int)i);
        if (!json_is(json_at(record, path), name)) continue;
        snprintf(path, sizeof path, "%s[%d].value", list, (int)i);
        return json_string(json_at(record, path));
    }
    return NULL;
}

void assert_value(const char *record, const char *list, const char *name, const char *value)
{
    char *found = value_of(record, list, name);

    if (!found || strcmp(found, value) != 0) {
        fail_msg("%s of %s is %s, not %s", name, list, found ? found : "missing", value);
    }
    free(found);
}
