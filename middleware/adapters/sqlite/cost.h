/*
 * What recording takes of the application's time, for the figure that the toolbar shows of itself.
 * The beginning of an execution, which may be the first of its text and take a hundred times as
 * long as another, is timed whenever it happens. Of everything else one call in sixteen is, and
 * counts for sixteen: looking at the clock takes as long as some of what it would time.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_COST_H
#define TOOLBAR_ADAPTERS_SQLITE_COST_H

#include <stdatomic.h>

#include "record/recording.h"

/* A call that is timed. */
struct toolbar__cost {
    struct toolbar_recording *recording; /* NULL: it is not timed */
    int64_t began_ns;
};

/* Of something that is always timed. */
static inline void toolbar__cost_add(struct toolbar_recording *recording, int64_t ns)
{
    atomic_fetch_add_explicit(&recording->recording_ns, ns, memory_order_relaxed);
}

/*
 * The next place of those that the golden ratio gives, which are spread evenly whatever the
 * calls' own pattern is. Where two threads take the same one, little is lost.
 */
static inline bool toolbar__cost_is_timed(struct toolbar_recording *recording)
{
    unsigned place = atomic_load_explicit(&recording->cost_place, memory_order_relaxed);

    place += 0x9e3779b9U;
    atomic_store_explicit(&recording->cost_place, place, memory_order_relaxed);
    return (place & 0xf0000000U) == 0;
}

struct toolbar__cost toolbar__cost_begin(struct toolbar_recording *recording);
void toolbar__cost_end(const struct toolbar__cost *cost);

static inline struct toolbar__cost toolbar__cost_enter(struct toolbar_recording *recording)
{
    return recording && toolbar__cost_is_timed(recording)
               ? toolbar__cost_begin(recording)
               : (struct toolbar__cost){.recording = NULL};
}

static inline void toolbar__cost_leave(const struct toolbar__cost *cost)
{
    if (cost->recording) toolbar__cost_end(cost);
}

/* Stands before all else in a function and times it, if it is its turn. NULL: it never is. */
#define TOOLBAR__COST(recording)                                                                   \
    __attribute__((cleanup(toolbar__cost_leave), unused)) struct toolbar__cost cost =              \
        toolbar__cost_enter(recording)

#endif
