#include "base/heap.h"

#include "base/clock.h"

#ifdef TOOLBAR_HAS_MALLINFO2
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/*
 * mallinfo2() looks at every free piece of the heap and keeps others from allocating meanwhile:
 * 1 us as a rule, 0.2 ms with 2,000 pieces, 5 ms with 100,000. Where it took too long a few times
 * in a row, which is not the scheduler's doing, it is left alone for a while.
 */
enum { TOO_LONG_NS = 300 * 1000, TOO_OFTEN = 3, REST_NS = 1000 * 1000 * 1000 };

static atomic_uint slow_in_a_row;
static _Atomic int64_t rest_until_ns;

/*
 * Where another allocator has taken malloc()'s place, the C library's own is not set up before
 * somebody asks, and two threads that do so at once both take the main heap for their own: when the
 * second of them ends, so does the process.
 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
    (void)mallinfo2();
}

static bool is_resting(int64_t now_ns)
{
    return atomic_load_explicit(&slow_in_a_row, memory_order_relaxed) >= TOO_OFTEN &&
           now_ns < atomic_load_explicit(&rest_until_ns, memory_order_relaxed);
}

int64_t toolbar__heap_bytes(void)
{
    int64_t begin_ns = toolbar__now_ns(), end_ns;
    struct mallinfo2 info;

    if (is_resting(begin_ns)) return -1;
    pthread_once(&once, set_up);
    info = mallinfo2();
    end_ns = toolbar__now_ns();
    if (end_ns - begin_ns <= TOO_LONG_NS) {
        atomic_store_explicit(&slow_in_a_row, 0, memory_order_relaxed);
    } else {
        atomic_store_explicit(&rest_until_ns, end_ns + REST_NS, memory_order_relaxed);
        atomic_fetch_add_explicit(&slow_in_a_row, 1, memory_order_relaxed);
    }
    return (int64_t)(info.uordblks + info.hblkhd);
}
#else
int64_t toolbar__heap_bytes(void)
{
    return -1;
}
#endif
