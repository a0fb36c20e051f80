/*
 * Proves that queries were made for the rows of an earlier one: the values they were run with had
 * been read from one of its columns. A request is full of small integers that are equal by chance,
 * so most of the values must come from there, and they must be much of what was there, unless the
 * rows were still being read. The rows may come from many runs of a query that was run in a loop
 * itself.
 */
#include <stdlib.h>

#include "advisor/bench.h"

enum { CANDIDATES_MAXIMUM = 64, PARENT_ROWS = 3, MATCHED_PERCENT = 80, COVERED_PERCENT = 50 };
enum { LOOP_RUNS = 5, GUESS_RUNS = 5, EVERY_PERCENT = 100, USED_MINIMUM = 3 };

static bool may_be_parent(const struct toolbar__subject *subject, const struct toolbar__run *run,
                          bool pooled)
{
    if (run->query->statement->group == subject->group) return false;
    return pooled || run->query->rows >= PARENT_ROWS;
}

/* The candidate that this is about, or a free one; CANDIDATES_MAXIMUM: there are too many. */
static unsigned find_candidate(const struct toolbar__origin *candidates, unsigned count,
                               const struct toolbar__run *run, unsigned column, bool pooled)
{
    unsigned i = 0;

    for (; i < count; i++) {
        const struct toolbar__run *parent = candidates[i].parent;
        bool same = pooled ? parent->query->statement->group == run->query->statement->group
                           : parent == run;

        if (same && candidates[i].column == column) break;
    }
    return i;
}

/*
 * Counts for every column the values that had been read from it: in one run, or pooled in all runs
 * of its query.
 */
static unsigned match(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                      const struct toolbar__bound *bound, unsigned distinct, bool pooled,
                      struct toolbar__origin *candidates)
{
    unsigned matched_by[CANDIDATES_MAXIMUM]; /* the value counted last, from 1 */
    unsigned count = 0;

    for (unsigned i = 0; i < distinct; i++) {
        const struct toolbar__sighting *sighting;
        uint32_t at = 0;

        while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, bound[i].hash,
                                                   &at)) != NULL) {
            const struct toolbar__run *run = bench->tracking->runs[sighting->query];
            unsigned j;

            if (sighting->first >= subject->runs[bound[i].run]->query->number ||
                !may_be_parent(subject, run, pooled)) {
                continue;
            }
            j = find_candidate(candidates, count, run, sighting->column, pooled);
            if (j == CANDIDATES_MAXIMUM) continue;
            if (j == count) {
                matched_by[count] = 0;
                candidates[count++] = (struct toolbar__origin){
                    .parent = run, .column = sighting->column, .distinct = distinct};
            }
            candidates[j].matched += matched_by[j] != i + 1;
            matched_by[j] = i + 1;
            candidates[j].rows += sighting->rows;
        }
    }
    return count;
}

static bool is_inside(const struct toolbar__run *child, const struct toolbar__run *parent)
{
    return child->query->number > parent->query->number && child->query->number <= parent->ended;
}

static bool is_nested(const struct toolbar__subject *subject, const struct toolbar__run *parent,
                      unsigned percent)
{
    unsigned inside = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        if (is_inside(subject->runs[i], parent)) inside++;
    }
    return inside * 100 >= subject->count * percent;
}

/* The subject of the parent. */
static const struct toolbar__subject *find_pool(const struct toolbar__bench *bench,
                                                const struct toolbar__origin *origin)
{
    unsigned i = 0;

    while (bench->subjects[i].group != origin->parent->query->statement->group) {
        i++;
    }
    return &bench->subjects[i];
}

static bool is_nested_in_any(const struct toolbar__subject *subject,
                             const struct toolbar__subject *pool)
{
    unsigned inside = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        for (unsigned j = 0; j < pool->count; j++) {
            if (!is_inside(subject->runs[i], pool->runs[j])) continue;
            inside++;
            break;
        }
    }
    return inside * 100 >= subject->count * MATCHED_PERCENT;
}

/* The rows of several runs are one list if these are a loop, or one of them is a list itself. */
static bool is_list(const struct toolbar__subject *pool, const struct toolbar__origin *origin)
{
    if (origin->all_rows < PARENT_ROWS) return false;
    if (pool->advised || pool->count >= LOOP_RUNS) return true;
    for (unsigned i = 0; i < pool->count; i++) {
        if (pool->runs[i]->query->rows >= PARENT_ROWS) return true;
    }
    return false;
}

static bool accept_origin(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject, struct toolbar__origin *origin,
                          bool pooled)
{
    const struct toolbar__subject *pool;

    if (origin->matched * 100 < origin->distinct * MATCHED_PERCENT) return false;
    origin->parents = 1;
    origin->all_rows = origin->parent->query->rows;
    if (pooled) {
        pool = find_pool(bench, origin);
        origin->parent = pool->runs[0];
        origin->parents = pool->count;
        origin->all_rows = 0;
        for (unsigned i = 0; i < pool->count; i++) {
            origin->all_rows += pool->runs[i]->query->rows;
        }
        if (!is_list(pool, origin)) return false;
        origin->nested = is_nested_in_any(subject, pool);
    } else {
        origin->nested = is_nested(subject, origin->parent, MATCHED_PERCENT);
    }
    return origin->nested || (int64_t)origin->rows * 100 >= origin->all_rows * COVERED_PERCENT;
}

static bool is_better(const struct toolbar__origin *a, const struct toolbar__origin *b)
{
    if (!b->parent) return true;
    if (a->nested != b->nested) return a->nested;
    if (a->matched != b->matched) return a->matched > b->matched;
    return (int64_t)a->rows * b->all_rows > (int64_t)b->rows * a->all_rows;
}

static void find_best(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                      struct toolbar__bound *bound, bool pooled, struct toolbar__origin *best)
{
    struct toolbar__origin candidates[CANDIDATES_MAXIMUM];

    for (unsigned value = 0; value < subject->runs[0]->value_count; value++) {
        unsigned distinct = toolbar__bound_values(subject, value, bound);
        unsigned count;

        if (distinct < 2) continue;
        count = match(bench, subject, bound, distinct, pooled, candidates);
        for (unsigned i = 0; i < count; i++) {
            candidates[i].value = value;
            if (accept_origin(bench, subject, &candidates[i], pooled) &&
                is_better(&candidates[i], best)) {
                *best = candidates[i];
            }
        }
    }
}

bool toolbar__origin_find(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject, struct toolbar__origin *origin)
{
    struct toolbar__origin best = {0};
    struct toolbar__bound *bound = calloc(subject->count, sizeof *bound);

    if (bound) find_best(bench, subject, bound, false, &best);
    if (bound && !best.parent) find_best(bench, subject, bound, true, &best);
    free(bound);
    if (!best.parent) return false;
    *origin = best;
    return true;
}

/* All runs came after its rows, and there is one for each, give or take one. */
static bool is_followed(const struct toolbar__subject *subject, const struct toolbar__run *parent)
{
    int64_t rows = parent->query->rows;

    return parent->ended && subject->runs[0]->query->number > parent->ended &&
           rows >= (int64_t)subject->count - 1 && rows <= (int64_t)subject->count + 1;
}

/* On another connection the hook learns late that it has ended. */
static bool may_be_guessed(const struct toolbar__subject *subject, const struct toolbar__run *run)
{
    return run->query->handle == subject->runs[0]->query->handle && run->query->rows >= PARENT_ROWS;
}

bool toolbar__origin_guess(const struct toolbar__bench *bench,
                           const struct toolbar__subject *subject, struct toolbar__origin *origin)
{
    struct toolbar__origin best = {0};

    if (subject->count < GUESS_RUNS) return false;
    for (unsigned i = 0; i < bench->count; i++) {
        const struct toolbar__subject *other = &bench->subjects[i];

        for (unsigned j = 0; j < other->count && other != subject && other->counts; j++) {
            const struct toolbar__run *run = other->runs[j];
            bool nested = is_nested(subject, run, EVERY_PERCENT);

            if (!may_be_guessed(subject, run) || best.nested) continue;
            if (nested || is_followed(subject, run)) {
                best = (struct toolbar__origin){
                    .parent = run, .all_rows = run->query->rows, .nested = nested};
            }
        }
    }
    if (!best.parent) return false;
    *origin = best;
    return true;
}

static bool is_from(const struct toolbar__bench *bench, uint64_t value, unsigned number,
                    const struct toolbar__run *run)
{
    const struct toolbar__sighting *sighting;
    uint32_t at = 0;

    while (value &&
           (sighting = toolbar__sightings_next(&bench->tracking->sightings, value, &at)) != NULL) {
        if (sighting->query == run->index && sighting->first < number) return true;
    }
    return false;
}

bool toolbar__origin_used(const struct toolbar__bench *bench, const struct toolbar__run *run)
{
    unsigned used = 0;

    for (unsigned i = run->index + 1; i < bench->tracking->run_count; i++) {
        const struct toolbar__run *later = bench->tracking->runs[i];

        for (unsigned j = 0; j < later->value_count; j++) {
            if (is_from(bench, later->values[j], later->query->number, run)) used++;
        }
    }
    return used >= USED_MINIMUM;
}
