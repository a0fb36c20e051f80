/*
 * Panels that are switched off in one browser, by a cookie that the toolbar's script sets:
 * debug-toolbar-off=memory.headers. They cost nothing: they are neither told of the request nor
 * rendered, and say so where they would be.
 */
#ifndef TOOLBAR_PANELS_SWITCHES_H
#define TOOLBAR_PANELS_SWITCHES_H

#include "panels/panel.h"

/* For recording->panels_off: bit i is panel i of the application. Unknown ids are no panel. */
uint32_t toolbar__switched_off(const struct toolbar_request *request,
                               const struct toolbar__application *application);

static inline bool toolbar__panel_is_off(const struct toolbar_recording *recording, size_t i)
{
    return recording->panels_off >> i & 1;
}

#endif
