/*
 * JSON into a text. Commas are put where they belong, so callers only open, name, write and
 * close. The output is safe inside HTML too: < > & and the JavaScript line ends are escaped.
 */
#ifndef TOOLBAR_BASE_JSON_H
#define TOOLBAR_BASE_JSON_H

#include "base/text.h"

struct toolbar_json {
    struct toolbar_text *text;
    bool comma; /* something stands before the next value on this level */
};

void toolbar__json_init(struct toolbar_json *json, struct toolbar_text *text);

/* A point in time as a string: 2026-01-31T12:00:00.000Z. */
void toolbar__json_time(struct toolbar_json *json, int64_t wall_ms);

#endif
