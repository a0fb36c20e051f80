/*
 * Proves that queries were made for the rows of an earlier one: the values they were run with had
 * been read from one of its columns. A request is full of small integers that are equal by chance,
 * so most of the values must come from there, and they must be much of what was there, unless the
 * rows were still being read.
 */
#include <stdlib.h>

#include "advisor/bench.h"

enum { CANDIDATES_MAXIMUM = 64, PARENT_ROWS = 3, MATCHED_PERCENT = 80, COVERED_PERCENT = 50 };
enum { GUESS_RUNS = 5, EVERY_PERCENT = 100, USED_MINIMUM = 3 };

/* A value and the first query that was run with it. */
struct bound {
    uint64_t hash;
    unsigned number;
};

static int compare_bound(const void *a, const void *b)
{
    const struct bound *x = a, *y = b;

    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The distinct values of one parameter. */
static unsigned collect(const struct toolbar__subject *subject, unsigned value, struct bound *bound)
{
    unsigned count = 0, distinct = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        if (value >= run->value_count || !run->values[value]) continue;
        bound[count++] = (struct bound){run->values[value], run->query->number};
    }
    qsort(bound, count, sizeof *bound, compare_bound);
    for (unsigned i = 0; i < count; i++) {
        if (!distinct || bound[i].hash != bound[distinct - 1].hash) bound[distinct++] = bound[i];
    }
    return distinct;
}

static bool may_be_parent(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject,
                          const struct toolbar__sighting *sighting)
{
    const struct toolbar__query *parent = bench->tracking->runs[sighting->query]->query;

    return parent->statement->group != subject->group && parent->rows >= PARENT_ROWS;
}

/* Counts for every column the values that had been read from it. */
static unsigned match(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                      const struct bound *bound, unsigned distinct,
                      struct toolbar__origin *candidates)
{
    unsigned count = 0;

    for (unsigned i = 0; i < distinct; i++) {
        const struct toolbar__sighting *sighting;
        uint32_t at = 0;

        while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, bound[i].hash,
                                                   &at)) != NULL) {
            const struct toolbar__run *parent = bench->tracking->runs[sighting->query];
            unsigned j = 0;

            if (sighting->first >= bound[i].number || !may_be_parent(bench, subject, sighting)) {
                continue;
            }
            while (j < count &&
                   (candidates[j].parent != parent || candidates[j].column != sighting->column)) {
                j++;
            }
            if (j == CANDIDATES_MAXIMUM) continue;
            if (j == count) {
                candidates[count++] = (struct toolbar__origin){
                    .parent = parent, .column = sighting->column, .distinct = distinct};
            }
            candidates[j].matched++;
            candidates[j].rows += sighting->rows;
        }
    }
    return count;
}

static bool is_nested(const struct toolbar__subject *subject, const struct toolbar__run *parent,
                      unsigned percent)
{
    unsigned inside = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        unsigned number = subject->runs[i]->query->number;

        if (number > parent->query->number && number <= parent->ended) inside++;
    }
    return inside * 100 >= subject->count * percent;
}

static bool accept_origin(const struct toolbar__subject *subject, struct toolbar__origin *origin)
{
    if (origin->matched * 100 < origin->distinct * MATCHED_PERCENT) return false;
    origin->nested = is_nested(subject, origin->parent, MATCHED_PERCENT);
    return origin->nested ||
           (int64_t)origin->rows * 100 >= origin->parent->query->rows * COVERED_PERCENT;
}

static bool is_better(const struct toolbar__origin *a, const struct toolbar__origin *b)
{
    if (!b->parent) return true;
    if (a->nested != b->nested) return a->nested;
    if (a->matched != b->matched) return a->matched > b->matched;
    return (int64_t)a->rows * b->parent->query->rows > (int64_t)b->rows * a->parent->query->rows;
}

bool toolbar__origin_find(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject, struct toolbar__origin *origin)
{
    struct toolbar__origin candidates[CANDIDATES_MAXIMUM], best = {0};
    struct bound *bound = calloc(subject->count, sizeof *bound);
    unsigned values = subject->runs[0]->value_count;

    for (unsigned value = 0; bound && value < values; value++) {
        unsigned distinct = collect(subject, value, bound);
        unsigned count;

        if (distinct < 2) continue;
        count = match(bench, subject, bound, distinct, candidates);
        for (unsigned i = 0; i < count; i++) {
            candidates[i].value = value;
            if (accept_origin(subject, &candidates[i]) && is_better(&candidates[i], &best)) {
                best = candidates[i];
            }
        }
    }
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
                best = (struct toolbar__origin){.parent = run, .nested = nested};
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
