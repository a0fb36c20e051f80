/*
 * Finds request headers by name. A proxy may strip a header and let a variant of its name pass
 * (an underscore for a dash, a blank at an end); such variants are counted, so that whoever
 * relies on a header can insist on exactly one line under exactly its name.
 */
#ifndef TOOLBAR_GATE_NAMES_H
#define TOOLBAR_GATE_NAMES_H

#include "record/request.h"

struct toolbar__header {
    const char *name; /* folded: lower case, _ for - */
    size_t length;
    /* Found: the first line with this or a similar name, blanks around the value removed. */
    const char *value;
    size_t value_length;
    unsigned candidates; /* lines with this or a similar name */
    bool exact;          /* the first of them has the name itself, but for case */
};

#define TOOLBAR__FIELD(literal)                                                                    \
    {                                                                                              \
        .name = "" literal, .length = sizeof(literal) - 1                                          \
    }

/* Walk over the request's headers once, for one field or for several. */
void toolbar__field_find(const struct toolbar_request *request, struct toolbar__header *field);
void toolbar__fields_find(const struct toolbar_request *request, struct toolbar__header *fields,
                          size_t count);

static inline bool toolbar__field_usable(const struct toolbar__header *field)
{
    return field->candidates == 1 && field->exact;
}

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
