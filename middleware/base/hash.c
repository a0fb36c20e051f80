#include "base/hash.h"

#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

uint64_t toolbar__hash(uint64_t seed, const void *data, size_t length)
{
    const unsigned char *at = data;
    uint64_t hash = mix(seed, length);
    uint64_t word;

    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    if (length) memcpy(&word, at, length);
    return mix(hash, word);
}
