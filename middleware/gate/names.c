/* The walk over the headers. Most requests in production get no further than this file. */
#include "gate/names.h"

#include <string.h>

/* Wider than HTTP's blanks: whatever a sloppy reader could trim has to be found. */
static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f;
}

bool toolbar__is_tchar(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    return c && strchr("!#$%&'*+-.^_`|~", c);
}

bool toolbar__name_similar(const char *name, size_t length, const char *folded,
                           size_t folded_length)
{
    while (length && is_blank(name[0])) {
        name++;
        length--;
    }
    while (length && is_blank(name[length - 1])) {
        length--;
    }
    if (length != folded_length) return false;
    for (size_t i = 0; i < length; i++) {
        if (toolbar__name_fold(name[i]) != folded[i]) return false;
    }
    return true;
}

/* Only for a similar name; nothing that is looked for has an underscore in its real name. */
static bool is_exact(const struct toolbar__header *field, const char *name, size_t length)
{
    if (length != field->length) return false;
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '_' || !toolbar__is_tchar(name[i])) return false;
    }
    return true;
}

static void trim(struct toolbar__header *field)
{
    const char *value = field->value;
    size_t length = field->value_length;

    while (length && (value[0] == ' ' || value[0] == '\t')) {
        value++;
        length--;
    }
    while (length && (value[length - 1] == ' ' || value[length - 1] == '\t')) {
        length--;
    }
    field->value = value;
    field->value_length = length;
}

/* Out of line, so that the walk itself saves no registers. */
static __attribute__((noinline)) bool compare(struct toolbar__header *field, const char *name,
                                              size_t length, const char *value, size_t value_length)
{
    if (!toolbar__name_similar(name, length, field->name, field->length)) return true;
    if (field->candidates++) return true;
    field->exact = is_exact(field, name, length);
    field->value = value;
    field->value_length = value_length;
    trim(field);
    return true;
}

/* What is_blank() says, and a little more: one comparison is enough for nearly every name. */
static bool may_be_blank(char c)
{
    return (unsigned char)(c - '!') > '~' - '!';
}

/* Length and first byte turn nearly every header away; compare() decides about the rest. */
static bool visit(void *cls, const char *name, size_t length, const char *value,
                  size_t value_length)
{
    struct toolbar__header *field = cls;

    if (length < field->length) return true;
    if (length > field->length) {
        if (!may_be_blank(name[0]) && !may_be_blank(name[length - 1])) return true;
    } else if (toolbar__name_fold(name[0]) != field->name[0]) {
        return true;
    }
    return compare(field, name, length, value, value_length);
}

void toolbar__field_find(const struct toolbar_request *request, struct toolbar__header *field)
{
    request->head.source->headers(request->head.connection, visit, field);
}

struct search {
    struct toolbar__header *fields;
    size_t count;
};

static bool visit_all(void *cls, const char *name, size_t length, const char *value,
                      size_t value_length)
{
    const struct search *search = cls;

    for (size_t i = 0; i < search->count; i++) {
        visit(&search->fields[i], name, length, value, value_length);
    }
    return true;
}

void toolbar__fields_find(const struct toolbar_request *request, struct toolbar__header *fields,
                          size_t count)
{
    struct search search = {fields, count};

    request->head.source->headers(request->head.connection, visit_all, &search);
}
