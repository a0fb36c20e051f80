#include "record/preview.h"

#include <string.h>

#include "record/mask.h"

static bool is_secret_name(const char *name)
{
    return name && toolbar__mask_name(name, strlen(name));
}

/* It is called what it is called in its table. */
static bool has_own_name(const struct toolbar__column *column)
{
    return column->origin && strcmp(column->name, column->origin) == 0;
}

/* SELECT 'x' has a column that is called 'x'. */
static const char *copy_name(struct toolbar_recording *recording, const char *name)
{
    struct toolbar_text masked;
    const char *copy = NULL;
    size_t length = strlen(name);
    bool secret = toolbar__recording_is_secret(recording, name, length);

    toolbar__text_init(&masked, (size_t)4 * TOOLBAR__VALUE_MAXIMUM);
    length = toolbar__utf8_cut(name, length, TOOLBAR__VALUE_MAXIMUM);
    if (secret || toolbar__mask_value(name, length)) {
        toolbar_text_literal(&masked, TOOLBAR__MASK);
    } else {
        toolbar__mask_sql(&masked, name, length, false);
    }
    if (!masked.failed) {
        length = toolbar__utf8_cut(masked.data, masked.length, TOOLBAR__PREVIEW_BYTES);
        copy = toolbar__arena_copy(&recording->arena, masked.data ? masked.data : "", length);
    }
    toolbar__text_free(&masked);
    return copy;
}

static struct toolbar__preview *make(struct toolbar_recording *recording,
                                     const struct toolbar__column *columns, unsigned kept,
                                     unsigned all)
{
    struct toolbar__preview *preview = toolbar__arena_alloc(&recording->arena, sizeof *preview);

    if (!preview) return NULL;
    preview->all_columns = all;
    preview->columns = kept;
    for (unsigned i = 0; i < kept; i++) {
        struct toolbar__preview_column *column = &preview->names[i];

        column->secret = is_secret_name(columns[i].name);
        if (!column->secret && !has_own_name(&columns[i])) {
            column->secret = is_secret_name(columns[i].origin);
        }
        column->name = copy_name(recording, columns[i].name);
        if (!column->name) return NULL;
    }
    return preview;
}

bool toolbar__recording_preview(struct toolbar_recording *recording, struct toolbar__query *query,
                                const struct toolbar__column *columns, unsigned kept, unsigned all)
{
    struct toolbar__preview *preview = NULL;

    pthread_mutex_lock(&recording->lock);
    if (!recording->finished && !recording->hide_values && !query->preview &&
        recording->preview_count < TOOLBAR__PREVIEWS_MAXIMUM) {
        preview = make(recording, columns, kept, all);
    }
    if (preview) {
        recording->preview_count++;
        query->preview = preview;
    }
    pthread_mutex_unlock(&recording->lock);
    return preview != NULL;
}

static bool is_secret(const struct toolbar_recording *recording,
                      const struct toolbar__preview_column *column,
                      const struct toolbar__value *value)
{
    bool text = value->type == TOOLBAR__VALUE_TEXT;

    if (value->type == TOOLBAR__VALUE_NULL) return false;
    if (column->secret) return true;
    if (!text && value->type != TOOLBAR__VALUE_BLOB) return false;
    return toolbar__recording_is_secret(recording, value->as.bytes, value->kept) ||
           (text && toolbar__mask_value(value->as.bytes, value->kept));
}

void toolbar__recording_preview_row(struct toolbar_recording *recording,
                                    struct toolbar__query *query,
                                    const struct toolbar__value *values)
{
    struct toolbar__preview *preview;
    bool complete = true;

    pthread_mutex_lock(&recording->lock);
    preview = recording->finished ? NULL : query->preview;
    if (preview && preview->rows < TOOLBAR__PREVIEW_ROWS) {
        for (unsigned i = 0; i < preview->columns && complete; i++) {
            struct toolbar__value *copy = &preview->values[preview->rows][i];
            *copy = values[i];
            complete = toolbar__value_copy(recording, copy, &values[i],
                                           is_secret(recording, &preview->names[i], &values[i]),
                                           TOOLBAR__PREVIEW_BYTES);
        }
        if (complete) preview->rows++;
    }
    pthread_mutex_unlock(&recording->lock);
}
