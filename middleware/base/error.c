#include <debugtoolbar/toolbar.h>

const char *toolbar_error_text(enum toolbar_error error)
{
    switch (error) {
#define TOOLBAR_ERROR_CASE(name, text)                                                             \
    case TOOLBAR_ERROR_##name: return text;
        TOOLBAR_ERRORS(TOOLBAR_ERROR_CASE)
#undef TOOLBAR_ERROR_CASE
    }
    return "unknown error";
}
