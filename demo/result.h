/*
 * What the pages of the tips show: rows of a label and a value, printed as they are fetched. The
 * functions that fetch them are shown too, so nothing but the fetching is left to write there: a
 * statement that could not be prepared gives no rows, and result.failed says so at the end.
 */
#ifndef DEMO_RESULT_H
#define DEMO_RESULT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

struct result {
    FILE *out;
    sqlite3 *db;
    bool failed; /* the database did */
};

/* NULL if the database refuses it. */
sqlite3_stmt *result_prepare(struct result *result, const char *sql);

void result_finish(struct result *result, sqlite3_stmt *statement);

/* Rows; what is NULL prints nothing. */
void result_text(struct result *result, const char *label, const char *value);
void result_number(struct result *result, const char *label, sqlite3_int64 value);

/* A column of the row at hand. */
const char *column_text(sqlite3_stmt *statement, int column);

#endif
