/*
 * Reads values out of JSON text, strictly: text that is not JSON to its last byte fails the
 * running test.
 */
#ifndef TEST_JSON_READER_H
#define TEST_JSON_READER_H

#include <stdbool.h>
#include <stdint.h>

enum json_type {
    JSON_NONE, /* not there */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A value inside the text. */
struct json {
    enum json_type type;
    const char *start;
    const char *end;
};

/* The value at a path like "queries[3].sql"; "" is the whole text. */
struct json json_at(const char *text, const char *path);

/* These fail the running test if the value is of another type. */
double json_number(struct json value);
bool json_true(struct json value);

/* Elements of an array or members of an object. */
int64_t json_count(struct json value);

/* Compares a string value after undoing its escapes; false for values of other types. */
bool json_is(struct json value, const char *string);

/* The string without its escapes, to be freed. */
char *json_string(struct json value);

#endif
