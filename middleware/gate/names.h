/*
 * Finds request headers by name. A proxy may strip a header and let a variant of its name pass
 * (an underscore for a dash, a blank at an end); such variants are counted, so that whoever
 * relies on a header can insist on exactly one line under exactly its name.
 */
#ifndef TOOLBAR_GATE_NAMES_H
#define TOOLBAR_GATE_NAMES_H

#include "record/request.h"

/* A walk over the request's headers; the name is folded: lower case, _ for -. */
struct toolbar__header toolbar__field_find(const struct toolbar_request *request, const char *name,
                                           size_t length);

/* Found by one walk for all of them, when the first one is asked for. */
const struct toolbar__header *toolbar__known(struct toolbar_request *request,
                                             enum toolbar__known which);

static inline bool toolbar__field_usable(const struct toolbar__header *field)
{
    return field->candidates == 1 && field->exact;
}

/* Its value; "" for one that is not usable, or that a NUL would cut; NULL: there is none. */
const char *toolbar__field_text(const struct toolbar__header *field);

/* The name equals the folded one, but for case, dashes, underscores and blanks around it. */
bool toolbar__name_similar(const char *name, size_t length, const char *folded,
                           size_t folded_length);

/* ASCII lower case, with - as _. */
static inline char toolbar__name_fold(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c | 0x20);
    if (c == '-') return '_';
    return c;
}

/* A character that header names and tokens are made of, RFC 9110 section 5.6.2. */
bool toolbar__is_tchar(char c);

#endif
