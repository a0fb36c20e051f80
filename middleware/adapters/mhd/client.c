/*
 * The connection of a shown request: TLS by our listener or by libmicrohttpd's GnuTLS, which is
 * asked through the dynamic linker, because only such a process has it; and who serves it.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adapters/mhd/facts.h"
#include "adapters/tls/registry.h"

enum { THREAD_NAME_BYTES = 16 };

static const union MHD_ConnectionInfo *info_of(const struct toolbar__exchange *exchange,
                                               enum MHD_ConnectionInfoType type)
{
    return MHD_get_connection_info(exchange->connection, type);
}

static const char *copy(struct toolbar__exchange *exchange, const char *string)
{
    return string ? toolbar__recording_string(exchange->request.recording, string, strlen(string))
                  : NULL;
}

static const char *address_of(struct toolbar__exchange *exchange)
{
    const struct sockaddr *address = toolbar__mhd_source.peer(exchange->connection);
    char host[NI_MAXHOST], port[NI_MAXSERV], text[NI_MAXHOST + NI_MAXSERV + 4];
    bool brackets;
    socklen_t length;

    if (!address || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) return NULL;
    brackets = address->sa_family == AF_INET6;
    length = brackets ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo(address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return NULL;
    }
    snprintf(text, sizeof text, brackets ? "[%s]:%s" : "%s:%s", host, port);
    return copy(exchange, text);
}

/* "TLSv1.2" and "TLS1.2" are TLS 1.2. */
static const char *version_of(struct toolbar__exchange *exchange, const char *name)
{
    char text[32];

    if (!name || strncmp(name, "TLS", 3) != 0) return copy(exchange, name);
    name += name[3] == 'v' ? 4 : 3;
    snprintf(text, sizeof text, "TLS %s", name);
    return copy(exchange, text);
}

static void from_listener(struct toolbar__exchange *exchange, struct toolbar__client *client,
                          const struct toolbar__tls_facts *facts)
{
    client->protocol = version_of(exchange, facts->version);
    client->cipher = copy(exchange, facts->cipher);
    client->resumed = facts->resumed;
    client->handshake_ns = facts->handshake_ns;
    client->request_number = (int64_t)facts->requests;
    client->received_bytes = (int64_t)facts->received_bytes;
    client->sent_bytes = (int64_t)facts->sent_bytes;
}

/*
 * What GnuTLS calls a number of its own, if it is in the process. libmicrohttpd points to the
 * number itself, which is not aligned as the union would be.
 */
static const char *gnutls_name(const char *function, const void *info)
{
    union {
        void *address;
        const char *(*name)(int number);
    } symbol = {dlsym(RTLD_DEFAULT, function)};
    int number;

    if (!info || !symbol.address) return NULL;
    memcpy(&number, info, sizeof number);
    return symbol.name(number);
}

static void from_gnutls(struct toolbar__exchange *exchange, struct toolbar__client *client)
{
    const union MHD_ConnectionInfo *info = info_of(exchange, MHD_CONNECTION_INFO_PROTOCOL);
    union {
        void *address;
        int (*is_resumed)(void *session);
    } symbol = {NULL};

    if (!info) return;
    client->protocol = version_of(exchange, gnutls_name("gnutls_protocol_get_name", info));
    info = info_of(exchange, MHD_CONNECTION_INFO_CIPHER_ALGO);
    client->cipher = copy(exchange, gnutls_name("gnutls_cipher_get_name", info));
    info = info_of(exchange, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    symbol.address = dlsym(RTLD_DEFAULT, "gnutls_session_is_resumed");
    if (info && symbol.address) client->resumed = symbol.is_resumed(info->tls_session) != 0;
}

/* libmicrohttpd names its threads; only the name tells a pool from a single thread. */
static const char *mode_of(const struct toolbar__exchange *exchange, const char *thread)
{
    const union MHD_ConnectionInfo *info = info_of(exchange, MHD_CONNECTION_INFO_DAEMON);
    const union MHD_DaemonInfo *daemon =
        info ? MHD_get_daemon_info(info->daemon, MHD_DAEMON_INFO_FLAGS) : NULL;
    bool pool = strcmp(thread, "MHD-worker") == 0;
    unsigned flags;

    if (!daemon) return NULL;
    flags = (unsigned)daemon->flags;
    if (flags & MHD_USE_THREAD_PER_CONNECTION) return "a thread per connection";
    if (!(flags & MHD_USE_INTERNAL_POLLING_THREAD)) {
        return flags & MHD_USE_EPOLL ? "external loop, epoll" : "external loop";
    }
    if (flags & MHD_USE_EPOLL) return pool ? "thread pool, epoll" : "one thread, epoll";
    if (flags & MHD_USE_POLL) return pool ? "thread pool, poll" : "one thread, poll";
    return pool ? "thread pool, select" : "one thread, select";
}

static void who_serves(struct toolbar__exchange *exchange, struct toolbar__client *client)
{
    char name[THREAD_NAME_BYTES + 1] = "", text[64];

    prctl(PR_GET_NAME, name);
    snprintf(text, sizeof text, "%s (%ld)", name, syscall(SYS_gettid));
    client->thread = copy(exchange, text);
    client->mode = mode_of(exchange, name);
    snprintf(text, sizeof text, "libmicrohttpd %s", MHD_get_version());
    client->server = copy(exchange, text);
}

void toolbar__facts_client(struct toolbar__exchange *exchange)
{
    const union MHD_ConnectionInfo *info = info_of(exchange, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct toolbar_recording *recording = exchange->request.recording;
    struct toolbar__client *client = &recording->client;
    struct toolbar__tls_facts facts;

    client->proxied = toolbar__gate_proxied(&exchange->request);
    client->address = address_of(exchange);
    if (!client->proxied && info && toolbar__tls_facts(info->connect_fd, &facts)) {
        from_listener(exchange, client, &facts);
    } else if (!client->proxied) {
        from_gnutls(exchange, client);
    }
    who_serves(exchange, client);
    recording->transport = client->proxied ? "proxy" : client->protocol ? client->protocol : "TLS";
}
