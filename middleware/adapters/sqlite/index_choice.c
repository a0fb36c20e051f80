/* All candidates are made at once; those that the plan names are the choice of SQLite itself. */
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"
#include "base/text.h"
#include "panels/sql_parts.h"

enum { ARENA_MAXIMUM = 4 * 1024 * 1024 };

/* NULL: some of its values are not known, or there is no room for it. */
static const char *runnable_of(struct toolbar__arena *arena, const struct toolbar__query *query)
{
    struct toolbar_text text;
    const char *runnable = NULL;

    if (query->statement->bare) return NULL;
    for (unsigned i = 0; i < query->value_count; i++) {
        const struct toolbar__value *value = &query->values[i];

        if (value->type >= TOOLBAR__VALUE_TEXT && value->kept < value->length) return NULL;
        if (value->type >= TOOLBAR__VALUE_MASKED) return NULL;
    }
    toolbar__text_init(&text, (size_t)4 * TOOLBAR__SQL_MAXIMUM);
    toolbar__sql_runnable(&text, query);
    if (!text.failed && text.length) runnable = toolbar__arena_copy(arena, text.data, text.length);
    toolbar__text_free(&text);
    return runnable;
}

struct toolbar__index_work *toolbar__index_work_new(const char *file,
                                                    const struct toolbar__query *query,
                                                    int64_t work_ns, int wait_ms)
{
    struct toolbar__index_work *work = calloc(1, sizeof *work);

    if (!work) return NULL;
    toolbar__arena_init(&work->arena, ARENA_MAXIMUM);
    work->deadline_ns = toolbar__cpu_ns() + work_ns;
    work->sql = query->statement->sql;
    work->runnable = runnable_of(&work->arena, query);
    work->file = toolbar__own_file(file, wait_ms, &work->deadline_ns);
    if (!work->file) {
        toolbar__index_work_free(work);
        return NULL;
    }
    return work;
}

void toolbar__index_work_free(struct toolbar__index_work *work)
{
    if (!work) return;
    sqlite3_close(work->schema);
    sqlite3_close(work->file);
    toolbar__arena_free(&work->arena);
    free(work);
}

bool toolbar__index_plan(struct toolbar__index_work *work, sqlite3 *db,
                         struct toolbar__plan_lines *plan)
{
    sqlite3_stmt *statement;
    bool read = false;

    plan->count = 0;
    toolbar__own_guard(db, true);
    if (!toolbar__own_prepare(db, sqlite3_mprintf("EXPLAIN QUERY PLAN %s", work->sql),
                              &statement)) {
        int code = SQLITE_ROW;

        while (plan->count < TOOLBAR__PLAN_LINES &&
               (code = sqlite3_step(statement)) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(statement, 3);
            struct toolbar__plan_line *line = &plan->lines[plan->count++];

            line->id = sqlite3_column_int(statement, 0);
            line->parent = sqlite3_column_int(statement, 1);
            line->detail =
                detail ? toolbar__arena_copy(&work->arena, detail, strlen(detail)) : NULL;
            if (!line->detail) break;
        }
        read = code == SQLITE_DONE;
    }
    sqlite3_finalize(statement);
    toolbar__own_guard(db, false);
    return read;
}

/* "SEARCH t USING [COVERING] INDEX name (...)", or at the end of the line. */
bool toolbar__index_names(const struct toolbar__plan_line *line,
                          const struct toolbar__candidate *candidate)
{
    const char *name = candidate->name, *at = line->detail;
    size_t length = strlen(name);

    while ((at = strstr(at, " INDEX ")) != NULL) {
        at += strlen(" INDEX ");
        if (strncmp(at, name, length) == 0 && (!at[length] || strncmp(at + length, " (", 2) == 0)) {
            return true;
        }
    }
    return false;
}

const struct toolbar__plan_line *toolbar__index_named(const struct toolbar__plan_lines *plan,
                                                      const struct toolbar__candidate *candidate)
{
    for (unsigned i = 0; i < plan->count; i++) {
        if (toolbar__index_names(&plan->lines[i], candidate)) return &plan->lines[i];
    }
    return NULL;
}

bool toolbar__index_make(sqlite3 *db, const struct toolbar__candidate *candidate)
{
    char *sql = toolbar__index_create(candidate);
    int code = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;

    sqlite3_free(sql);
    return code == SQLITE_OK;
}

bool toolbar__index_drop(sqlite3 *db, const struct toolbar__candidate *candidate)
{
    char *sql = sqlite3_mprintf("DROP INDEX \"%w\"", candidate->name);
    int code = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;

    sqlite3_free(sql);
    return code == SQLITE_OK;
}

static bool is_taken(sqlite3 *db, const char *name)
{
    sqlite3_stmt *statement;
    bool taken = true;

    if (sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE lower(name) = lower(?)", -1,
                           &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        taken = sqlite3_step(statement) == SQLITE_ROW;
    }
    sqlite3_finalize(statement);
    return taken;
}

/* <table>_<columns>_idx, with a number behind it where there is something of that name. */
static void give_name(sqlite3 *db, struct toolbar__candidate *candidate)
{
    enum { NUMBERS = 10 };
    struct toolbar_text text;
    size_t length;

    toolbar__text_init(&text, 4096);
    toolbar__text_string(&text, candidate->table);
    for (unsigned i = 0; i < candidate->count; i++) {
        toolbar__text_char(&text, '_');
        toolbar__text_string(&text, candidate->columns[i].name);
    }
    length = text.failed ? 0
                         : toolbar__utf8_cut(text.data, text.length,
                                             sizeof candidate->name - sizeof "_idx99");
    sqlite3_snprintf(sizeof candidate->name, candidate->name, "%.*s_idx", (int)length,
                     text.data ? text.data : "");
    for (int i = 2; i < NUMBERS && is_taken(db, candidate->name); i++) {
        sqlite3_snprintf(sizeof candidate->name, candidate->name, "%.*s_idx%d", (int)length,
                         text.data ? text.data : "", i);
    }
    toolbar__text_free(&text);
}

static bool make_all(struct toolbar__index_work *work)
{
    for (unsigned i = 0; i < work->count; i++) {
        struct toolbar__candidate *candidate = &work->candidates[i];

        sqlite3_snprintf(sizeof candidate->name, candidate->name, "toolbar_candidate_%02u", i);
        if (!toolbar__index_make(work->schema, candidate)) return false;
    }
    return true;
}

/* Those that are named stay, under names of their own. */
static bool keep_named(struct toolbar__index_work *work)
{
    for (unsigned i = 0; i < work->count; i++) {
        struct toolbar__candidate *candidate = &work->candidates[i];
        bool named = toolbar__index_named(&work->after, candidate) != NULL;

        if (!toolbar__index_drop(work->schema, candidate)) return false;
        if (!named) continue;
        if (work->chosen_count == TOOLBAR__INDEXES_MAXIMUM) return false;
        work->chosen[work->chosen_count++] = candidate;
    }
    for (unsigned i = 0; i < work->chosen_count; i++) {
        give_name(work->file, work->chosen[i]);
        if (!toolbar__index_make(work->schema, work->chosen[i])) return false;
    }
    return work->chosen_count > 0;
}

/* Small tables are read as fast as their index; this many rows and no more are counted. */
static bool is_large(struct toolbar__index_work *work, const char *table)
{
    char *sql = sqlite3_mprintf("SELECT count(*) FROM (SELECT 1 FROM main.\"%w\" LIMIT %d)", table,
                                TOOLBAR__INDEX_ROWS);
    bool large = sql && toolbar__own_ask(work->file, sql) == TOOLBAR__INDEX_ROWS;

    sqlite3_free(sql);
    return large;
}

static bool find_candidates(struct toolbar__index_work *work)
{
    unsigned kept = 0;

    if (!toolbar__index_shadow(work)) return false;
    for (unsigned i = 0; i < work->count; i++) {
        if (is_large(work, work->candidates[i].table)) {
            work->candidates[kept++] = work->candidates[i];
        }
    }
    work->count = kept;
    return kept > 0;
}

bool toolbar__index_choose(struct toolbar__index_work *work)
{
    if (!toolbar__index_copy_schema(work) ||
        !toolbar__index_plan(work, work->schema, &work->before)) {
        return false;
    }
    if (!find_candidates(work) || !make_all(work) ||
        !toolbar__index_plan(work, work->schema, &work->after) || !keep_named(work)) {
        return false;
    }
    if (!toolbar__index_plan(work, work->schema, &work->after)) return false;
    for (unsigned i = 0; i < work->chosen_count; i++) {
        if (!toolbar__index_named(&work->after, work->chosen[i])) return false;
    }
    return true;
}
