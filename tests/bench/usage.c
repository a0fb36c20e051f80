/* See the header. */
#include "usage.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#ifdef BENCH_CALLGRIND
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_DUMP_STATS
#endif

static void heap(size_t *now_bytes, size_t *peak_bytes)
{
    void (*preloaded)(size_t *, size_t *);

    *now_bytes = *peak_bytes = 0;
    /* As POSIX has it: a pointer to an object becomes one to a function. */
    *(void **)(&preloaded) = dlsym(RTLD_DEFAULT, "bench_heap");
    if (preloaded) preloaded(now_bytes, peak_bytes);
}

void usage_print(char text[USAGE_SIZE])
{
    struct rusage process = {0};
    struct timespec cpu;
    size_t now_bytes, peak_bytes;

    CALLGRIND_DUMP_STATS;
    heap(&now_bytes, &peak_bytes);
    getrusage(RUSAGE_SELF, &process);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    snprintf(text, USAGE_SIZE, "cpu_ns=%lld waits=%ld heap_bytes=%zu heap_peak_bytes=%zu\n",
             (long long)cpu.tv_sec * 1000000000 + cpu.tv_nsec, process.ru_nvcsw, now_bytes,
             peak_bytes);
}
