/*
 * Reads the record of a request that a test has made, and asserts what its lists of names with
 * values say.
 */
#ifndef TEST_RECORD_H
#define TEST_RECORD_H

#include "json_reader.h"
#include "reply.h"
#include "server.h"

/* The record of the request that got this reply; to be freed, as all strings here. */
char *record_of(const struct server *server, const struct reply *reply);

/* The record of a GET; `headers` are whole lines. */
char *record_get(const struct server *server, const char *path, const char *headers);

/* That of a POST whose body is sent in pieces of `step` bytes, each in a record of its own. */
char *record_post(const struct server *server, const char *path, const char *type, const char *body,
                  size_t length, size_t step);

/* A string of the record. */
void assert_is(const char *record, const char *path, const char *value);

/* It is there, and null. */
void assert_unknown(const char *record, const char *path);

/* The value of a name in a list of {"name","value"}; NULL: not there. */
char *value_of(const char *record, const char *list, const char *name);
void assert_value(const char *record, const char *list, const char *name, const char *value);

#endif
