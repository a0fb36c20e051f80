/*
 * How far an index would narrow a search, from a sample of the table: rows at equal distances of
 * its keys. For a range they are counted. For equal values, which may come out of another table,
 * pairs of rows are that are the same in the columns of the index: common values are met more
 * often, which errs on the side of silence.
 */
#include "adapters/sqlite/index.h"

enum { SAMPLE_ROWS = 400, SAMPLE_MINIMUM = 100 };

int64_t toolbar__index_rows(struct toolbar__index_work *work, const char *table)
{
    char *sql = sqlite3_mprintf("SELECT (SELECT max(rowid) FROM main.\"%w\")"
                                " - (SELECT min(rowid) FROM main.\"%w\") + 1",
                                table, table);
    sqlite3_stmt *statement = NULL;
    int64_t rows = 0;

    if (sql && sqlite3_prepare_v2(work->file, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        rows = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return rows;
}

/* Keys of the rows at equal distances. */
static void append_picked(sqlite3_str *text, const char *table, int64_t rows)
{
    long long step = rows / SAMPLE_ROWS + 1;

    sqlite3_str_appendf(
        text,
        "WITH RECURSIVE at(n) AS (SELECT min(rowid) FROM main.\"%w\" UNION ALL"
        " SELECT n + %lld FROM at WHERE n < (SELECT max(rowid) FROM main.\"%w\") LIMIT %d),"
        " picked(toolbar_id) AS MATERIALIZED (SELECT DISTINCT (SELECT rowid FROM main.\"%w\""
        " WHERE rowid >= n ORDER BY rowid LIMIT 1) FROM at)",
        table, step, table, SAMPLE_ROWS + 1, table);
}

static void append_rows(sqlite3_str *text, const char *table)
{
    sqlite3_str_appendf(text, " FROM picked CROSS JOIN main.\"%w\" AS t ON t.rowid = toolbar_id",
                        table);
}

/* Pairs that are the same in the columns, all pairs, and rows. */
static void append_pairs(sqlite3_str *text, const struct toolbar__candidate *candidate,
                         unsigned equal)
{
    sqlite3_str_appendall(text, ", sets(size, kept) AS (SELECT count(*), 1");
    for (unsigned i = 0; i < equal && !candidate->nulls; i++) {
        sqlite3_str_appendf(text, " AND t.\"%w\" IS NOT NULL", candidate->columns[i].name);
    }
    append_rows(text, candidate->table);
    for (unsigned i = 0; i < equal; i++) {
        const struct toolbar__key_column *column = &candidate->columns[i];

        sqlite3_str_appendf(text, "%s t.\"%w\"", i ? "," : " GROUP BY", column->name);
        if (column->collation) sqlite3_str_appendf(text, " COLLATE \"%w\"", column->collation);
    }
    sqlite3_str_appendall(text, ") SELECT sum(size * (size - 1) * kept),"
                                " sum(size) * (sum(size) - 1), sum(size) FROM sets");
}

/* Those in the range, and twice all rows. */
static void append_range(sqlite3_str *text, const struct toolbar__candidate *candidate)
{
    sqlite3_str_appendf(text, " SELECT sum(%s), count(*), count(*)", candidate->range);
    append_rows(text, candidate->table);
}

/* Another order is the application's own, and nothing can be said of what is equal in it. */
static bool has_known_orders(struct toolbar__index_work *work,
                             const struct toolbar__candidate *candidate)
{
    for (unsigned i = 0; i < candidate->count; i++) {
        const char *collation = candidate->columns[i].collation;

        if (!collation) {
            sqlite3_table_column_metadata(work->schema, "main", candidate->table,
                                          candidate->columns[i].name, NULL, &collation, NULL, NULL,
                                          NULL);
        }
        if (!collation || (sqlite3_stricmp(collation, "BINARY") != 0 &&
                           sqlite3_stricmp(collation, "NOCASE") != 0 &&
                           sqlite3_stricmp(collation, "RTRIM") != 0)) {
            return false;
        }
    }
    return true;
}

int64_t toolbar__index_expect(struct toolbar__index_work *work,
                              const struct toolbar__candidate *candidate, unsigned equal)
{
    int64_t rows = toolbar__index_rows(work, candidate->table), expected = TOOLBAR__UNKNOWN;
    sqlite3_stmt *statement = NULL;
    sqlite3_str *text;
    char *sql;

    if (rows <= 0 || (!equal && !candidate->range) || !has_known_orders(work, candidate)) {
        return expected;
    }
    text = sqlite3_str_new(NULL);
    append_picked(text, candidate->table, rows);
    if (equal) {
        append_pairs(text, candidate, equal);
    } else {
        append_range(text, candidate);
    }
    sql = sqlite3_str_finish(text);
    if (sql && sqlite3_prepare_v2(work->file, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_int(statement, 2) >= SAMPLE_MINIMUM) {
        expected = 1 + (int64_t)(sqlite3_column_double(statement, 0) /
                                 sqlite3_column_double(statement, 1) * (double)rows);
    }
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return expected;
}
