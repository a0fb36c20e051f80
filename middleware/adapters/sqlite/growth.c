#include "adapters/sqlite/growth.h"

#include <sqlite3.h>

#include "base/heap.h"
#include "record/tracking.h"

/* What other threads may do meanwhile without having kept anything worth a word. */
enum { OTHERS_NS = 50 * 1000, OTHERS_PERCENT = 10 };

void toolbar__growth_begin(struct toolbar__growth *growth, struct toolbar_recording *recording)
{
    int64_t sqlite_bytes = sqlite3_memory_used();
    int64_t own_bytes, heap_bytes;

    growth->known = false;
    /* 0: SQLite does not count, so its cache could not be told from the program's memory. */
    if (!sqlite_bytes || !toolbar__tracking_look(recording, &own_bytes)) return;
    heap_bytes = toolbar__heap_bytes();
    if (heap_bytes < 0) return;
    growth->known = true;
    growth->thread = pthread_self();
    growth->bytes = heap_bytes - sqlite_bytes - own_bytes;
    growth->process_cpu_ns = toolbar__process_cpu_ns();
    growth->thread_cpu_ns = toolbar__cpu_ns();
}

/* The kernel knows which threads ran, whether they serve requests or not. */
static bool others_worked(const struct toolbar__growth *since, const struct toolbar__growth *until)
{
    int64_t own_ns = until->thread_cpu_ns - since->thread_cpu_ns;
    int64_t others_ns = until->process_cpu_ns - since->process_cpu_ns - own_ns;

    return others_ns > OTHERS_NS && others_ns * 100 > own_ns * OTHERS_PERCENT;
}

int64_t toolbar__growth_end(const struct toolbar__growth *growth,
                            struct toolbar_recording *recording)
{
    struct toolbar__growth now;

    if (!pthread_equal(growth->thread, pthread_self())) return TOOLBAR__UNKNOWN;
    toolbar__growth_begin(&now, recording);
    if (!now.known || others_worked(growth, &now)) return TOOLBAR__UNKNOWN;
    return now.bytes > growth->bytes ? now.bytes - growth->bytes : 0;
}
