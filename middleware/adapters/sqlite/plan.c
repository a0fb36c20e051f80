#include "adapters/sqlite/plan.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "record/current.h"
#include "record/sql_tokens.h"

enum {
    PLANS_AT_ONCE = 2,
    ROWS_MAXIMUM = 500,
    BYTES_MAXIMUM = 64 * 1024,
    URI_MAXIMUM = 16 * 1024,
    WAIT_MS = 50,
    WORK_NS = 50 * 1000 * 1000,
    STEPS_BETWEEN_LOOKS = 1000
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

static void write_plan(const char *file, const struct toolbar__query *query,
                       struct toolbar_json *json);

static const struct toolbar__plan_source source = {.write = write_plan};

void toolbar__plans_offer(struct toolbar_recording *recording,
                          const struct toolbar__statement *statement, sqlite3 *db)
{
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    toolbar__recording_plans(recording, statement->group->owner, &source, file_of(db));
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
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

static int forbid(void *cls, int action, const char *first, const char *second,
                  const char *database, const char *trigger)
{
    static const char *const functions[] = {"load_extension", "readfile", "writefile", "edit",
                                            "fts3_tokenizer"};

    (void)cls;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return SQLITE_OK;
    case SQLITE_FUNCTION:
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
            if (second && sqlite3_stricmp(second, functions[i]) == 0) return SQLITE_DENY;
        }
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        /* Full-text search asks for it, and there is nothing to be set. */
        return sqlite3_stricmp(first, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

static int is_late(void *deadline_ns)
{
    return toolbar__now_ns() > *(const int64_t *)deadline_ns;
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int limit;
        int value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 1000000},   {SQLITE_LIMIT_SQL_LENGTH, 100000},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},   {SQLITE_LIMIT_COMPOUND_SELECT, 50},
        {SQLITE_LIMIT_VDBE_OP, 25000},    {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 10}, {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
}

/* Beside it is the write-ahead log, where readers are in nobody's way. */
static bool has_log(const char *file)
{
    char *log = sqlite3_mprintf("%s-wal", file);
    bool there = log && access(log, F_OK) == 0;

    sqlite3_free(log);
    return there;
}

/*
 * Where there is no such log, a reader's lock would make the application's COMMIT fail, so the
 * file is called immutable: then nothing is locked.
 */
static char *uri_of(const char *file)
{
    struct toolbar_text uri;

    toolbar__text_init(&uri, URI_MAXIMUM);
    toolbar_text_literal(&uri, "file://");
    for (const char *at = file; *at; at++) {
        if (strchr("%?#", *at)) {
            toolbar__text_printf(&uri, "%%%02X", (unsigned)*at);
        } else {
            toolbar__text_char(&uri, *at);
        }
    }
    if (!has_log(file)) toolbar_text_literal(&uri, "?immutable=1");
    return toolbar__text_take(&uri, NULL);
}

static sqlite3 *open_own(const char *file, int64_t *deadline_ns)
{
    const int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_URI;
    char *uri = uri_of(file);
    sqlite3 *db = NULL;

    /* Without a lock the file may become shorter, and memory that it is mapped to go away. */
    if (!uri || sqlite3_open_v2(uri, &db, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA mmap_size=0", NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        db = NULL;
    }
    free(uri);
    if (!db) return NULL;
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    set_limits(db);
    sqlite3_busy_timeout(db, WAIT_MS);
    sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, is_late, deadline_ns);
    sqlite3_set_authorizer(db, forbid, NULL);
    return db;
}

/* Nothing but blanks, comments and semicolons. */
static bool is_empty(const char *sql)
{
    size_t length = strlen(sql);
    size_t at = 0;

    while (at < length) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_OPERATOR && *token.data == ';') continue;
        if (token.type != TOOLBAR__SQL_SPACE && token.type != TOOLBAR__SQL_COMMENT) return false;
    }
    return true;
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

/* What is written while it is read without a lock may look like anything. */
static const char *reason_of(sqlite3 *db)
{
    int code = sqlite3_errcode(db);

    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB
               ? "The plan is unavailable: the database is being written. Try again."
               : sqlite3_errmsg(db);
}

/* Why there is none, in words of ours or, until the statement is finalized, SQLite's; else NULL. */
static const char *make_plan(struct toolbar_text *plan, sqlite3 *db, const char *explain,
                             const char *sql, sqlite3_stmt **statement)
{
    const char *tail;

    if (!explain) return "There is no memory for it.";
    if (sqlite3_prepare_v2(db, explain, -1, statement, &tail) != SQLITE_OK) {
        return reason_of(db);
    }
    if (!*statement || !is_empty(tail)) {
        return "The plan is unavailable: this is more than one statement.";
    }
    if (!plan_rows(plan, *statement, sql)) return reason_of(db);
    return plan->failed ? "The plan is too long." : NULL;
}

static void write_checked(const char *file, const char *sql, struct toolbar_json *json)
{
    int64_t deadline_ns = toolbar__now_ns() + WORK_NS;
    sqlite3 *db = open_own(file, &deadline_ns);
    const char *error = "The plan is unavailable: the database cannot be opened.";
    sqlite3_stmt *statement = NULL;
    char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    struct toolbar_text plan;

    toolbar__text_init(&plan, BYTES_MAXIMUM);
    if (db) error = make_plan(&plan, db, explain, sql, &statement);
    if (error) {
        toolbar__plan_error(json, error);
    } else {
        toolbar_text_append(json->text, plan.data, plan.length);
    }
    toolbar__text_free(&plan);
    sqlite3_free(explain);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void write_plan(const char *file, const struct toolbar__query *query,
                       struct toolbar_json *json)
{
    const struct toolbar__statement *statement = query->statement;
    struct toolbar_request *before;

    if (!has_plan(query)) {
        toolbar__plan_error(json, "Statements of this kind have no plan.");
    } else if (statement->length > TOOLBAR__SQL_MAXIMUM) {
        toolbar__plan_error(json, "The plan is unavailable: the statement was kept in part only.");
    } else if (!*file) {
        toolbar__plan_error(json, "The plan is unavailable: the database is not in a file that "
                                  "can be opened a second time.");
    } else if (atomic_fetch_add(&running, 1) >= PLANS_AT_ONCE) {
        atomic_fetch_sub(&running, 1);
        toolbar__plan_error(json, "Other plans are being made. Try again.");
    } else {
        /* What is done here is no query of a request. */
        before = toolbar__current_set(NULL);
        write_checked(file, statement->sql, json);
        toolbar__current_set(before);
        atomic_fetch_sub(&running, 1);
    }
}
