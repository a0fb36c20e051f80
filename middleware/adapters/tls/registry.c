#include "adapters/tls/registry.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/socket.h"

enum { CHUNK_SOCKETS = 4096, CHUNKS = 4096 };

struct entry {
    const char *_Atomic version;
    const char *_Atomic cipher;
    atomic_bool resumed;
    _Atomic int64_t handshake_ns;
    _Atomic uint64_t requests;
    _Atomic uint64_t received_bytes;
    _Atomic uint64_t sent_bytes;
};

/* The cookies are apart, because every request looks at one and few look at the rest. */
struct chunk {
    _Atomic uint64_t cookies[CHUNK_SOCKETS]; /* 0: never one of ours; no socket has this cookie */
    struct entry entries[CHUNK_SOCKETS];
};

/*
 * Global because file descriptors are. A chunk stays for the life of the process once it is
 * there, so that readers need no lock.
 */
static struct chunk *_Atomic chunks[CHUNKS];

static struct chunk *chunk_of(int fd)
{
    if (fd < 0 || fd / CHUNK_SOCKETS >= CHUNKS) return NULL;
    return atomic_load_explicit(&chunks[fd / CHUNK_SOCKETS], memory_order_acquire);
}

static struct chunk *make_chunk(int fd)
{
    struct chunk *chunk;
    struct chunk *other = NULL;

    if (fd < 0 || fd / CHUNK_SOCKETS >= CHUNKS) return NULL;
    chunk = calloc(1, sizeof *chunk);
    if (chunk && !atomic_compare_exchange_strong(&chunks[fd / CHUNK_SOCKETS], &other, chunk)) {
        free(chunk);
        chunk = other;
    }
    return chunk;
}

uint64_t toolbar__tls_remember(int fd)
{
    uint64_t cookie = toolbar__socket_cookie(fd);
    struct chunk *chunk = chunk_of(fd);

    if (!chunk) chunk = make_chunk(fd);
    if (!cookie || !chunk) return 0;
    atomic_store_explicit(&chunk->cookies[fd % CHUNK_SOCKETS], cookie, memory_order_release);
    return cookie;
}

bool toolbar__tls_is_ours(int fd)
{
    struct chunk *chunk = chunk_of(fd);
    uint64_t cookie;

    if (!chunk) return false;
    cookie = atomic_load_explicit(&chunk->cookies[fd % CHUNK_SOCKETS], memory_order_acquire);
    /* A process without our TLS connections gets here without a system call. */
    return cookie && cookie == toolbar__socket_cookie(fd);
}

#define PUT(to, from) atomic_store_explicit(&(to), (from), memory_order_relaxed)
#define GET(from) atomic_load_explicit(&(from), memory_order_relaxed)

/* Each connection is noted by the one thread that serves it. */
void toolbar__tls_note(int fd, uint64_t cookie, const struct toolbar__tls_facts *facts)
{
    struct chunk *chunk = chunk_of(fd);
    struct entry *entry;

    if (!chunk || GET(chunk->cookies[fd % CHUNK_SOCKETS]) != cookie) return;
    entry = &chunk->entries[fd % CHUNK_SOCKETS];
    PUT(entry->version, facts->version);
    PUT(entry->cipher, facts->cipher);
    PUT(entry->resumed, facts->resumed);
    PUT(entry->handshake_ns, facts->handshake_ns);
    PUT(entry->requests, facts->requests);
    PUT(entry->received_bytes, facts->received_bytes);
    PUT(entry->sent_bytes, facts->sent_bytes);
}

bool toolbar__tls_facts(int fd, struct toolbar__tls_facts *facts)
{
    struct entry *entry;

    if (!toolbar__tls_is_ours(fd)) return false;
    entry = &chunk_of(fd)->entries[fd % CHUNK_SOCKETS];
    *facts = (struct toolbar__tls_facts){
        .version = GET(entry->version),
        .cipher = GET(entry->cipher),
        .resumed = GET(entry->resumed),
        .handshake_ns = GET(entry->handshake_ns),
        .requests = GET(entry->requests),
        .received_bytes = GET(entry->received_bytes),
        .sent_bytes = GET(entry->sent_bytes),
    };
    return true;
}
