/* The plan of one recorded query, and indexes for a better one, by whoever knows its database. */
#include "record/plan.h"

#include "routes/route.h"

static bool answer_query(const struct toolbar__visit *visit, struct toolbar__answer *answer,
                         bool (*write)(const struct toolbar_recording *recording, unsigned number,
                                       struct toolbar_json *json))
{
    struct toolbar_recording *recording = toolbar__visit_find(visit, 0);
    struct toolbar_text text;
    struct toolbar_json json;
    unsigned status = 200;

    if (!recording) return toolbar__answer_gone_json(answer);
    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    if (!write(recording, visit->number, &json)) {
        toolbar_text_literal(&text, "{\"error\":\"This query is no longer kept.\"}");
        status = 404;
    }
    toolbar__recording_unref(recording);
    return toolbar__answer_json(answer, &text, status);
}

bool toolbar__route_plan(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    return answer_query(visit, answer, toolbar__plan);
}

bool toolbar__route_index(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    return answer_query(visit, answer, toolbar__plan_prove);
}
