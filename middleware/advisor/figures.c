/* Figures about a subject that several rules need. */
#include <stdlib.h>
#include <string.h>

#include "advisor/bench.h"

enum { HIGH_NS = 10 * 1000 * 1000, MEDIUM_NS = 2 * 1000 * 1000 };
enum { HIGH_BYTES = 1024 * 1024, MEDIUM_BYTES = 64 * 1024 };
enum { HIGH_PERCENT = 20, MEDIUM_PERCENT = 5 };
enum { WORK_STEPS = 10 * 1000, STEPS_PER_ROW = 1000 };
enum { TIP_COLUMNS = 8, TIP_WIDE_COLUMNS = 9 };

/* Hashes that were seen, at most half as many as there are slots. */
struct seen {
    uint64_t *slots; /* 0: free */
    size_t mask;
};

static bool seen_begin(struct seen *seen, unsigned count)
{
    size_t size = 4;

    while (size < 2 * (size_t)count) {
        size *= 2;
    }
    seen->mask = size - 1;
    seen->slots = calloc(size, sizeof *seen->slots);
    return seen->slots != NULL;
}

/* False: it had been seen. */
static bool seen_add(struct seen *seen, uint64_t hash)
{
    uint64_t kept = hash ? hash : 1;
    size_t at = kept & seen->mask;

    while (seen->slots[at] && seen->slots[at] != kept) {
        at = (at + 1) & seen->mask;
    }
    if (seen->slots[at]) return false;
    seen->slots[at] = kept;
    return true;
}

unsigned toolbar__distinct_values(const struct toolbar__subject *subject)
{
    struct seen seen;
    unsigned distinct = 0;

    if (!seen_begin(&seen, subject->count)) return 0;
    for (unsigned i = 0; i < subject->count; i++) {
        if (seen_add(&seen, subject->runs[i]->question)) distinct++;
    }
    free(seen.slots);
    return distinct;
}

unsigned toolbar__bound_values(const struct toolbar__subject *subject, unsigned value,
                               struct toolbar__bound *bound)
{
    struct seen seen;
    unsigned distinct = 0;

    if (!seen_begin(&seen, subject->count)) return 0;
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        if (value >= run->value_count || !run->values[value]) continue;
        if (!seen_add(&seen, run->values[value])) continue;
        bound[distinct++] = (struct toolbar__bound){run->values[value], i};
    }
    free(seen.slots);
    return distinct;
}

bool toolbar__find_varying(const struct toolbar__subject *subject, unsigned *varying)
{
    const struct toolbar__run *first = subject->runs[0];
    unsigned found = 0;

    for (unsigned value = 0; value < first->value_count; value++) {
        for (unsigned i = 1; i < subject->count; i++) {
            const struct toolbar__run *run = subject->runs[i];

            if (run->value_count != first->value_count) return false;
            if (run->values[value] == first->values[value]) continue;
            *varying = value;
            found++;
            break;
        }
    }
    return found == 1;
}

/* As it would be at `wanted` in order; sorts no more than that takes (Hoare's quickselect). */
static int64_t select_nth(int64_t *figures, long count, long wanted)
{
    long low = 0, high = count - 1;

    while (low < high) {
        int64_t pivot = figures[low + (high - low) / 2];
        long i = low, j = high;

        while (i <= j) {
            int64_t figure = figures[i];

            if (figure < pivot) {
                i++;
            } else if (figures[j] > pivot) {
                j--;
            } else {
                figures[i++] = figures[j];
                figures[j--] = figure;
            }
        }
        if (wanted > j && wanted < i) break;
        if (wanted <= j) {
            high = j;
        } else {
            low = i;
        }
    }
    return figures[wanted];
}

int64_t toolbar__median_ns(const struct toolbar__subject *subject)
{
    int64_t *times = calloc(subject->count, sizeof *times);
    int64_t median;

    if (!times) return 0;
    for (unsigned i = 0; i < subject->count; i++) {
        int64_t ns = subject->runs[i]->query->duration_ns;

        times[i] = ns > 0 ? ns : 0;
    }
    median = select_nth(times, (long)subject->count, (long)(subject->count / 2));
    free(times);
    return median;
}

static bool is_about(const struct toolbar__advice *advice, const struct toolbar__subject *subject)
{
    for (unsigned i = 0; i < subject->count; i++) {
        if (subject->runs[i]->query->number == advice->queries[0]) return true;
    }
    return false;
}

bool toolbar__is_explained(const struct toolbar__bench *bench,
                           const struct toolbar__subject *subject)
{
    for (const struct toolbar__advice *advice = bench->advices.first; advice;
         advice = advice->next) {
        if (advice->tip == TIP_COLUMNS || advice->tip == TIP_WIDE_COLUMNS) continue;
        if (is_about(advice, subject)) return true;
    }
    return false;
}

bool toolbar__is_cold(const struct toolbar__bench *bench, const struct toolbar__subject *subject)
{
    for (toolbar__each(cache, &bench->recording->activity.page_caches,
                       struct toolbar__page_cache)) {
        if (cache->cold && strcmp(cache->connection, subject->group->connection) == 0) return true;
    }
    return false;
}

int64_t toolbar__undisturbed_ns(const struct toolbar_recording *recording, int64_t ns)
{
    int64_t waited_ns = recording->duration_ns - recording->usage.cpu_ns;

    if (!recording->usage.involuntary_switches || waited_ns <= 0) return ns;
    return ns > waited_ns ? ns - waited_ns : 0;
}

bool toolbar__is_laborious(int64_t vm_steps, int64_t rows)
{
    return vm_steps >= WORK_STEPS && rows >= 0 && vm_steps / (rows + 1) >= STEPS_PER_ROW;
}

enum toolbar__severity toolbar__severity_of(const struct toolbar_recording *recording,
                                            int64_t saving_ns, int64_t bytes)
{
    int64_t percent = recording->duration_ns > 0 ? saving_ns * 100 / recording->duration_ns : 0;

    if (saving_ns >= HIGH_NS || percent >= HIGH_PERCENT || bytes >= HIGH_BYTES) {
        return TOOLBAR__HIGH;
    }
    if (saving_ns >= MEDIUM_NS || percent >= MEDIUM_PERCENT || bytes >= MEDIUM_BYTES) {
        return TOOLBAR__MEDIUM;
    }
    return TOOLBAR__LOW;
}

void toolbar__column_text(struct toolbar_text *text, const struct toolbar__run *run,
                          unsigned column)
{
    const struct toolbar__group *group = run->query->statement->group;
    const struct toolbar__result_column *name =
        column < group->column_count ? &group->columns[column] : NULL;

    if (name && name->table && name->origin) {
        toolbar__text_string(text, name->table);
        toolbar__text_char(text, '.');
        toolbar__text_string(text, name->origin);
    } else if (name && name->name) {
        toolbar__text_string(text, name->name);
    } else {
        toolbar__text_printf(text, "column %u", column + 1);
    }
}
