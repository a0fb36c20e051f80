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

/* "Nothing of the kind.", where a panel has nothing to show; a literal. */
#define toolbar__part_empty(html, sentence)                                                        \
    toolbar_text_literal((html), "<p class=\"empty\">" sentence "</p>")

/* "3 more were not kept.", if any; and how many of what was kept are not among the rows. */
void toolbar__part_dropped(struct toolbar_text *html, unsigned dropped);
void toolbar__part_left_out(struct toolbar_text *html, unsigned left_out);

/* A panel that began at `start` is long enough; the rest of its rows are in the JSON record. */
static inline bool toolbar__part_full(const struct toolbar_text *html, size_t start)
{
    return html->length - start > (size_t)64 * 1024;
}

/* "1.8 ms", or a dash for an unknown one. */
void toolbar__part_ms(struct toolbar_text *html, int64_t ns_or_negative);

/* "812 bytes", "1.2 KiB", "30 MiB" */
void toolbar__part_bytes(struct toolbar_text *html, int64_t bytes);

/* Members of an object. */
void toolbar__part_string_json(struct toolbar_json *json, const char *name, const char *string);
void toolbar__part_count_json(struct toolbar_json *json, const char *name, int64_t count);
void toolbar__part_ms_json(struct toolbar_json *json, const char *name, int64_t ns);

#endif
