/* Adds up the figures of the queries in a row of the SQL panel. */
#include "panels/sql_parts.h"

enum { SLOW_NS = 100 * 1000 * 1000, SLOW_SHARE_NS = 1000 * 1000 };

static void add_query(struct toolbar__sql_sum *sum, const struct toolbar__query *query)
{
    sum->kept++;
    if (query->duplicate) sum->duplicates++;
    if (query->error_code && !sum->failed) sum->failed = query;
    sum->exact = sum->exact && query->engine_ns != TOOLBAR__UNKNOWN;
    sum->in_transaction = sum->in_transaction || query->in_transaction;
    sum->autocommit =
        sum->autocommit || (query->writes && !query->in_transaction && !query->left_in_transaction);
}

static int64_t group_figure(const struct toolbar__group *group, int64_t figure)
{
    return group->ended == group->count ? figure : TOOLBAR__UNKNOWN;
}

/* Those that were not kept count too. */
struct toolbar__sql_sum toolbar__sql_sum_group(const struct toolbar__group *group)
{
    struct toolbar__sql_sum sum = {
        .first = group->first,
        .errors = group->errors,
        .duration_ns = group->untimed ? TOOLBAR__UNKNOWN : group->total_ns,
        .rows = group_figure(group, group->rows),
        .rows_scanned = group_figure(group, group->rows_scanned),
        .sorts = group_figure(group, group->sorts),
        .auto_index = group_figure(group, group->auto_index),
        .vm_steps = group_figure(group, group->vm_steps),
        .reprepares = group_figure(group, group->reprepares),
        .exact = !group->inexact,
        .done = group->ended == group->count,
    };

    for (const struct toolbar__query *query = group->first; query; query = query->next_in_group) {
        add_query(&sum, query);
    }
    return sum;
}

struct toolbar__sql_sum toolbar__sql_sum_query(const struct toolbar__query *query)
{
    struct toolbar__sql_sum sum = {
        .first = query,
        .errors = query->error_code != 0,
        .duration_ns = query->duration_ns,
        .rows = query->rows,
        .rows_scanned = query->rows_scanned,
        .sorts = query->sorts,
        .auto_index = query->auto_index,
        .vm_steps = query->vm_steps,
        .reprepares = query->reprepares,
        .exact = true,
        .done = query->done,
    };

    add_query(&sum, query);
    return sum;
}

bool toolbar__sql_is_slow(const struct toolbar_recording *recording, int64_t duration_ns)
{
    return duration_ns >= SLOW_NS ||
           (duration_ns >= SLOW_SHARE_NS && duration_ns >= recording->duration_ns / 10);
}
