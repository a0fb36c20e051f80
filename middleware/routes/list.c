/* requests.json: one line of figures for each kept request, newest first. */
#include "routes/route.h"

static void list_entry(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "id");
    toolbar_json_string(json, recording->id);
    toolbar_json_name(json, "time");
    toolbar__json_time(json, recording->wall_ms);
    toolbar_json_name(json, "method");
    toolbar_json_string(json, recording->method);
    toolbar_json_name(json, "url");
    toolbar_json_string(json, recording->url);
    toolbar_json_name(json, "status");
    toolbar_json_integer(json, recording->status);
    toolbar_json_name(json, "duration_ms");
    toolbar_json_ms(json, recording->duration_ns);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, recording->query_count);
    toolbar_json_name(json, "sql_ms");
    toolbar_json_ms(json, recording->sql_ns);
    toolbar_json_name(json, "advice");
    toolbar_json_integer(json, recording->advices.count);
    toolbar_json_close_object(json);
}

bool toolbar__route_list(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    struct toolbar__store *store = visit->site->store;
    struct toolbar_recording *recordings[TOOLBAR__STORE_REQUESTS];
    size_t count = store->functions->list(store, recordings, TOOLBAR__STORE_REQUESTS);
    struct toolbar_text text;
    struct toolbar_json json;

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    toolbar_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        list_entry(&json, recordings[i]);
        toolbar__recording_unref(recordings[i]);
    }
    toolbar_json_close_array(&json);
    return toolbar__answer_json(answer, &text, 200);
}
