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

bool toolbar__plan(const struct toolbar_recording *recording, unsigned number,
                   struct toolbar_json *json)
{
    const struct toolbar__query *query = recording->queries;
    const struct toolbar__connection *connection;

    while (query && query->number != number) {
        query = query->next;
    }
    if (!query) return false;
    connection = query->statement->group->owner;
    if (!connection->plans) {
        toolbar__plan_error(json, "The plan is unavailable: it is not known where this "
                                  "connection's database is.");
    } else {
        connection->plans->write(connection->file, query, json);
    }
    return true;
}
