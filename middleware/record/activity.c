/* What is recorded in one call: messages, calls of caches, templates, files. Spans: spans.c. */
#include "record/activity.h"

#include <debugtoolbar/record.h>
#include <stdio.h>
#include <string.h>

#include "record/mask.h"
#include "record/mask_text.h"
#include "record/recording.h"
#include "record/request.h"

struct toolbar_recording *toolbar__activity_lock_shown(void)
{
    struct toolbar_recording *recording = toolbar__current->recording;

    if (!recording) return NULL;
    pthread_mutex_lock(&recording->lock);
    if (!recording->finished) return recording;
    pthread_mutex_unlock(&recording->lock);
    return NULL;
}

void toolbar__activity_unlock(struct toolbar_recording *recording)
{
    pthread_mutex_unlock(&recording->lock);
}

static const char *or_empty(const char *kept)
{
    return kept ? kept : "";
}

/* More than is kept, because a key may stand across the cut. */
static size_t seen(const char *string, size_t maximum)
{
    return strnlen(string, maximum + (size_t)7 * TOOLBAR__SECRET_MAXIMUM);
}

const char *toolbar__activity_string(struct toolbar_recording *recording, const char *string,
                                     size_t maximum)
{
    if (!string || !*string) return "";
    return or_empty(toolbar__recording_keep(recording, string, seen(string, maximum), maximum));
}

typedef void (*mask_function)(struct toolbar_text *text, const char *data, size_t length,
                              bool strict);

static const char *masked_by(mask_function mask, struct toolbar_recording *recording,
                             const char *string, size_t maximum, bool strict)
{
    struct toolbar_text masked;
    const char *kept = "";
    size_t length;

    if (!string || !*string) return kept;
    length = seen(string, maximum);
    if (toolbar__recording_is_secret(recording, string, length)) return TOOLBAR__MASK;
    toolbar__text_init(&masked, 16 * maximum);
    mask(&masked, string, length, strict);
    if (!masked.failed && masked.length) {
        kept = or_empty(toolbar__recording_keep(recording, masked.data, masked.length, maximum));
    }
    toolbar__text_free(&masked);
    return kept;
}

const char *toolbar__activity_masked(struct toolbar_recording *recording, const char *string,
                                     size_t maximum)
{
    return masked_by(toolbar__mask_text, recording, string, maximum, recording->hide_values);
}

static void add_message(struct toolbar_recording *recording, const struct toolbar__message *what,
                        size_t length)
{
    struct toolbar__message *message =
        toolbar__entries_add(&recording->activity.messages, &recording->arena, sizeof *message,
                             TOOLBAR__MESSAGES_MAXIMUM);

    if (!message) return;
    message->level = what->level;
    message->line = what->line;
    message->at_ns = toolbar__recording_now(recording);
    message->cut = length > TOOLBAR__MESSAGE_MAXIMUM;
    /* A format in the strict mode has no values that could be hidden. */
    message->text = recording->hide_values
                        ? toolbar__activity_string(recording, what->text, TOOLBAR__MESSAGE_MAXIMUM)
                        : toolbar__activity_masked(recording, what->text, TOOLBAR__MESSAGE_MAXIMUM);
    message->file = toolbar__activity_string(recording, what->file, TOOLBAR__NAME_MAXIMUM);
    message->function = toolbar__activity_string(recording, what->function, TOOLBAR__NAME_MAXIMUM);
}

void toolbar_message_at(enum toolbar_message_level level, const char *file, int line,
                        const char *function, const char *format, ...)
{
    struct toolbar__message what = {.level = level <= TOOLBAR_MESSAGE_ERROR ? level
                                                                            : TOOLBAR_MESSAGE_ERROR,
                                    .file = file,
                                    .line = line,
                                    .function = function,
                                    .text = format};
    char text[TOOLBAR__MESSAGE_MAXIMUM + 7 * TOOLBAR__SECRET_MAXIMUM];
    struct toolbar_recording *recording;
    size_t length = 0;
    va_list arguments;
    int printed;

    if (!toolbar__current || !toolbar__current->recording || !format) return;
    if (toolbar__current->recording->hide_values) {
        length = strlen(format);
    } else {
        /* Not under the lock: what the arguments point to is the application's. */
        va_start(arguments, format);
        printed = vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        if (printed > 0) length = (size_t)printed;
        what.text = printed > 0 ? text : "";
    }
    recording = toolbar__activity_lock();
    if (!recording) return;
    add_message(recording, &what, length);
    toolbar__activity_unlock(recording);
}

static void add_up(struct toolbar__cache_sum *sum, const struct toolbar__cache_call *call)
{
    sum->calls++;
    sum->hits += call->hits;
    sum->misses += call->misses;
    if (call->duration_ns > 0) sum->duration_ns += call->duration_ns;
}

static struct toolbar__cache_sum *cache_sum(struct toolbar_recording *recording, const char *cache,
                                            const char *operation)
{
    struct toolbar__entries *sums = &recording->activity.cache_sums;
    struct toolbar__cache_sum *sum = (struct toolbar__cache_sum *)sums->first;

    for (; sum; sum = (struct toolbar__cache_sum *)sum->entry.next) {
        if (strncmp(sum->cache, cache, TOOLBAR__NAME_MAXIMUM) == 0 &&
            strncmp(sum->operation, operation, TOOLBAR__NAME_MAXIMUM) == 0) {
            return sum;
        }
    }
    sum = toolbar__entries_add(sums, &recording->arena, sizeof *sum, TOOLBAR__CACHE_SUMS_MAXIMUM);
    if (!sum) return NULL;
    sum->cache = toolbar__activity_string(recording, cache, TOOLBAR__NAME_MAXIMUM);
    sum->operation = toolbar__activity_string(recording, operation, TOOLBAR__NAME_MAXIMUM);
    return sum;
}

void toolbar_cache_call(const char *cache, const char *operation, const char *key, unsigned hits,
                        unsigned misses, int64_t duration_ns)
{
    struct toolbar_recording *recording = toolbar__activity_lock();
    struct toolbar__cache_call what = {.hits = hits,
                                       .misses = misses,
                                       .duration_ns =
                                           duration_ns < 0 ? TOOLBAR__UNKNOWN : duration_ns};
    struct toolbar__cache_call *call;
    struct toolbar__cache_sum *sum;

    if (!recording) return;
    sum = cache_sum(recording, cache ? cache : "", operation ? operation : "");
    if (sum) add_up(sum, &what);
    add_up(&recording->activity.cache, &what);
    call = toolbar__entries_add(&recording->activity.cache_calls, &recording->arena, sizeof *call,
                                TOOLBAR__CACHE_CALLS_MAXIMUM);
    if (call) {
        what.cache = sum ? sum->cache : "";
        what.operation = sum ? sum->operation : "";
        what.key = toolbar__activity_masked(recording, key, TOOLBAR__NAME_MAXIMUM);
        what.at_ns = toolbar__recording_now(recording);
        *call = what;
    }
    toolbar__activity_unlock(recording);
}

void toolbar_template_rendered(const char *name, int64_t duration_ns, const char *context)
{
    struct toolbar_recording *recording = toolbar__activity_lock();
    struct toolbar__template *template;

    if (!recording) return;
    template = toolbar__entries_add(&recording->activity.templates, &recording->arena,
                                    sizeof *template, TOOLBAR__TEMPLATES_MAXIMUM);
    if (template) {
        template->name = toolbar__activity_string(recording, name, TOOLBAR__NAME_MAXIMUM);
        template->context = toolbar__activity_masked(recording, context, TOOLBAR__CONTEXT_MAXIMUM);
        template->duration_ns = duration_ns < 0 ? TOOLBAR__UNKNOWN : duration_ns;
    }
    toolbar__activity_unlock(recording);
}

void toolbar_static_file(const char *path, uint64_t size_bytes)
{
    struct toolbar_recording *recording = toolbar__activity_lock();
    struct toolbar__file *file;

    if (!recording) return;
    file = toolbar__entries_add(&recording->activity.files, &recording->arena, sizeof *file,
                                TOOLBAR__FILES_MAXIMUM);
    if (file) {
        file->path = masked_by(toolbar__mask_url, recording, path, TOOLBAR__NAME_MAXIMUM, false);
        file->size_bytes = size_bytes <= INT64_MAX ? (int64_t)size_bytes : TOOLBAR__UNKNOWN;
    }
    toolbar__activity_unlock(recording);
}
