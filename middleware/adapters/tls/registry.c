#include "adapters/tls/registry.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/socket.h"

enum { CHUNK_SOCKETS = 4096, CHUNKS = 4096 };

struct chunk {
    _Atomic uint64_t cookies[CHUNK_SOCKETS]; /* 0: never one of ours; no socket has this cookie */
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

bool toolbar__tls_remember(int fd)
{
    uint64_t cookie = toolbar__socket_cookie(fd);
    struct chunk *chunk = chunk_of(fd);

    if (!chunk) chunk = make_chunk(fd);
    if (!cookie || !chunk) return false;
    atomic_store_explicit(&chunk->cookies[fd % CHUNK_SOCKETS], cookie, memory_order_release);
    return true;
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
