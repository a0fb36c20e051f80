/*
 * The copy of a schema: the tables that a statement has to do with, their indexes and triggers,
 * views, and what ANALYZE knows of the rows.
 */
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"

/* Tables, views and triggers that the statement has to do with. */
struct concerned {
    struct toolbar__arena *arena;
    unsigned count;
    const char *names[TOOLBAR__CANDIDATES];
    bool failed;
};

static bool is_concerned(const struct concerned *concerned, const char *name)
{
    for (unsigned i = 0; name && i < concerned->count; i++) {
        if (sqlite3_stricmp(concerned->names[i], name) == 0) return true;
    }
    return false;
}

static void add(struct concerned *concerned, const char *name)
{
    const char *copy;

    if (!name || is_concerned(concerned, name)) return;
    copy = toolbar__arena_copy(concerned->arena, name, strlen(name));
    if (copy && concerned->count < TOOLBAR__CANDIDATES) {
        concerned->names[concerned->count++] = copy;
    } else {
        concerned->failed = true;
    }
}

static int note(void *cls, int action, const char *first, const char *second, const char *database,
                const char *trigger)
{
    if (action == SQLITE_READ || action == SQLITE_INSERT || action == SQLITE_UPDATE ||
        action == SQLITE_DELETE) {
        add(cls, first);
    }
    add(cls, trigger);
    return toolbar__own_verdict(NULL, action, first, second, database, trigger);
}

static bool find_concerned(struct toolbar__index_work *work, struct concerned *concerned)
{
    sqlite3_stmt *statement;
    bool found;

    sqlite3_set_authorizer(work->file, note, concerned);
    found = !toolbar__own_prepare(work->file, sqlite3_mprintf("%s", work->sql), &statement);
    sqlite3_finalize(statement);
    toolbar__own_guard(work->file, true);
    return found && !concerned->failed;
}

/*
 * What cannot be made is left out: a statement that needs it will not be prepared. Virtual tables
 * are, because making one may do anything.
 */
static bool copy_objects(struct toolbar__index_work *work, const struct concerned *concerned)
{
    static const char sql[] =
        "SELECT sql, name, tbl_name FROM sqlite_schema WHERE sql IS NOT NULL"
        " AND substr(name, 1, 7) <> 'sqlite_' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " ORDER BY type = 'trigger', rowid";
    sqlite3_stmt *objects;
    int code;

    if (sqlite3_prepare_v2(work->file, sql, -1, &objects, NULL) != SQLITE_OK) return false;
    while ((code = sqlite3_step(objects)) == SQLITE_ROW &&
           !toolbar__own_is_late(work->deadline_ns)) {
        if (is_concerned(concerned, (const char *)sqlite3_column_text(objects, 1)) ||
            is_concerned(concerned, (const char *)sqlite3_column_text(objects, 2))) {
            sqlite3_exec(work->schema, (const char *)sqlite3_column_text(objects, 0), NULL, NULL,
                         NULL);
        }
    }
    sqlite3_finalize(objects);
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
    struct concerned concerned = {.arena = &work->arena};

    work->schema = toolbar__own_memory(&work->deadline_ns);
    if (!work->schema) return false;
    toolbar__index_any_collation(work->schema);
    toolbar__index_any_collation(work->file);
    return find_concerned(work, &concerned) && copy_objects(work, &concerned) &&
           copy_statistics(work->file, work->schema);
}
