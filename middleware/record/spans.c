/* Spans: pieces of work with a name, nested by thread. */
#include <debugtoolbar/record.h>

#include "record/activity.h"
#include "record/recording.h"

/* Its address tells threads apart. */
static _Thread_local char thread;

/* The innermost span of this thread that is open: the stack is found in what was recorded. */
static const struct toolbar__span *innermost(const struct toolbar__activity *activity)
{
    const struct toolbar__span *last = NULL;

    for (toolbar__each(span, &activity->spans, struct toolbar__span)) {
        if (span->thread == &thread) last = span;
    }
    while (last && last->duration_ns != TOOLBAR__UNKNOWN) {
        last = last->parent;
    }
    return last;
}

struct toolbar_span toolbar_span_begin(const char *name)
{
    struct toolbar_recording *recording = toolbar__activity_lock();
    struct toolbar_span handle = {0, NULL};
    const struct toolbar__span *parent;
    struct toolbar__span *span;

    if (!recording) return handle;
    parent = innermost(&recording->activity);
    span = toolbar__entries_add(&recording->activity.spans, &recording->arena, sizeof *span,
                                TOOLBAR__SPANS_MAXIMUM);
    if (span) {
        span->parent = parent;
        span->depth = parent ? parent->depth + 1 : 0;
        span->thread = &thread;
        span->name = toolbar__activity_masked(recording, name, TOOLBAR__NAME_MAXIMUM);
        span->duration_ns = TOOLBAR__UNKNOWN;
        span->start_ns = toolbar__recording_now(recording);
        handle = (struct toolbar_span){recording->serial, span};
    }
    toolbar__activity_unlock(recording);
    return handle;
}

void toolbar_span_end(struct toolbar_span handle)
{
    struct toolbar_recording *recording = toolbar__activity_lock();
    struct toolbar__span *span = handle.record;

    if (!recording) return;
    /* The serial says that the address is of this recording, which is alive. */
    if (span && handle.request == recording->serial && span->duration_ns == TOOLBAR__UNKNOWN) {
        span->duration_ns = toolbar__recording_now(recording) - span->start_ns;
    }
    toolbar__activity_unlock(recording);
}
