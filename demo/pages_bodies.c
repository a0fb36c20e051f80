/*
 * Bodies that are not a page made in one go: JSON, a download, a page that is made while it is
 * sent, and a large one that is made once. The toolbar has to cope with each of them.
 */
#include <debugtoolbar/mhd.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "demo_css.h"
#include "pages.h"
#include "queries.h"
#include "reply.h"

enum { NUMBERS = 10000 };

enum MHD_Result page_style(struct visit *visit)
{
    return reply_static(visit->connection, "text/css; charset=utf-8", demo_css, sizeof demo_css);
}

bool people_json(sqlite3 *db, char **json)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT json_group_array(json_object('id', id, 'name', name, 'born', "
                           "born, 'father', father_id)) FROM (SELECT * FROM person ORDER BY id"
                           " LIMIT 50)",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    char *copy = NULL;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        copy = text ? strdup(text) : NULL;
    }
    bool answered = sqlite3_finalize(statement) == SQLITE_OK && copy;
    if (answered)
        *json = copy;
    else
        free(copy);
    return answered;
}

enum MHD_Result page_people_json(struct visit *visit)
{
    sqlite3 *db = database_connection(visit->demo->database);
    char *json;
    if (!db || !people_json(db, &json)) return reply_database_error(visit->connection, db);
    return reply_memory(visit->connection, "application/json", json, strlen(json), NULL);
}

/* RFC 4180. A leading quote keeps a spreadsheet from running a name that looks like a formula. */
static void csv_text(FILE *out, const char *text)
{
    fputc('"', out);
    if (text && *text && strchr("=+-@", *text)) fputc('\'', out);
    for (; text && *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

bool people_csv(FILE *out, sqlite3 *db)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT p.id, p.name, p.born, j.title FROM person p"
                           " JOIN job j ON j.id = p.job_id ORDER BY p.id",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    fputs("id,name,born,job\r\n", out);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        fprintf(out, "%lld,", (long long)sqlite3_column_int64(statement, 0));
        csv_text(out, (const char *)sqlite3_column_text(statement, 1));
        fprintf(out, ",%d,", sqlite3_column_int(statement, 2));
        csv_text(out, (const char *)sqlite3_column_text(statement, 3));
        fputs("\r\n", out);
    }
    return sqlite3_finalize(statement) == SQLITE_OK;
}

enum MHD_Result page_people_csv(struct visit *visit)
{
    sqlite3 *db = database_connection(visit->demo->database);
    struct page file;
    if (!page_open(&file)) return MHD_NO;
    if (!db || !people_csv(file.out, db)) {
        page_drop(&file);
        return reply_database_error(visit->connection, db);
    }
    if (!page_close(&file)) return MHD_NO;
    return reply_memory(visit->connection, "text/csv; charset=utf-8", file.text, file.size_bytes,
                        "attachment; filename=\"people.csv\"");
}

struct MHD_Response *large_response(void)
{
    struct page page;
    if (!page_open(&page)) return NULL;
    page_begin(page.out, "Ten thousand numbers", "/large");
    fputs("<p class=\"lead\">About a megabyte of HTML, made once when the server started, and one "
          "response object for every visitor. The panel is added all the same.</p>\n"
          "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">n</th>"
          "<th scope=\"col\">n²</th><th scope=\"col\">n³</th><th scope=\"col\">hexadecimal</th>"
          "</tr></thead>\n<tbody>\n",
          page.out);
    for (long long n = 1; n <= NUMBERS; n++)
        fprintf(page.out,
                "<tr><th scope=\"row\">%lld</th><td>%lld</td><td>%lld</td>"
                "<td><code>0x%llx</code></td></tr>\n",
                n, n * n, n * n * n, (unsigned long long)n);
    fputs("</tbody>\n</table></div>\n", page.out);
    page_end(page.out);
    return reply_html(&page);
}

enum MHD_Result page_large(struct visit *visit)
{
    return toolbar_mhd_queue_response(visit->connection, MHD_HTTP_OK, visit->demo->large);
}
