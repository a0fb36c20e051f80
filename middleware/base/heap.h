/* How much memory malloc() has given out in this process, where the C library can tell. */
#ifndef TOOLBAR_BASE_HEAP_H
#define TOOLBAR_BASE_HEAP_H

#include <stdint.h>

/* Bytes; negative: not known. */
int64_t toolbar__heap_bytes(void);

#endif
