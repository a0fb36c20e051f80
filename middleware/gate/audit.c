/*
 * Builds audit lines, in a buffer of fixed size: whatever a client sent is escaped, and cut so
 * that no field can push out another. Nothing is allocated, so nothing can go unlogged.
 */
#include "gate/audit.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "gate/names.h"

enum { FORWARDED_MAXIMUM = 96, HOST_MAXIMUM = 80, METHOD_MAXIMUM = 16, PATH_MAXIMUM = 128 };

struct line {
    char *data;
    size_t length;
    const struct toolbar__audit *audit;
};

static void append(struct line *line, const char *data, size_t length)
{
    size_t room = TOOLBAR__AUDIT_MAXIMUM - 1 - line->length;

    if (length > room) length = room;
    memcpy(line->data + line->length, data, length);
    line->length += length;
}

static void string(struct line *line, const char *text)
{
    append(line, text, strlen(text));
}

/* At most `maximum` bytes, an ellipsis for the rest; never half an escape. */
static void escaped(struct line *line, const char *data, size_t length, size_t maximum)
{
    static const char digits[] = "0123456789abcdef";
    size_t end = line->length + maximum;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        char code[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
        bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
        size_t size = plain ? 1 : sizeof code;

        if (line->length + size > end) {
            string(line, "...");
            return;
        }
        append(line, plain ? data + i : code, size);
    }
}

/* ` name="value"`. A value with the key in it is left out as a whole. */
static void quoted(struct line *line, const char *name, const char *data, size_t length,
                   size_t maximum)
{
    string(line, name);
    string(line, "=\"");
    if (toolbar__secret_in(&line->audit->secret, data, length)) {
        string(line, "********");
    } else {
        escaped(line, data, length, maximum);
    }
    string(line, "\"");
}

static void header(struct line *line, const char *name, const struct toolbar__header *field,
                   size_t maximum)
{
    if (field->candidates) quoted(line, name, field->value, field->value_length, maximum);
}

static void peer(struct line *line, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "unknown";

    if (address && address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;

        inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    } else if (address && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;

        inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    }
    string(line, " peer=");
    string(line, text);
}

static void event(struct line *line)
{
    const struct toolbar__audit *audit = line->audit;
    char id[16];

    snprintf(id, sizeof id, "%08" PRIx32, audit->key_id);
    switch (audit->event) {
    case TOOLBAR__AUDIT_KEY:
        string(line, "debugtoolbar: shown by key ");
        string(line, id);
        return;
    case TOOLBAR__AUDIT_CALLBACK: string(line, "debugtoolbar: shown by callback"); return;
    case TOOLBAR__AUDIT_BURNED:
        string(line, "debugtoolbar: key ");
        string(line, id);
        string(line, " arrived over plain HTTP: it is burned, replace it");
        return;
    }
}

void toolbar__audit_line(char line[TOOLBAR__AUDIT_MAXIMUM], struct toolbar_request *request,
                         const struct toolbar__audit *audit)
{
    const struct toolbar__head *head = &request->head;
    struct line out = {.data = line, .audit = audit};

    event(&out);
    peer(&out, head->source->peer(head->connection));
    if (audit->forwarded) header(&out, " forwarded", audit->forwarded, FORWARDED_MAXIMUM);
    header(&out, " host", toolbar__known(request, TOOLBAR__KNOWN_HOST), HOST_MAXIMUM);
    quoted(&out, " method", head->method, strlen(head->method), METHOD_MAXIMUM);
    quoted(&out, " path", head->url, strcspn(head->url, "?"), PATH_MAXIMUM);
    line[out.length] = '\0';
}
