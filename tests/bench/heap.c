/*
 * Preloaded into a server, counts what its heap holds, and the most that it held. Sizes are those
 * that the allocator really gave.
 */
#include <dlfcn.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

/* What the dynamic linker itself allocates while it looks for the real functions. */
static _Alignas(max_align_t) char early[4096];
static size_t early_used;

static atomic_size_t live, peak;

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);
void bench_heap(size_t *now_bytes, size_t *peak_bytes);

static void find(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    memcpy(function, &found, sizeof found);
}

static int is_early(const void *memory)
{
    return (const char *)memory >= early && (const char *)memory < early + sizeof early;
}

static void *take_early(size_t size)
{
    size_t begin = early_used;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (size > sizeof early - begin) return NULL;
    early_used += size;
    return early + begin;
}

static void *count(void *memory)
{
    size_t now = memory ? malloc_usable_size(memory) : 0;
    size_t before = atomic_load(&peak);

    now += atomic_fetch_add(&live, now);
    while (now > before && !atomic_compare_exchange_weak(&peak, &before, now)) {
    }
    return memory;
}

static void uncount(void *memory)
{
    if (memory) atomic_fetch_sub(&live, malloc_usable_size(memory));
}

void *malloc(size_t size)
{
    static void *(*real)(size_t);

    if (!real) find(&real, "malloc");
    return count(real(size));
}

void *calloc(size_t number, size_t size)
{
    static void *(*real)(size_t, size_t);
    static int finding;

    if (!real && finding) return take_early(number * size);
    finding = 1;
    if (!real) find(&real, "calloc");
    return count(real(number, size));
}

void *realloc(void *memory, size_t size)
{
    static void *(*real)(void *, size_t);
    size_t before = memory ? malloc_usable_size(memory) : 0;
    void *result;

    if (!real) find(&real, "realloc");
    result = real(memory, size);
    if (result || size == 0) {
        atomic_fetch_sub(&live, before);
        count(result);
    }
    return result;
}

void free(void *memory)
{
    static void (*real)(void *);

    if (!real) find(&real, "free");
    if (is_early(memory)) return;
    uncount(memory);
    real(memory);
}

/* The peak begins anew. */
void bench_heap(size_t *now_bytes, size_t *peak_bytes)
{
    *now_bytes = atomic_load(&live);
    *peak_bytes = atomic_exchange(&peak, *now_bytes);
}
