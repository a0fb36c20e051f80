#include "record/provenance.h"

#include <stdlib.h>

#include "base/hash.h"

enum { FIRST_SLOTS = 256, DIGITS_MAXIMUM = 19 };

enum { SEED_INTEGER = 1, SEED_REAL, SEED_TEXT, SEED_BLOB };

static uint64_t hash_of(uint64_t seed, const void *data, size_t length)
{
    uint64_t hash = toolbar__hash(seed, data, length);

    return hash ? hash : 1;
}

uint64_t toolbar__origin_integer(int64_t value)
{
    return hash_of(SEED_INTEGER, &value, sizeof value);
}

uint64_t toolbar__origin_real(double value)
{
    /* Within these every integer is a double of its own. */
    if (value > -9e15 && value < 9e15 && (double)(int64_t)value == value) {
        return toolbar__origin_integer((int64_t)value);
    }
    return hash_of(SEED_REAL, &value, sizeof value);
}

static bool is_integer(const char *data, size_t length, int64_t *value)
{
    bool negative = length && *data == '-';
    size_t at = negative || (length && *data == '+');
    int64_t number = 0;

    if (at == length || length - at >= DIGITS_MAXIMUM) return false;
    for (; at < length; at++) {
        if (data[at] < '0' || data[at] > '9') return false;
        number = number * 10 + (data[at] - '0');
    }
    *value = negative ? -number : number;
    return true;
}

static uint64_t hash_bytes(uint64_t seed, const void *data, size_t kept, size_t length)
{
    size_t seen = kept < TOOLBAR__ORIGIN_BYTES ? kept : TOOLBAR__ORIGIN_BYTES;

    return hash_of(seed ^ (uint64_t)length << 8, data, seen);
}

uint64_t toolbar__origin_text(const char *data, size_t kept, size_t length)
{
    int64_t value;

    if (kept == length && is_integer(data, length, &value)) return toolbar__origin_integer(value);
    return hash_bytes(SEED_TEXT, data, kept, length);
}

uint64_t toolbar__origin_blob(const void *data, size_t kept, size_t length)
{
    return hash_bytes(SEED_BLOB, data, kept, length);
}

static struct toolbar__sighting *slot_for(const struct toolbar__sightings *sightings, uint64_t hash,
                                          unsigned query, unsigned column)
{
    uint32_t at = (uint32_t)hash & (sightings->size - 1);

    for (;; at = (at + 1) & (sightings->size - 1)) {
        struct toolbar__sighting *slot = &sightings->slots[at];

        if (!slot->hash) return slot;
        if (slot->hash == hash && slot->query == query && slot->column == column) return slot;
    }
}

static bool grow(struct toolbar__sightings *sightings)
{
    struct toolbar__sightings larger = {.size =
                                            sightings->size ? 2 * sightings->size : FIRST_SLOTS};

    larger.slots = calloc(larger.size, sizeof *larger.slots);
    if (!larger.slots) return false;
    for (uint32_t i = 0; i < sightings->size; i++) {
        const struct toolbar__sighting *slot = &sightings->slots[i];

        if (slot->hash) *slot_for(&larger, slot->hash, slot->query, slot->column) = *slot;
    }
    free(sightings->slots);
    sightings->slots = larger.slots;
    sightings->size = larger.size;
    return true;
}

void toolbar__sightings_add(struct toolbar__sightings *sightings, uint64_t hash, unsigned query,
                            unsigned column, unsigned begun)
{
    struct toolbar__sighting *slot;

    if (sightings->count * 2 >= sightings->size) {
        if (sightings->count >= TOOLBAR__SIGHTINGS_MAXIMUM || !grow(sightings)) {
            sightings->dropped++;
            return;
        }
    }
    slot = slot_for(sightings, hash, query, column);
    if (!slot->hash) {
        *slot = (struct toolbar__sighting){
            .hash = hash, .first = begun, .query = (uint16_t)query, .column = (uint16_t)column};
        sightings->count++;
    }
    slot->rows++;
}

void toolbar__sightings_free(struct toolbar__sightings *sightings)
{
    free(sightings->slots);
    *sightings = (struct toolbar__sightings){0};
}

const struct toolbar__sighting *toolbar__sightings_next(const struct toolbar__sightings *sightings,
                                                        uint64_t hash, uint32_t *at)
{
    while (*at < sightings->size) {
        uint32_t mask = sightings->size - 1;
        const struct toolbar__sighting *slot = &sightings->slots[((uint32_t)hash + (*at)++) & mask];

        if (!slot->hash) return NULL;
        if (slot->hash == hash) return slot;
    }
    return NULL;
}
