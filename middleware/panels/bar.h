/* The bar: what is said while the toolbar is closed, and the head of the open one. */
#ifndef TOOLBAR_PANELS_BAR_H
#define TOOLBAR_PANELS_BAR_H

#include "panels/element.h"

/* Inside <summary>: the same control opens and closes. */
void toolbar__bar_render(const struct toolbar_recording *recording, struct toolbar_text *text);

/*
 * The head says how long all of the toolbar's work took, which is known when the panels are
 * written too. So it leaves room for that, and returns where.
 */
size_t toolbar__head_render(const struct toolbar__element *element,
                            const struct toolbar_recording *recording, struct toolbar_text *text);
void toolbar__head_own(struct toolbar_text *text, size_t place, int64_t own_ns);

#endif
