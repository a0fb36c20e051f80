#include "base/hash.h"

#include <string.h>

uint64_t toolbar__hash(uint64_t seed, const void *data, size_t length)
{
    const unsigned char *at = data;
    uint64_t hash = toolbar__hash_word(seed, length);
    uint64_t word;

    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = toolbar__hash_word(hash, word);
    }
    word = 0;
    if (length) memcpy(&word, at, length);
    return toolbar__hash_word(hash, word);
}
