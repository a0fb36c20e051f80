#include "record/entries.h"

void *toolbar__entries_add(struct toolbar__entries *entries, struct toolbar__arena *arena,
                           size_t size, unsigned maximum)
{
    struct toolbar__entry *entry =
        entries->count < maximum ? toolbar__arena_alloc(arena, size) : NULL;

    if (!entry) {
        entries->dropped++;
        return NULL;
    }
    if (entries->last) {
        entries->last->next = entry;
    } else {
        entries->first = entry;
    }
    entries->last = entry;
    entries->count++;
    return entry;
}
