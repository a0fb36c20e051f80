/*
 * Virtual tables of the shape of the application's. SQLite asks a virtual table how it would
 * answer, and in doing so tells what is compared with what, whatever the statement looks like.
 */
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"

struct shadow {
    sqlite3_vtab base;
    struct toolbar__index_work *work;
    const char *table;
    int key; /* the column that is the rowid, which needs no index; -1: none */
};

static const char *collation_of(sqlite3 *schema, const char *table, const char *column)
{
    const char *collation = NULL;

    sqlite3_table_column_metadata(schema, "main", table, column, NULL, &collation, NULL, NULL,
                                  NULL);
    return collation ? collation : "BINARY";
}

/* The columns as a CREATE TABLE statement, to be freed with sqlite3_free(). */
static char *declaration(sqlite3 *schema, const char *table, int *key)
{
    sqlite3_str *text = sqlite3_str_new(NULL);
    sqlite3_stmt *columns;
    int parts = 0;

    if (sqlite3_prepare_v2(schema, "SELECT name, type, pk FROM pragma_table_xinfo(?)", -1, &columns,
                           NULL) != SQLITE_OK) {
        sqlite3_free(sqlite3_str_finish(text));
        return NULL;
    }
    sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
    *key = -1;
    sqlite3_str_appendall(text, "CREATE TABLE x (");
    for (int i = 0; sqlite3_step(columns) == SQLITE_ROW; i++) {
        const char *name = (const char *)sqlite3_column_text(columns, 0);
        const char *type = (const char *)sqlite3_column_text(columns, 1);

        sqlite3_str_appendf(text, "%s\"%w\" ", i ? ", " : "", name);
        if (*type) sqlite3_str_appendf(text, "\"%w\" ", type);
        sqlite3_str_appendf(text, "COLLATE \"%w\"", collation_of(schema, table, name));
        if (!sqlite3_column_int(columns, 2)) continue;
        *key = ++parts == 1 && sqlite3_stricmp(type, "INTEGER") == 0 ? i : -1;
    }
    sqlite3_str_appendall(text, ")");
    sqlite3_finalize(columns);
    return sqlite3_str_finish(text);
}

static int connect_shadow(sqlite3 *db, void *cls, int count, const char *const *arguments,
                          sqlite3_vtab **result, char **error)
{
    struct toolbar__index_work *work = cls;
    const char *table = count > 2 ? arguments[2] : "";
    struct shadow *shadow = calloc(1, sizeof *shadow);
    char *columns;
    int code = SQLITE_NOMEM;

    (void)error;
    if (!shadow) return code;
    columns = declaration(work->schema, table, &shadow->key);
    if (columns) code = sqlite3_declare_vtab(db, columns);
    /* So that views may look into it. */
    if (code == SQLITE_OK) code = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    sqlite3_free(columns);
    shadow->work = work;
    shadow->table = toolbar__arena_copy(&work->arena, table, strlen(table));
    if (code == SQLITE_OK && !shadow->table) code = SQLITE_NOMEM;
    if (code != SQLITE_OK) {
        free(shadow);
        return code;
    }
    *result = &shadow->base;
    return SQLITE_OK;
}

static int disconnect_shadow(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    const struct shadow *shadow = (const struct shadow *)table;
    int usable = 0;

    toolbar__index_candidates(shadow->work, shadow->table, shadow->key, info);
    /* The more there is to look for, the better: so SQLite tries the orders of a join. */
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].usable) info->aConstraintUsage[i].argvIndex = ++usable;
    }
    info->estimatedCost = 1e6 / (usable + 1);
    return SQLITE_OK;
}

/* That it is there lets statements be prepared that write; none is ever run. */
static int update(sqlite3_vtab *table, int count, sqlite3_value **values, sqlite3_int64 *rowid)
{
    (void)table, (void)count, (void)values, (void)rowid;
    return SQLITE_READONLY;
}

static const sqlite3_module module = {
    .xCreate = connect_shadow,
    .xConnect = connect_shadow,
    .xBestIndex = best_index,
    .xDisconnect = disconnect_shadow,
    .xDestroy = disconnect_shadow,
    .xUpdate = update,
};

static bool make_tables(sqlite3 *schema, sqlite3 *shadows, int64_t deadline_ns)
{
    static const char sql[] = "SELECT type = 'table', name, sql FROM sqlite_schema"
                              " WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_'"
                              " ORDER BY rowid";
    sqlite3_stmt *tables;
    int code;

    if (sqlite3_prepare_v2(schema, sql, -1, &tables, NULL) != SQLITE_OK) return false;
    while ((code = sqlite3_step(tables)) == SQLITE_ROW && !toolbar__own_is_late(deadline_ns)) {
        char *create = sqlite3_column_int(tables, 0)
                           ? sqlite3_mprintf("CREATE VIRTUAL TABLE \"%w\" USING shadow",
                                             sqlite3_column_text(tables, 1))
                           : sqlite3_mprintf("%s", sqlite3_column_text(tables, 2));

        if (create) sqlite3_exec(shadows, create, NULL, NULL, NULL);
        sqlite3_free(create);
    }
    sqlite3_finalize(tables);
    return code == SQLITE_DONE;
}

bool toolbar__index_shadow(struct toolbar__index_work *work)
{
    sqlite3 *shadows = toolbar__own_memory(&work->deadline_ns);
    sqlite3_stmt *statement = NULL;
    bool prepared = false;
    char *sql;

    if (!shadows) return false;
    toolbar__index_any_collation(shadows);
    if (sqlite3_create_module(shadows, "shadow", &module, work) == SQLITE_OK &&
        make_tables(work->schema, shadows, work->deadline_ns)) {
        toolbar__own_guard(shadows, true);
        sql = sqlite3_mprintf("%s", work->runnable ? work->runnable : work->sql);
        prepared = !toolbar__own_prepare(shadows, sql, &statement);
    }
    sqlite3_finalize(statement);
    sqlite3_close(shadows);
    return prepared;
}
