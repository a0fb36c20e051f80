/*
 * The list of people, in one query, and the same people with their fathers, in 51: the classic
 * mistake that the panel makes visible. Every query is written out with SQLite's own calls,
 * without a layer between, so that its caller is the function that wanted it.
 */
#include <debugtoolbar/record.h>

#include "database.h"
#include "number.h"
#include "pages.h"
#include "people_panel.h"
#include "queries.h"
#include "reply.h"

enum { PEOPLE_A_PAGE = 50, PAGE_MAX = 100000 };

void person_link(FILE *out, sqlite3_int64 id, const unsigned char *name)
{
    people_panel_count(id);
    fprintf(out, "<a href=\"/people/%lld\">", (long long)id);
    html_text(out, (const char *)name);
    fputs("</a>", out);
}

bool people_list(FILE *out, sqlite3 *db, int page, int *shown, bool *more)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT p.id, p.name, p.born, j.title FROM person p"
                           " JOIN job j ON j.id = p.job_id ORDER BY p.id LIMIT ?1 OFFSET ?2",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    /* One more than fits tells whether there is a next page, without a second query. */
    sqlite3_bind_int(statement, 1, PEOPLE_A_PAGE + 1);
    sqlite3_bind_int(statement, 2, (page - 1) * PEOPLE_A_PAGE);
    int rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (++rows > PEOPLE_A_PAGE) continue;
        fputs("<tr><td>", out);
        person_link(out, sqlite3_column_int64(statement, 0), sqlite3_column_text(statement, 1));
        fprintf(out, "</td><td class=\"number\">%d</td><td>", sqlite3_column_int(statement, 2));
        html_text(out, (const char *)sqlite3_column_text(statement, 3));
        fputs("</td></tr>\n", out);
    }
    *shown = rows;
    *more = rows > PEOPLE_A_PAGE;
    return sqlite3_finalize(statement) == SQLITE_OK;
}

static void pager(FILE *out, int number, bool more)
{
    fputs("</tbody>\n</table></div>\n<nav class=\"pager\" aria-label=\"More people\">", out);
    if (number > 1)
        fprintf(out, "<a rel=\"prev\" href=\"/people?page=%d\">← Previous</a>", number - 1);
    fprintf(out, "<span>Page %d</span>", number);
    if (more) fprintf(out, "<a rel=\"next\" href=\"/people?page=%d\">Next →</a>", number + 1);
    fputs("</nav>\n", out);
}

enum MHD_Result page_people(struct visit *visit)
{
    const char *asked =
        MHD_lookup_connection_value(visit->connection, MHD_GET_ARGUMENT_KIND, "page");
    long number = 1;
    if (asked && !number_parse(asked, 1, PAGE_MAX, &number)) return page_not_found(visit);
    sqlite3 *db = database_connection(visit->demo->database);
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    page_begin(page.out, "People", "/people");
    fputs("<p class=\"lead\">Fifty people with their jobs, in <strong>one query</strong>.</p>\n"
          "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Name</th>"
          "<th scope=\"col\" class=\"number\">Born</th><th scope=\"col\">Job</th></tr></thead>\n"
          "<tbody>\n",
          page.out);
    int shown = 0;
    bool more = false;
    struct toolbar_span span = toolbar_span_begin("list of people");
    bool answered = db && people_list(page.out, db, (int)number, &shown, &more);
    toolbar_span_end(span);
    if (!answered || shown == 0) {
        page_drop(&page);
        return answered ? page_not_found(visit) : reply_database_error(visit->connection, db);
    }
    pager(page.out, (int)number, more);
    page_end(page.out);
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}

bool father_name(FILE *out, sqlite3 *db, sqlite3_int64 id)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "SELECT name FROM person WHERE id = ?1", -1, &statement, NULL) !=
        SQLITE_OK)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    if (sqlite3_step(statement) == SQLITE_ROW)
        person_link(out, id, sqlite3_column_text(statement, 0));
    return sqlite3_finalize(statement) == SQLITE_OK;
}

bool people_fathers(FILE *out, sqlite3 *db)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db,
                           "SELECT id, name, father_id FROM person WHERE father_id IS NOT NULL"
                           " ORDER BY id LIMIT ?1",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int(statement, 1, PEOPLE_A_PAGE);
    bool answered = true;
    int rows = 0;
    while (answered && sqlite3_step(statement) == SQLITE_ROW) {
        fputs("<tr><td>", out);
        person_link(out, sqlite3_column_int64(statement, 0), sqlite3_column_text(statement, 1));
        fputs("</td><td>", out);
        answered = father_name(out, db, sqlite3_column_int64(statement, 2));
        fputs("</td></tr>\n", out);
        rows++;
    }
    toolbar_message(TOOLBAR_MESSAGE_WARNING, "%d fathers, one query each: a JOIN needs one in all",
                    rows);
    return sqlite3_finalize(statement) == SQLITE_OK && answered;
}

enum MHD_Result page_fathers(struct visit *visit)
{
    sqlite3 *db = database_connection(visit->demo->database);
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    page_begin(page.out, "People and their fathers", "/people/fathers");
    fputs("<p class=\"lead\">Fifty people, each with the name of their father. The list is one "
          "query, and every father is one more: <strong>51 queries</strong> where one would do. "
          "The panel shows them.</p>\n"
          "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Name</th>"
          "<th scope=\"col\">Father</th></tr></thead>\n<tbody>\n",
          page.out);
    struct toolbar_span span = toolbar_span_begin("people and fathers");
    bool answered = db && people_fathers(page.out, db);
    toolbar_span_end(span);
    if (!answered) {
        page_drop(&page);
        return reply_database_error(visit->connection, db);
    }
    fputs("</tbody>\n</table></div>\n", page.out);
    page_end(page.out);
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}

enum MHD_Result page_people_moved(struct visit *visit)
{
    return reply_redirect(visit->connection, MHD_HTTP_FOUND, "/people");
}
