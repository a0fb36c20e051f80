/*
 * The shape of an SQL statement: comments gone, white space and case folded, values as ?, lists
 * of values as one, so that statements that differ only in values are equal. Quoted identifiers
 * stay as they are. The shape of a shape is that shape.
 */
#ifndef TOOLBAR_RECORD_FINGERPRINT_H
#define TOOLBAR_RECORD_FINGERPRINT_H

#include "base/text.h"

void toolbar__fingerprint(struct toolbar_text *fingerprint, const char *sql, size_t length);

#endif
