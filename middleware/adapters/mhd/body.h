/*
 * The body of a shown request, as the application consumes it: fields and files of forms, the
 * beginning of JSON, of everything else the size.
 */
#ifndef TOOLBAR_MHD_BODY_H
#define TOOLBAR_MHD_BODY_H

#include "adapters/mhd/exchange.h"

/* Bytes that the application's handler has taken. */
void toolbar__body_feed(struct toolbar__exchange *exchange, const char *data, size_t length);

/* There will be no more, or it is too late for them. May be called more than once. */
void toolbar__body_end(struct toolbar__exchange *exchange);

#endif
