/*
 * What several panels are made of: a titled section, a table of names with values, and the
 * figures of figures.h. The style sheet knows these and p.empty, p.note, dl, code and pre.
 */
#ifndef TOOLBAR_PANELS_PARTS_H
#define TOOLBAR_PANELS_PARTS_H

#include "panels/panel.h"

/* <h3>; the title is ours. */
void toolbar__part_title(struct toolbar_text *html, const char *title);

/* One row of a table of class "pairs". */
void toolbar__part_pair(struct toolbar_text *html, const char *name, const char *value);

/* Title and table, or the title and `empty` where there are none; `empty` NULL: nothing then. */
void toolbar__part_pairs(struct toolbar_text *html, const char *title,
                         const struct toolbar__pairs *pairs, const char *empty);

/* [{"name","value"}, ...]: names may come more than once. */
void toolbar__part_pair_json(struct toolbar_json *json, const char *name, const char *value);
void toolbar__part_pairs_json(struct toolbar_json *json, const struct toolbar__pairs *pairs);

#endif
