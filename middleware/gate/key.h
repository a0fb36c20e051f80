/*
 * The secret keys: up to two, so that one can be rolled out before the other is taken away.
 * Only keyed digests are kept, never a key. Readers take no lock, whatever the writer does.
 */
#ifndef TOOLBAR_GATE_KEY_H
#define TOOLBAR_GATE_KEY_H

#include <debugtoolbar/toolbar.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/digest.h"

enum {
    TOOLBAR__KEY_MINIMUM = 16, /* bytes */
    TOOLBAR__KEY_MAXIMUM = 256,
    TOOLBAR__KEY_FILE_MAXIMUM =
        TOOLBAR__KEY_MAXIMUM + 64, /* with room for white space at the end */
    TOOLBAR__KEY_SLOTS = 2,
    TOOLBAR__KEY_WORDS = TOOLBAR__DIGEST_BYTES / 8
};

struct toolbar__key_slot {
    _Atomic uint64_t digest[TOOLBAR__KEY_WORDS];
    /* 0: no key here; else its length, LIVE and the 32 bits of its id, from the top down */
    _Atomic uint64_t live_id;
};

struct toolbar__keys {
    unsigned char prefix[TOOLBAR__PREFIX_BYTES]; /* of all digests: random, never changes */
    pthread_mutex_t writing;                     /* between writers only */
    _Atomic unsigned version;                    /* odd while a writer is at work */
    _Atomic bool any;
    struct toolbar__key_slot slots[TOOLBAR__KEY_SLOTS];
};

/* No keys yet. */
enum toolbar_error toolbar__keys_init(struct toolbar__keys *keys);
void toolbar__keys_done(struct toolbar__keys *keys);

/* Sets the key that the options name, from wherever it is; without one there are no keys. */
enum toolbar_error toolbar__keys_load(struct toolbar__keys *keys,
                                      const struct toolbar_options *options);

/* Replaces both; NULL is no key. Any thread. On an error nothing changes. */
enum toolbar_error toolbar__keys_set(struct toolbar__keys *keys, const char *current,
                                     const char *next);

/*
 * Compares with both slots in constant time. *id, the first 32 bits of the key's SHA-256, is
 * what a log may say of a key; it is set for a match only.
 */
bool toolbar__keys_match(const struct toolbar__keys *keys, const char *value, size_t length,
                         uint32_t *id);

/* How long the keys are; 0: none, or it is the one with this id, if there is an id. */
void toolbar__keys_lengths(const struct toolbar__keys *keys, const uint32_t *except,
                           size_t lengths[TOOLBAR__KEY_SLOTS]);

/* There is a key to compare with. */
static inline bool toolbar__keys_any(const struct toolbar__keys *keys)
{
    return atomic_load_explicit(&keys->any, memory_order_relaxed);
}

/* Bytes of which keys are made: 1 to 256 of them, visible ASCII, no comma. */
bool toolbar__key_syntax(const char *key, size_t length);

/*
 * The key in a file, NUL-terminated and without white space at its end; it is not checked. Wipe
 * `key` afterwards, on an error too.
 */
enum toolbar_error toolbar__key_read(const char *path, char key[TOOLBAR__KEY_FILE_MAXIMUM + 1]);

/* Refuses what is not a key, or too easy to guess. */
enum toolbar_error toolbar__key_check(const char *key, size_t length);

#endif
