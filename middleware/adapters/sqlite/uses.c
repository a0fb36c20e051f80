#include "adapters/sqlite/uses.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/codes.h"
#include "adapters/sqlite/page_cache.h"

static const int counters[TOOLBAR__USE_COUNTERS] = {
    SQLITE_STMTSTATUS_VM_STEP, SQLITE_STMTSTATUS_FULLSCAN_STEP, SQLITE_STMTSTATUS_SORT,
    SQLITE_STMTSTATUS_AUTOINDEX, SQLITE_STMTSTATUS_REPREPARE};

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

struct toolbar__use *toolbar__use_get(struct toolbar__uses *uses, const sqlite3_stmt *handle,
                                      struct toolbar_recording *recording)
{
    struct toolbar__use *use = toolbar__use_find(uses, handle);

    if (use && use->recording == recording) return use;
    if (use) toolbar__use_remove(uses, use);
    if (uses->count == TOOLBAR__USES_MAXIMUM) return NULL;
    /* Not calloc(), which in many glibc does without the thread's own free pieces. */
    use = malloc(sizeof *use);
    if (!use) return NULL;
    *use = (struct toolbar__use){.next = uses->buckets[bucket(handle)],
                                 .handle = handle,
                                 .recording = toolbar__recording_ref(recording)};
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
}

void toolbar__use_free(struct toolbar__use *use)
{
    if (!use) return;
    toolbar__use_close(use);
    toolbar__bindings_free(use->bindings);
    toolbar__recording_unref(use->recording);
    free(use);
}

void toolbar__use_remove(struct toolbar__uses *uses, struct toolbar__use *use)
{
    toolbar__use_unlink(uses, use);
    toolbar__use_free(use);
}

static int counter(sqlite3_stmt *handle, unsigned i)
{
    /* Never reset: the application may be reading them. */
    return sqlite3_stmt_status(handle, counters[i], 0);
}

bool toolbar__use_open(struct toolbar__use *use, sqlite3_stmt *handle, const char *connection,
                       const struct toolbar__parameters *parameters, const void *call_site)
{
    int64_t start_ns = toolbar__recording_now(use->recording);
    const char *sql = sqlite3_sql(handle);

    toolbar__use_close(use);
    use->statement = toolbar__recording_statement(use->recording, connection, sql, strlen(sql));
    if (!use->statement) return false;
    toolbar__page_cache_use(use->recording, sqlite3_db_handle(handle));
    use->query = toolbar__recording_query(use->recording, use->statement, start_ns,
                                          parameters->values, parameters->count);
    use->outcome = (struct toolbar__outcome)TOOLBAR__OUTCOME_UNKNOWN;
    use->outcome.rows = 0;
    use->growth.known = false;
    use->outcome.handle = sqlite3_db_handle(handle);
    use->outcome.in_transaction = !sqlite3_get_autocommit(sqlite3_db_handle(handle));
    use->outcome.left_in_transaction = use->outcome.in_transaction;
    use->outcome.writes = !sqlite3_stmt_readonly(handle);
    use->outcome.call_site = call_site;
    for (unsigned i = 0; i < TOOLBAR__USE_COUNTERS; i++) {
        use->before[i] = counter(handle, i);
    }
    use->outcome.fresh = !sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_RUN, 0);
    use->changes_before = sqlite3_total_changes(sqlite3_db_handle(handle));
    use->open = true;
    return true;
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
    int changed = (int)((unsigned)sqlite3_total_changes(sqlite3_db_handle(handle)) -
                        (unsigned)use->changes_before);
    int64_t *const figures[TOOLBAR__USE_COUNTERS] = {&outcome->vm_steps, &outcome->rows_scanned,
                                                     &outcome->sorts, &outcome->auto_index,
                                                     &outcome->reprepares};

    outcome->open_ns = now_ns - use->begin_ns;
    outcome->left_in_transaction = !sqlite3_get_autocommit(sqlite3_db_handle(handle));
    /* Without what triggers and foreign keys did. */
    outcome->changes = changed ? sqlite3_changes(sqlite3_db_handle(handle)) : 0;
    outcome->further_changes = changed - outcome->changes;
    for (unsigned i = 0; i < TOOLBAR__USE_COUNTERS; i++) {
        /* In 32 bits, as SQLite counts. */
        *figures[i] = (uint32_t)counter(handle, i) - (uint32_t)use->before[i];
    }
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
