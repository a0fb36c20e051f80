#include "record/pairs.h"

#include "record/recording.h"

enum { NAME_MAXIMUM = 256 };

static struct toolbar__pair *make(struct toolbar_recording *recording, const char *name,
                                  size_t name_length, const char *value, size_t value_length)
{
    struct toolbar__pair *pair = toolbar__arena_alloc(&recording->arena, sizeof *pair);

    if (!pair) return NULL;
    pair->name = toolbar__recording_keep(recording, name, name_length, NAME_MAXIMUM);
    pair->value = toolbar__recording_keep(recording, value, value_length, TOOLBAR__PAIR_MAXIMUM);
    pair->value_bytes = value_length;
    return pair->name && pair->value ? pair : NULL;
}

void toolbar__pairs_add(struct toolbar_recording *recording, struct toolbar__pairs *pairs,
                        const char *name, size_t name_length, const char *value,
                        size_t value_length)
{
    struct toolbar__pair *pair = NULL;

    pthread_mutex_lock(&recording->lock);
    if (recording->finished) goto out;
    if (pairs->count < TOOLBAR__PAIRS_MAXIMUM) {
        pair = make(recording, name, name_length, value, value_length);
    }
    if (!pair) {
        pairs->dropped++;
        goto out;
    }
    if (pairs->last) {
        pairs->last->next = pair;
    } else {
        pairs->first = pair;
    }
    pairs->last = pair;
    pairs->count++;
out:
    pthread_mutex_unlock(&recording->lock);
}
