/* Indexes that would make a recorded query faster, found by whoever knows its database. */
#ifndef TOOLBAR_RECORD_INDEX_H
#define TOOLBAR_RECORD_INDEX_H

#include <stdbool.h>
#include <stdint.h>

enum { TOOLBAR__INDEXES_MAXIMUM = 4 };

struct toolbar__proposal {
    char *create; /* CREATE INDEX statements, one a line; NULL: there is nothing to propose */
    char *plan;   /* the lines of the new plan that use them */
    char *table;  /* the one table that gets an index; "" if there are several */
    /* Steps of SQLite's machine, measured on a copy of the data; 0: not measured yet. */
    int64_t steps_before;
    int64_t steps_after;
};

/* What is in it. */
void toolbar__proposal_free(struct toolbar__proposal *proposal);

#endif
