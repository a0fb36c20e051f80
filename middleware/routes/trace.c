/*
 * One request in the Trace Event Format, which Perfetto and chrome://tracing open: complete
 * events ("ph":"X") with times in microseconds. Events on one track have to nest, so runs of
 * statements that overlap are spread over tracks.
 */
#include "routes/route.h"

enum {
    PROCESS = 1,
    REQUEST_TRACK = 1,
    FIRST_QUERY_TRACK = 2,
    QUERY_TRACKS = 16,
    FIRST_THREAD_TRACK = FIRST_QUERY_TRACK + QUERY_TRACKS,
    THREAD_TRACKS = 16
};

struct track {
    const char *connection;
    int64_t end_ns;
};

static void name_number(struct toolbar_json *json, const char *name, int64_t value)
{
    toolbar_json_name(json, name);
    toolbar_json_integer(json, value);
}

static void name_string(struct toolbar_json *json, const char *name, const char *value)
{
    toolbar_json_name(json, name);
    toolbar_json_string(json, value);
}

/* A thousand times the nanoseconds, written as milliseconds, are microseconds. */
static void name_us(struct toolbar_json *json, const char *name, int64_t ns)
{
    toolbar_json_name(json, name);
    toolbar_json_ms(json, ns < 0 ? 0 : ns * 1000);
}

/* What a track, or the process, is called. */
static void metadata(struct toolbar_json *json, const char *what, int track, const char *name)
{
    toolbar_json_open_object(json);
    name_string(json, "name", what);
    name_string(json, "ph", "M");
    name_number(json, "pid", PROCESS);
    name_number(json, "tid", track);
    toolbar_json_name(json, "args");
    toolbar_json_open_object(json);
    name_string(json, "name", name);
    toolbar_json_close_object(json);
    toolbar_json_close_object(json);
}

/* Left open inside "args". */
static void event_open(struct toolbar_json *json, int track, const char *category, const char *name,
                       int64_t start_ns, int64_t duration_ns)
{
    toolbar_json_open_object(json);
    name_string(json, "name", name ? name : "?");
    name_string(json, "cat", category);
    name_string(json, "ph", "X");
    name_number(json, "pid", PROCESS);
    name_number(json, "tid", track);
    name_us(json, "ts", start_ns);
    name_us(json, "dur", duration_ns);
    toolbar_json_name(json, "args");
    toolbar_json_open_object(json);
}

static void event_close(struct toolbar_json *json)
{
    toolbar_json_close_object(json);
    toolbar_json_close_object(json);
}

static void request_events(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    event_open(json, REQUEST_TRACK, "request", recording->url, 0, recording->duration_ns);
    name_string(json, "method", recording->method);
    name_string(json, "url", recording->url);
    name_number(json, "status", recording->status);
    name_string(json, "id", recording->id);
    event_close(json);
    for (unsigned i = 0; i < recording->phase_count; i++) {
        const struct toolbar__phase *phase = &recording->phases[i];

        event_open(json, REQUEST_TRACK, "phase", phase->name, phase->start_ns, phase->duration_ns);
        event_close(json);
    }
}

/* The first track of this connection that is free by then; the last one takes what is left. */
static int find_track(struct track *tracks, const char *connection, int64_t start_ns)
{
    int i;

    for (i = 0; i < QUERY_TRACKS - 1; i++) {
        if (!tracks[i].connection) break;
        if (tracks[i].connection == connection && tracks[i].end_ns <= start_ns) break;
    }
    return i;
}

static void query_event(struct toolbar_json *json, struct track *tracks,
                        const struct toolbar__query *query)
{
    const char *connection = query->statement->group->connection;
    int64_t duration_ns = query->open_ns > 0 ? query->open_ns : query->duration_ns;
    int track = find_track(tracks, connection, query->start_ns);

    if (!tracks[track].connection) {
        metadata(json, "thread_name", FIRST_QUERY_TRACK + track, connection);
    }
    tracks[track] = (struct track){connection, query->start_ns + duration_ns};
    event_open(json, FIRST_QUERY_TRACK + track, "sql", query->statement->group->fingerprint,
               query->start_ns, duration_ns);
    name_number(json, "n", query->number);
    name_string(json, "sql", query->statement->sql);
    name_string(json, "connection", connection);
    toolbar_json_name(json, "engine_ms");
    toolbar_json_ms(json, query->engine_ns);
    toolbar_json_name(json, "rows");
    toolbar_json_count(json, query->rows);
    name_string(json, "call_site", query->function);
    event_close(json);
}

/* Spans of one thread nest, so each thread has one track; the last one takes what is left. */
static int find_thread(const void **threads, const void *thread)
{
    int i = 0;

    while (i < THREAD_TRACKS - 1 && threads[i] && threads[i] != thread) {
        i++;
    }
    return i;
}

static void span_event(struct toolbar_json *json, const void **threads,
                       const struct toolbar__span *span, int64_t end_ns)
{
    int track = find_thread(threads, span->thread);
    bool ended = span->duration_ns != TOOLBAR__UNKNOWN;

    if (!threads[track]) metadata(json, "thread_name", FIRST_THREAD_TRACK + track, "spans");
    threads[track] = span->thread;
    event_open(json, FIRST_THREAD_TRACK + track, "span", span->name, span->start_ns,
               ended ? span->duration_ns : end_ns - span->start_ns);
    toolbar_json_name(json, "ended");
    toolbar_json_bool(json, ended);
    event_close(json);
}

static void activity_events(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    const void *threads[THREAD_TRACKS] = {NULL};

    for (toolbar__each(span, &recording->activity.spans, struct toolbar__span)) {
        span_event(json, threads, span, recording->duration_ns);
    }
    for (toolbar__each(message, &recording->activity.messages, struct toolbar__message)) {
        event_open(json, REQUEST_TRACK, "message", message->text, message->at_ns, 0);
        name_string(json, "file", message->file);
        name_number(json, "line", message->line);
        event_close(json);
    }
}

static void trace_json(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    struct track tracks[QUERY_TRACKS] = {0};

    toolbar_json_open_object(json);
    name_string(json, "displayTimeUnit", "ms");
    toolbar_json_name(json, "traceEvents");
    toolbar_json_open_array(json);
    metadata(json, "process_name", REQUEST_TRACK, recording->url);
    metadata(json, "thread_name", REQUEST_TRACK, "request");
    request_events(json, recording);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        query_event(json, tracks, query);
    }
    activity_events(json, recording);
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

bool toolbar__route_trace(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    struct toolbar_recording *recording = toolbar__visit_find(visit, 0);
    struct toolbar_text text;
    struct toolbar_json json;

    if (!recording) return toolbar__answer_gone_json(answer);
    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    trace_json(&json, recording);
    toolbar__recording_unref(recording);
    return toolbar__answer_json(answer, &text, 200);
}
