/*
 * The key slots, as a sequence lock: a reader that met a writer reads again. All words are
 * atomic and every load of a digest acquires, so that a reader which saw a new word also sees
 * that the version moved on; no fence is needed, and thread sanitizers understand it.
 */
#include "gate/key.h"

#include <string.h>

#define LIVE (UINT64_C(1) << 32)

enum { LENGTH_SHIFT = 40 };

/* A slot's content outside the atomics. */
struct entry {
    uint64_t digest[TOOLBAR__KEY_WORDS];
    uint64_t live_id;
};

enum toolbar_error toolbar__keys_init(struct toolbar__keys *keys)
{
    memset(keys, 0, sizeof *keys);
    if (!toolbar__random(keys->prefix, sizeof keys->prefix)) return TOOLBAR_ERROR_SYSTEM;
    return pthread_mutex_init(&keys->writing, NULL) ? TOOLBAR_ERROR_SYSTEM : TOOLBAR_OK;
}

void toolbar__keys_done(struct toolbar__keys *keys)
{
    pthread_mutex_destroy(&keys->writing);
    toolbar__wipe(keys->prefix, sizeof keys->prefix);
}

static enum toolbar_error make_entry(const struct toolbar__keys *keys, const char *key,
                                     struct entry *entry)
{
    unsigned char digest[TOOLBAR__DIGEST_BYTES];
    /* One byte more than is allowed tells that a key is too long. */
    size_t length = key ? strnlen(key, TOOLBAR__KEY_MAXIMUM + 1) : 0;
    enum toolbar_error error;

    *entry = (struct entry){0};
    if (!key) return TOOLBAR_OK;
    error = toolbar__key_check(key, length);
    if (error) return error;
    if (!toolbar__sha256(key, length, digest)) return TOOLBAR_ERROR_MEMORY;
    for (int i = 0; i < 4; i++) {
        entry->live_id = entry->live_id << 8 | digest[i];
    }
    entry->live_id |= LIVE | (uint64_t)length << LENGTH_SHIFT;
    if (!toolbar__prefixed_sha256(keys->prefix, key, length, digest)) return TOOLBAR_ERROR_MEMORY;
    memcpy(entry->digest, digest, sizeof digest);
    return TOOLBAR_OK;
}

static void write_entries(struct toolbar__keys *keys, const struct entry *entries)
{
    unsigned version = atomic_load_explicit(&keys->version, memory_order_relaxed);

    atomic_store_explicit(&keys->version, version + 1, memory_order_relaxed);
    for (int i = 0; i < TOOLBAR__KEY_SLOTS; i++) {
        struct toolbar__key_slot *slot = &keys->slots[i];

        for (int j = 0; j < TOOLBAR__KEY_WORDS; j++) {
            atomic_store_explicit(&slot->digest[j], entries[i].digest[j], memory_order_release);
        }
        atomic_store_explicit(&slot->live_id, entries[i].live_id, memory_order_release);
    }
    atomic_store_explicit(&keys->version, version + 2, memory_order_release);
}

enum toolbar_error toolbar__keys_set(struct toolbar__keys *keys, const char *current,
                                     const char *next)
{
    struct entry entries[TOOLBAR__KEY_SLOTS];
    enum toolbar_error error = make_entry(keys, current, &entries[0]);

    if (!error) error = make_entry(keys, next, &entries[1]);
    if (error) return error;
    pthread_mutex_lock(&keys->writing);
    write_entries(keys, entries);
    atomic_store_explicit(&keys->any, current || next, memory_order_relaxed);
    pthread_mutex_unlock(&keys->writing);
    return TOOLBAR_OK;
}

static void read_entries(const struct toolbar__keys *keys, struct entry *entries)
{
    unsigned before, after;

    do {
        before = atomic_load_explicit(&keys->version, memory_order_acquire);
        for (int i = 0; i < TOOLBAR__KEY_SLOTS; i++) {
            const struct toolbar__key_slot *slot = &keys->slots[i];

            for (int j = 0; j < TOOLBAR__KEY_WORDS; j++) {
                entries[i].digest[j] = atomic_load_explicit(&slot->digest[j], memory_order_acquire);
            }
            entries[i].live_id = atomic_load_explicit(&slot->live_id, memory_order_acquire);
        }
        after = atomic_load_explicit(&keys->version, memory_order_relaxed);
    } while (before != after || before % 2);
}

bool toolbar__keys_match(const struct toolbar__keys *keys, const char *value, size_t length,
                         uint32_t *id)
{
    unsigned char presented[TOOLBAR__DIGEST_BYTES];
    struct entry entries[TOOLBAR__KEY_SLOTS];
    uint64_t matched = 0;

    if (!length || length > TOOLBAR__KEY_MAXIMUM) return false;
    if (!toolbar__prefixed_sha256(keys->prefix, value, length, presented)) return false;
    read_entries(keys, entries);
    /* Both slots, always: time must not tell which key was nearly right. */
    for (int i = 0; i < TOOLBAR__KEY_SLOTS; i++) {
        unsigned char digest[TOOLBAR__DIGEST_BYTES];
        bool equal;

        memcpy(digest, entries[i].digest, sizeof digest);
        equal = toolbar__digest_equal(presented, digest);
        matched |= entries[i].live_id & (0 - (uint64_t)equal);
    }
    if (!matched) return false;
    *id = (uint32_t)matched;
    return true;
}

void toolbar__keys_lengths(const struct toolbar__keys *keys, const uint32_t *except,
                           size_t lengths[TOOLBAR__KEY_SLOTS])
{
    for (int i = 0; i < TOOLBAR__KEY_SLOTS; i++) {
        uint64_t live_id = atomic_load_explicit(&keys->slots[i].live_id, memory_order_relaxed);
        bool known = except && (uint32_t)live_id == *except;

        lengths[i] = known ? 0 : live_id >> LENGTH_SHIFT;
    }
}
