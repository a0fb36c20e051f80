/* Bounded lists in an arena; what does not fit is counted. The structs in them begin with one. */
#ifndef TOOLBAR_RECORD_ENTRIES_H
#define TOOLBAR_RECORD_ENTRIES_H

#include "base/arena.h"

struct toolbar__entry {
    struct toolbar__entry *next;
};

struct toolbar__entries {
    struct toolbar__entry *first;
    struct toolbar__entry *last;
    unsigned count;   /* kept */
    unsigned dropped; /* over the limit, or without memory */
};

/* A zeroed struct of `size` bytes at the end of the list; NULL, and counted, if there is no room.
 */
void *toolbar__entries_add(struct toolbar__entries *entries, struct toolbar__arena *arena,
                           size_t size, unsigned maximum);

/* A type cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
/* for (toolbar__each(span, &activity->spans, struct toolbar__span)) */
#define toolbar__each(at, entries, type)                                                           \
    const type *at = (const type *)(entries)->first;                                               \
    at;                                                                                            \
    at = (const type *)at->entry.next
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
