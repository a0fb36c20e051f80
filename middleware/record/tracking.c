#include "record/tracking.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "record/sql_tokens.h"

static struct toolbar__tracking *tracking_of(struct toolbar_recording *recording)
{
    if (!recording->tracking) {
        recording->tracking = malloc(sizeof *recording->tracking);
        if (!recording->tracking) return NULL;
        /* The runs are only looked at as far as there are any. */
        memset(recording->tracking, 0, offsetof(struct toolbar__tracking, runs));
        toolbar__arena_init(&recording->tracking->arena, TOOLBAR__TRACKED_BYTES);
    }
    return recording->tracking;
}

static uint64_t origin_of(const struct toolbar__value *value)
{
    switch (value->type) {
    case TOOLBAR__VALUE_INTEGER: return toolbar__origin_integer(value->as.integer);
    case TOOLBAR__VALUE_REAL: return toolbar__origin_real(value->as.real);
    case TOOLBAR__VALUE_TEXT:
        return toolbar__origin_text(value->as.bytes, value->kept, value->length);
    case TOOLBAR__VALUE_BLOB:
        return toolbar__origin_blob(value->as.bytes, value->kept, value->length);
    default: return 0;
    }
}

/* A literal as the value that it is; 0 for what is no simple one. */
static uint64_t origin_of_literal(const struct toolbar__sql_token *token)
{
    if (token->type == TOOLBAR__SQL_BLOB) return 0;
    if (token->type == TOOLBAR__SQL_NUMBER) {
        return toolbar__origin_text(token->data, token->length, token->length);
    }
    /* A quote inside makes it another text than its bytes, and a mask is none. */
    if (token->length < 2 || token->data[1] == '*' ||
        memchr(token->data + 1, '\'', token->length - 2))
        return 0;
    return toolbar__origin_text(token->data + 1, token->length - 2, token->length - 2);
}

static unsigned read_literals(const struct toolbar__statement *statement, uint64_t *origins)
{
    size_t length = strlen(statement->sql), at = 0;
    unsigned count = 0;

    if (statement->bare || !toolbar__sql_has_values(statement->sql, length)) return 0;
    while (at < length && count < TOOLBAR__VALUES_MAXIMUM) {
        struct toolbar__sql_token token = toolbar__sql_next(statement->sql, length, &at);

        if (token.type == TOOLBAR__SQL_NUMBER || token.type == TOOLBAR__SQL_STRING ||
            token.type == TOOLBAR__SQL_BLOB) {
            origins[count++] = origin_of_literal(&token);
        }
    }
    return count;
}

/* Literals that are not all known are told apart by the text. */
static uint64_t question_of(const struct toolbar__query *query, const uint64_t *literals,
                            unsigned count)
{
    uint64_t text = query->statement->hash;

    for (unsigned i = 0; i < count; i++) {
        if (!literals[i]) return text ^ query->values_hash;
    }
    if (query->statement->bare || count == TOOLBAR__VALUES_MAXIMUM) {
        return text ^ query->values_hash;
    }
    return toolbar__hash(query->values_hash, literals, count * sizeof *literals);
}

static void keep_values(struct toolbar__tracking *tracking, struct toolbar__run *run,
                        const struct toolbar__value *values, unsigned count)
{
    uint64_t origins[2 * TOOLBAR__VALUES_MAXIMUM];
    const struct toolbar__run *first = run->query->statement->group->first->run;
    unsigned bound = count < TOOLBAR__VALUES_MAXIMUM ? count : TOOLBAR__VALUES_MAXIMUM;
    unsigned kept = bound;
    uint64_t *copy;

    for (unsigned i = 0; i < kept; i++) {
        origins[i] = origin_of(&values[i]);
    }
    /* The literals of a text that is run again and again are read once. */
    if (first && first->values && first->value_count >= kept &&
        first->query->statement == run->query->statement) {
        memcpy(origins + kept, first->values + kept, (first->value_count - kept) * sizeof *origins);
        kept = first->value_count;
    } else {
        kept += read_literals(run->query->statement, origins + kept);
    }
    run->question = question_of(run->query, origins + bound, kept - bound);
    if (!kept) return;
    copy = toolbar__arena_alloc(&tracking->arena, kept * sizeof *copy);
    if (!copy) return;
    memcpy(copy, origins, kept * sizeof *copy);
    run->values = copy;
    run->value_count = kept;
}

void toolbar__tracking_begin(struct toolbar_recording *recording, struct toolbar__query *query,
                             const struct toolbar__value *values, unsigned count)
{
    struct toolbar__tracking *tracking = tracking_of(recording);
    struct toolbar__run *run;

    if (!tracking || tracking->run_count == TOOLBAR__QUERIES_MAXIMUM) return;
    run = toolbar__arena_alloc(&tracking->arena, sizeof *run);
    if (!run) return;
    run->query = query;
    run->writes_before = tracking->writes;
    run->index = tracking->run_count;
    tracking->runs[tracking->run_count++] = run;
    query->run = run;
    keep_values(tracking, run, values, count);
}

void toolbar__tracking_end(struct toolbar_recording *recording, const struct toolbar__query *query,
                           bool writes)
{
    struct toolbar__tracking *tracking = recording->tracking;

    if (!tracking) return;
    if (writes) tracking->writes++;
    if (query && query->run) {
        query->run->ended = recording->query_count;
        if (writes) query->run->write = tracking->writes;
    }
}

static const char *keep_name(struct toolbar_recording *recording, const char *name)
{
    return name ? toolbar__recording_keep(recording, name, strlen(name), TOOLBAR__VALUE_MAXIMUM)
                : NULL;
}

static void keep_names(struct toolbar_recording *recording, struct toolbar__group *group,
                       unsigned count, const struct toolbar__result_column *columns)
{
    struct toolbar__result_column *kept =
        toolbar__arena_alloc(&recording->arena, count * sizeof *kept);

    if (!kept) return;
    for (unsigned i = 0; i < count; i++) {
        kept[i].name = keep_name(recording, columns[i].name);
        kept[i].table = keep_name(recording, columns[i].table);
        kept[i].origin = keep_name(recording, columns[i].origin);
    }
    group->columns = kept;
    group->column_count = count;
}

static void begin_columns(struct toolbar_recording *recording, struct toolbar__run *run,
                          unsigned count, const struct toolbar__result_column *columns)
{
    struct toolbar__group *group = run->query->statement->group;

    if (columns && !group->columns) keep_names(recording, group, count, columns);
    run->columns = toolbar__arena_alloc(&recording->tracking->arena, count * sizeof *run->columns);
    if (run->columns) run->column_count = count;
}

void toolbar__tracking_row(struct toolbar_recording *recording, struct toolbar__query *query,
                           unsigned count, const struct toolbar__result_column *columns,
                           const int64_t *bytes)
{
    struct toolbar__run *run;

    pthread_mutex_lock(&recording->lock);
    run = recording->finished ? NULL : query->run;
    if (run) {
        if (!run->columns && count && count <= TOOLBAR__TRACKED_COLUMNS) {
            begin_columns(recording, run, count, columns);
        }
        for (unsigned i = 0; bytes && run->columns && i < run->column_count; i++) {
            if (bytes[i] < 0) continue;
            run->columns[i].bytes += (uint64_t)bytes[i];
            run->columns[i].sampled++;
        }
    }
    pthread_mutex_unlock(&recording->lock);
}

void toolbar__tracking_read(struct toolbar_recording *recording, struct toolbar__query *query,
                            int64_t row, unsigned column, uint64_t origin,
                            enum toolbar__reading reading)
{
    struct toolbar__run *run;

    pthread_mutex_lock(&recording->lock);
    run = recording->finished ? NULL : query->run;
    if (run && column < run->column_count) {
        uint64_t bit = UINT64_C(1) << column;

        if (run->row != row) run->read = run->valued = 0;
        run->row = row;
        if (reading >= TOOLBAR__READING_EXEC) run->opaque = true;
        if (reading == TOOLBAR__READING_TABLE) run->table = true;
        if (!(run->read & bit)) run->columns[column].rows++;
        /* Its type or length may have been asked for first. */
        if (origin && !(run->valued & bit)) {
            toolbar__sightings_add(&recording->tracking->sightings, origin, run->index, column,
                                   recording->query_count);
            run->valued |= bit;
            run->sum += origin * (2U * column + 1);
            if (reading == TOOLBAR__READING_NUMBER) run->columns[column].numbers++;
        }
        run->read |= bit;
    }
    pthread_mutex_unlock(&recording->lock);
}

bool toolbar__tracking_look(struct toolbar_recording *recording, int64_t *own_bytes)
{
    struct toolbar__tracking *tracking;
    bool allowed;

    pthread_mutex_lock(&recording->lock);
    tracking = recording->tracking;
    allowed = tracking && tracking->heap_looks < TOOLBAR__HEAP_LOOKS;
    if (allowed) {
        tracking->heap_looks++;
        *own_bytes =
            (int64_t)(toolbar__recording_bytes(recording) + tracking->arena.used +
                      tracking->sightings.capacity * (sizeof *tracking->sightings.kept +
                                                      2 * sizeof *tracking->sightings.slots));
    }
    pthread_mutex_unlock(&recording->lock);
    return allowed;
}

void toolbar__tracking_free(struct toolbar_recording *recording)
{
    if (!recording->tracking) return;
    for (struct toolbar__query *query = recording->queries; query; query = query->next) {
        query->run = NULL;
    }
    toolbar__sightings_free(&recording->tracking->sightings);
    toolbar__arena_free(&recording->tracking->arena);
    free(recording->tracking);
    recording->tracking = NULL;
}
