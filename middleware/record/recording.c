/* The life of a recording, and the small things that are noted in it. Queries: queries.c. */
#include "record/recording.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "record/tracking.h"

static atomic_uint_least64_t serials;

static bool make_id(char id[TOOLBAR__ID_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[TOOLBAR__ID_LENGTH / 2];

    if (!toolbar__random(random, sizeof random)) return false;
    for (size_t i = 0; i < sizeof random; i++) {
        id[2 * i] = digits[random[i] >> 4];
        id[2 * i + 1] = digits[random[i] & 15];
    }
    id[TOOLBAR__ID_LENGTH] = '\0';
    return true;
}

struct toolbar_recording *toolbar__recording_new(void)
{
    struct toolbar_recording *recording = calloc(1, sizeof *recording);

    if (!recording) return NULL;
    if (!make_id(recording->id) || pthread_mutex_init(&recording->lock, NULL) != 0) {
        free(recording);
        return NULL;
    }
    atomic_init(&recording->references, 1);
    atomic_init(&recording->late_queries, 0);
    atomic_init(&recording->recording_ns, 0);
    atomic_init(&recording->cost_place, 0);
    toolbar__arena_init(&recording->arena, TOOLBAR__RECORDING_MAXIMUM);
    recording->serial = atomic_fetch_add_explicit(&serials, 1, memory_order_relaxed) + 1;
    recording->client = (struct toolbar__client)TOOLBAR__CLIENT_UNKNOWN;
    recording->wall_ms = toolbar__wall_ms();
    recording->http.response_bytes = TOOLBAR__UNKNOWN;
    recording->begin_ns = toolbar__now_ns();
    return recording;
}

struct toolbar_recording *toolbar__recording_ref(struct toolbar_recording *recording)
{
    atomic_fetch_add_explicit(&recording->references, 1, memory_order_relaxed);
    return recording;
}

void toolbar__recording_unref(struct toolbar_recording *recording)
{
    if (!recording) return;
    if (atomic_fetch_sub_explicit(&recording->references, 1, memory_order_acq_rel) != 1) return;
    pthread_mutex_destroy(&recording->lock);
    toolbar__wipe(recording->presented, sizeof recording->presented);
    toolbar__tracking_free(recording);
    toolbar__arena_free(&recording->arena);
    free(recording);
}

size_t toolbar__recording_bytes(const struct toolbar_recording *recording)
{
    return sizeof *recording + recording->arena.used;
}

void toolbar__recording_begin(struct toolbar_recording *recording, int64_t own_began_ns)
{
    recording->begin_ns = toolbar__now_ns();
    recording->own_ns = recording->begin_ns - own_began_ns;
}

int64_t toolbar__recording_now(const struct toolbar_recording *recording)
{
    return toolbar__now_ns() - recording->begin_ns;
}

void toolbar__recording_set_secret(struct toolbar_recording *recording,
                                   const struct toolbar__secret *secret)
{
    size_t length = secret->presented_length;

    recording->secret = *secret;
    if (length > sizeof recording->presented) length = sizeof recording->presented;
    if (length) memcpy(recording->presented, secret->presented, length);
    recording->secret.presented = recording->presented;
    recording->secret.presented_length = length;
}

bool toolbar__recording_is_secret(const struct toolbar_recording *recording, const char *data,
                                  size_t length)
{
    return toolbar__secret_in(&recording->secret, data, length);
}

const char *toolbar__recording_keep(struct toolbar_recording *recording, const char *data,
                                    size_t length, size_t maximum)
{
    if (toolbar__recording_is_secret(recording, data, length)) {
        return toolbar__arena_copy(&recording->arena, TOOLBAR__MASK, sizeof TOOLBAR__MASK - 1);
    }
    return toolbar__arena_copy(&recording->arena, data, toolbar__utf8_cut(data, length, maximum));
}

const char *toolbar__recording_string(struct toolbar_recording *recording, const char *data,
                                      size_t length)
{
    const char *copy;

    pthread_mutex_lock(&recording->lock);
    copy = recording->finished ? NULL : toolbar__recording_keep(recording, data, length, length);
    pthread_mutex_unlock(&recording->lock);
    return copy;
}

bool toolbar__recording_phase(struct toolbar_recording *recording, const char *name,
                              int64_t start_ns, int64_t duration_ns)
{
    struct toolbar__phase *last;
    bool late;

    pthread_mutex_lock(&recording->lock);
    last = recording->phase_count ? &recording->phases[recording->phase_count - 1] : NULL;
    late = recording->finished;
    if (late) {
        /* Not shown any more. */
    } else if (last && (recording->phase_count == TOOLBAR__PHASES_MAXIMUM ||
                        strcmp(last->name, name) == 0)) {
        last->duration_ns = start_ns + duration_ns - last->start_ns;
    } else {
        recording->phases[recording->phase_count++] =
            (struct toolbar__phase){.name = name, .start_ns = start_ns, .duration_ns = duration_ns};
    }
    pthread_mutex_unlock(&recording->lock);
    return !late;
}

void toolbar__recording_usage(struct toolbar_recording *recording,
                              const struct toolbar__usage *since,
                              const struct toolbar__usage *until)
{
    pthread_mutex_lock(&recording->lock);
    if (!recording->finished) toolbar__usage_add(&recording->usage, since, until);
    pthread_mutex_unlock(&recording->lock);
}
