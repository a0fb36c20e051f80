/* The parts of a request's record that are reported. Strings belong to the record. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <jansson.h>
#include <stdbool.h>

struct record {
    json_t *root;
    const char *id;
    const char *method;
    const char *url;
    const char *skipped; /* NULL: the page carries the panel */
    json_int_t status;
    double duration_ms;
    json_int_t queries;
    double sql_ms;
    json_int_t similar;
    json_int_t duplicate;
    const json_t *advice; /* an array of objects */
};

struct advice {
    const char *rule;
    const char *severity;
    const char *title;
    const char *evidence;
    const char *fix; /* NULL: there is none */
    const json_t *tip;
    const json_t *queries; /* an array */
};

/* Puts stars where the key is. The library does so itself; a server of somebody else's may not. */
void record_mask(char *text, const char *key);

/* Masks all of it. False: what is wrong has been said. */
bool record_read(const char *text, size_t length, const char *key, struct record *record);
void record_done(struct record *record);

/* The i-th; false: it is not as it should be, which has been said. */
bool record_advice(const struct record *record, size_t i, struct advice *advice);

#endif
