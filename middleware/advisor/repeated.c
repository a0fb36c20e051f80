#include "advisor/repeated.h"

#include <stdlib.h>
#include <string.h>

enum { NOTHING_NS = 200 * 1000 };

static int compare_key(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Equal: the same question asked on the same connection. */
static int compare_question(const struct toolbar__run *a, const struct toolbar__run *b)
{
    int order = compare_key(a->question, b->question);

    return order ? order : compare_key((uintptr_t)a->query->handle, (uintptr_t)b->query->handle);
}

static int compare_runs(const void *a, const void *b)
{
    const struct toolbar__run *const *x = a, *const *y = b;
    int order = compare_question(*x, *y);

    return order ? order : compare_key((*x)->query->number, (*y)->query->number);
}

static int compare_numbers(const void *a, const void *b)
{
    const struct toolbar__run *const *x = a, *const *y = b;

    return compare_key((*x)->query->number, (*y)->query->number);
}

static bool takes_back(const struct toolbar__subject *subject)
{
    return strncmp(subject->group->fingerprint, "ROLLBACK", strlen("ROLLBACK")) == 0;
}

/* It writes, or nobody has seen what it does. */
static bool may_write(const struct toolbar__query *query)
{
    return query->writes || (query->rows == TOOLBAR__UNKNOWN && !query->error_code);
}

bool toolbar__changed_between(const struct toolbar__bench *bench,
                              const struct toolbar__subject *subject, const struct toolbar__run *a,
                              const struct toolbar__run *b)
{
    unsigned known = 0;

    for (unsigned i = 0; i < bench->count; i++) {
        const struct toolbar__subject *other = &bench->subjects[i];
        bool back = takes_back(other), meet;

        if (other->reads && !back) continue;
        meet = back || toolbar__tables_meet(&subject->tables, &other->tables);
        /* What began after the second had not ended before it. */
        for (unsigned j = 0; j < other->count && other->runs[j]->index < b->index; j++) {
            const struct toolbar__run *run = other->runs[j];
            bool ended = run->write > a->writes_before && run->write <= b->writes_before;
            bool begun = run->index > a->index;

            if (!(ended || begun) || !(back || may_write(run->query))) continue;
            if (meet || run->query->further_changes != 0) return true;
            if (ended) known++;
        }
    }
    /* There may have been more than are kept. */
    return known != b->writes_before - a->writes_before;
}

/* Though nothing was written here, other values were read: somebody else has changed them. */
static bool is_other(const struct toolbar__bench *bench, const struct toolbar__run *a,
                     const struct toolbar__run *b)
{
    if (a->query->complete && b->query->complete && a->query->rows != b->query->rows) return true;
    if (bench->tracking->sightings.dropped || a->column_count != b->column_count) return false;
    for (unsigned i = 0; i < a->column_count; i++) {
        if (a->columns[i].rows != b->columns[i].rows) return false;
    }
    return a->sum != b->sum;
}

/* One of its values had been read from a row of another query. */
static bool is_traced(const struct toolbar__bench *bench, const struct toolbar__run *run)
{
    for (unsigned i = 0; i < run->value_count; i++) {
        const struct toolbar__sighting *sighting;
        uint32_t at = 0;

        while (run->values[i] && (sighting = toolbar__sightings_next(&bench->tracking->sightings,
                                                                     run->values[i], &at))) {
            const struct toolbar__query *from = bench->tracking->runs[sighting->query]->query;

            if (sighting->first < run->query->number &&
                from->statement->group != run->query->statement->group) {
                return true;
            }
        }
    }
    return false;
}

static int64_t time_of(const struct toolbar__run *run)
{
    return run->query->duration_ns > 0 ? run->query->duration_ns : 0;
}

/* Keeps the runs of one question, which begin at `from`, if they are a repetition. */
static void take(const struct toolbar__bench *bench, struct toolbar__repeated *repeated,
                 const struct toolbar__run **from, unsigned count, bool traced)
{
    if (count < 2 || from[0]->query->rows <= 0) return;
    if (is_traced(bench, from[0]) != traced) return;
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) repeated->saving_ns += time_of(from[i]);
        /* Never overtakes what is still to be looked at. */
        repeated->runs[repeated->count++] = from[i];
    }
    repeated->rows += from[0]->query->rows;
    repeated->sets++;
}

/* The runs of one question, in order. */
static void take_question(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject,
                          struct toolbar__repeated *repeated, const struct toolbar__run **runs,
                          unsigned count, bool traced)
{
    unsigned from = 0;

    for (unsigned i = 1; i <= count; i++) {
        if (i < count && !toolbar__changed_between(bench, subject, runs[i - 1], runs[i])) {
            /* Who waits for a change has to ask again. */
            if (is_other(bench, runs[i - 1], runs[i])) return;
            continue;
        }
        take(bench, repeated, runs + from, i - from, traced);
        from = i;
    }
}

bool toolbar__repeated_find(const struct toolbar__bench *bench,
                            const struct toolbar__subject *subject, bool traced,
                            struct toolbar__repeated *repeated)
{
    const struct toolbar__run **runs;
    unsigned from = 0;

    if (!subject->reads || subject->changing || subject->count < 2) return false;
    /* It asks for no rows but for what a function does. */
    if (!strstr(subject->group->fingerprint, " FROM ") && subject->calls_others) {
        return false;
    }
    runs = calloc(subject->count, sizeof *runs);
    if (!runs) return false;
    for (unsigned i = 0; i < subject->count; i++) {
        runs[i] = subject->runs[i];
    }
    qsort(runs, subject->count, sizeof *runs, compare_runs);
    *repeated = (struct toolbar__repeated){.runs = runs};
    for (unsigned i = 1; i <= subject->count; i++) {
        if (i < subject->count && compare_question(runs[i], runs[from]) == 0) continue;
        take_question(bench, subject, repeated, runs + from, i - from, traced);
        from = i;
    }
    qsort(runs, repeated->count, sizeof *runs, compare_numbers);
    if (!repeated->count) free(runs);
    return repeated->count != 0;
}

enum toolbar__severity toolbar__repeated_severity(const struct toolbar_recording *recording,
                                                  int64_t saving_ns)
{
    return saving_ns < NOTHING_NS ? TOOLBAR__LOW : toolbar__severity_of(recording, saving_ns, 0);
}
