/* One person: who they are, in one query, and their children, in another. */
#include <debugtoolbar/record.h>
#include <limits.h>

#include "database.h"
#include "number.h"
#include "pages.h"
#include "queries.h"
#include "reply.h"

static void detail(FILE *out, const char *term)
{
    fprintf(out, "</dd>\n<dt>%s</dt><dd>", term);
}

bool person_details(FILE *out, sqlite3 *db, sqlite3_int64 id, bool *found)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT p.name, p.born, j.title, j.salary, f.id, f.name FROM person p"
                           " JOIN job j ON j.id = p.job_id LEFT JOIN person f ON f.id = p.father_id"
                           " WHERE p.id = ?1",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    *found = sqlite3_step(statement) == SQLITE_ROW;
    if (*found) {
        page_begin(out, (const char *)sqlite3_column_text(statement, 0), "");
        fprintf(out, "<dl>\n<dt>Born</dt><dd>%d", sqlite3_column_int(statement, 1));
        detail(out, "Job");
        html_text(out, (const char *)sqlite3_column_text(statement, 2));
        detail(out, "Salary");
        fprintf(out, "%d a year", sqlite3_column_int(statement, 3));
        detail(out, "Father");
        if (sqlite3_column_type(statement, 4) == SQLITE_NULL)
            fputs("not known", out);
        else
            person_link(out, sqlite3_column_int64(statement, 4), sqlite3_column_text(statement, 5));
        fputs("</dd>\n</dl>\n", out);
    }
    return sqlite3_finalize(statement) == SQLITE_OK;
}

bool person_children(FILE *out, sqlite3 *db, sqlite3_int64 id)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT id, name, born FROM person WHERE father_id = ?1 ORDER BY born",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    int children = 0;
    fputs("<h2>Children</h2>\n", out);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        fputs(children++ ? "<li>" : "<ul>\n<li>", out);
        person_link(out, sqlite3_column_int64(statement, 0), sqlite3_column_text(statement, 1));
        fprintf(out, ", born %d</li>\n", sqlite3_column_int(statement, 2));
    }
    fputs(children ? "</ul>\n" : "<p>None that are known.</p>\n", out);
    return sqlite3_finalize(statement) == SQLITE_OK;
}

enum MHD_Result page_person(struct visit *visit)
{
    long id;
    if (!number_parse(visit->tail, 1, LONG_MAX, &id)) return page_not_found(visit);
    sqlite3 *db = database_connection(visit->demo->database);
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    bool found = false;
    struct toolbar_span span = toolbar_span_begin("details");
    bool answered = db && person_details(page.out, db, id, &found);
    toolbar_span_end(span);
    if (answered && found) {
        span = toolbar_span_begin("children");
        answered = person_children(page.out, db, id);
        toolbar_span_end(span);
    }
    if (!answered || !found) {
        page_drop(&page);
        return answered ? page_not_found(visit) : reply_database_error(visit->connection, db);
    }
    page_end(page.out);
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}
