/*
 * By how much the program's heap grew while it stepped through rows: what it keeps of them. The
 * heap is the whole process's, so what grew while other threads worked is not known.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_GROWTH_H
#define TOOLBAR_ADAPTERS_SQLITE_GROWTH_H

#include <pthread.h>

#include "record/recording.h"

/* Looked at from this row on, and for so many only: looking is not free. */
enum { TOOLBAR__GROWTH_FROM = 100, TOOLBAR__GROWTH_ROWS = 1000 };

struct toolbar__growth {
    bool known;
    pthread_t thread;
    int64_t bytes; /* without SQLite's and the recording's */
    int64_t thread_cpu_ns;
    int64_t process_cpu_ns;
};

void toolbar__growth_begin(struct toolbar__growth *growth, struct toolbar_recording *recording);

/* Bytes since then, or UNKNOWN. */
int64_t toolbar__growth_end(const struct toolbar__growth *growth,
                            struct toolbar_recording *recording);

#endif
