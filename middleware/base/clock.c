#include "base/clock.h"

#include <sys/resource.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t toolbar__now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t toolbar__cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

int64_t toolbar__process_cpu_ns(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t toolbar__wall_ms(void)
{
    return read_clock(CLOCK_REALTIME) / 1000000;
}

static int64_t timeval_ns(struct timeval t)
{
    return (int64_t)t.tv_sec * 1000000000 + (int64_t)t.tv_usec * 1000;
}

void toolbar__usage_now(struct toolbar__usage *usage)
{
    struct rusage r;

    getrusage(RUSAGE_THREAD, &r);
    *usage = (struct toolbar__usage){
        .cpu_ns = toolbar__cpu_ns(),
        .user_ns = timeval_ns(r.ru_utime),
        .system_ns = timeval_ns(r.ru_stime),
        .voluntary_switches = r.ru_nvcsw,
        .involuntary_switches = r.ru_nivcsw,
        .minor_faults = r.ru_minflt,
        .major_faults = r.ru_majflt,
        .peak_bytes = (int64_t)r.ru_maxrss * 1024,
    };
}

void toolbar__usage_add(struct toolbar__usage *sum, const struct toolbar__usage *since,
                        const struct toolbar__usage *until)
{
    int64_t cpu_ns = until->cpu_ns - since->cpu_ns;
    int64_t system_ns = until->system_ns - since->system_ns;

    /*
     * The kernel's split of user and system time lags by up to a tick; the thread's clock does
     * not. So the split is taken for what it says, within the time that was really used.
     */
    if (system_ns > cpu_ns) system_ns = cpu_ns;
    sum->cpu_ns += cpu_ns;
    sum->system_ns += system_ns;
    sum->user_ns += cpu_ns - system_ns;
    sum->voluntary_switches += until->voluntary_switches - since->voluntary_switches;
    sum->involuntary_switches += until->involuntary_switches - since->involuntary_switches;
    sum->minor_faults += until->minor_faults - since->minor_faults;
    sum->major_faults += until->major_faults - since->major_faults;
    if (until->peak_bytes > sum->peak_bytes) sum->peak_bytes = until->peak_bytes;
}
