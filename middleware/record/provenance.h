/*
 * Where values came from: what the application read from which column of which query. A value
 * that is later bound to a parameter is looked up here, which proves that one query was made for
 * the rows of another. Kept as hashes only, while the request runs and no longer.
 */
#ifndef TOOLBAR_RECORD_PROVENANCE_H
#define TOOLBAR_RECORD_PROVENANCE_H

#include <debugtoolbar/export.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TOOLBAR__SIGHTINGS_MAXIMUM = 8 * 1024,
    TOOLBAR__ORIGIN_BYTES = 128 /* of one value that are looked at */
};

/* One value in one column of one query. */
struct toolbar__sighting {
    uint64_t hash;   /* never 0 */
    uint32_t first;  /* how many queries had begun when it was first read */
    uint32_t rows;   /* in which it was read */
    uint16_t query;  /* index of the run */
    uint16_t column; /* from 0 */
};

/* Zeroed: empty. Twice as many slots as there is room, so that little has to be cleared. */
struct toolbar__sightings {
    struct toolbar__sighting *kept; /* as they came */
    uint16_t *slots;                /* by hash: which of them, from 1; 0: free */
    uint32_t capacity;              /* of `kept`: a power of two, or 0 */
    uint32_t count;
    uint32_t dropped; /* over the limit, or without memory */
};

/* For the front library too. Never 0. Integers and texts that look like the same integer have the
 * same. */
TOOLBAR_EXPORT uint64_t toolbar__origin_integer(int64_t value);
TOOLBAR_EXPORT uint64_t toolbar__origin_real(double value);
TOOLBAR_EXPORT uint64_t toolbar__origin_text(const char *data, size_t kept, size_t length);
TOOLBAR_EXPORT uint64_t toolbar__origin_blob(const void *data, size_t kept, size_t length);

void toolbar__sightings_add(struct toolbar__sightings *sightings, uint64_t hash, unsigned query,
                            unsigned column, unsigned begun);
void toolbar__sightings_free(struct toolbar__sightings *sightings);

/* The next sighting of the value, in their order: *at is 0 at first; NULL: no more. */
const struct toolbar__sighting *toolbar__sightings_next(const struct toolbar__sightings *sightings,
                                                        uint64_t hash, uint32_t *at);

#endif
