/* Pieces of pages that are made once and kept: the demo's cache. */
#ifndef DEMO_FRAGMENTS_H
#define DEMO_FRAGMENTS_H

#include <stdio.h>

/* Prints the piece of this name; the first time, `make` prints it to be kept. `key` is a literal.
 */
void fragment_print(FILE *out, const char *key, void (*make)(FILE *out));

/* Forgets all of them, when the server has stopped. */
void fragments_clear(void);

#endif
