#include "adapters/sqlite/own.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "record/sql_tokens.h"

enum { URI_MAXIMUM = 16 * 1024, LENGTH_MAXIMUM = 1000 * 1000, STEPS_BETWEEN_LOOKS = 1000 };

/* There is nothing to be set; full-text search asks for the first. */
static bool is_harmless(const char *pragma, const char *value)
{
    static const char *const names[] = {"data_version", "schema_version", "page_count",
                                        "page_size"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!value && sqlite3_stricmp(pragma, names[i]) == 0) return true;
    }
    return false;
}

int toolbar__own_verdict(void *cls, int action, const char *first, const char *second,
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
    case SQLITE_PRAGMA: return is_harmless(first, second) ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

void toolbar__own_guard(sqlite3 *db, bool on)
{
    sqlite3_set_authorizer(db, on ? toolbar__own_verdict : NULL, NULL);
}

bool toolbar__own_is_late(int64_t deadline_ns)
{
    return toolbar__cpu_ns() > deadline_ns;
}

static int is_late(void *deadline_ns)
{
    return toolbar__own_is_late(*(const int64_t *)deadline_ns);
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int limit;
        int value;
    } limits[] = {
        {SQLITE_LIMIT_SQL_LENGTH, 100000},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 50},
        {SQLITE_LIMIT_VDBE_OP, 25000},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
}

static void restrict_to(sqlite3 *db, int64_t *deadline_ns)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    set_limits(db);
    sqlite3_progress_handler(db, STEPS_BETWEEN_LOOKS, is_late, deadline_ns);
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

sqlite3 *toolbar__own_file(const char *file, int wait_ms, int64_t *deadline_ns)
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
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAXIMUM);
    restrict_to(db, deadline_ns);
    sqlite3_busy_timeout(db, wait_ms);
    toolbar__own_guard(db, true);
    return db;
}

bool toolbar__own_is_unlocked(sqlite3 *db)
{
    return sqlite3_uri_boolean(sqlite3_db_filename(db, "main"), "immutable", 0);
}

int64_t toolbar__own_ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t answer = 0;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        answer = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return answer;
}

sqlite3 *toolbar__own_memory(int64_t *deadline_ns)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(":memory:", &db, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    restrict_to(db, deadline_ns);
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

/* What is written while it is read without a lock may look like anything. */
const char *toolbar__own_reason(sqlite3 *db)
{
    int code = sqlite3_errcode(db);

    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB
               ? "The plan is unavailable: the database is being written. Try again."
               : sqlite3_errmsg(db);
}

const char *toolbar__own_prepare(sqlite3 *db, char *sql, sqlite3_stmt **statement)
{
    const char *reason = NULL, *tail;

    *statement = NULL;
    if (!sql) return "There is no memory for it.";
    if (sqlite3_prepare_v2(db, sql, -1, statement, &tail) != SQLITE_OK) {
        reason = toolbar__own_reason(db);
    } else if (!*statement || !is_empty(tail)) {
        reason = "The plan is unavailable: this is more than one statement.";
    }
    sqlite3_free(sql);
    return reason;
}
