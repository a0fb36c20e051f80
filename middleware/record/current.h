/* The request that the calling thread works for: one thread-local pointer. */
#ifndef TOOLBAR_RECORD_CURRENT_H
#define TOOLBAR_RECORD_CURRENT_H

#include <debugtoolbar/export.h>
#include <stdatomic.h>

#include "record/request.h"

/*
 * Defined in current.c; read it, set it through toolbar__current_set(). Exported for the front
 * library, which is an archive even beside a shared main library.
 */
TOOLBAR_EXPORT extern _Thread_local struct toolbar_request *toolbar__current;

/* What the thread records in; NULL: it works for no shown request, or not any more. */
static inline struct toolbar_recording *toolbar__current_recording(void)
{
    return toolbar__current ? toolbar__current->recording : NULL;
}

/*
 * How many threads have one. While none has, those who only want to know whether they have one
 * need not find their thread's variables; a thread sees its own.
 */
TOOLBAR_EXPORT extern atomic_uint toolbar__current_threads;

/*
 * An address in the function that set it, which is the server's: it goes on to call the
 * application. NULL in a thread that is all the application's.
 */
extern _Thread_local void *toolbar__current_setter;

/* Returns the one before, to be put back: requests nest when one thread serves inside another. */
struct toolbar_request *toolbar__current_set(struct toolbar_request *request);

#endif
