/* From row to row of one table: a list by its links, a tree by its branches. */
#include <stdlib.h>

#include "advisor/shape.h"
#include "record/tracking.h"

enum { STEPS_MINIMUM = 5, MATCHED_PERCENT = 80 };

struct counts {
    unsigned matched[TOOLBAR__TRACKED_COLUMNS]; /* values that had been read from this column */
    unsigned chained[TOOLBAR__TRACKED_COLUMNS]; /* in the run right before */
};

static void count_step(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                       unsigned run, uint64_t hash, struct counts *counts)
{
    const struct toolbar__sighting *sighting;
    uint64_t matched = 0;
    uint32_t at = 0;

    while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, hash, &at)) != NULL) {
        const struct toolbar__run *from = bench->tracking->runs[sighting->query];

        if (from->query->statement->group != subject->group ||
            sighting->first >= subject->runs[run]->query->number) {
            continue;
        }
        if (!(matched & UINT64_C(1) << sighting->column)) counts->matched[sighting->column]++;
        matched |= UINT64_C(1) << sighting->column;
        if (from == subject->runs[run - 1]) counts->chained[sighting->column]++;
    }
}

/* How many values it was run with, beside the first. */
static unsigned count_steps(const struct toolbar__bench *bench,
                            const struct toolbar__subject *subject,
                            const struct toolbar__bound *bound, unsigned distinct,
                            struct counts *counts)
{
    unsigned steps = 0;

    for (unsigned i = 0; i < distinct; i++) {
        if (!bound[i].run) continue;
        count_step(bench, subject, bound[i].run, bound[i].hash, counts);
        steps++;
    }
    return steps;
}

bool toolbar__walk_find(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                        struct toolbar__walk *walk)
{
    struct toolbar__bound *bound = calloc(subject->count, sizeof *bound);
    bool found = false;

    for (unsigned value = 0; bound && !found && value < subject->runs[0]->value_count; value++) {
        struct counts counts = {{0}, {0}};
        unsigned distinct = toolbar__bound_values(subject, value, bound);
        unsigned steps = count_steps(bench, subject, bound, distinct, &counts);

        if (steps + 1 < STEPS_MINIMUM) continue;
        for (unsigned i = 0; i < TOOLBAR__TRACKED_COLUMNS; i++) {
            if (counts.matched[i] * 100 < steps * MATCHED_PERCENT) continue;
            *walk = (struct toolbar__walk){.value = value,
                                           .column = i,
                                           .chained =
                                               counts.chained[i] * 100 >= steps * MATCHED_PERCENT};
            found = true;
            break;
        }
    }
    free(bound);
    return found;
}

/* SELECT columns FROM table WHERE key = value, and a column of that table leads on. */
static bool is_plain(const struct toolbar__shape *shape, const struct toolbar__result_column *next)
{
    return toolbar__token_is(&shape->tokens[0], "select") && next->table && next->origin &&
           toolbar__token_names(&shape->table, next->table) && shape->value == shape->rest + 3 &&
           shape->value + 1 == shape->count;
}

void toolbar__fix_walk(struct toolbar_text *fix, const struct toolbar__subject *subject,
                       const struct toolbar__walk *walk)
{
    const struct toolbar__run *run = subject->runs[0];
    const struct toolbar__group *group = subject->group;
    struct toolbar__shape *shape = malloc(sizeof *shape);
    int table, key;

    if (!shape || walk->column >= group->column_count) goto out;
    if (!toolbar__shape_read(shape, run->query->statement) ||
        !toolbar__shape_find(shape, run, walk->value) ||
        !is_plain(shape, &group->columns[walk->column])) {
        goto out;
    }
    table = (int)shape->name.length;
    key = (int)shape->tokens[shape->rest + 1].length;
    toolbar_text_literal(fix, "WITH RECURSIVE walk (value) AS (\n  VALUES (?)\n  UNION\n  SELECT ");
    toolbar__text_printf(fix, "%.*s.", table, shape->name.data);
    toolbar__fix_identifier(fix, group->columns[walk->column].origin);
    toolbar__text_char(fix, ' ');
    toolbar__shape_copy(fix, shape, shape->from, shape->rest);
    toolbar__text_printf(fix, " JOIN walk ON %.*s.%.*s = walk.value\n)\n", table, shape->name.data,
                         key, shape->tokens[shape->rest + 1].data);
    toolbar__shape_copy(fix, shape, 0, shape->rest + 2);
    toolbar_text_literal(fix, " IN (SELECT value FROM walk)");
out:
    free(shape);
}
