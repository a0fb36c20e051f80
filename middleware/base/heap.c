#include "base/heap.h"

#include "base/clock.h"

#ifdef TOOLBAR_HAS_MALLINFO2
#include <malloc.h>
#include <stdatomic.h>

/*
 * mallinfo2() looks at every free piece of the heap and keeps others from allocating meanwhile:
 * 1 us as a rule, 5 ms with 100,000 pieces. Where it took too long a few times in a row, which is
 * not the scheduler's doing, it is not asked again.
 */
enum { TOO_LONG_NS = 100 * 1000, TOO_OFTEN = 3 };

static atomic_uint slow_in_a_row;

int64_t toolbar__heap_bytes(void)
{
    struct mallinfo2 info;
    int64_t begin_ns;

    if (atomic_load_explicit(&slow_in_a_row, memory_order_relaxed) >= TOO_OFTEN) return -1;
    begin_ns = toolbar__now_ns();
    info = mallinfo2();
    if (toolbar__now_ns() - begin_ns <= TOO_LONG_NS) {
        atomic_store_explicit(&slow_in_a_row, 0, memory_order_relaxed);
    } else {
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
