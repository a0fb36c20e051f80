/* Values of parameters as an execution begins: from what was seen to be bound, if that is all. */
#include "adapters/sqlite/parameters.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/expanded.h"
#include "base/text.h"

struct bound {
    struct toolbar__value value;
    char *bytes; /* TOOLBAR__VALUE_SEEN of them, kept for the next value */
    bool seen;
};

struct toolbar__bindings {
    unsigned count;
    unsigned room;
    struct bound bound[];
};

/* Most statements have fewer parameters, and then find the memory of the one before enough. */
enum { ROOM_LEAST = 4 };

static struct toolbar__bindings *make(unsigned room)
{
    struct toolbar__bindings *bindings = malloc(sizeof *bindings + room * sizeof *bindings->bound);

    if (!bindings) return NULL;
    bindings->room = room;
    for (unsigned i = 0; i < room; i++) {
        bindings->bound[i].bytes = NULL;
    }
    return bindings;
}

struct toolbar__bindings *toolbar__bindings_new(sqlite3_stmt *handle,
                                                struct toolbar__bindings **unused)
{
    int count = sqlite3_bind_parameter_count(handle);
    struct toolbar__bindings *bindings = *unused;

    if (count < 1 || count > TOOLBAR__VALUES_MAXIMUM) return NULL;
    if (bindings && bindings->room >= (unsigned)count) {
        *unused = NULL;
    } else {
        bindings = make(count < ROOM_LEAST ? ROOM_LEAST : (unsigned)count);
    }
    if (!bindings) return NULL;
    bindings->count = (unsigned)count;
    for (unsigned i = 0; i < bindings->count; i++) {
        bindings->bound[i].seen = false;
    }
    return bindings;
}

void toolbar__bindings_free(struct toolbar__bindings *bindings)
{
    if (!bindings) return;
    for (unsigned i = 0; i < bindings->room; i++) {
        free(bindings->bound[i].bytes);
    }
    free(bindings);
}

static struct bound *find(struct toolbar__bindings *bindings, int index)
{
    if (index < 1 || (unsigned)index > bindings->count) return NULL;
    return &bindings->bound[index - 1];
}

/* False if there is no memory to keep the bytes in. */
static bool keep_bytes(struct bound *bound)
{
    struct toolbar__value *value = &bound->value;

    if (!bound->bytes) bound->bytes = malloc(TOOLBAR__VALUE_SEEN);
    if (!bound->bytes) return false;
    if (value->type == TOOLBAR__VALUE_TEXT) {
        value->kept = toolbar__utf8_cut(value->as.bytes, value->kept, TOOLBAR__VALUE_SEEN);
    } else if (value->kept > TOOLBAR__VALUE_SEEN) {
        value->kept = TOOLBAR__VALUE_SEEN;
    }
    if (value->kept) memcpy(bound->bytes, value->as.bytes, value->kept);
    value->as.bytes = bound->bytes;
    return true;
}

void toolbar__bindings_set(struct toolbar__bindings *bindings, int index,
                           const struct toolbar__value *value)
{
    struct bound *bound = find(bindings, index);

    if (!bound) return;
    bound->value = *value;
    bound->seen = true;
    if (value->type == TOOLBAR__VALUE_TEXT || value->type == TOOLBAR__VALUE_BLOB) {
        bound->seen = keep_bytes(bound);
    }
}

void toolbar__bindings_forget(struct toolbar__bindings *bindings, int index)
{
    struct bound *bound = find(bindings, index);

    if (bound) bound->seen = false;
}

void toolbar__bindings_clear(struct toolbar__bindings *bindings)
{
    for (unsigned i = 0; i < bindings->count; i++) {
        bindings->bound[i].value = (struct toolbar__value){.type = TOOLBAR__VALUE_NULL};
        bindings->bound[i].seen = true;
    }
}

static void set_names(struct toolbar__parameters *parameters, sqlite3_stmt *handle)
{
    for (unsigned i = 0; i < parameters->count; i++) {
        const char *name = sqlite3_bind_parameter_name(handle, (int)i + 1);

        parameters->values[i].name = name && *name != '?' ? name : NULL;
    }
}

bool toolbar__parameters_seen(struct toolbar__parameters *parameters, sqlite3_stmt *handle,
                              const struct toolbar__bindings *bindings)
{
    parameters->expanded = NULL;
    parameters->count = bindings ? bindings->count : 0;
    if (!bindings) return sqlite3_bind_parameter_count(handle) == 0;
    for (unsigned i = 0; i < bindings->count; i++) {
        if (!bindings->bound[i].seen) return false;
        parameters->values[i] = bindings->bound[i].value;
    }
    set_names(parameters, handle);
    return true;
}

void toolbar__parameters_expand(struct toolbar__parameters *parameters, sqlite3_stmt *handle,
                                struct toolbar_recording *recording,
                                struct toolbar__statement *statement)
{
    int count = sqlite3_bind_parameter_count(handle);
    int kept = count < TOOLBAR__PARAMETERS_MAXIMUM ? count : TOOLBAR__PARAMETERS_MAXIMUM;

    parameters->expanded = NULL;
    parameters->count = (unsigned)kept;
    for (int i = 0; i < kept; i++) {
        parameters->values[i] = (struct toolbar__value){.type = TOOLBAR__VALUE_UNKNOWN};
    }
    if (count > 0 && count == kept) {
        parameters->expanded =
            toolbar__expanded_values(handle, parameters->values, recording, statement);
    }
    set_names(parameters, handle);
}

void toolbar__parameters_free(struct toolbar__parameters *parameters)
{
    sqlite3_free(parameters->expanded);
}
