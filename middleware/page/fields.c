/* HTTP Semantics (RFC 9110), 5.6: lists, tokens, quoted strings and parameters. */
#include "page/fields.h"

#include <string.h>

#include "page/chars.h"

const struct toolbar__field *toolbar__fields_next(const struct toolbar__fields *fields,
                                                  const char *name, size_t *index)
{
    while (*index < fields->count) {
        const struct toolbar__field *field = &fields->items[(*index)++];

        if (!field->trailer && toolbar__field_is(field, name)) return field;
    }
    return NULL;
}

bool toolbar__fields_has(const struct toolbar__fields *fields, const char *name)
{
    size_t index = 0;

    return toolbar__fields_next(fields, name, &index) != NULL;
}

bool toolbar__slice_is(struct toolbar__slice slice, const char *word)
{
    return toolbar__ascii_is(slice.data, slice.length, word);
}

bool toolbar__slice_starts(struct toolbar__slice slice, const char *word)
{
    size_t length = strlen(word);

    return slice.length >= length && toolbar__ascii_equal(slice.data, word, length);
}

struct toolbar__slice toolbar__slice_trim(struct toolbar__slice slice)
{
    while (slice.length && toolbar__is_space(slice.data[0])) {
        slice.data++;
        slice.length--;
    }
    while (slice.length && toolbar__is_space(slice.data[slice.length - 1])) {
        slice.length--;
    }
    return slice;
}

bool toolbar__slice_cut(struct toolbar__slice *rest, char separator, struct toolbar__slice *part)
{
    const char *separated;
    bool quoted = false;
    size_t at;

    if (!rest->length) return false;
    /* Only from a quote on there is something to mind. */
    separated = toolbar__find(rest->data, rest->data + rest->length, separator);
    at = (size_t)(toolbar__find(rest->data, separated, '"') - rest->data);
    for (; at < rest->length && (quoted || rest->data[at] != separator); at++) {
        if (rest->data[at] == '"') quoted = !quoted;
        if (rest->data[at] == '\\' && quoted && at + 1 < rest->length) at++;
    }
    *part = toolbar__slice_trim((struct toolbar__slice){rest->data, at});
    if (at < rest->length) at++;
    rest->data += at;
    rest->length -= at;
    return true;
}

bool toolbar__slice_word(struct toolbar__slice *rest, struct toolbar__slice *word)
{
    *rest = toolbar__slice_trim(*rest);
    if (!rest->length) return false;
    word->data = rest->data;
    for (word->length = 0; rest->length && !toolbar__is_space(rest->data[0]); word->length++) {
        rest->data++;
        rest->length--;
    }
    return true;
}

bool toolbar__elements_next(struct toolbar__elements *elements, struct toolbar__slice *element)
{
    const struct toolbar__field *field;

    for (;;) {
        while (toolbar__slice_cut(&elements->rest, ',', element)) {
            if (element->length) return true;
        }
        field = toolbar__fields_next(elements->fields, elements->name, &elements->index);
        if (!field) return false;
        elements->rest = (struct toolbar__slice){field->value, strlen(field->value)};
    }
}

bool toolbar__fields_have(const struct toolbar__fields *fields, const char *name, const char *word)
{
    struct toolbar__elements elements = {.fields = fields, .name = name};
    struct toolbar__slice element;

    while (toolbar__elements_next(&elements, &element)) {
        if (toolbar__slice_is(element, word)) return true;
    }
    return false;
}
