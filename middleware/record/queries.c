/*
 * Queries of a recording while it grows: statements are told apart by their text, grouped by
 * fingerprint, and their executions kept up to a bound and counted beyond it.
 */
#include "record/recording.h"

#include <string.h>

#include "base/hash.h"
#include "record/fingerprint.h"
#include "record/mask.h"
#include "record/tracking.h"

/* A key may stand across the cut, every byte of it encoded three times. */
enum { SQL_SEEN = TOOLBAR__SQL_MAXIMUM + 7 * TOOLBAR__SECRET_MAXIMUM };

static struct toolbar__connection *find_connection(struct toolbar_recording *recording,
                                                   const char *name)
{
    struct toolbar__connection **at = &recording->connections;

    for (; *at; at = &(*at)->next) {
        if (strcmp((*at)->name, name) == 0) return *at;
    }
    struct toolbar__connection *connection =
        toolbar__arena_alloc(&recording->arena, sizeof *connection);
    if (!connection) return NULL;
    connection->name = toolbar__arena_copy(&recording->arena, name, strlen(name));
    if (!connection->name) return NULL;
    return *at = connection;
}

static struct toolbar__group *find_group(struct toolbar_recording *recording,
                                         struct toolbar__connection *connection,
                                         const struct toolbar_text *fingerprint)
{
    uint64_t hash = toolbar__hash(0, fingerprint->data, fingerprint->length);
    struct toolbar__group *group;

    for (group = recording->groups; group; group = group->next) {
        if (group->hash == hash && group->connection == connection->name &&
            strlen(group->fingerprint) == fingerprint->length &&
            memcmp(group->fingerprint, fingerprint->data, fingerprint->length) == 0) {
            return group;
        }
    }
    group = toolbar__arena_alloc(&recording->arena, sizeof *group);
    if (!group) return NULL;
    group->fingerprint =
        toolbar__arena_copy(&recording->arena, fingerprint->data, fingerprint->length);
    if (!group->fingerprint) return NULL;
    group->hash = hash;
    group->connection = connection->name;
    group->owner = connection;
    group->number = ++recording->group_count;
    if (recording->last_group) {
        recording->last_group->next = group;
    } else {
        recording->groups = group;
    }
    recording->last_group = group;
    connection->statements++;
    return group;
}

/*
 * A key is most likely in a literal; the statement is worth more without it than not at all. True:
 * its literals are gone.
 */
static bool mask_statement(const struct toolbar_recording *recording, struct toolbar_text *masked,
                           const char *sql, size_t length)
{
    size_t kept = toolbar__utf8_cut(sql, length, TOOLBAR__SQL_MAXIMUM);
    size_t seen = length < SQL_SEEN ? length : SQL_SEEN;
    bool secret = toolbar__recording_is_secret(recording, sql, seen);

    secret = secret || recording->hide_values;
    toolbar__mask_sql(masked, sql, kept, secret);
    if (secret && toolbar__recording_is_secret(recording, masked->data, masked->length)) {
        masked->length = 0;
        toolbar_text_literal(masked, TOOLBAR__MASK);
    }
    return secret;
}

/* Stored masked, and grouped by what is stored: SQLite takes "text" for a literal at times. */
static bool describe_statement(struct toolbar_recording *recording,
                               struct toolbar__connection *connection,
                               struct toolbar__statement *statement, const char *sql, size_t length)
{
    struct toolbar_text masked, fingerprint;

    toolbar__text_init(&masked, (size_t)2 * TOOLBAR__SQL_MAXIMUM);
    toolbar__text_init(&fingerprint, (size_t)4 * TOOLBAR__SQL_MAXIMUM);
    statement->bare = mask_statement(recording, &masked, sql, length);
    if (masked.length) toolbar__fingerprint(&fingerprint, masked.data, masked.length);
    if (!masked.failed && !fingerprint.failed && fingerprint.length) {
        statement->sql = toolbar__arena_copy(&recording->arena, masked.data, masked.length);
        statement->group = find_group(recording, connection, &fingerprint);
    }
    toolbar__text_free(&masked);
    toolbar__text_free(&fingerprint);
    return statement->sql && statement->group;
}

static struct toolbar__statement *add_statement(struct toolbar_recording *recording,
                                                struct toolbar__connection *connection,
                                                const char *sql, size_t length, uint64_t hash)
{
    struct toolbar__statement **bucket = &recording->statements[hash % TOOLBAR__STATEMENT_BUCKETS];
    struct toolbar__statement *statement =
        toolbar__arena_alloc(&recording->arena, sizeof *statement);

    if (!statement) return NULL;
    if (!describe_statement(recording, connection, statement, sql, length)) return NULL;
    statement->hash = hash;
    statement->length = length;
    statement->next_in_bucket = *bucket;
    return *bucket = statement;
}

static struct toolbar__statement *find_statement(struct toolbar_recording *recording,
                                                 const char *name, const char *sql, size_t length)
{
    struct toolbar__connection *connection = find_connection(recording, name);
    struct toolbar__statement *statement;
    uint64_t hash;

    if (!connection) return NULL;
    hash = toolbar__hash(0, sql, length);
    statement = recording->statements[hash % TOOLBAR__STATEMENT_BUCKETS];
    /* The stored text is masked, so texts are told apart by 64 bits of hash and their length. */
    for (; statement; statement = statement->next_in_bucket) {
        if (statement->hash == hash && statement->length == length &&
            statement->group->connection == connection->name) {
            return statement;
        }
    }
    return add_statement(recording, connection, sql, length, hash);
}

struct toolbar__statement *toolbar__statement_of(struct toolbar_recording *recording,
                                                 const char *connection, const char *sql,
                                                 size_t length)
{
    struct toolbar__statement *statement;

    if (recording->finished) {
        atomic_fetch_add_explicit(&recording->late_queries, 1, memory_order_relaxed);
        return NULL;
    }
    statement = find_statement(recording, connection, sql, length);
    if (!statement) recording->query_count++;
    return statement;
}

struct toolbar__statement *toolbar__recording_statement(struct toolbar_recording *recording,
                                                        const char *connection, const char *sql,
                                                        size_t length)
{
    struct toolbar__statement *statement;

    pthread_mutex_lock(&recording->lock);
    statement = toolbar__statement_of(recording, connection, sql, length);
    pthread_mutex_unlock(&recording->lock);
    return statement;
}

/* `number` tells queries apart: a value that was not seen is not the same as another. */
static uint64_t hash_value(uint64_t hash, const struct toolbar__value *value, unsigned number)
{
    hash = toolbar__hash_word(hash, value->type);
    switch (value->type) {
    case TOOLBAR__VALUE_INTEGER: return toolbar__hash_word(hash, (uint64_t)value->as.integer);
    case TOOLBAR__VALUE_REAL: return toolbar__hash(hash, &value->as.real, sizeof value->as.real);
    case TOOLBAR__VALUE_TEXT:
    case TOOLBAR__VALUE_BLOB:
        return toolbar__hash(hash ^ value->length, value->as.bytes, value->kept);
    case TOOLBAR__VALUE_UNKNOWN: return toolbar__hash_word(hash, number);
    default: return toolbar__hash_word(hash, value->length);
    }
}

static bool is_secret(const struct toolbar_recording *recording, const struct toolbar__value *value)
{
    size_t seen = value->kept < TOOLBAR__VALUE_SEEN ? value->kept : TOOLBAR__VALUE_SEEN;

    if (value->type == TOOLBAR__VALUE_NULL) return false;
    if (recording->hide_values) return true;
    if (value->name && toolbar__mask_name(value->name + 1, strlen(value->name) - 1)) return true;
    if (value->type != TOOLBAR__VALUE_TEXT && value->type != TOOLBAR__VALUE_BLOB) return false;
    if (toolbar__recording_is_secret(recording, value->as.bytes, seen)) return true;
    return value->type == TOOLBAR__VALUE_TEXT && toolbar__mask_value(value->as.bytes, value->kept);
}

bool toolbar__value_copy(struct toolbar_recording *recording, struct toolbar__value *copy,
                         const struct toolbar__value *value, bool secret, size_t maximum)
{
    if (secret) {
        copy->type = TOOLBAR__VALUE_MASKED;
        copy->as.bytes = NULL;
        copy->kept = 0;
        return true;
    }
    if (value->type == TOOLBAR__VALUE_TEXT) {
        copy->kept = toolbar__utf8_cut(value->as.bytes, value->kept, maximum);
    } else if (value->type == TOOLBAR__VALUE_BLOB) {
        copy->kept = value->kept < maximum ? value->kept : maximum;
    } else {
        return true;
    }
    copy->as.bytes = toolbar__arena_copy(&recording->arena, value->as.bytes, copy->kept);
    return copy->as.bytes != NULL;
}

static bool copy_value(struct toolbar_recording *recording, struct toolbar__value *copy,
                       const struct toolbar__value *value)
{
    *copy = *value;
    if (value->name) {
        size_t length = strlen(value->name);

        copy->name = toolbar__recording_keep(recording, value->name, length, length);
        if (!copy->name) return false;
    }
    return toolbar__value_copy(recording, copy, value, is_secret(recording, value),
                               TOOLBAR__VALUE_MAXIMUM);
}

static void copy_values(struct toolbar_recording *recording, struct toolbar__query *query,
                        const struct toolbar__value *values, unsigned count)
{
    unsigned kept = count < TOOLBAR__VALUES_MAXIMUM ? count : TOOLBAR__VALUES_MAXIMUM;
    struct toolbar__value *copies;

    query->values_hash = count;
    for (unsigned i = 0; i < count; i++) {
        query->values_hash = hash_value(query->values_hash, &values[i], query->number);
    }
    if (!kept) return;
    copies = toolbar__arena_alloc(&recording->arena, kept * sizeof *copies);
    if (!copies) return;
    for (unsigned i = 0; i < kept; i++) {
        if (!copy_value(recording, &copies[i], &values[i])) return;
    }
    query->values = copies;
    query->value_count = kept;
}

static struct toolbar__query *keep_query(struct toolbar_recording *recording,
                                         struct toolbar__statement *statement)
{
    struct toolbar__query *query;

    if (recording->kept_count == TOOLBAR__QUERIES_MAXIMUM) return NULL;
    query = toolbar__arena_alloc(&recording->arena, sizeof *query);
    if (!query) return NULL;
    recording->kept_count++;
    query->statement = statement;
    query->number = recording->query_count;
    if (recording->last_query) {
        recording->last_query->next = query;
    } else {
        recording->queries = query;
    }
    recording->last_query = query;
    if (statement->group->last) {
        statement->group->last->next_in_group = query;
    } else {
        statement->group->first = query;
        query->first_of_group = true;
    }
    return statement->group->last = query;
}

struct toolbar__query *toolbar__query_of(struct toolbar_recording *recording,
                                         struct toolbar__statement *statement,
                                         const struct toolbar__value *values, unsigned value_count)
{
    struct toolbar__query *query;

    recording->query_count++;
    statement->group->count++;
    query = keep_query(recording, statement);
    if (!query) return NULL;
    query->duration_ns = query->engine_ns = query->open_ns = TOOLBAR__UNKNOWN;
    query->rows = query->rows_scanned = query->sorts = TOOLBAR__UNKNOWN;
    query->auto_index = query->vm_steps = query->reprepares = TOOLBAR__UNKNOWN;
    query->changes = query->further_changes = query->heap_bytes = TOOLBAR__UNKNOWN;
    copy_values(recording, query, values, value_count);
    toolbar__tracking_begin(recording, query, values, value_count);
    return query;
}

struct toolbar__query *toolbar__recording_query(struct toolbar_recording *recording,
                                                struct toolbar__statement *statement,
                                                int64_t start_ns,
                                                const struct toolbar__value *values,
                                                unsigned value_count)
{
    struct toolbar__query *query = NULL;

    pthread_mutex_lock(&recording->lock);
    if (!recording->finished) query = toolbar__query_of(recording, statement, values, value_count);
    if (query) query->start_ns = start_ns;
    pthread_mutex_unlock(&recording->lock);
    return query;
}

static void fill_query(struct toolbar_recording *recording, struct toolbar__query *query,
                       const struct toolbar__outcome *outcome, int64_t duration_ns)
{
    query->duration_ns = duration_ns;
    query->engine_ns = outcome->engine_ns;
    query->open_ns = outcome->open_ns;
    query->rows = outcome->rows;
    query->rows_scanned = outcome->rows_scanned;
    query->sorts = outcome->sorts;
    query->auto_index = outcome->auto_index;
    query->vm_steps = outcome->vm_steps;
    query->reprepares = outcome->reprepares;
    query->changes = outcome->changes;
    query->further_changes = outcome->further_changes;
    query->heap_bytes = outcome->heap_bytes;
    query->handle = outcome->handle;
    query->fresh = outcome->fresh;
    query->complete = outcome->complete;
    query->in_transaction = outcome->in_transaction;
    query->left_in_transaction = outcome->left_in_transaction;
    query->writes = outcome->writes;
    query->error_code = outcome->error_code;
    query->error_name = outcome->error_name;
    if (outcome->error_message) {
        size_t length = strlen(outcome->error_message);

        query->error_message = toolbar__recording_keep(recording, outcome->error_message, length,
                                                       TOOLBAR__VALUE_MAXIMUM);
    }
    query->call_site = outcome->call_site;
    query->stack = outcome->stack;
    query->done = true;
}

static void add(int64_t *sum, int64_t figure)
{
    *sum =
        *sum == TOOLBAR__UNKNOWN || figure == TOOLBAR__UNKNOWN ? TOOLBAR__UNKNOWN : *sum + figure;
}

static void add_to_group(struct toolbar__group *group, const struct toolbar__outcome *outcome)
{
    group->ended++;
    if (outcome->error_code) group->errors++;
    if (outcome->engine_ns == TOOLBAR__UNKNOWN) group->inexact++;
    add(&group->rows, outcome->rows);
    add(&group->rows_scanned, outcome->rows_scanned);
    add(&group->sorts, outcome->sorts);
    add(&group->auto_index, outcome->auto_index);
    add(&group->vm_steps, outcome->vm_steps);
    add(&group->reprepares, outcome->reprepares);
}

static void add_time(struct toolbar_recording *recording, struct toolbar__group *group,
                     int64_t duration_ns)
{
    if (duration_ns == TOOLBAR__UNKNOWN) {
        group->untimed++;
        return;
    }
    group->total_ns += duration_ns;
    recording->sql_ns += duration_ns;
}

void toolbar__recording_query_done(struct toolbar_recording *recording,
                                   struct toolbar__statement *statement,
                                   struct toolbar__query *query,
                                   const struct toolbar__outcome *outcome)
{
    int64_t duration_ns =
        outcome->engine_ns == TOOLBAR__UNKNOWN ? outcome->open_ns : outcome->engine_ns;

    pthread_mutex_lock(&recording->lock);
    if (!recording->finished && !(query && query->done)) {
        add_to_group(statement->group, outcome);
        toolbar__tracking_end(recording, query, outcome->writes);
        add_time(recording, statement->group, duration_ns);
        if (query) fill_query(recording, query, outcome, duration_ns);
    }
    pthread_mutex_unlock(&recording->lock);
}

void toolbar__recording_unobserved(struct toolbar_recording *recording, const char *name)
{
    struct toolbar__connection *connection;

    pthread_mutex_lock(&recording->lock);
    if (!recording->finished) {
        connection = find_connection(recording, name);
        if (connection) connection->uncounted++;
    }
    pthread_mutex_unlock(&recording->lock);
}
