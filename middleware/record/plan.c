#include "record/plan.h"

#include <string.h>

void toolbar__recording_plans(struct toolbar_recording *recording,
                              struct toolbar__connection *connection,
                              const struct toolbar__plan_source *source, const char *file)
{
    pthread_mutex_lock(&recording->lock);
    if (!recording->finished && !connection->plans) {
        connection->file = toolbar__arena_copy(&recording->arena, file, strlen(file));
        if (connection->file) connection->plans = source;
    }
    pthread_mutex_unlock(&recording->lock);
}

void toolbar__plan_error(struct toolbar_json *json, const char *sentence)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "error");
    toolbar_json_string(json, sentence);
    toolbar_json_close_object(json);
}

/* NULL: there is no such query. */
static const struct toolbar__query *find_query(const struct toolbar_recording *recording,
                                               unsigned number)
{
    const struct toolbar__query *query = recording->queries;

    while (query && query->number != number) {
        query = query->next;
    }
    return query;
}

/* Where its connection's plans come from; NULL, said in `json`: it is not known. */
static const struct toolbar__plan_source *source_of(const struct toolbar__query *query,
                                                    struct toolbar_json *json)
{
    const struct toolbar__plan_source *source = query->statement->group->owner->plans;

    if (!source) {
        toolbar__plan_error(json, "The plan is unavailable: it is not known where this "
                                  "connection's database is.");
    }
    return source;
}

bool toolbar__plan(const struct toolbar_recording *recording, unsigned number,
                   struct toolbar_json *json)
{
    const struct toolbar__query *query = find_query(recording, number);
    const struct toolbar__plan_source *source = query ? source_of(query, json) : NULL;

    if (source) source->write(query->statement->group->owner->file, query, json);
    return query != NULL;
}

bool toolbar__plan_prove(const struct toolbar_recording *recording, unsigned number,
                         struct toolbar_json *json)
{
    const struct toolbar__query *query = find_query(recording, number);
    const struct toolbar__plan_source *source = query ? source_of(query, json) : NULL;

    if (source) source->prove(query->statement->group->owner->file, query, json);
    return query != NULL;
}
