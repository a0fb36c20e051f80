/*
 * The store in memory: a ring of references. The lock is held for pointer moves only; what
 * falls out is freed after it has been released.
 */
#include "history/store.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct toolbar_recording *recording;
    bool followed; /* its redirect */
};

struct memory_store {
    struct toolbar__store store; /* first: the two are cast into each other */
    pthread_mutex_t lock;
    struct entry ring[TOOLBAR__STORE_REQUESTS];
    size_t oldest; /* index into the ring */
    size_t count;
    size_t bytes;
};

static struct entry *entry_at(struct memory_store *memory, size_t index)
{
    return &memory->ring[(memory->oldest + index) % TOOLBAR__STORE_REQUESTS];
}

static struct toolbar_recording *take_oldest(struct memory_store *memory)
{
    struct entry *oldest = entry_at(memory, 0);
    struct toolbar_recording *recording = oldest->recording;

    *oldest = (struct entry){0};
    memory->oldest = (memory->oldest + 1) % TOOLBAR__STORE_REQUESTS;
    memory->count--;
    memory->bytes -= toolbar__recording_bytes(recording);
    return recording;
}

static bool is_older(const struct entry *entry, int64_t now_ns, int64_t seconds)
{
    return now_ns - entry->recording->begin_ns > seconds * INT64_C(1000000000);
}

/* Takes out what is too old, or has to go for `count` and `bytes` more. */
static size_t evict(struct memory_store *memory, size_t count, size_t bytes,
                    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS])
{
    int64_t now_ns = toolbar__now_ns();
    size_t n = 0;

    while (memory->count && (memory->count + count > TOOLBAR__STORE_REQUESTS ||
                             memory->bytes + bytes > TOOLBAR__STORE_BYTES ||
                             is_older(entry_at(memory, 0), now_ns, TOOLBAR__STORE_SECONDS))) {
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
    entry_at(memory, memory->count++)->recording = toolbar__recording_ref(recording);
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
        struct toolbar_recording *recording = entry_at(memory, i)->recording;

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
        recordings[count] = toolbar__recording_ref(entry_at(memory, i)->recording);
    }
    pthread_mutex_unlock(&memory->lock);
    unref_all(evicted, n);
    return count;
}

static struct toolbar_recording *follow(struct toolbar__store *store, uint64_t target_hash,
                                        uint64_t client_hash)
{
    struct memory_store *memory = (struct memory_store *)store;
    struct toolbar_recording *found = NULL;
    int64_t now_ns = toolbar__now_ns();

    pthread_mutex_lock(&memory->lock);
    for (size_t i = memory->count; i-- > 0 && !found;) {
        struct entry *entry = entry_at(memory, i);
        const struct toolbar__redirect *redirect = &entry->recording->redirect;

        if (entry->followed || redirect->target_hash != target_hash ||
            redirect->client_hash != client_hash ||
            is_older(entry, now_ns, TOOLBAR__REDIRECT_SECONDS)) {
            continue;
        }
        entry->followed = true;
        found = toolbar__recording_ref(entry->recording);
    }
    pthread_mutex_unlock(&memory->lock);
    return found;
}

static void clear(struct toolbar__store *store)
{
    struct memory_store *memory = (struct memory_store *)store;
    struct toolbar_recording *evicted[TOOLBAR__STORE_REQUESTS];
    size_t n = 0;

    pthread_mutex_lock(&memory->lock);
    while (memory->count) {
        evicted[n++] = take_oldest(memory);
    }
    pthread_mutex_unlock(&memory->lock);
    unref_all(evicted, n);
}

static void free_store(struct toolbar__store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    if (!memory) return;
    clear(store);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

static const struct toolbar__store_functions functions = {
    .add = add,
    .find = find,
    .list = list,
    .follow = follow,
    .clear = clear,
    .free = free_store,
};

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
