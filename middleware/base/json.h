/*
 * JSON into a text. Commas are put where they belong, so callers only open, name, write and
 * close. The output is safe inside HTML too: < > & and the JavaScript line ends are escaped.
 */
#ifndef TOOLBAR_BASE_JSON_H
#define TOOLBAR_BASE_JSON_H

#include "base/text.h"

struct toolbar__json {
    struct toolbar__text *text;
    bool comma; /* something stands before the next value on this level */
};

void toolbar__json_init(struct toolbar__json *json, struct toolbar__text *text);

void toolbar__json_open_object(struct toolbar__json *json);
void toolbar__json_close_object(struct toolbar__json *json);
void toolbar__json_open_array(struct toolbar__json *json);
void toolbar__json_close_array(struct toolbar__json *json);

/* The member's name; exactly one value, object or array follows. */
void toolbar__json_name(struct toolbar__json *json, const char *name);

/* NULL gives null. */
void toolbar__json_string(struct toolbar__json *json, const char *string);
void toolbar__json_bytes(struct toolbar__json *json, const char *data, size_t length);
void toolbar__json_integer(struct toolbar__json *json, int64_t value);
void toolbar__json_real(struct toolbar__json *json, double value);
void toolbar__json_bool(struct toolbar__json *json, bool value);
/* A point in time as a string: 2026-01-31T12:00:00.000Z. */
void toolbar__json_time(struct toolbar__json *json, int64_t wall_ms);
void toolbar__json_null(struct toolbar__json *json);

/* Unknown (negative) figures are null, never 0. */
void toolbar__json_count(struct toolbar__json *json, int64_t value_or_negative);
void toolbar__json_ms(struct toolbar__json *json, int64_t ns_or_negative);

#endif
