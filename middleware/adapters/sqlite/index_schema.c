/* The copy of a schema: tables, indexes, views and triggers, and what ANALYZE knows of the rows. */
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"

/*
 * What cannot be made is left out: a statement that needs it will not be prepared. Virtual tables
 * are, because making one may do anything.
 */
static bool copy_objects(sqlite3 *from, sqlite3 *to)
{
    static const char sql[] =
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY type = 'trigger', rowid LIMIT 2000";
    sqlite3_stmt *statement;
    int code;

    if (sqlite3_prepare_v2(from, sql, -1, &statement, NULL) != SQLITE_OK) return false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *create = (const char *)sqlite3_column_text(statement, 0);

        if (create) sqlite3_exec(to, create, NULL, NULL, NULL);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE;
}

static bool copy_rows(sqlite3_stmt *from, sqlite3_stmt *to)
{
    int code;

    while ((code = sqlite3_step(from)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(from); i++) {
            sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        }
        if (sqlite3_step(to) != SQLITE_DONE || sqlite3_reset(to) != SQLITE_OK) return false;
    }
    return code == SQLITE_DONE;
}

/* Most databases have never seen ANALYZE: then there is no such table. */
static bool copy_statistics(sqlite3 *from, sqlite3 *to)
{
    sqlite3_stmt *read, *write = NULL;
    bool copied;

    if (sqlite3_prepare_v2(from, "SELECT tbl, idx, stat FROM sqlite_stat1 LIMIT 2000", -1, &read,
                           NULL) != SQLITE_OK) {
        return true;
    }
    copied = sqlite3_exec(to, "ANALYZE", NULL, NULL, NULL) == SQLITE_OK &&
             sqlite3_prepare_v2(to, "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", -1, &write,
                                NULL) == SQLITE_OK &&
             copy_rows(read, write) &&
             sqlite3_exec(to, "ANALYZE sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return copied;
}

static int compare_bytes(void *cls, int left_bytes, const void *left, int right_bytes,
                         const void *right)
{
    int both = left_bytes < right_bytes ? left_bytes : right_bytes;
    int order = memcmp(left, right, (size_t)both);

    (void)cls;
    return order ? order : left_bytes - right_bytes;
}

/* An order of the application's own: there is nothing to be sorted here. */
static void any_collation(void *cls, sqlite3 *db, int encoding, const char *name)
{
    (void)cls;
    sqlite3_create_collation(db, name, encoding, NULL, compare_bytes);
}

void toolbar__index_any_collation(sqlite3 *db)
{
    sqlite3_collation_needed(db, NULL, any_collation);
}

bool toolbar__index_copy_schema(struct toolbar__index_work *work)
{
    work->schema = toolbar__own_memory(&work->deadline_ns);
    if (!work->schema) return false;
    toolbar__index_any_collation(work->schema);
    return copy_objects(work->file, work->schema) && copy_statistics(work->file, work->schema);
}
