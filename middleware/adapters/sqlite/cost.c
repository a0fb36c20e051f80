#include "adapters/sqlite/cost.h"

#include "base/clock.h"

/* What takes longer was not running all the while, and would count sixteen times. */
enum { INTERVAL = 16, LONGEST_NS = 20 * 1000 };

struct toolbar__cost toolbar__cost_begin(struct toolbar_recording *recording)
{
    int64_t before_ns = toolbar__now_ns(), now_ns = toolbar__now_ns();

    /* A look at the clock, as there is one at the end, is no part of what is timed. */
    return (struct toolbar__cost){.recording = recording, .began_ns = now_ns + now_ns - before_ns};
}

void toolbar__cost_end(const struct toolbar__cost *cost)
{
    int64_t ns = toolbar__now_ns() - cost->began_ns;

    if (ns < LONGEST_NS) toolbar__cost_add(cost->recording, ns * INTERVAL);
}
