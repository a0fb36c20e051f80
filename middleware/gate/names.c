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
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-') return true;
    return (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+.^_`|~", c));
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
static bool is_exact(const char *name, size_t length, size_t folded_length)
{
    if (length != folded_length) return false;
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

struct wanted {
    const char *folded;
    size_t length;
};

/* A header of the request, as the source hands it out. */
struct line {
    const char *name;
    size_t length;
    const char *value;
    size_t value_length;
};

/* Out of line, so that the walks themselves save no registers. */
static __attribute__((noinline)) void compare(struct toolbar__header *found,
                                              const struct wanted *wanted, const struct line *line)
{
    if (!toolbar__name_similar(line->name, line->length, wanted->folded, wanted->length)) return;
    if (found->candidates++) return;
    found->exact = is_exact(line->name, line->length, wanted->length);
    found->value = line->value;
    found->value_length = line->value_length;
    trim(found);
}

/* What is_blank() says, and a little more: one comparison is enough for nearly every name. */
static bool may_be_blank(char c)
{
    return (unsigned char)(c - '!') > '~' - '!';
}

struct search {
    struct wanted wanted;
    struct toolbar__header found;
};

/* Length and first byte turn nearly every header away; compare() decides about the rest. */
static bool visit(void *cls, const char *name, size_t length, const char *value,
                  size_t value_length)
{
    struct search *search = cls;

    if (length < search->wanted.length) return true;
    if (length > search->wanted.length) {
        if (!may_be_blank(name[0]) && !may_be_blank(name[length - 1])) return true;
    } else if (toolbar__name_fold(name[0]) != search->wanted.folded[0]) {
        return true;
    }
    compare(&search->found, &search->wanted, &(struct line){name, length, value, value_length});
    return true;
}

struct toolbar__header toolbar__field_find(const struct toolbar_request *request, const char *name,
                                           size_t length)
{
    struct search search = {.wanted = {name, length}};

    request->head.source->headers(request->head.connection, visit, &search);
    return search.found;
}

// clang-format off
#define KNOWN(literal) { "" literal, sizeof(literal) - 1 }
static const struct wanted known_names[TOOLBAR__KNOWN_COUNT] = {
    [TOOLBAR__KNOWN_HOST] = KNOWN("host"),
    [TOOLBAR__KNOWN_ORIGIN] = KNOWN("origin"),
    [TOOLBAR__KNOWN_FORWARDED] = KNOWN("forwarded"),
    [TOOLBAR__KNOWN_USER_AGENT] = KNOWN("user_agent"),
    [TOOLBAR__KNOWN_FETCH_SITE] = KNOWN("sec_fetch_site"),
    [TOOLBAR__KNOWN_FETCH_MODE] = KNOWN("sec_fetch_mode"),
    [TOOLBAR__KNOWN_FETCH_DEST] = KNOWN("sec_fetch_dest"),
    [TOOLBAR__KNOWN_FORWARDED_FOR] = KNOWN("x_forwarded_for"),
    [TOOLBAR__KNOWN_FORWARDED_PROTO] = KNOWN("x_forwarded_proto"),
};
// clang-format on

static bool visit_known(void *cls, const char *name, size_t length, const char *value,
                        size_t value_length)
{
    struct toolbar__header *known = cls;
    const struct line line = {name, length, value, value_length};
    bool maybe_blank;
    char first;

    if (!length) return true;
    maybe_blank = may_be_blank(name[0]) || may_be_blank(name[length - 1]);
    first = toolbar__name_fold(name[0]);
    for (size_t i = 0; i < TOOLBAR__KNOWN_COUNT; i++) {
        const struct wanted *wanted = &known_names[i];

        if (maybe_blank || (length == wanted->length && first == wanted->folded[0])) {
            compare(&known[i], wanted, &line);
        }
    }
    return true;
}

const struct toolbar__header *toolbar__known(struct toolbar_request *request,
                                             enum toolbar__known which)
{
    if (!request->looked) {
        memset(request->known, 0, sizeof request->known);
        request->head.source->headers(request->head.connection, visit_known, request->known);
        request->looked = true;
    }
    return &request->known[which];
}

const char *toolbar__field_text(const struct toolbar__header *field)
{
    if (!field->candidates) return NULL;
    if (!toolbar__field_usable(field)) return "";
    return memchr(field->value, '\0', field->value_length) ? "" : field->value;
}
