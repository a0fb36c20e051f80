/* A fast 64-bit hash for tables of one process; not for anything that has to resist an attacker. */
#ifndef TOOLBAR_BASE_HASH_H
#define TOOLBAR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* With one word more; no two words have the same with the same seed. */
static inline uint64_t toolbar__hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

uint64_t toolbar__hash(uint64_t seed, const void *data, size_t length);

#endif
