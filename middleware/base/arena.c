#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024 };

struct toolbar__arena_block {
    struct toolbar__arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) char data[];
};

void toolbar__arena_init(struct toolbar__arena *arena, size_t maximum_bytes)
{
    *arena = (struct toolbar__arena){.maximum = maximum_bytes};
}

void toolbar__arena_free(struct toolbar__arena *arena)
{
    while (arena->blocks) {
        struct toolbar__arena_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    arena->used = 0;
}

static struct toolbar__arena_block *add_block(struct toolbar__arena *arena, size_t size)
{
    size_t bytes = size > BLOCK_BYTES / 4 ? size : BLOCK_BYTES;
    struct toolbar__arena_block *block;

    if (bytes > arena->maximum - arena->used) return NULL;
    block = malloc(sizeof *block + bytes);
    if (!block) return NULL;
    *block = (struct toolbar__arena_block){.size = bytes};
    arena->used += bytes;
    /* A block of its own for something big goes second: the first may still have room. */
    if (bytes == size && arena->blocks) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

static size_t rounded(size_t size)
{
    return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

static void *take(struct toolbar__arena_block *block, size_t size)
{
    void *data = block->data + block->used;

    block->used += rounded(size);
    return memset(data, 0, size);
}

static __attribute__((noinline)) void *take_new(struct toolbar__arena *arena, size_t size)
{
    struct toolbar__arena_block *block =
        size <= arena->maximum ? add_block(arena, rounded(size)) : NULL;

    return block ? take(block, size) : NULL;
}

void *toolbar__arena_alloc(struct toolbar__arena *arena, size_t size)
{
    struct toolbar__arena_block *block = arena->blocks;

    /* What is left of a block is a rounded size, too. */
    return block && size <= block->size - block->used ? take(block, size) : take_new(arena, size);
}

char *toolbar__arena_copy(struct toolbar__arena *arena, const char *data, size_t length)
{
    char *copy = toolbar__arena_alloc(arena, length + 1);

    if (copy && length) memcpy(copy, data, length);
    return copy;
}
