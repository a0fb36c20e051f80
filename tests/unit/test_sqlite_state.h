/*
 * What the application can see of SQLite is the same whether its statements are recorded or
 * not: one program is run both ways, and everything that it could notice is written down.
 */
#ifndef TEST_SQLITE_STATE_H
#define TEST_SQLITE_STATE_H

#include "test_sqlite_support.h"

#include "advisor/advice.h"
#include "base/hash.h"
#include "base/text.h"

/* Its lock, its statements, its memory and what it asks of its cache. */
static inline void note_connection(struct toolbar_text *journal, sqlite3 *db)
{
    static const int figures[] = {SQLITE_DBSTATUS_STMT_USED, SQLITE_DBSTATUS_SCHEMA_USED,
                                  SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS,
                                  SQLITE_DBSTATUS_CACHE_WRITE};
    int lock = -1;

    sqlite3_file_control(db, "main", SQLITE_FCNTL_LOCKSTATE, &lock);
    toolbar__text_printf(journal, "  lock %d transaction %d status", lock,
                         sqlite3_txn_state(db, NULL));
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        int now = -1;
        int highest = -1;

        sqlite3_db_status(db, figures[i], &now, &highest, 0);
        toolbar__text_printf(journal, " %d", now);
    }
    toolbar_text_literal(journal, " statements");
    for (sqlite3_stmt *next = NULL; (next = sqlite3_next_stmt(db, next));) {
        toolbar__text_printf(journal, " %s", sqlite3_sql(next) ? sqlite3_sql(next) : "-");
    }
    toolbar__text_char(journal, '\n');
}

static inline void note(struct toolbar_text *journal, sqlite3 *db, sqlite3_stmt *statement,
                        int code)
{
    static const int counters[] = {SQLITE_STMTSTATUS_FULLSCAN_STEP, SQLITE_STMTSTATUS_SORT,
                                   SQLITE_STMTSTATUS_AUTOINDEX,     SQLITE_STMTSTATUS_VM_STEP,
                                   SQLITE_STMTSTATUS_REPREPARE,     SQLITE_STMTSTATUS_RUN};
    unsigned version = 0;
    char *expanded = sqlite3_expanded_sql(statement);

    sqlite3_file_control(db, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    toolbar__text_printf(journal, "%d errcode %d %d '%s' changes %d %d rowid %d autocommit %d %u\n",
                         code, sqlite3_errcode(db), sqlite3_extended_errcode(db),
                         sqlite3_errmsg(db), sqlite3_changes(db), sqlite3_total_changes(db),
                         (int)sqlite3_last_insert_rowid(db), sqlite3_get_autocommit(db), version);
    toolbar__text_printf(journal, "  '%s' busy %d", expanded ? expanded : "",
                         statement ? sqlite3_stmt_busy(statement) : 0);
    for (size_t i = 0; statement && i < sizeof counters / sizeof *counters; i++) {
        toolbar__text_printf(journal, " %d", sqlite3_stmt_status(statement, counters[i], 0));
    }
    toolbar__text_char(journal, '\n');
    sqlite3_free(expanded);
    if (db) note_connection(journal, db);
}

/* Since 3.40. */
int sqlite3_value_encoding(sqlite3_value *value) __attribute__((weak));

/* Whether the value is still as SQLite made it: nobody has asked for it in another encoding. */
static inline void note_value(struct toolbar_text *journal, sqlite3_value *value)
{
    toolbar__text_printf(journal, "/%d", sqlite3_value_type(value));
    if (sqlite3_value_encoding && sqlite3_value_type(value) == SQLITE_TEXT) {
        toolbar__text_printf(journal, " %d", sqlite3_value_encoding(value));
    }
    toolbar__text_printf(journal, " %d", sqlite3_value_numeric_type(value));
}

static inline void note_bytes(struct toolbar_text *journal, const void *bytes, int length)
{
    toolbar__text_printf(journal, " %d:", length);
    if (length > 256) {
        toolbar__text_printf(journal, "%llx",
                             (unsigned long long)toolbar__hash(0, bytes, (size_t)length));
        return;
    }
    for (int i = 0; i < length; i++) {
        toolbar__text_printf(journal, "%02x", ((const unsigned char *)bytes)[i]);
    }
}

/* In another order for each column, because each way of asking may convert the value. */
static inline void note_column(struct toolbar_text *journal, sqlite3_stmt *statement, int i,
                               unsigned way)
{
    toolbar__text_printf(journal, " [%s", sqlite3_column_name(statement, i));
    if (way % 3 == 0) note_value(journal, sqlite3_column_value(statement, i));
    if (way % 4 == 0) {
        int length = sqlite3_column_bytes(statement, i);

        note_bytes(journal, sqlite3_column_blob(statement, i), length);
    } else if (way % 4 == 1) {
        int length = sqlite3_column_bytes16(statement, i);

        note_bytes(journal, sqlite3_column_text16(statement, i), length);
    } else if (way % 4 == 2) {
        toolbar__text_printf(journal, " %.17g %d", sqlite3_column_double(statement, i),
                             sqlite3_column_int(statement, i));
    }
    toolbar__text_printf(journal, " %d", sqlite3_column_type(statement, i));
    if (sqlite3_column_bytes(statement, i) < 1000) {
        toolbar__text_printf(journal, " %s]", (const char *)sqlite3_column_text(statement, i));
    }
}

static inline void run_one(struct toolbar_text *journal, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    unsigned way = (unsigned)strlen(sql);
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, &tail);

    toolbar__text_printf(journal, "%s\n tail %d\n", sql, (int)(tail - sql));
    note(journal, db, statement, code);
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        code = i % 2 ? sqlite3_bind_int(statement, i, 100 + i)
                     : sqlite3_bind_text(statement, i, "bound", -1, SQLITE_TRANSIENT);
        note(journal, db, statement, code);
    }
    note(journal, db, statement, sqlite3_bind_int(statement, 99, 1));
    do {
        code = sqlite3_step(statement);
        note(journal, db, statement, code);
        for (int i = 0; i < sqlite3_column_count(statement) && code == SQLITE_ROW; i++) {
            note_column(journal, statement, i, way++);
        }
    } while (code == SQLITE_ROW);
    note(journal, db, statement, sqlite3_reset(statement));
    if (statement) note(journal, db, statement, sqlite3_clear_bindings(statement));
    note(journal, db, statement, sqlite3_step(statement));
    note(journal, db, NULL, sqlite3_finalize(statement));
}

static inline int say_stop(void *cls, int count, char **values, char **names)
{
    (void)cls;
    (void)count;
    (void)values;
    (void)names;
    return 1;
}

static inline int note_row(void *journal, int count, char **values, char **names)
{
    for (int i = 0; i < count; i++) {
        toolbar__text_printf(journal, "%s=%s;", names[i], values[i]);
    }
    return 0;
}

static inline void run_exec(struct toolbar_text *journal, sqlite3 *db, const char *sql)
{
    char *message = NULL;
    int code = sqlite3_exec(db, sql, note_row, journal, &message);

    toolbar__text_printf(journal, "exec %s: %s\n", sql, message ? message : "-");
    note(journal, db, NULL, code);
    sqlite3_free(message);
    message = NULL;
    code = sqlite3_exec(db, sql, say_stop, NULL, &message);
    toolbar__text_printf(journal, " stopped: %s\n", message ? message : "-");
    note(journal, db, NULL, code);
    sqlite3_free(message);
}

static inline void run_table(struct toolbar_text *journal, sqlite3 *db, const char *sql)
{
    char *message = NULL;
    char **table = NULL;
    int rows = -1;
    int columns = -1;
    int code = sqlite3_get_table(db, sql, &table, &rows, &columns, &message);

    toolbar__text_printf(journal, "table %d x %d: %s\n", rows, columns, message ? message : "-");
    note(journal, db, NULL, code);
    sqlite3_free(message);
    sqlite3_free_table(table);
}

static inline void run_program(struct toolbar_text *journal, sqlite3 *db)
{
    static const char *const statements[] = {
        "SELECT * FROM author WHERE id < ? OR name = :name ORDER BY name",
        "INSERT INTO author VALUES (?, ?); SELECT 1",
        "INSERT INTO author VALUES (50, 'a3')",
        "UPDATE book SET title = title || ? WHERE id < 5",
        "DELETE FROM author WHERE id IN (2, 3)",
        "INSERT INTO log VALUES (?) RETURNING what, rowid",
        "SELECT nix",
        "SELECT * FROM none",
        "",
        "-- nothing",
        "BEGIN",
        "BEGIN",
        "INSERT INTO words VALUES ('x y')",
        "SELECT * FROM words ('y')",
        "CREATE TABLE made (a PRIMARY KEY)",
        "ROLLBACK",
        "EXPLAIN QUERY PLAN SELECT * FROM author",
        "PRAGMA table_info(author)",
        "SELECT 1.5, '12', x'3132', NULL, 'a' || char(0) || 'b', zeroblob(3), 1e300, '\u20ac'",
        "SELECT '12', x'ff00', 7, '1.5x', name, id, upper(name), '' FROM author",
        "SELECT x'3132', '12', 1.5, '\u20ac', 0, name, x'', NULL FROM author ORDER BY name",
        "SELECT name, name, name, id, id, id, title, 1 FROM author JOIN book USING (id)",
        "SELECT zeroblob(100000), hex(zeroblob(40000)), name FROM author",
        "SELECT max(name), group_concat(id), typeof(name) FROM author GROUP BY id % 3",
    };

    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        run_one(journal, db, statements[i]);
        run_exec(journal, db, statements[i]);
        run_table(journal, db, statements[i]);
    }
    run_exec(journal, db, "INSERT INTO log VALUES (7); SELECT 1 AS one; SELEKT; SELECT 2");
    note(journal, db, NULL, sqlite3_exec(NULL, "SELECT 1", NULL, NULL, NULL));
    note(journal, db, NULL, sqlite3_step(NULL));
    note(journal, db, NULL, sqlite3_bind_int(NULL, 1, 1));
}

/* `attach`, where it is given, is called before the program. */
static inline char *journal_of(const char *path, const char *setting, void (*attach)(sqlite3 *db),
                               bool recorded)
{
    struct toolbar_text journal;
    struct shown shown;
    sqlite3 *db;

    unlink(path);
    db = open_database(path);
    run_sql(db, setting);
    create_schema(db);
    if (attach) attach(db);
    toolbar__text_init(&journal, (size_t)16 * 1048576);
    if (recorded) shown_begin(&shown);
    run_program(&journal, db);
    if (recorded) {
        assert_true(shown_finish(&shown)->query_count > 50);
        toolbar__advise(shown.request.recording);
        assert_true(shown.request.recording->advices.count > 0);
        note(&journal, db, NULL, SQLITE_OK);
        shown_end(&shown);
    } else {
        note(&journal, db, NULL, SQLITE_OK);
    }
    sqlite3_close(db);
    unlink(path);
    return toolbar__text_take(&journal, NULL);
}

static inline void compare_journals(const char *path, void (*attach)(sqlite3 *db))
{
    static const char *const settings[] = {
        "PRAGMA encoding = 'UTF-8'", "PRAGMA encoding = 'UTF-16le'", "PRAGMA encoding = 'UTF-16be'",
        "PRAGMA journal_mode = wal", "PRAGMA locking_mode = exclusive"};

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char *alone = journal_of(path, settings[i], NULL, false);
        char *recorded = journal_of(path, settings[i], attach, true);

        assert_non_null(alone);
        assert_non_null(recorded);
        assert_string_equal(alone, recorded);
        free(alone);
        free(recorded);
    }
}

#endif
