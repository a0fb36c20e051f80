/*
 * The store in memory: a ring of references. The lock is held for pointer moves only; what
 * falls out is freed after it has been released.
 */
#include "history/store.h"

#include <stdlib.h>
#include <string.h>

struct memory_store {
    struct toolbar__store store; /* first: the two are cast into each other */
    pthread_mutex_t lock;
    struct toolbar_recording *ring[TOOLBAR__STORE_REQUESTS];
    size_t oldest; /* index into the ring */
    size_t count;
    size_t bytes;
};

static struct toolbar_recording **entry(struct memory_store *memory, size_t index)
{
    return &memory->ring[(memory->oldest + index) % TOOLBAR__STORE_REQUESTS];
}

static struct toolbar_recording *take_oldest(struct memory_store *memory)
{
    struct toolbar_recording **oldest = entry(memory, 0);
    struct toolbar_recording *recording = *oldest;

    *oldest = NULL;
    memory->oldest = (memory->oldest + 1) % TOOLBAR__STORE_REQUESTS;
    memory->count--;
    memory->bytes -= toolbar__recording_bytes(recording);
    return recording;
}

static bool is_stale(const struct toolbar_recording *recording, int64_t now_ns)
{
    return now_ns - recording->begin_ns > TOOLBAR__STORE_SECONDS * INT64_C(1000000000);
}

/* Takes out what is too old, or has to go for `count` and `bytes` more. */
static size_t evict(struct memory_store *memory, size_t count, size_t bytes,
                    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS])
{
    int64_t now_ns = toolbar__now_ns();
    size_t n = 0;

    while (memory->count &&
           (memory->count + count > TOOLBAR__STORE_REQUESTS ||
            memory->bytes + bytes > TOOLBAR__STORE_BYTES || is_stale(*entry(memory, 0), now_ns))) {
        evicted[n++] = take_oldest(memory);
    }
    return n;
}

static void unref_all(struct toolbar_recording **recordings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        toolbar__recording_unref(recordings[i]);
    }
}

static void add(struct toolbar__store *store, struct toolbar_recording *recording)
{
    struct memory_store *memory = (struct memory_store *)store;
    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS];
    size_t bytes = toolbar__recording_bytes(recording);
    size_t n;

    if (bytes > TOOLBAR__STORE_BYTES) return;
    pthread_mutex_lock(&memory->lock);
    n = evict(memory, 1, bytes, evicted);
    *entry(memory, memory->count++) = toolbar__recording_ref(recording);
    memory->bytes += bytes;
    pthread_mutex_unlock(&memory->lock);
    unref_all(evicted, n);
}

static struct toolbar_recording *find(struct toolbar__store *store, const char *id)
{
    struct memory_store *memory = (struct memory_store *)store;
    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS];
    struct toolbar_recording *found = NULL;
    size_t n;

    pthread_mutex_lock(&memory->lock);
    n = evict(memory, 0, 0, evicted);
    for (size_t i = 0; i < memory->count && !found; i++) {
        struct toolbar_recording *recording = *entry(memory, i);

        if (strcmp(recording->id, id) == 0) found = toolbar__recording_ref(recording);
    }
    pthread_mutex_unlock(&memory->lock);
    unref_all(evicted, n);
    return found;
}

static size_t list(struct toolbar__store *store, struct toolbar_recording **recordings,
                   size_t maximum)
{
    struct memory_store *memory = (struct memory_store *)store;
    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS];
    size_t n;
    size_t count = 0;

    pthread_mutex_lock(&memory->lock);
    n = evict(memory, 0, 0, evicted);
    for (size_t i = memory->count; i-- > 0 && count < maximum; count++) {
        recordings[count] = toolbar__recording_ref(*entry(memory, i));
    }
    pthread_mutex_unlock(&memory->lock);
    unref_all(evicted, n);
    return count;
}

static void free_store(struct toolbar__store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    if (!memory) return;
    while (memory->count) {
        toolbar__recording_unref(take_oldest(memory));
    }
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

static const struct toolbar__store_functions functions = {
    .add = add, .find = find, .list = list, .free = free_store};

struct toolbar__store *toolbar__memory_store_new(void)
{
    struct memory_store *memory = calloc(1, sizeof *memory);

    if (!memory) return NULL;
    if (pthread_mutex_init(&memory->lock, NULL) != 0) {
        free(memory);
        return NULL;
    }
    memory->store.functions = &functions;
    return &memory->store;
}
