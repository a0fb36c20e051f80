/* The bar: what is said while the toolbar is closed, and the head of the open one. */
#ifndef TOOLBAR_PANELS_BAR_H
#define TOOLBAR_PANELS_BAR_H

#include "panels/element.h"

/* Inside <summary>: the same control opens and closes. */
void toolbar__bar_render(const struct toolbar_recording *recording, struct toolbar_text *text);

void toolbar__head_render(const struct toolbar__element *element,
                          const struct toolbar_recording *recording, struct toolbar_text *text);

#endif
