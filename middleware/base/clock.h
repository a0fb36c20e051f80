/* Time and processor use. Knows nothing of requests. */
#ifndef TOOLBAR_BASE_CLOCK_H
#define TOOLBAR_BASE_CLOCK_H

#include <stdint.h>

/* Monotonic nanoseconds, for durations. */
int64_t toolbar__now_ns(void);

/* Processor time of the calling thread, and of the whole process. */
int64_t toolbar__cpu_ns(void);
int64_t toolbar__process_cpu_ns(void);

/* Milliseconds since 1970, for display only: it may jump. */
int64_t toolbar__wall_ms(void);

/* What the calling thread has used of the machine so far. */
struct toolbar__usage {
    int64_t cpu_ns; /* exact; the next two are its parts as the kernel estimates them */
    int64_t user_ns;
    int64_t system_ns;
    int64_t voluntary_switches;
    int64_t involuntary_switches;
    int64_t minor_faults;
    int64_t major_faults;
    int64_t peak_bytes; /* of memory, by the whole process until now */
};

void toolbar__usage_now(struct toolbar__usage *usage);

/* sum += until - since. */
void toolbar__usage_add(struct toolbar__usage *sum, const struct toolbar__usage *since,
                        const struct toolbar__usage *until);

#endif
