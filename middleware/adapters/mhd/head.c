/* What libmicrohttpd knows of a request, in the words of the gate. */
#include "adapters/mhd/exchange.h"

#include <string.h>

#include "adapters/tls/registry.h"
#include "base/socket.h"

struct walk {
    toolbar__header_visitor visit;
    void *cls;
};

static enum MHD_Result visit_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                    size_t name_length, const char *value, size_t value_length)
{
    const struct walk *walk = cls;

    (void)kind;
    return walk->visit(walk->cls, name, name_length, value ? value : "", value_length) ? MHD_YES
                                                                                       : MHD_NO;
}

static void headers(void *connection, toolbar__header_visitor visit, void *cls)
{
    struct walk walk = {visit, cls};

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, visit_header, &walk);
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

static bool encrypted(void *connection)
{
    /* Only a connection of a daemon that does TLS itself has a protocol. */
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_PROTOCOL) != NULL ||
           toolbar__tls_is_ours(socket_of(connection));
}

uint64_t toolbar__mhd_socket_cookie(struct MHD_Connection *connection)
{
    return toolbar__socket_cookie(socket_of(connection));
}

static const struct sockaddr *peer(void *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    return info ? info->client_addr : NULL;
}

static bool has(void *connection, const char *name, size_t length)
{
    return MHD_lookup_connection_value_n(connection, MHD_HEADER_KIND, name, length, NULL, NULL) ==
           MHD_YES;
}

const struct toolbar__head_source toolbar__mhd_source = {headers, encrypted, peer, has};

static void append_encoded(struct toolbar_text *text, const char *data, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c > 0x20 && c < 0x7f && !strchr("%&=+#\"<>", c)) {
            toolbar__text_char(text, (char)c);
        } else {
            toolbar__text_char(text, '%');
            toolbar__text_char(text, digits[c >> 4]);
            toolbar__text_char(text, digits[c & 15]);
        }
    }
}

struct query {
    struct toolbar_text *text;
    const struct toolbar_request *request;
    char separator;
};

/* A client may send its key as an argument, which is no way to send it. */
static bool is_key(const struct toolbar_request *request, const char *name, size_t name_length,
                   const char *value, size_t value_length)
{
    return toolbar__gate_is_key_header(request->gate, name, name_length) ||
           toolbar__recording_is_secret(request->recording, value, value_length);
}

static enum MHD_Result append_argument(void *cls, enum MHD_ValueKind kind, const char *name,
                                       size_t name_length, const char *value, size_t value_length)
{
    struct query *query = cls;

    (void)kind;
    toolbar__text_char(query->text, query->separator);
    query->separator = '&';
    append_encoded(query->text, name, name_length);
    if (value) {
        toolbar__text_char(query->text, '=');
        if (is_key(query->request, name, name_length, value, value_length)) {
            toolbar_text_literal(query->text, TOOLBAR__MASK);
        } else {
            append_encoded(query->text, value, value_length);
        }
    }
    return query->text->failed ? MHD_NO : MHD_YES;
}

/* libmicrohttpd hands out the query only in decoded pieces, so it is put together again. */
void toolbar__mhd_url(struct toolbar_text *text, const struct toolbar_request *request)
{
    struct query query = {text, request, '?'};

    toolbar__text_string(text, request->head.url);
    MHD_get_connection_values_n(request->head.connection, MHD_GET_ARGUMENT_KIND, append_argument,
                                &query);
}
