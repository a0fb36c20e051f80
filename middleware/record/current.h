/* The request that the calling thread works for: one thread-local pointer. */
#ifndef TOOLBAR_RECORD_CURRENT_H
#define TOOLBAR_RECORD_CURRENT_H

#include <stdint.h>

#include <debugtoolbar/export.h>

struct toolbar_request;

/*
 * Defined in current.c; read it, set it through toolbar__current_set(). Exported for the front
 * library, which is an archive even beside a shared main library.
 */
TOOLBAR_EXPORT extern _Thread_local struct toolbar_request *toolbar__current;

/*
 * The stack pointer of the function that set it and then calls the application, whose frames lie
 * below; UINTPTR_MAX in a thread that is all the application's.
 */
extern _Thread_local uintptr_t toolbar__current_frame;

/* Returns the one before, to be put back: requests nest when one thread serves inside another. */
struct toolbar_request *toolbar__current_set(struct toolbar_request *request);

#endif
