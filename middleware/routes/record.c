/* requests/<id>.json: everything that is kept of one request. */
#include "panels/element.h"
#include "routes/route.h"

bool toolbar__route_record(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    struct toolbar_recording *recording = toolbar__visit_find(visit, 0);
    struct toolbar_text text;

    if (!recording) return toolbar__answer_gone_json(answer);
    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__record_json(recording, &text);
    toolbar__recording_unref(recording);
    return toolbar__answer_json(answer, &text, 200);
}
