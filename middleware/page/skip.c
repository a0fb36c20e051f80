/* The texts of the skip reasons. They are part of the wire contract. */
#include "page/skip.h"

#include <stddef.h>

const char *toolbar__skip_text(enum toolbar__skip skip)
{
    switch (skip) {
#define SKIP_TEXT(name, text)                                                                      \
    case TOOLBAR__SKIP_##name: return text;
        TOOLBAR__SKIPS(SKIP_TEXT)
#undef SKIP_TEXT
    case TOOLBAR__SKIP_NONE: break;
    }
    return NULL;
}
