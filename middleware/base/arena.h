/*
 * The memory of one request: many small allocations, one free. Bounded, so that a request with
 * endless queries costs a known amount; when it is full, allocations return NULL.
 */
#ifndef TOOLBAR_BASE_ARENA_H
#define TOOLBAR_BASE_ARENA_H

#include <stddef.h>

struct toolbar__arena_block;

struct toolbar__arena {
    struct toolbar__arena_block *blocks;
    size_t used;    /* bytes taken from malloc() */
    size_t maximum; /* bytes */
};

void toolbar__arena_init(struct toolbar__arena *arena, size_t maximum_bytes);
void toolbar__arena_free(struct toolbar__arena *arena);

/* Zeroed and aligned for any object; NULL when memory or the arena is exhausted. */
void *toolbar__arena_alloc(struct toolbar__arena *arena, size_t size);

/* A terminated copy of `length` bytes; NULL as above. */
char *toolbar__arena_copy(struct toolbar__arena *arena, const char *data, size_t length);

#endif
