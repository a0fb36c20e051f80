#include "record/provenance.h"

#include <stdlib.h>

#include "base/hash.h"

enum { FIRST_CAPACITY = 128, DIGITS_MAXIMUM = 19 };

enum { SEED_INTEGER = 1, SEED_REAL, SEED_TEXT, SEED_BLOB };

static uint64_t hash_of(uint64_t seed, const void *data, size_t length)
{
    uint64_t hash = toolbar__hash(seed, data, length);

    return hash ? hash : 1;
}

uint64_t toolbar__origin_integer(int64_t value)
{
    uint64_t hash = toolbar__hash_word(SEED_INTEGER, (uint64_t)value);

    return hash ? hash : 1;
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

/* Where it is, or would be. */
static uint16_t *slot_for(const struct toolbar__sightings *sightings, uint64_t hash, unsigned query,
                          unsigned column)
{
    uint32_t mask = 2 * sightings->capacity - 1, at = (uint32_t)hash & mask;

    for (; sightings->slots[at]; at = (at + 1) & mask) {
        const struct toolbar__sighting *kept = &sightings->kept[sightings->slots[at] - 1];

        if (kept->hash == hash && kept->query == query && kept->column == column) break;
    }
    return &sightings->slots[at];
}

static __attribute__((noinline)) bool grow(struct toolbar__sightings *sightings)
{
    uint32_t capacity = sightings->capacity ? 2 * sightings->capacity : FIRST_CAPACITY;
    struct toolbar__sighting *kept = realloc(sightings->kept, capacity * sizeof *kept);
    uint16_t *slots = calloc(2 * (size_t)capacity, sizeof *slots);

    if (kept) sightings->kept = kept;
    if (!kept || !slots) {
        free(slots);
        return false;
    }
    free(sightings->slots);
    sightings->slots = slots;
    sightings->capacity = capacity;
    for (uint32_t i = 0; i < sightings->count; i++) {
        *slot_for(sightings, kept[i].hash, kept[i].query, kept[i].column) = (uint16_t)(i + 1);
    }
    return true;
}

void toolbar__sightings_add(struct toolbar__sightings *sightings, uint64_t hash, unsigned query,
                            unsigned column, unsigned begun)
{
    uint16_t *slot;

    if (sightings->count == sightings->capacity) {
        if (sightings->count >= TOOLBAR__SIGHTINGS_MAXIMUM || !grow(sightings)) {
            sightings->dropped++;
            return;
        }
    }
    slot = slot_for(sightings, hash, query, column);
    if (!*slot) {
        sightings->kept[sightings->count] = (struct toolbar__sighting){
            .hash = hash, .first = begun, .query = (uint16_t)query, .column = (uint16_t)column};
        *slot = (uint16_t)++sightings->count;
    }
    sightings->kept[*slot - 1].rows++;
}

void toolbar__sightings_free(struct toolbar__sightings *sightings)
{
    free(sightings->kept);
    free(sightings->slots);
    *sightings = (struct toolbar__sightings){0};
}

const struct toolbar__sighting *toolbar__sightings_next(const struct toolbar__sightings *sightings,
                                                        uint64_t hash, uint32_t *at)
{
    uint32_t size = 2 * sightings->capacity;

    while (*at < size) {
        unsigned slot = sightings->slots[((uint32_t)hash + (*at)++) & (size - 1)];

        if (!slot) return NULL;
        if (sightings->kept[slot - 1].hash == hash) return &sightings->kept[slot - 1];
    }
    return NULL;
}
