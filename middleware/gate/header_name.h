/* Which header may carry the key. */
#ifndef TOOLBAR_GATE_HEADER_NAME_H
#define TOOLBAR_GATE_HEADER_NAME_H

#include <debugtoolbar/toolbar.h>

enum { TOOLBAR__HEADER_NAME_MAXIMUM = 64 /* bytes */ };

/* Folds the configured name into `folded`, terminated; refuses one that cannot be relied on. */
enum toolbar_error toolbar__header_name_init(const char *name,
                                             char folded[TOOLBAR__HEADER_NAME_MAXIMUM + 1]);

#endif
