/* Walks the stack of the thread that runs a query, and names what is found. */
#ifndef TOOLBAR_ADAPTERS_SYMBOLS_STACK_H
#define TOOLBAR_ADAPTERS_SYMBOLS_STACK_H

#include "record/stack.h"

/*
 * The stack of this thread from `call_site` on, as far as it is the application's; walked only if
 * it is not known yet for this statement and place. NULL: there is no room for it. The recording's
 * lock is held.
 */
const struct toolbar__stack *toolbar__stack_here(struct toolbar_recording *recording,
                                                 struct toolbar__statement *statement,
                                                 const void *call_site);

/* Names all frames of a recording that is about to be finished. */
void toolbar__stacks_name(struct toolbar_recording *recording);

#endif
