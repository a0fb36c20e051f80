/* One place that prints rows, so that the pages of a pair cannot differ but in what they fetch. */
#include "result.h"

#include "page.h"

sqlite3_stmt *result_prepare(struct result *result, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(result->db, sql, -1, &statement, NULL) != SQLITE_OK)
        result->failed = true;
    return statement;
}

void result_finish(struct result *result, sqlite3_stmt *statement)
{
    if (sqlite3_finalize(statement) != SQLITE_OK) result->failed = true;
}

void result_text(struct result *result, const char *label, const char *value)
{
    fputs("<tr><td>", result->out);
    html_text(result->out, label);
    fputs("</td><td>", result->out);
    html_text(result->out, value);
    fputs("</td></tr>\n", result->out);
}

void result_number(struct result *result, const char *label, sqlite3_int64 value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    result_text(result, label, text);
}

const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}
