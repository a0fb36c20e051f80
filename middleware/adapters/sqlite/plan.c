#include "adapters/sqlite/plan.h"

#include <stdatomic.h>
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"
#include "base/clock.h"
#include "record/current.h"

enum {
    PLANS_AT_ONCE = 2,
    ROWS_MAXIMUM = 500,
    BYTES_MAXIMUM = 64 * 1024,
    WAIT_MS = 50,
    WORK_NS = 50 * 1000 * 1000
};

static atomic_uint running;

/*
 * Not that of another VFS, whose locks ours would not respect; nor is there a second connection
 * to a database in memory.
 */
static const char *file_of(sqlite3 *db)
{
    const char *file = sqlite3_db_filename(db, "main");
    sqlite3_vfs *vfs = NULL;

    if (!file) return "";
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) != SQLITE_OK) return "";
    return vfs == sqlite3_vfs_find(NULL) ? file : "";
}

/* By the fingerprint, which has no comments, and its keywords in capitals. */
static bool has_plan(const struct toolbar__query *query)
{
    static const char *const words[] = {"SELECT", "WITH",   "VALUES", "INSERT",
                                        "UPDATE", "DELETE", "REPLACE"};
    const char *fingerprint = query->statement->group->fingerprint;
    size_t length = strcspn(fingerprint, " (");

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], fingerprint, length) == 0) return true;
    }
    return false;
}

static void plan_row(struct toolbar_json *json, sqlite3_stmt *statement)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "id");
    toolbar_json_integer(json, sqlite3_column_int(statement, 0));
    toolbar_json_name(json, "parent");
    toolbar_json_integer(json, sqlite3_column_int(statement, 1));
    toolbar_json_name(json, "detail");
    toolbar_json_string(json, (const char *)sqlite3_column_text(statement, 3));
    toolbar_json_close_object(json);
}

/* The whole answer; false with SQLite's reason in the connection. */
static bool plan_rows(struct toolbar_text *text, sqlite3_stmt *statement, const char *sql)
{
    struct toolbar_json json;
    int code = SQLITE_DONE;

    toolbar__json_init(&json, text);
    toolbar_json_open_object(&json);
    toolbar_json_name(&json, "plan");
    toolbar_json_open_array(&json);
    for (int i = 0; i < ROWS_MAXIMUM && (code = sqlite3_step(statement)) == SQLITE_ROW; i++) {
        plan_row(&json, statement);
    }
    toolbar_json_close_array(&json);
    toolbar_json_name(&json, "sql");
    toolbar_json_string(&json, sql);
    toolbar_json_close_object(&json);
    return code == SQLITE_DONE || code == SQLITE_ROW;
}

/* Why there is none, in words of ours or, until the statement is finalized, SQLite's; else NULL. */
static const char *make_plan(struct toolbar_text *plan, sqlite3 *db, const char *sql,
                             sqlite3_stmt **statement)
{
    const char *reason =
        toolbar__own_prepare(db, sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql), statement);

    if (reason) return reason;
    if (!plan_rows(plan, *statement, sql)) return toolbar__own_reason(db);
    return plan->failed ? "The plan is too long." : NULL;
}

static void write_checked(const char *file, const struct toolbar__query *query,
                          struct toolbar_json *json)
{
    const char *sql = query->statement->sql;
    int64_t deadline_ns = toolbar__cpu_ns() + WORK_NS;
    sqlite3 *db = toolbar__own_file(file, WAIT_MS, &deadline_ns);
    const char *error = "The plan is unavailable: the database cannot be opened.";
    sqlite3_stmt *statement = NULL;
    struct toolbar_text plan;

    toolbar__text_init(&plan, BYTES_MAXIMUM);
    if (db) error = make_plan(&plan, db, sql, &statement);
    if (error) {
        toolbar__plan_error(json, error);
    } else {
        toolbar_text_append(json->text, plan.data, plan.length);
    }
    toolbar__text_free(&plan);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* Why it is not even tried, in a sentence; NULL: it is. */
static const char *refusal(const char *file, const struct toolbar__query *query)
{
    if (!has_plan(query)) return "Statements of this kind have no plan.";
    if (query->statement->length > TOOLBAR__SQL_MAXIMUM) {
        return "The plan is unavailable: the statement was kept in part only.";
    }
    if (!*file) {
        return "The plan is unavailable: the database is not in a file that can be opened a "
               "second time.";
    }
    return NULL;
}

static void write_alone(const char *file, const struct toolbar__query *query,
                        struct toolbar_json *json,
                        void (*write)(const char *file, const struct toolbar__query *query,
                                      struct toolbar_json *json))
{
    const char *error = refusal(file, query);
    struct toolbar_request *before;

    if (error) {
        toolbar__plan_error(json, error);
    } else if (atomic_fetch_add(&running, 1) >= PLANS_AT_ONCE) {
        atomic_fetch_sub(&running, 1);
        toolbar__plan_error(json, "Other plans are being made. Try again.");
    } else {
        /* What is done here is no query of a request. */
        before = toolbar__current_set(NULL);
        write(file, query, json);
        toolbar__current_set(before);
        atomic_fetch_sub(&running, 1);
    }
}

static void write_plan(const char *file, const struct toolbar__query *query,
                       struct toolbar_json *json)
{
    write_alone(file, query, json, write_checked);
}

static void prove(const char *file, const struct toolbar__query *query, struct toolbar_json *json)
{
    write_alone(file, query, json, toolbar__index_prove);
}

static bool propose(const char *file, const struct toolbar__query *query, unsigned *budget,
                    struct toolbar__proposal *proposal)
{
    struct toolbar_request *before;
    bool proposed;

    if (refusal(file, query)) return false;
    before = toolbar__current_set(NULL);
    proposed = toolbar__index_propose(file, query, budget, proposal);
    toolbar__current_set(before);
    return proposed;
}

static const struct toolbar__plan_source source = {
    .write = write_plan,
    .propose = propose,
    .prove = prove,
};

void toolbar__plans_offer(struct toolbar_recording *recording,
                          const struct toolbar__statement *statement, sqlite3 *db)
{
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    toolbar__recording_plans(recording, statement->group->owner, &source, file_of(db));
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
}
