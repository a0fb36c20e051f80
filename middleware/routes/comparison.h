/*
 * Two requests side by side: their queries matched by what the statement is, without its values,
 * and by connection. Made in order of what is worth reading first.
 */
#ifndef TOOLBAR_ROUTES_COMPARISON_H
#define TOOLBAR_ROUTES_COMPARISON_H

#include "record/recording.h"

enum toolbar__change {
    TOOLBAR__CHANGE_ADDED,
    TOOLBAR__CHANGE_GONE,
    TOOLBAR__CHANGE_MORE, /* executions */
    TOOLBAR__CHANGE_FEWER,
    TOOLBAR__CHANGE_SLOWER,
    TOOLBAR__CHANGE_FASTER,
    TOOLBAR__CHANGE_SAME,
    TOOLBAR__CHANGES
};

/* A word for each, as in the JSON. */
extern const char *const toolbar__change_names[TOOLBAR__CHANGES];

struct toolbar__pairing {
    enum toolbar__change change;
    const struct toolbar__group *a; /* NULL: added */
    const struct toolbar__group *b; /* NULL: gone */
};

struct toolbar__comparison {
    const struct toolbar_recording *a;
    const struct toolbar_recording *b;
    struct toolbar__pairing *pairings;
    size_t count;
    unsigned counts[TOOLBAR__CHANGES];
};

/* False without memory. The recordings have to outlive it. */
bool toolbar__comparison_make(struct toolbar__comparison *comparison,
                              const struct toolbar_recording *a, const struct toolbar_recording *b);
void toolbar__comparison_free(struct toolbar__comparison *comparison);

#endif
