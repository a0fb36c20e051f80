/*
 * Allocations that fail: the linker's --wrap sends the library's calls here, for the tests that
 * sweep over all of them.
 */
#ifndef TEST_OUT_OF_MEMORY_H
#define TEST_OUT_OF_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *string);
char *__real_strndup(const char *string, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *string);
char *__wrap_strndup(const char *string, size_t length);

/* Allocations are counted and fail in `armed` code only; 0 is the first. */
static atomic_bool armed;
static atomic_uint counted;
static unsigned failing;
static bool and_all_after;

/* The test and its client have memory, in this thread. */
static _Thread_local bool spared;

static bool fails(void)
{
    unsigned number;

    if (spared || !atomic_load(&armed)) return false;
    number = atomic_fetch_add(&counted, 1);
    return number == failing || (and_all_after && number > failing);
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *string)
{
    return fails() ? NULL : __real_strdup(string);
}

char *__wrap_strndup(const char *string, size_t length)
{
    return fails() ? NULL : __real_strndup(string, length);
}

/* Runs it until there is no allocation left that could fail, or one in `stride`. */
static inline void sweep(void (*act)(void *), void *cls, unsigned stride)
{
    for (int all = 0; all < 2; all++) {
        and_all_after = all;
        for (failing = 0; failing == 0 || atomic_load(&counted) >= failing; failing += stride) {
            atomic_store(&counted, 0);
            act(cls);
            atomic_store(&armed, false);
            assert_in_range(failing, 0, 5000);
        }
        assert_true(failing > stride);
    }
}

#endif
