/* A panel of the demo's own: which people a page names. */
#ifndef DEMO_PEOPLE_PANEL_H
#define DEMO_PEOPLE_PANEL_H

#include <debugtoolbar/panel.h>

extern const struct toolbar_panel people_panel;

/* The page that this thread makes has named this person. */
void people_panel_count(int64_t id);

#endif
