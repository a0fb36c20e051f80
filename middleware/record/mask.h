/*
 * What must not be stored: values of fields with a telling name (password, token, ...) and
 * values that look like a secret whatever they are called (a JWT, a private key, a card number).
 * Names and shapes are guesses. They err on the side of hiding; the strict mode does not guess.
 */
#ifndef TOOLBAR_RECORD_MASK_H
#define TOOLBAR_RECORD_MASK_H

#include "base/text.h"

/*
 * A field of this name holds a secret. Case, dashes and underscores do not matter: short words
 * (key, pin) count between them, between brackets, and in camelCase.
 */
bool toolbar__mask_name(const char *name, size_t length);

/* This value looks like a secret, or has something in it that does. */
bool toolbar__mask_value(const char *value, size_t length);

/* The same, or it has fields of its own with a telling name; however often it was %-encoded. */
bool toolbar__mask_content(const char *value, size_t length);

/* A harmless request header, shown even in the strict mode. */
bool toolbar__mask_harmless_header(const char *name, size_t length);

/*
 * Appends SQL text with the literals that look like secrets, or belong to a column with a
 * telling name, replaced by '********'; in strict mode every literal becomes ?, and every
 * comment goes. It may be cut anywhere.
 */
void toolbar__mask_sql(struct toolbar_text *text, const char *sql, size_t length, bool strict);

/*
 * Appends an URL (path and query as sent) with secret values replaced by ********: by name and
 * by shape in the query, by shape in path segments, the password of user:password@ in an absolute
 * one; in strict mode every query value. What is encoded is judged decoded.
 */
void toolbar__mask_url(struct toolbar_text *text, const char *url, size_t length, bool strict);

#endif
