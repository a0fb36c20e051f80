/* The same statement with the same values again, while nothing was written. */
#ifndef TOOLBAR_ADVISOR_REPEATED_H
#define TOOLBAR_ADVISOR_REPEATED_H

#include "advisor/bench.h"

struct toolbar__repeated {
    const struct toolbar__run **runs; /* all that belong to a repetition, to be freed */
    unsigned count;
    unsigned sets; /* of values that were repeated */
    int64_t saving_ns;
    int64_t rows;
};

/*
 * The repeated runs of a subject, with `traced` only those whose values had been read from a row
 * of another query, and without it only the others. False: there are none.
 */
bool toolbar__repeated_find(const struct toolbar__bench *bench,
                            const struct toolbar__subject *subject, bool traced,
                            struct toolbar__repeated *repeated);

/* As severity_of(), but what costs next to nothing is low whatever its share. */
enum toolbar__severity toolbar__repeated_severity(const struct toolbar_recording *recording,
                                                  int64_t saving_ns);

#endif
