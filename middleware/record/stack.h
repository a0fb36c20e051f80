/*
 * Where queries came from. The stack is walked once for each place that runs a statement, so
 * that fifty look-ups in a loop pay for one walk. Addresses are named by an adapter before the
 * recording is finished: what can name them is nobody's business here.
 */
#ifndef TOOLBAR_RECORD_STACK_H
#define TOOLBAR_RECORD_STACK_H

#include "record/recording.h"

enum {
    TOOLBAR__FRAMES_MAXIMUM = 12,
    TOOLBAR__STACKS_MAXIMUM = 8, /* of one statement */
    TOOLBAR__STACK_LOOKS = 16    /* executions from one place that are asked who called it */
};

/* A function that was being run. */
struct toolbar__frame {
    const void *address;  /* where it goes on after its call */
    const char *function; /* lives for ever, as does `file`; NULL and 0: unknown */
    const char *file;
    unsigned line;
    bool server; /* one of the server library's */
};

/*
 * Where on the thread's stack it says who called the function of the call site. What runs there
 * again, with its own frame at the same place, needs to look at one word only.
 */
struct toolbar__return {
    const void *frame;       /* of the one who looks */
    const void *const *slot; /* NULL: unknown */
    const void *address;     /* that was found in it */
};

/* The caller first, then its callers, up to the application's handler. */
struct toolbar__stack {
    struct toolbar__stack *next; /* of the statement */
    const void *call_site;
    struct toolbar__return back; /* when it was walked last */
    unsigned looks;              /* executions since, for the first one of its call site */
    unsigned count;              /* at least 1 */
    struct toolbar__frame frames[];
};

/* The first three are for who holds the recording's lock. */

/*
 * The stack of an earlier execution of this statement from this place, if possible one that had
 * the caller of now, which looks from `frame`; NULL: none is known. *look: it is not known to be
 * that one, and worth a look.
 */
struct toolbar__stack *toolbar__recording_stack(const struct toolbar__statement *statement,
                                                const void *call_site, const void *frame,
                                                bool *look);

/* The same for a known caller of the place, or NULL for that of `known`: it has come `back`. */
const struct toolbar__stack *
toolbar__recording_stack_from(const struct toolbar__statement *statement,
                              struct toolbar__stack *known, const void *caller,
                              const struct toolbar__return *back);

/* Keeps the stack, of which the first address is the call site; NULL: no room. */
const struct toolbar__stack *toolbar__recording_stack_add(struct toolbar_recording *recording,
                                                          struct toolbar__statement *statement,
                                                          const void *const *addresses,
                                                          unsigned count,
                                                          const struct toolbar__return *back);

/*
 * Calls `name` for all frames, with the lock held, up to where the server calls the application.
 * Nothing if the recording is finished.
 */
void toolbar__recording_name_frames(struct toolbar_recording *recording,
                                    void (*name)(struct toolbar__frame *frame));

#endif
