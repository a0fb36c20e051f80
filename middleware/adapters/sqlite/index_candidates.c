/*
 * From what a statement compares and sorts by to indexes that could serve it: what is compared
 * with =, alone, with each range, and with the order.
 */
#include <string.h>

#include "adapters/sqlite/index.h"
#include "record/sql_tokens.h"

struct look {
    struct toolbar__index_work *work;
    const char *table;
    int key;
    sqlite3_index_info *info;
};

static bool is_equal(unsigned char op)
{
    return op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_IS ||
           op == SQLITE_INDEX_CONSTRAINT_ISNULL;
}

static bool is_range(unsigned char op)
{
    return op == SQLITE_INDEX_CONSTRAINT_GT || op == SQLITE_INDEX_CONSTRAINT_GE ||
           op == SQLITE_INDEX_CONSTRAINT_LT || op == SQLITE_INDEX_CONSTRAINT_LE;
}

static bool has_column(const struct toolbar__candidate *candidate, const char *name)
{
    for (unsigned i = 0; i < candidate->count; i++) {
        if (sqlite3_stricmp(candidate->columns[i].name, name) == 0) return true;
    }
    return false;
}

/* Of the copy: name of a column, and its collation. */
static const char *name_of(const struct look *look, int column, const char **collation)
{
    sqlite3 *schema = look->work->schema;
    const char *name = NULL;
    sqlite3_stmt *statement;

    *collation = "BINARY";
    if (sqlite3_prepare_v2(schema, "SELECT name FROM pragma_table_xinfo(?) LIMIT 1 OFFSET ?", -1,
                           &statement, NULL) != SQLITE_OK) {
        return NULL;
    }
    sqlite3_bind_text(statement, 1, look->table, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, column);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        name =
            toolbar__arena_copy(&look->work->arena, (const char *)sqlite3_column_text(statement, 0),
                                (size_t)sqlite3_column_bytes(statement, 0));
    }
    sqlite3_finalize(statement);
    if (name) {
        sqlite3_table_column_metadata(schema, "main", look->table, name, NULL, collation, NULL,
                                      NULL, NULL);
    }
    return name;
}

/*
 * False: it needs no more columns, or may not have them. `collation` NULL: whatever the column
 * has.
 */
static bool add_column(const struct look *look, struct toolbar__candidate *candidate, int column,
                       const char *collation, bool descending)
{
    const char *own, *name;
    struct toolbar__key_column *added;

    if (column < 0 || column == look->key) return false;
    name = name_of(look, column, &own);
    if (!name || has_column(candidate, name)) return name != NULL;
    /* One too many: it is never kept. */
    if (candidate->count == TOOLBAR__KEY_COLUMNS) {
        candidate->count++;
        return false;
    }
    if (candidate->count > TOOLBAR__KEY_COLUMNS) return false;
    added = &candidate->columns[candidate->count++];
    added->name = name;
    added->descending = descending;
    if (collation && sqlite3_stricmp(collation, own) != 0) {
        added->collation = toolbar__arena_copy(&look->work->arena, collation, strlen(collation));
    }
    return true;
}

static bool same_column(const struct toolbar__key_column *a, const struct toolbar__key_column *b)
{
    return sqlite3_stricmp(a->name, b->name) == 0 && !a->collation == !b->collation &&
           (!a->collation || sqlite3_stricmp(a->collation, b->collation) == 0);
}

static bool is_same(const struct toolbar__candidate *a, const struct toolbar__candidate *b)
{
    if (a->count != b->count || sqlite3_stricmp(a->table, b->table) != 0) return false;
    for (unsigned i = 0; i < a->count; i++) {
        if (!same_column(&a->columns[i], &b->columns[i]) ||
            a->columns[i].descending != b->columns[i].descending) {
            return false;
        }
    }
    return true;
}

/* How many of the first columns of an index are the candidate's; `rows` are those of the index. */
static unsigned shared_columns(const struct look *look, sqlite3_stmt *rows,
                               const struct toolbar__candidate *candidate)
{
    unsigned shared = 0;

    while (shared < candidate->count && sqlite3_step(rows) == SQLITE_ROW) {
        const struct toolbar__key_column *column = &candidate->columns[shared];
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        const char *collation = column->collation;

        if (!name || sqlite3_stricmp(name, column->name) != 0) break;
        if (!collation) {
            sqlite3_table_column_metadata(look->work->schema, "main", look->table, name, NULL,
                                          &collation, NULL, NULL, NULL);
        }
        if (sqlite3_stricmp(collation ? collation : "BINARY",
                            (const char *)sqlite3_column_text(rows, 1)) != 0) {
            break;
        }
        shared++;
    }
    return shared;
}

/* An index of all rows begins with these columns, in whichever direction. */
static bool exists(const struct look *look, const struct toolbar__candidate *candidate)
{
    sqlite3_stmt *indexes, *columns = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(look->work->schema,
                           "SELECT name FROM pragma_index_list(?) WHERE NOT partial", -1, &indexes,
                           NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(look->work->schema,
                           "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key", -1, &columns,
                           NULL) != SQLITE_OK) {
        sqlite3_finalize(indexes);
        return true;
    }
    sqlite3_bind_text(indexes, 1, look->table, -1, SQLITE_STATIC);
    while (!found && sqlite3_step(indexes) == SQLITE_ROW) {
        sqlite3_bind_value(columns, 1, sqlite3_column_value(indexes, 0));
        found = shared_columns(look, columns, candidate) == candidate->count;
        sqlite3_reset(columns);
    }
    sqlite3_finalize(indexes);
    sqlite3_finalize(columns);
    return found;
}

static void keep(const struct look *look, const struct toolbar__candidate *candidate)
{
    struct toolbar__index_work *work = look->work;

    if (!candidate->count || candidate->count > TOOLBAR__KEY_COLUMNS) return;
    if (work->count == TOOLBAR__CANDIDATES) return;
    for (unsigned i = 0; i < work->count; i++) {
        if (is_same(&work->candidates[i], candidate)) return;
    }
    if (!exists(look, candidate)) work->candidates[work->count++] = *candidate;
}

/* What stands on the right, as SQL; "" where that is not known before it is run. */
static char *literal_of(sqlite3_index_info *info, int constraint)
{
    sqlite3_value *value = NULL;

#if SQLITE_VERSION_NUMBER >= 3038000
    if (sqlite3_vtab_rhs_value(info, constraint, &value) != SQLITE_OK) value = NULL;
#else
    (void)info, (void)constraint;
#endif
    switch (value ? sqlite3_value_type(value) : SQLITE_NULL) {
    case SQLITE_INTEGER: return sqlite3_mprintf("%lld", sqlite3_value_int64(value));
    case SQLITE_FLOAT: return sqlite3_mprintf("%!.17g", sqlite3_value_double(value));
    case SQLITE_TEXT: return sqlite3_mprintf("%Q", sqlite3_value_text(value));
    default: return sqlite3_mprintf("");
    }
}

static const char *operator_of(unsigned char op)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_GT: return ">";
    case SQLITE_INDEX_CONSTRAINT_GE: return ">=";
    case SQLITE_INDEX_CONSTRAINT_LT: return "<";
    default: return "<=";
    }
}

/* All ranges of the candidate's only column, as a condition on t; NULL: one is not known. */
static const char *range_of(const struct look *look, const struct toolbar__candidate *candidate,
                            int column)
{
    const struct toolbar__key_column *key = &candidate->columns[0];
    sqlite3_str *text = sqlite3_str_new(NULL);
    const char *range = NULL;
    bool known = true;
    char *condition;

    for (int i = 0; i < look->info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &look->info->aConstraint[i];
        char *literal;

        if (!constraint->usable || !is_range(constraint->op) || constraint->iColumn != column) {
            continue;
        }
        literal = literal_of(look->info, i);
        known = known && literal && *literal;
        sqlite3_str_appendf(text, "%st.\"%w\" %s %s", sqlite3_str_length(text) ? " AND " : "",
                            key->name, operator_of(constraint->op), literal ? literal : "");
        if (key->collation) sqlite3_str_appendf(text, " COLLATE \"%w\"", key->collation);
        sqlite3_free(literal);
    }
    condition = sqlite3_str_finish(text);
    if (known && condition) {
        range = toolbar__arena_copy(&look->work->arena, condition, strlen(condition));
    }
    sqlite3_free(condition);
    return range;
}

static void add_ordered(const struct look *look, struct toolbar__candidate candidate)
{
    const sqlite3_index_info *info = look->info;
    int i = 0;

    while (i < info->nOrderBy &&
           add_column(look, &candidate, info->aOrderBy[i].iColumn, NULL, info->aOrderBy[i].desc)) {
        i++;
    }
    keep(look, &candidate);
}

static void note_table(struct toolbar__index_work *work, const char *table)
{
    for (unsigned i = 0; i < work->seen_count; i++) {
        if (sqlite3_stricmp(work->seen[i], table) == 0) return;
    }
    if (work->seen_count < TOOLBAR__CANDIDATES) work->seen[work->seen_count++] = table;
}

void toolbar__index_candidates(struct toolbar__index_work *work, const char *table, int key,
                               sqlite3_index_info *info)
{
    const struct look look = {work, table, key, info};
    struct toolbar__candidate equal = {.table = table};

    note_table(work, table);
    for (int i = 0; i < info->nConstraint; i++) {
        if (!info->aConstraint[i].usable || !is_equal(info->aConstraint[i].op)) continue;
        if (info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) equal.nulls = true;
        add_column(&look, &equal, info->aConstraint[i].iColumn, sqlite3_vtab_collation(info, i),
                   false);
    }
    equal.equal = equal.count;
    keep(&look, &equal);
    for (int i = 0; i < info->nConstraint; i++) {
        struct toolbar__candidate ranged = equal;

        if (!info->aConstraint[i].usable || !is_range(info->aConstraint[i].op)) continue;
        add_column(&look, &ranged, info->aConstraint[i].iColumn, sqlite3_vtab_collation(info, i),
                   false);
        if (!ranged.equal && ranged.count == 1) {
            ranged.range = range_of(&look, &ranged, info->aConstraint[i].iColumn);
        }
        keep(&look, &ranged);
    }
    add_ordered(&look, equal);
}

/* Quoted where it is not a plain word. */
static void append_name(sqlite3_str *text, const char *name)
{
    size_t length = strlen(name), at = 0;
    struct toolbar__sql_token token = toolbar__sql_next(name, length, &at);
    bool plain = token.type == TOOLBAR__SQL_WORD && token.length == length;

    sqlite3_str_appendf(text, plain ? "%s" : "\"%w\"", name);
}

char *toolbar__index_create(const struct toolbar__candidate *candidate)
{
    sqlite3_str *text = sqlite3_str_new(NULL);

    sqlite3_str_appendall(text, "CREATE INDEX ");
    append_name(text, candidate->name);
    sqlite3_str_appendall(text, " ON ");
    append_name(text, candidate->table);
    sqlite3_str_appendchar(text, 1, '(');
    for (unsigned i = 0; i < candidate->count; i++) {
        const struct toolbar__key_column *column = &candidate->columns[i];

        if (i) sqlite3_str_appendall(text, ", ");
        append_name(text, column->name);
        if (column->collation) {
            sqlite3_str_appendall(text, " COLLATE ");
            append_name(text, column->collation);
        }
        if (column->descending) sqlite3_str_appendall(text, " DESC");
    }
    sqlite3_str_appendchar(text, 1, ')');
    return sqlite3_str_finish(text);
}
