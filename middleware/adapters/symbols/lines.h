/* Files and lines from debug information; without libdw there is none. */
#ifndef TOOLBAR_ADAPTERS_SYMBOLS_LINES_H
#define TOOLBAR_ADAPTERS_SYMBOLS_LINES_H

#include <stdint.h>

/* What is known of an address; the strings may go with the next call. */
struct toolbar__line {
    const char *function;  /* NULL: unknown, as below */
    const char *directory; /* which `file` is in, if that is relative */
    const char *file;
    unsigned number;
};

/* One call at a time. */
struct toolbar__line toolbar__line_find(uintptr_t address);

#endif
