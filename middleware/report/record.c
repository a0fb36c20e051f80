#include "report/record.h"

#include <stdlib.h>
#include <string.h>

#include "report/say.h"

void record_mask(char *text, const char *key)
{
    size_t length = strlen(key);

    for (; (text = strstr(text, key)) != NULL; text += length) {
        memset(text, '*', length);
    }
}

static bool mask_string(json_t *string, const char *key)
{
    char *copy = strdup(json_string_value(string));
    bool done;

    if (!copy) return false;
    record_mask(copy, key);
    done = json_string_set(string, copy) == 0;
    free(copy);
    return done;
}

static bool mask(json_t *value, const char *key)
{
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_string(value)) return mask_string(value, key);
    if (json_is_array(value)) {
        json_array_foreach(value, i, member)
        {
            if (!mask(member, key)) return false;
        }
    } else if (json_is_object(value)) {
        json_object_foreach(value, name, member)
        {
            if (!mask(member, key)) return false;
        }
    }
    return true;
}

/* Of all connections together. */
static bool add_connections(struct record *record, const json_t *connections)
{
    const json_t *connection;
    size_t i;

    json_array_foreach(connections, i, connection)
    {
        json_int_t similar, duplicate;

        if (json_unpack((json_t *)connection, "{s:I, s:I}", "similar", &similar, "duplicate",
                        &duplicate) < 0) {
            return false;
        }
        record->similar += similar;
        record->duplicate += duplicate;
    }
    return true;
}

bool record_read(const char *text, size_t length, const char *key, struct record *record)
{
    const json_t *skipped, *connections;
    json_error_t error;

    *record = (struct record){.root = json_loadb(text, length, 0, &error)};
    if (!record->root) {
        say("the record is not JSON: %s", error.text);
        return false;
    }
    if (!mask(record->root, key)) {
        say("out of memory");
    } else if (json_unpack_ex(record->root, &error, 0,
                              "{s:s, s:s, s:s, s:o, s:I, s:F, s:o, s:{s:{s:I, s:F, s:o}}}", "id",
                              &record->id, "method", &record->method, "url", &record->url,
                              "skipped", &skipped, "status", &record->status, "duration_ms",
                              &record->duration_ms, "advice", &record->advice, "panels", "sql",
                              "queries", &record->queries, "sql_ms", &record->sql_ms, "connections",
                              &connections) < 0 ||
               !json_is_array(record->advice) || !add_connections(record, connections)) {
        say("the record has no figures, or not as this program knows them (%s); is the SQL panel "
            "switched off?",
            error.text);
    } else {
        record->skipped = json_string_value(skipped);
        return true;
    }
    record_done(record);
    return false;
}

void record_done(struct record *record)
{
    json_decref(record->root);
    record->root = NULL;
}

bool record_advice(const struct record *record, size_t i, struct advice *advice)
{
    const json_t *fix;
    json_error_t error;

    *advice = (struct advice){0};
    if (json_unpack_ex(json_array_get(record->advice, i), &error, 0,
                       "{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "rule", &advice->rule, "severity",
                       &advice->severity, "title", &advice->title, "evidence", &advice->evidence,
                       "fix", &fix, "tip", &advice->tip, "queries", &advice->queries) == 0 &&
        json_is_array(advice->queries)) {
        advice->fix = json_string_value(fix);
        return true;
    }
    say("the record's advice is not as this program knows it: %s", error.text);
    return false;
}
