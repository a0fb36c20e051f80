/*
 * Reading header fields: names without case, comma lists across several fields of one name,
 * parameters, quoted strings. Trailers are not looked at.
 */
#ifndef TOOLBAR_PAGE_FIELDS_H
#define TOOLBAR_PAGE_FIELDS_H

#include <string.h>

#include "page/page.h"

struct toolbar__slice {
    const char *data;
    size_t length;
};

/* Nearly all are told apart by their first character, before their end is looked for. */
static inline bool toolbar__field_is(const struct toolbar__field *field, const char *name)
{
    return ((*field->name ^ *name) & ~0x20) == 0 &&
           toolbar__ascii_same(field->name, strlen(field->name), name);
}

/* The first header of this name at or after *index, which moves behind it; NULL: no more. */
const struct toolbar__field *toolbar__fields_next(const struct toolbar__fields *fields,
                                                  const char *name, size_t *index);

bool toolbar__fields_has(const struct toolbar__fields *fields, const char *name);

bool toolbar__slice_is(struct toolbar__slice slice, const char *word);
bool toolbar__slice_starts(struct toolbar__slice slice, const char *word);
struct toolbar__slice toolbar__slice_trim(struct toolbar__slice slice);

/*
 * Cuts the part up to `separator` off *rest and gives it trimmed; a separator inside a quoted
 * string is none. False when *rest is used up. Parts may be empty.
 */
bool toolbar__slice_cut(struct toolbar__slice *rest, char separator, struct toolbar__slice *part);

/* Cuts the next word off *rest, which white space ends; false when there is none. */
bool toolbar__slice_word(struct toolbar__slice *rest, struct toolbar__slice *word);

/* Walks the non-empty elements of a list header. */
struct toolbar__elements {
    const struct toolbar__fields *fields;
    const char *name;
    size_t index;
    struct toolbar__slice rest;
};

bool toolbar__elements_next(struct toolbar__elements *elements, struct toolbar__slice *element);

/* One of the header's elements is this word. */
bool toolbar__fields_have(const struct toolbar__fields *fields, const char *name, const char *word);

#endif
