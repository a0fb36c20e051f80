/* Adds up the figures of the queries in a row of the SQL panel. */
#include "panels/sql_parts.h"

enum { SLOW_NS = 100 * 1000 * 1000, SLOW_SHARE_NS = 1000 * 1000 };

static int64_t add(int64_t sum, int64_t figure)
{
    return sum == TOOLBAR__UNKNOWN || figure == TOOLBAR__UNKNOWN ? TOOLBAR__UNKNOWN : sum + figure;
}

static void add_query(struct toolbar__sql_sum *sum, const struct toolbar__query *query)
{
    if (!sum->first) sum->first = query;
    sum->kept++;
    if (query->duplicate) sum->duplicates++;
    if (query->error_code) {
        if (!sum->failed) sum->failed = query;
        sum->errors++;
    }
    sum->duration_ns = add(sum->duration_ns, query->duration_ns);
    sum->rows = add(sum->rows, query->rows);
    sum->rows_scanned = add(sum->rows_scanned, query->rows_scanned);
    sum->sorts = add(sum->sorts, query->sorts);
    sum->auto_index = add(sum->auto_index, query->auto_index);
    sum->vm_steps = add(sum->vm_steps, query->vm_steps);
    sum->reprepares = add(sum->reprepares, query->reprepares);
    sum->exact = sum->exact && query->engine_ns != TOOLBAR__UNKNOWN;
    sum->done = sum->done && query->done;
    sum->in_transaction = sum->in_transaction || query->in_transaction;
    sum->autocommit =
        sum->autocommit || (query->writes && !query->in_transaction && !query->left_in_transaction);
}

static int64_t group_figure(const struct toolbar__group *group, int64_t figure)
{
    return group->ended == group->count ? figure : TOOLBAR__UNKNOWN;
}

struct toolbar__sql_sum toolbar__sql_sum_group(const struct toolbar__group *group)
{
    struct toolbar__sql_sum sum = {.exact = true, .done = true};

    for (const struct toolbar__query *query = group->first; query; query = query->next_in_group) {
        add_query(&sum, query);
    }
    /* Those that were not kept count too. */
    sum.errors = group->errors;
    sum.duration_ns = group->untimed ? TOOLBAR__UNKNOWN : group->total_ns;
    sum.rows = group_figure(group, group->rows);
    sum.rows_scanned = group_figure(group, group->rows_scanned);
    sum.sorts = group_figure(group, group->sorts);
    sum.auto_index = group_figure(group, group->auto_index);
    sum.vm_steps = group_figure(group, group->vm_steps);
    sum.reprepares = group_figure(group, group->reprepares);
    sum.exact = sum.exact && !group->inexact;
    sum.done = group->ended == group->count;
    return sum;
}

struct toolbar__sql_sum toolbar__sql_sum_query(const struct toolbar__query *query)
{
    struct toolbar__sql_sum sum = {.exact = true, .done = true};

    add_query(&sum, query);
    return sum;
}

bool toolbar__sql_is_slow(const struct toolbar_recording *recording, int64_t duration_ns)
{
    return duration_ns >= SLOW_NS ||
           (duration_ns >= SLOW_SHARE_NS && duration_ns >= recording->duration_ns / 10);
}
