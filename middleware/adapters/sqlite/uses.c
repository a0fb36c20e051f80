#include "adapters/sqlite/uses.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/codes.h"
#include "adapters/sqlite/page_cache.h"
#include "adapters/symbols/stack.h"
#include "base/clock.h"

enum { VM_STEPS, ROWS_SCANNED, SORTS, AUTO_INDEX, REPREPARES };

static const int counters[TOOLBAR__USE_COUNTERS] = {[VM_STEPS] = SQLITE_STMTSTATUS_VM_STEP,
                                                    [ROWS_SCANNED] =
                                                        SQLITE_STMTSTATUS_FULLSCAN_STEP,
                                                    [SORTS] = SQLITE_STMTSTATUS_SORT,
                                                    [AUTO_INDEX] = SQLITE_STMTSTATUS_AUTOINDEX,
                                                    [REPREPARES] = SQLITE_STMTSTATUS_REPREPARE};

/* The one that was freed last: most programs are done with a statement before the next. */
static _Atomic(struct toolbar__use *) spare;

/* Its address tells threads apart. */
static _Thread_local char thread;
atomic_uint toolbar__uses_hand_overs;

static size_t bucket(const sqlite3_stmt *handle)
{
    return (size_t)((uintptr_t)handle >> 4) % TOOLBAR__USE_BUCKETS;
}

struct toolbar__use *toolbar__use_find(const struct toolbar__uses *uses, const sqlite3_stmt *handle)
{
    struct toolbar__use *use = uses->buckets[bucket(handle)];

    while (use && use->handle != handle) {
        use = use->next;
    }
    return use;
}

/* Closed and without anything of the use that it was, but for `unused`. */
static struct toolbar__use *take(void)
{
    struct toolbar__use *use = atomic_exchange_explicit(&spare, NULL, memory_order_acq_rel);

    if (use) return use;
    use = malloc(sizeof *use);
    if (use) *use = (struct toolbar__use){.open = false};
    return use;
}

static void touch_by(struct toolbar__use *use, const void *by)
{
    if (use->thread && use->thread != &thread) {
        atomic_fetch_add_explicit(&toolbar__uses_hand_overs, 1, memory_order_relaxed);
    }
    use->thread = by;
}

void toolbar__use_touch(struct toolbar__use *use)
{
    touch_by(use, &thread);
}

struct toolbar__use *toolbar__use_get(struct toolbar__uses *uses, const sqlite3_stmt *handle,
                                      struct toolbar_recording *recording)
{
    struct toolbar__use *use = toolbar__use_find(uses, handle);

    if (use && use->recording == recording) return use;
    if (use) toolbar__use_remove(uses, use);
    if (uses->count == TOOLBAR__USES_MAXIMUM) return NULL;
    use = take();
    if (!use) return NULL;
    use->handle = handle;
    use->recording = toolbar__recording_ref(recording);
    use->next = uses->buckets[bucket(handle)];
    uses->buckets[bucket(handle)] = use;
    uses->count++;
    return use;
}

void toolbar__use_unlink(struct toolbar__uses *uses, struct toolbar__use *use)
{
    struct toolbar__use **at = &uses->buckets[bucket(use->handle)];

    while (*at != use) {
        at = &(*at)->next;
    }
    *at = use->next;
    uses->count--;
    touch_by(use, NULL);
}

void toolbar__use_free(struct toolbar__use *use)
{
    if (!use) return;
    toolbar__use_close(use);
    toolbar__recording_unref(use->recording);
    if (use->bindings) {
        toolbar__bindings_free(use->unused);
        use->unused = use->bindings;
        use->bindings = NULL;
    }
    use = atomic_exchange_explicit(&spare, use, memory_order_acq_rel);
    if (!use) return;
    toolbar__bindings_free(use->unused);
    free(use);
}

void toolbar__use_remove(struct toolbar__uses *uses, struct toolbar__use *use)
{
    toolbar__use_unlink(uses, use);
    toolbar__use_free(use);
}

/* Never reset: the application may be reading them. */
static int counter(sqlite3_stmt *handle, unsigned i)
{
    return sqlite3_stmt_status(handle, counters[i], 0);
}

/* In 32 bits, as SQLite counts. */
static uint32_t since(const struct toolbar__use *use, sqlite3_stmt *handle, unsigned i)
{
    return (uint32_t)counter(handle, i) - (uint32_t)use->before[i];
}

/* How things are before the first step. */
static void look(struct toolbar__use *use, sqlite3_stmt *handle)
{
    sqlite3 *db = sqlite3_db_handle(handle);

    use->outcome = (struct toolbar__outcome)TOOLBAR__OUTCOME_UNKNOWN;
    use->outcome.rows = 0;
    use->growth.known = false;
    use->outcome.handle = db;
    use->outcome.in_transaction = !sqlite3_get_autocommit(db);
    use->outcome.left_in_transaction = use->outcome.in_transaction;
    use->outcome.writes = !sqlite3_stmt_readonly(handle);
    for (unsigned i = 0; i < TOOLBAR__USE_COUNTERS; i++) {
        use->before[i] = counter(handle, i);
    }
    use->outcome.fresh = !sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_RUN, 0);
    use->changes_before = sqlite3_total_changes(db);
}

/* SQLite's mutex comes before the recording's lock, so this thread has it. */
static struct toolbar__query *expanded_query(const struct toolbar__use *use, sqlite3_stmt *handle)
{
    struct toolbar__parameters parameters;
    struct toolbar__query *query;

    toolbar__parameters_expand(&parameters, handle, use->recording, use->statement);
    query = toolbar__query_of(use->recording, use->statement, parameters.values, parameters.count);
    toolbar__parameters_free(&parameters);
    return query;
}

bool toolbar__use_open(struct toolbar__use *use, sqlite3_stmt *handle, const char *connection,
                       const struct toolbar__parameters *parameters, const void *call_site)
{
    struct toolbar_recording *recording = use->recording;
    const char *sql = sqlite3_sql(handle);

    toolbar__use_close(use);
    pthread_mutex_lock(&recording->lock);
    use->statement = toolbar__statement_of(recording, connection, sql, strlen(sql));
    use->open = use->statement != NULL;
    if (use->open) {
        toolbar__page_cache_use(recording, sqlite3_db_handle(handle));
        use->query = parameters ? toolbar__query_of(recording, use->statement, parameters->values,
                                                    parameters->count)
                                : expanded_query(use, handle);
        look(use, handle);
        use->outcome.call_site = call_site;
        if (call_site) {
            use->outcome.stack = toolbar__stack_here(recording, use->statement, call_site);
        }
        /* Last, so that our own work is not in it. */
        use->begin_ns = toolbar__now_ns();
        if (use->query) use->query->start_ns = use->begin_ns - recording->begin_ns;
    }
    pthread_mutex_unlock(&recording->lock);
    return use->open;
}

void toolbar__use_row(struct toolbar__use *use)
{
    use->outcome.rows++;
    if (use->outcome.rows == TOOLBAR__GROWTH_FROM) {
        toolbar__growth_begin(&use->growth, use->recording);
    }
}

void toolbar__use_rows_over(struct toolbar__use *use)
{
    if (use->outcome.rows >= TOOLBAR__GROWTH_ROWS && use->growth.known) {
        use->outcome.heap_bytes = toolbar__growth_end(&use->growth, use->recording);
    }
    use->growth.known = false;
}

void toolbar__use_sample(struct toolbar__use *use, sqlite3_stmt *handle, int64_t now_ns)
{
    struct toolbar__outcome *outcome = &use->outcome;
    sqlite3 *db = sqlite3_db_handle(handle);
    int changed = (int)((unsigned)sqlite3_total_changes(db) - (unsigned)use->changes_before);

    outcome->open_ns = now_ns - use->begin_ns;
    outcome->left_in_transaction = !sqlite3_get_autocommit(db);
    /* Without what triggers and foreign keys did. */
    outcome->changes = changed ? sqlite3_changes(db) : 0;
    outcome->further_changes = changed - outcome->changes;
    outcome->vm_steps = since(use, handle, VM_STEPS);
    outcome->rows_scanned = since(use, handle, ROWS_SCANNED);
    outcome->sorts = since(use, handle, SORTS);
    outcome->auto_index = since(use, handle, AUTO_INDEX);
    outcome->reprepares = since(use, handle, REPREPARES);
}

void toolbar__use_failed(struct toolbar__use *use, int code, const char *message)
{
    use->outcome.error_code = code;
    free(use->error_message);
    use->error_message = message ? strdup(message) : NULL;
}

void toolbar__use_close(struct toolbar__use *use)
{
    if (!use->open) return;
    use->open = false;
    toolbar__use_rows_over(use);
    if (use->outcome.error_code) {
        use->outcome.error_message = use->error_message;
        use->outcome.error_name = toolbar__code_name(use->outcome.error_code);
    }
    toolbar__recording_query_done(use->recording, use->statement, use->query, &use->outcome);
    free(use->error_message);
    use->error_message = NULL;
}

/* Calls `act` for the request's uses, or for all; it may free the one that it gets. */
static void each(struct toolbar__uses *uses, const struct toolbar_recording *recording,
                 void (*act)(struct toolbar__uses *, struct toolbar__use *))
{
    pthread_mutex_lock(&uses->lock);
    for (size_t i = 0; i < TOOLBAR__USE_BUCKETS && uses->count; i++) {
        struct toolbar__use *next;

        for (struct toolbar__use *use = uses->buckets[i]; use; use = next) {
            next = use->next;
            if (!recording || use->recording == recording) act(uses, use);
        }
    }
    pthread_mutex_unlock(&uses->lock);
}

static void settle(struct toolbar__uses *uses, struct toolbar__use *use)
{
    (void)uses;
    toolbar__use_close(use);
}

void toolbar__uses_settle(struct toolbar__uses *uses, const struct toolbar_recording *recording)
{
    each(uses, recording, settle);
}

void toolbar__uses_drop(struct toolbar__uses *uses, const struct toolbar_recording *recording)
{
    each(uses, recording, toolbar__use_remove);
}
