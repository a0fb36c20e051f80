/*
 * A panel: one part of what the toolbar shows about a request. One file each and one line in
 * the table of table.c. Panels read a finished recording and nothing else, so the same code
 * serves the page, the history and the JSON record.
 */
#ifndef TOOLBAR_PANELS_PANEL_H
#define TOOLBAR_PANELS_PANEL_H

#include "base/json.h"
#include "base/text.h"
#include "record/recording.h"

struct toolbar__panel {
    const char *id; /* lower case, unique, a key of the record's "panels" */
    const char *title;
    /* The short figure beside the title: "51, 1.8 ms". */
    void (*subtitle)(const struct toolbar__recording *recording, struct toolbar__text *text);
    /* The panel's HTML. */
    void (*render)(const struct toolbar__recording *recording, struct toolbar__text *text);
    /* Exactly one JSON value. */
    void (*to_json)(const struct toolbar__recording *recording, struct toolbar__json *json);
    /* One metric of the Server-Timing header, without comma; NULL: none. */
    void (*server_timing)(const struct toolbar__recording *recording, struct toolbar__text *text);
};

/* In display order, NULL at the end. */
extern const struct toolbar__panel *const toolbar__panels[];

#endif
