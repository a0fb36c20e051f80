/*
 * Proof on demand: the rows are copied to memory, the recorded statement is run there with its
 * recorded values, with the indexes and without. The application's file is only read.
 */
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"
#include "record/plan.h"

enum { WORK_NS = 1000 * 1000 * 1000, WAIT_MS = 50 };
enum { COPY_MAXIMUM = 64 * 1024 * 1024, STEPS_SAVED = 1000, NEEDED_PERCENT = 10 };

static const char busy[] = "The database is being written. Try again.";
static const char slow[] = "Trying it takes longer than a second.";
static const char memory[] = "There is no memory for a copy.";
static const char masked[] =
    "Its values were masked or are not all known, so it cannot be repeated.";
static const char none[] = "No index was found that this statement would use.";

struct proof {
    struct toolbar__index_work *work;
    const struct toolbar__query *query;
    sqlite3 *data;
    int64_t before; /* steps */
    int64_t after;
    char reason[256];
};

/* Whether the rows are the same before and after they were read without a lock. */
struct state {
    bool known;
    unsigned char counter[4]; /* of the file's changes */
};

/* Somebody is about to write, in this process or another; asking takes no lock. */
static bool is_written(sqlite3_file *file)
{
    int reserved = 0;

    return file->pMethods->xCheckReservedLock(file, &reserved) != SQLITE_OK || reserved;
}

static struct state read_state(sqlite3 *db)
{
    enum { CHANGE_COUNTER = 24 };
    sqlite3_file *file = NULL;
    struct state state = {.known = false};

    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file &&
        file->pMethods && !is_written(file)) {
        state.known = file->pMethods->xRead(file, state.counter, sizeof state.counter,
                                            CHANGE_COUNTER) == SQLITE_OK;
    }
    return state;
}

static bool is_same(const struct state *a, const struct state *b)
{
    return a->known && b->known && memcmp(a->counter, b->counter, sizeof a->counter) == 0;
}

/* A copy in memory of all rows; NULL: done, else why not. */
static const char *copy_rows(struct toolbar__index_work *work, sqlite3 *data)
{
    sqlite3_backup *backup;
    int code;

    if (toolbar__own_ask(work->file, "PRAGMA page_count") *
            toolbar__own_ask(work->file, "PRAGMA page_size") >
        COPY_MAXIMUM) {
        return "The database is larger than 64 MiB: too large to be copied.";
    }
    backup = sqlite3_backup_init(data, "main", work->file, "main");
    if (!backup) return memory;
    code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) return NULL;
    return code == SQLITE_NOMEM ? memory : busy;
}

/* Those of the query; false: they were masked, or cut, or not seen. */
static bool bind_values(sqlite3_stmt *statement, const struct toolbar__query *query)
{
    if ((unsigned)sqlite3_bind_parameter_count(statement) != query->value_count) return false;
    for (unsigned i = 0; i < query->value_count; i++) {
        const struct toolbar__value *value = &query->values[i];
        int index = (int)i + 1, code = SQLITE_MISUSE;

        switch (value->type) {
        case TOOLBAR__VALUE_NULL: code = SQLITE_OK; break;
        case TOOLBAR__VALUE_INTEGER:
            code = sqlite3_bind_int64(statement, index, value->as.integer);
            break;
        case TOOLBAR__VALUE_REAL:
            code = sqlite3_bind_double(statement, index, value->as.real);
            break;
        case TOOLBAR__VALUE_TEXT:
            code = sqlite3_bind_text(statement, index, value->as.bytes, (int)value->kept,
                                     SQLITE_STATIC);
            break;
        case TOOLBAR__VALUE_BLOB:
            code = sqlite3_bind_blob(statement, index, value->as.bytes, (int)value->kept,
                                     SQLITE_STATIC);
            break;
        case TOOLBAR__VALUE_MASKED:
        case TOOLBAR__VALUE_UNKNOWN: return false;
        }
        if (value->type >= TOOLBAR__VALUE_TEXT && value->kept < value->length) return false;
        if (code != SQLITE_OK) return false;
    }
    return true;
}

/* As far as the application went; the trace hook does not tell whether that was the end. */
static int run(sqlite3_stmt *statement, const struct toolbar__query *query)
{
    bool whole = query->complete || query->engine_ns == TOOLBAR__UNKNOWN;
    int64_t rows = 0;
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (++rows == query->rows && !whole) return SQLITE_DONE;
    }
    return code;
}

/* The steps that the query takes on the copy, which stays as it is; NULL: done, else why not. */
static const char *measure(struct proof *proof, int64_t *steps)
{
    sqlite3_stmt *statement = NULL;
    const char *reason = memory;

    if (sqlite3_exec(proof->data, "SAVEPOINT toolbar", NULL, NULL, NULL) != SQLITE_OK) {
        return reason;
    }
    toolbar__own_guard(proof->data, true);
    reason = toolbar__own_prepare(proof->data, sqlite3_mprintf("%s", proof->work->sql), &statement);
    if (!reason && !bind_values(statement, proof->query)) {
        reason = masked;
    } else if (reason || run(statement, proof->query) != SQLITE_DONE) {
        /* SQLite's words go with the statement. */
        sqlite3_snprintf(sizeof proof->reason, proof->reason,
                         "It cannot be repeated on a copy of the data: %s.",
                         reason ? reason : sqlite3_errmsg(proof->data));
        reason = proof->reason;
    } else {
        *steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
    }
    sqlite3_finalize(statement);
    toolbar__own_guard(proof->data, false);
    sqlite3_exec(proof->data, "ROLLBACK TO toolbar; RELEASE toolbar", NULL, NULL, NULL);
    return reason;
}

/* Where the application has ANALYZE run, it will be run again. */
static void analyze(sqlite3 *data, const struct toolbar__candidate *candidate)
{
    char *sql = NULL;

    if (toolbar__own_ask(data, "SELECT count(*) FROM sqlite_stat1")) {
        sql = sqlite3_mprintf("ANALYZE \"%w\"", candidate->table);
    }
    if (sql) sqlite3_exec(data, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
}

static bool make(sqlite3 *data, const struct toolbar__candidate *candidate)
{
    if (!toolbar__index_make(data, candidate)) return false;
    analyze(data, candidate);
    return true;
}

/* Each index whose loss costs next to nothing is none of the advice. */
static const char *drop_needless(struct proof *proof)
{
    struct toolbar__index_work *work = proof->work;

    for (unsigned i = 0; i < work->chosen_count && work->chosen_count > 1;) {
        struct toolbar__candidate *candidate = work->chosen[i];
        int64_t without;
        const char *reason;

        if (!toolbar__index_drop(proof->data, candidate)) return memory;
        reason = measure(proof, &without);
        if (reason) return reason;
        if (without * 100 > proof->after * (100 + NEEDED_PERCENT)) {
            if (!make(proof->data, candidate)) return slow;
            i++;
        } else {
            proof->after = without;
            work->chosen[i] = work->chosen[--work->chosen_count];
        }
    }
    return NULL;
}

static const char *try_indexes(struct proof *proof)
{
    struct toolbar__index_work *work = proof->work;
    const char *reason = measure(proof, &proof->before);

    if (reason) return reason;
    if (!toolbar__index_choose(work)) return none;
    if (!toolbar__index_plan(work, proof->data, &work->before)) return none;
    for (unsigned i = 0; i < work->chosen_count; i++) {
        if (!make(proof->data, work->chosen[i])) return slow;
    }
    reason = measure(proof, &proof->after);
    if (!reason) reason = drop_needless(proof);
    if (!reason && !toolbar__index_plan(work, proof->data, &work->after)) reason = none;
    return reason;
}

static const char *prove(struct proof *proof)
{
    struct toolbar__index_work *work = proof->work;
    struct state before = read_state(work->file), after;
    const char *reason = copy_rows(work, proof->data);

    if (reason) return reason;
    after = read_state(work->file);
    /* With a write-ahead log the copy is of one moment, whoever is writing. */
    if (toolbar__own_is_unlocked(work->file) && !is_same(&before, &after)) return busy;
    return try_indexes(proof);
}

static void write_plan(struct toolbar_json *json, const char *name, int64_t steps,
                       const struct toolbar__plan_lines *plan)
{
    toolbar_json_name(json, name);
    toolbar_json_open_object(json);
    toolbar_json_name(json, "vm_steps");
    toolbar_json_integer(json, steps);
    toolbar_json_name(json, "plan");
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < plan->count; i++) {
        toolbar_json_open_object(json);
        toolbar_json_name(json, "id");
        toolbar_json_integer(json, plan->lines[i].id);
        toolbar_json_name(json, "parent");
        toolbar_json_integer(json, plan->lines[i].parent);
        toolbar_json_name(json, "detail");
        toolbar_json_string(json, plan->lines[i].detail);
        toolbar_json_close_object(json);
    }
    toolbar_json_close_array(json);
    toolbar_json_close_object(json);
}

static void write_proof(const struct proof *proof, const struct toolbar__proposal *proposal,
                        struct toolbar_json *json)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "create");
    toolbar_json_string(json, proposal->create);
    toolbar_json_name(json, "gain");
    toolbar_json_real(json, (double)proof->before / (double)(proof->after ? proof->after : 1));
    write_plan(json, "before", proof->before, &proof->work->before);
    write_plan(json, "after", proof->after, &proof->work->after);
    toolbar_json_name(json, "sql");
    toolbar_json_string(json, proof->work->sql);
    toolbar_json_close_object(json);
}

static void write_none(const struct proof *proof, struct toolbar_json *json)
{
    char sentence[200];

    sqlite3_snprintf(sizeof sentence, sentence,
                     "No index makes it twice as fast: tried on a copy of the data, %lld steps "
                     "became %lld.",
                     (long long)proof->before, (long long)proof->after);
    toolbar__plan_error(json, sentence);
}

static void settle(const char *file, const struct proof *proof, struct toolbar_json *json)
{
    struct toolbar__proposal proposal = {0};
    uint64_t key = toolbar__index_key(proof->work, file, proof->query);

    if (proof->before < 2 * proof->after || proof->before - proof->after < STEPS_SAVED) {
        write_none(proof, json);
    } else if (!toolbar__index_describe(proof->work, &proposal)) {
        toolbar__plan_error(json, memory);
        return;
    } else {
        proposal.steps_before = proof->before;
        proposal.steps_after = proof->after;
        write_proof(proof, &proposal, json);
    }
    toolbar__index_remember(key, &proposal);
    toolbar__proposal_free(&proposal);
}

/* What is not there cannot be repeated. */
static bool is_whole(const struct toolbar__statement *statement)
{
    return !statement->bare && !strstr(statement->sql, TOOLBAR__MASK);
}

void toolbar__index_prove(const char *file, const struct toolbar__query *query,
                          struct toolbar_json *json)
{
    struct proof proof = {.query = query};
    const char *reason = memory;

    if (!is_whole(query->statement)) {
        toolbar__plan_error(json, masked);
        return;
    }
    proof.work = toolbar__index_work_new(file, query, WORK_NS, WAIT_MS);
    if (proof.work) proof.data = toolbar__own_memory(&proof.work->deadline_ns);
    if (proof.data) reason = prove(&proof);
    if (reason) {
        bool late = proof.work && toolbar__own_is_late(proof.work->deadline_ns);

        toolbar__plan_error(json, late ? slow : reason);
    } else {
        settle(file, &proof, json);
    }
    sqlite3_close(proof.data);
    toolbar__index_work_free(proof.work);
}
