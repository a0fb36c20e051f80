/* Writes of one row each, which one statement or one transaction could make. */
#ifndef TOOLBAR_ADVISOR_BULK_H
#define TOOLBAR_ADVISOR_BULK_H

#include "advisor/bench.h"

enum { TOOLBAR__BULK_MINIMUM = 3 };

/* The statement begins with this word, which is in lower case. */
bool toolbar__bulk_is(const struct toolbar__subject *subject, const char *word);

/* How many ran outside a transaction, each in one of its own. */
unsigned toolbar__bulk_alone(const struct toolbar__subject *subject);

/* All of them write, and without an error. */
bool toolbar__bulk_writes(const struct toolbar__subject *subject);

/* Of writes that wait for the disk one by one it is high. */
enum toolbar__severity toolbar__bulk_severity(const struct toolbar__bench *bench,
                                              const struct toolbar__subject *subject,
                                              int64_t saving_ns);

#endif
