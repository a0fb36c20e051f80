/* What the build has compressed, as text again. */
#ifndef TOOLBAR_BASE_INFLATE_H
#define TOOLBAR_BASE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Appends what `data` is without its compression (RFC 1951, no header around it). False if it is
 * not such data, or does not fit.
 */
bool toolbar__inflate(const unsigned char *data, size_t length, struct toolbar_text *text);

#endif
