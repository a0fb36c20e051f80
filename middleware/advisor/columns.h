/* What was read of the results of a subject: the rules about columns have it in common. */
#ifndef TOOLBAR_ADVISOR_COLUMNS_H
#define TOOLBAR_ADVISOR_COLUMNS_H

#include "advisor/bench.h"

struct toolbar__columns {
    unsigned count;
    int64_t longest;  /* rows of the run that gave most */
    unsigned partial; /* runs that were not stepped to the end */
    int64_t rows;
    int64_t any;                             /* values that were read */
    int64_t read[TOOLBAR__TRACKED_COLUMNS];  /* rows in which it was */
    int64_t bytes[TOOLBAR__TRACKED_COLUMNS]; /* fetched, estimated from a sample */
};

/* False where it is not known: SQLite itself read them, or there were no rows. */
bool toolbar__columns_read(const struct toolbar__subject *subject,
                           struct toolbar__columns *columns);

#endif
