/*
 * The toolbar's own panels: one file each and one line in the table of table.c. What they show they
 * read from a finished recording, with their state in it, so the same code serves the page, the
 * history and the JSON record.
 */
#ifndef TOOLBAR_PANELS_PANEL_H
#define TOOLBAR_PANELS_PANEL_H

#include <debugtoolbar/panel.h>

#include "base/json.h"
#include "base/text.h"
#include "record/recording.h"

/* In display order, NULL at the end. */
extern const struct toolbar_panel *const toolbar__panels[];

/* Makes the states of all panels and tells them that a shown request begins, and that it ends. */
void toolbar__panels_begin(struct toolbar_request *request);
void toolbar__panels_end(struct toolbar_recording *recording, unsigned status);

#endif
