/*
 * How far an index would narrow a search, from a sample of the table: rows at equal distances of
 * its keys. Two rows that are the same in the columns of the index are what a search for one of
 * them would have to read in vain; common values are met more often, which errs on the side of
 * silence.
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

/* Pairs of sampled rows that are the same in the columns, and how many rows there were. */
static char *sample_sql(const struct toolbar__candidate *candidate, unsigned equal, int64_t rows)
{
    sqlite3_str *text = sqlite3_str_new(NULL);
    const char *table = candidate->table;
    int64_t step = rows / SAMPLE_ROWS + 1;

    sqlite3_str_appendf(
        text,
        "WITH RECURSIVE at(n) AS (SELECT min(rowid) FROM main.\"%w\" UNION ALL"
        " SELECT n + %lld FROM at WHERE n < (SELECT max(rowid) FROM main.\"%w\") LIMIT %d),"
        " picked(toolbar_id) AS MATERIALIZED (SELECT DISTINCT (SELECT rowid FROM main.\"%w\""
        " WHERE rowid >= n ORDER BY rowid LIMIT 1) FROM at),"
        " sets(size, kept) AS (SELECT count(*), 1",
        table, (long long)step, table, SAMPLE_ROWS + 1, table);
    for (unsigned i = 0; i < equal && !candidate->nulls; i++) {
        sqlite3_str_appendf(text, " AND t.\"%w\" IS NOT NULL", candidate->columns[i].name);
    }
    sqlite3_str_appendf(text,
                        " FROM picked CROSS JOIN main.\"%w\" AS t ON t.rowid = toolbar_id"
                        " GROUP BY ",
                        table);
    for (unsigned i = 0; i < equal; i++) {
        const struct toolbar__key_column *column = &candidate->columns[i];

        sqlite3_str_appendf(text, "%st.\"%w\"", i ? ", " : "", column->name);
        if (column->collation) sqlite3_str_appendf(text, " COLLATE \"%w\"", column->collation);
    }
    sqlite3_str_appendall(text, ") SELECT sum(size * (size - 1) * kept), sum(size) FROM sets");
    return sqlite3_str_finish(text);
}

int64_t toolbar__index_expect(struct toolbar__index_work *work,
                              const struct toolbar__candidate *candidate, unsigned equal)
{
    int64_t rows = toolbar__index_rows(work, candidate->table), expected = TOOLBAR__UNKNOWN;
    sqlite3_stmt *statement = NULL;
    char *sql;

    if (!equal || rows <= 0) return expected;
    sql = sample_sql(candidate, equal, rows);
    if (sql && sqlite3_prepare_v2(work->file, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        double same = sqlite3_column_double(statement, 0);
        double all = sqlite3_column_double(statement, 1);

        if (all >= SAMPLE_MINIMUM)
            expected = 1 + (int64_t)(same / (all * (all - 1)) * (double)rows);
    }
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return expected;
}
