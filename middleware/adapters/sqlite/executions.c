/*
 * An execution begins with a step of a statement that is not busy and ends when a step leaves it
 * not busy, or with reset or finalize. Asking SQLite (sqlite3_stmt_busy) and not our own books
 * is what makes it right when other threads, which we do not watch, used the statement between.
 *
 * SQLite calls functions, destructors and callbacks of the application's, any of which may end the
 * thread's work for its request: what comes after a call of SQLite's asks whether there is one.
 */
#include "adapters/sqlite/executions.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/codes.h"
#include "adapters/sqlite/connections.h"
#include "adapters/sqlite/cost.h"
#include "adapters/sqlite/plan.h"
#include "adapters/sqlite/rows.h"
#include "adapters/sqlite/trace.h"
#include "adapters/sqlite/uses.h"
#include "adapters/symbols/stack.h"
#include "base/text.h"
#include "record/current.h"
#include "record/request.h"
#include "record/sql_tokens.h"
#include "record/tracking.h"

/*
 * One table for all threads, as a statement may go from one to another. Only shown requests take
 * its lock.
 */
static struct toolbar__uses uses = TOOLBAR__USES_INIT;

/*
 * The row that this thread's last step gave: what is read now is read of it. Columns are read more
 * often than anything else is done, so the table and its lock are left alone meanwhile.
 */
static _Thread_local struct {
    const sqlite3_stmt *handle; /* NULL: there is none */
    unsigned handed_over;
    uint64_t request; /* the recording's serial */
    struct toolbar__query *query;
    int64_t row;
} here;

void toolbar__executions_by_front(void)
{
    toolbar__trace_disable();
}

int64_t toolbar__execution_clock(void)
{
    return toolbar__now_ns();
}

/* The use by this thread's request, made if need be. */
static struct toolbar__use *current_use(const sqlite3_stmt *handle)
{
    return toolbar__use_get(&uses, handle, toolbar__current->recording);
}

/* What has nothing open and nothing bound need not be remembered. */
static void close_use(struct toolbar__use *use)
{
    toolbar__use_close(use);
    if (!use->bindings) toolbar__use_remove(&uses, use);
}

/* When it began; 0: it is not recorded. */
static int64_t begin(sqlite3_stmt *handle, const void *call_site)
{
    int64_t work_began_ns = toolbar__now_ns(), begin_ns = 0;
    const char *name = toolbar__database_name(sqlite3_db_handle(handle));
    struct toolbar__parameters parameters;
    struct toolbar__statement *first = NULL;
    struct toolbar__use *use;

    pthread_mutex_lock(&uses.lock);
    use = current_use(handle);
    if (!toolbar__parameters_seen(&parameters, handle, use ? use->bindings : NULL)) {
        pthread_mutex_unlock(&uses.lock);
        toolbar__parameters_expand(&parameters, handle, NULL, NULL);
        pthread_mutex_lock(&uses.lock);
        use = current_use(handle);
    }
    if (use && toolbar__use_open(use, handle, name, &parameters, call_site)) {
        begin_ns = use->begin_ns;
        if (use->query && use->query->first_of_group) first = use->statement;
    } else if (use) {
        close_use(use);
    }
    pthread_mutex_unlock(&uses.lock);
    toolbar__parameters_free(&parameters);
    if (first) {
        toolbar__plans_offer(toolbar__current->recording, first, sqlite3_db_handle(handle));
        begin_ns = toolbar__now_ns();
    }
    if (begin_ns) toolbar__cost_add(toolbar__current->recording, begin_ns - work_began_ns);
    return begin_ns;
}

/* The use of a statement that this thread does something with; the lock is held. */
static struct toolbar__use *touched_use(const sqlite3_stmt *handle)
{
    struct toolbar__use *use = toolbar__use_find(&uses, handle);

    if (here.handle == handle) here.handle = NULL;
    if (use) toolbar__use_touch(use);
    return use;
}

static bool is_open(const sqlite3_stmt *handle)
{
    const struct toolbar__use *use;
    bool open;

    pthread_mutex_lock(&uses.lock);
    use = touched_use(handle);
    open = use && use->open;
    pthread_mutex_unlock(&uses.lock);
    return open;
}

int64_t toolbar__execution_step(sqlite3_stmt *handle, const void *call_site)
{
    /* SQLite refuses NULL and, by their lack of a connection, finalized statements. */
    if (!handle || !sqlite3_db_handle(handle) || !sqlite3_sql(handle)) return 0;
    /* A busy one may be another request's, which is seen when the step is over. */
    return sqlite3_stmt_busy(handle) ? toolbar__now_ns() : begin(handle, call_site);
}

struct failure {
    int code; /* extended; 0: none */
    char message[TOOLBAR__VALUE_SEEN];
};

/* Not with our lock held: this takes the connection's mutex. */
static void read_failure(struct failure *failure, sqlite3 *db, int code)
{
    const char *message;
    size_t length;

    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    failure->code = sqlite3_extended_errcode(db);
    message = sqlite3_errmsg(db);
    if ((failure->code & 0xff) != (code & 0xff)) {
        /* Another thread has used the connection since. */
        failure->code = code;
        message = sqlite3_errstr(code);
    }
    length = toolbar__utf8_cut(message, strlen(message), sizeof failure->message - 1);
    memcpy(failure->message, message, length);
    failure->message[length] = '\0';
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
}

static void add_time(struct toolbar__use *use, int64_t elapsed_ns)
{
    if (use->outcome.engine_ns == TOOLBAR__UNKNOWN) use->outcome.engine_ns = 0;
    use->outcome.engine_ns += elapsed_ns;
}

static void note_row(const struct toolbar__use *use)
{
    if (!use->query) return;
    here.handle = use->handle;
    here.handed_over = toolbar__uses_handed_over();
    here.request = use->recording->serial;
    here.query = use->query;
    here.row = use->outcome.rows;
}

void toolbar__execution_stepped(sqlite3_stmt *handle, int code, int64_t begin_ns)
{
    struct toolbar_recording *recording = toolbar__current_recording();
    TOOLBAR__COST(recording);
    int64_t now_ns = toolbar__now_ns();
    struct failure failure;
    struct toolbar__first_rows rows = {.recording = NULL};
    struct toolbar__use *use;

    failure.code = 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        read_failure(&failure, sqlite3_db_handle(handle), code);
    }
    pthread_mutex_lock(&uses.lock);
    use = touched_use(handle);
    if (use && use->open) {
        add_time(use, now_ns - begin_ns);
        toolbar__use_sample(use, handle, now_ns);
        if (code == SQLITE_ROW) {
            toolbar__use_row(use);
            rows = toolbar__first_rows(use);
            /* The recording of another request may be gone when the lock is. */
            if (recording && use->recording == recording) note_row(use);
        }
        if (code == SQLITE_DONE) use->outcome.complete = true;
        if (failure.code || use->outcome.error_code) {
            toolbar__use_failed(use, failure.code, failure.code ? failure.message : NULL);
        }
        /* A COMMIT that found the database busy is still on. */
        if (!sqlite3_stmt_busy(handle)) close_use(use);
    }
    pthread_mutex_unlock(&uses.lock);
    if (rows.recording) toolbar__first_rows_read(&rows, handle);
    if (here.handle == handle && toolbar__row_is_tracked(here.row)) {
        toolbar__row_track(recording, here.query, handle, here.row);
    }
}

/* Of a row that is not the one that this thread has stepped to last. */
static __attribute__((noinline)) void read_other(const sqlite3_stmt *handle, int column,
                                                 uint64_t origin, enum toolbar__reading reading)
{
    const struct toolbar__use *use;

    pthread_mutex_lock(&uses.lock);
    use = toolbar__use_find(&uses, handle);
    if (use && use->open && use->query && use->recording == toolbar__current->recording) {
        toolbar__tracking_read(use->recording, use->query, use->outcome.rows, (unsigned)column,
                               origin, reading);
    }
    pthread_mutex_unlock(&uses.lock);
}

void toolbar__execution_read(const sqlite3_stmt *handle, int column, uint64_t origin,
                             enum toolbar__reading reading)
{
    struct toolbar_recording *recording = toolbar__current->recording;
    TOOLBAR__COST(recording);

    if (column < 0) return;
    if (here.handle == handle && here.request == recording->serial &&
        here.handed_over == toolbar__uses_handed_over()) {
        toolbar__tracking_read(recording, here.query, here.row, (unsigned)column, origin, reading);
    } else {
        read_other(handle, column, origin, reading);
    }
}

int64_t toolbar__execution_reset(sqlite3_stmt *handle)
{
    TOOLBAR__COST(toolbar__current->recording);

    return is_open(handle) ? toolbar__now_ns() : 0;
}

void toolbar__execution_was_reset(sqlite3_stmt *handle, int64_t begin_ns)
{
    TOOLBAR__COST(toolbar__current_recording());
    int64_t now_ns = toolbar__now_ns();
    struct toolbar__use *use;

    pthread_mutex_lock(&uses.lock);
    use = toolbar__use_find(&uses, handle);
    if (use && use->open) {
        add_time(use, now_ns - begin_ns);
        toolbar__use_sample(use, handle, now_ns);
        close_use(use);
    }
    pthread_mutex_unlock(&uses.lock);
}

struct toolbar__use *toolbar__execution_finalize(sqlite3_stmt *handle, int64_t *begin_ns)
{
    TOOLBAR__COST(toolbar__current->recording);
    struct toolbar__use *use;

    if (!handle) return NULL;
    pthread_mutex_lock(&uses.lock);
    use = touched_use(handle);
    if (use) {
        toolbar__use_unlink(&uses, use);
        if (use->open) toolbar__use_sample(use, handle, *begin_ns = toolbar__now_ns());
    }
    pthread_mutex_unlock(&uses.lock);
    return use;
}

void toolbar__execution_finalized(struct toolbar__use *use, int64_t begin_ns)
{
    TOOLBAR__COST(toolbar__current_recording());

    if (use->open) add_time(use, toolbar__now_ns() - begin_ns);
    toolbar__use_free(use);
}

void toolbar__execution_prepared(const sqlite3_stmt *handle)
{
    TOOLBAR__COST(toolbar__current_recording());
    struct toolbar__use *use;

    if (!handle) return;
    pthread_mutex_lock(&uses.lock);
    /* Whatever had this address is gone. */
    use = touched_use(handle);
    if (use) toolbar__use_remove(&uses, use);
    pthread_mutex_unlock(&uses.lock);
}

void toolbar__execution_whole(sqlite3 *db, const char *sql, size_t length, int code,
                              int64_t begin_ns, const void *call_site)
{
    struct toolbar_recording *recording = toolbar__current_recording();
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    int64_t work_began_ns = toolbar__now_ns();
    struct failure failure;
    struct toolbar__statement *statement;
    struct toolbar__query *query;

    if (!recording) return;
    outcome.open_ns = outcome.engine_ns = work_began_ns - begin_ns;
    outcome.handle = db;
    /* Nobody has seen how it was before. */
    outcome.in_transaction = outcome.left_in_transaction = !sqlite3_get_autocommit(db);
    outcome.call_site = call_site;
    if (code != SQLITE_OK) {
        read_failure(&failure, db, code);
        outcome.error_code = failure.code;
        outcome.error_name = toolbar__code_name(failure.code);
        outcome.error_message = failure.message;
    }
    statement = toolbar__recording_statement(recording, toolbar__database_name(db), sql, length);
    if (!statement) return;
    pthread_mutex_lock(&recording->lock);
    outcome.stack = toolbar__stack_here(recording, statement, call_site);
    pthread_mutex_unlock(&recording->lock);
    query = toolbar__recording_query(recording, statement, begin_ns - recording->begin_ns, NULL, 0);
    toolbar__recording_query_done(recording, statement, query, &outcome);
    toolbar__cost_add(recording, toolbar__now_ns() - work_began_ns);
}

/* The text without the statements that follow the first. */
static size_t first_statement(const char *sql, size_t length)
{
    size_t at = 0;

    while (at < length) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_OPERATOR && *token.data == ';') return at;
    }
    return length;
}

void toolbar__execution_refused(sqlite3 *db, const char *sql, size_t length, int code,
                                int64_t begin_ns, const void *call_site)
{
    toolbar__execution_whole(db, sql, first_statement(sql, length), code, begin_ns, call_site);
}

/* The lock is held. */
static struct toolbar__bindings *current_bindings(sqlite3_stmt *handle)
{
    struct toolbar__use *use = current_use(handle);

    if (use && !use->bindings) use->bindings = toolbar__bindings_new(handle, &use->unused);
    return use ? use->bindings : NULL;
}

void toolbar__execution_bind(sqlite3_stmt *handle, int index, const struct toolbar__value *value)
{
    TOOLBAR__COST(toolbar__current->recording);
    struct toolbar__bindings *bindings;

    if (!handle || !sqlite3_db_handle(handle)) return;
    pthread_mutex_lock(&uses.lock);
    bindings = current_bindings(handle);
    if (bindings) toolbar__bindings_set(bindings, index, value);
    pthread_mutex_unlock(&uses.lock);
}

void toolbar__execution_bind_unknown(sqlite3_stmt *handle, int index)
{
    TOOLBAR__COST(toolbar__current_recording());
    const struct toolbar__use *use;

    pthread_mutex_lock(&uses.lock);
    use = toolbar__use_find(&uses, handle);
    if (use && use->bindings) toolbar__bindings_forget(use->bindings, index);
    pthread_mutex_unlock(&uses.lock);
}

void toolbar__execution_clear(sqlite3_stmt *handle)
{
    TOOLBAR__COST(toolbar__current->recording);
    struct toolbar__bindings *bindings;

    if (!handle) return;
    pthread_mutex_lock(&uses.lock);
    bindings = current_bindings(handle);
    if (bindings) toolbar__bindings_clear(bindings);
    pthread_mutex_unlock(&uses.lock);
}

void toolbar__executions_settle(const struct toolbar_recording *recording)
{
    toolbar__uses_settle(&uses, recording);
}

void toolbar__executions_drop(const struct toolbar_recording *recording)
{
    toolbar__uses_drop(&uses, recording);
}
