/* The query plan of a recorded query, and indexes that would give it a better one, made on demand
 * by whoever knows its database. */
#ifndef TOOLBAR_RECORD_PLAN_H
#define TOOLBAR_RECORD_PLAN_H

#include "base/json.h"
#include "record/index.h"
#include "record/recording.h"

/* How plans for the queries of a connection are made. */
struct toolbar__plan_source {
    /*
     * Writes one JSON object: {"plan":[{"id","parent","detail"}...],"sql"}, or {"error"} in a
     * sentence. Takes a bounded time, and never touches the application's connection.
     */
    void (*write)(const char *file, const struct toolbar__query *query, struct toolbar_json *json);
    /*
     * Looks for indexes that the recorded figures say would make it twice as fast, without
     * reading much; counts `budget` down for what it did not know yet, and does nothing at 0.
     */
    bool (*propose)(const char *file, const struct toolbar__query *query, unsigned *budget,
                    struct toolbar__proposal *proposal);
    /*
     * Tries indexes on a copy of the data, in a second at most. Writes {"create","gain",
     * "before":{"vm_steps","plan"},"after":{...},"sql"}, or {"error"} as above.
     */
    void (*prove)(const char *file, const struct toolbar__query *query, struct toolbar_json *json);
};

/* Notes, once, where a connection's database is; `file` is copied, "" for one in memory. */
void toolbar__recording_plans(struct toolbar_recording *recording,
                              struct toolbar__connection *connection,
                              const struct toolbar__plan_source *source, const char *file);

/*
 * Writes the plan of query `number` of a finished recording, or why there is none, as JSON. False:
 * there is no such query, and nothing is written.
 */
bool toolbar__plan(const struct toolbar_recording *recording, unsigned number,
                   struct toolbar_json *json);

/* The same for indexes that would make it faster, with the proof. */
bool toolbar__plan_prove(const struct toolbar_recording *recording, unsigned number,
                         struct toolbar_json *json);

/* {"error":"..."} */
void toolbar__plan_error(struct toolbar_json *json, const char *sentence);

#endif
