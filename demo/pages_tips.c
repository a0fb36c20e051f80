/* The thirteen tips: a table of all, and the two pages of each. */
#include "pages_tips.h"

#include <string.h>

#include "database.h"
#include "pages.h"
#include "reply.h"
#include "tips.h"

static const char *const way_titles[TIP_WAYS] = {"Don't", "Do"};

static void print_verdict(FILE *out, const struct tip *tip, int way)
{
    fprintf(out, "<span class=\"verdict %s\">%s</span>", tip_way_names[way],
            way == TIP_DONT ? tip->rule : "no advice");
}

void tips_table(FILE *out)
{
    fputs("<table class=\"tips\">\n<thead><tr><th scope=\"col\">Tip</th><th scope=\"col\">Don't"
          "</th><th scope=\"col\">Do</th></tr></thead>\n<tbody>\n",
          out);
    for (int number = 1; number <= TIPS; number++) {
        const struct tip *tip = &tips[number - 1];
        fprintf(out, "<tr><th scope=\"row\"><span>%d</span> %s</th>", number, tip->title);
        for (int way = 0; way < TIP_WAYS; way++) {
            fprintf(out, "<td><a href=\"/tips/%d/%s\">", number, tip_way_names[way]);
            print_verdict(out, tip, way);
            fputs("</a></td>", out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

enum MHD_Result page_tips(struct visit *visit)
{
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    page_begin(page.out, "Thirteen tips", "/tips");
    fputs("<p class=\"lead\">Each is a pair of pages that show the same. One makes the mistake, "
          "and the toolbar finds it; the other does without, and the toolbar is silent.</p>\n",
          page.out);
    tips_table(page.out);
    page_end(page.out);
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}

static void print_head(FILE *out, int number, int way)
{
    static const char *const done[TIP_WAYS] = {"wrong", "right"};
    const struct tip *tip = &tips[number - 1];
    char title[32];
    snprintf(title, sizeof title, "Tip %d, done %s", number, done[way]);
    page_begin(out, title, "/tips");
    fprintf(out,
            "<p class=\"lead\"><strong>%s.</strong> %s</p>\n"
            "<div class=\"both\"><nav aria-label=\"Both ways\"><ul>\n",
            tip->title, tip->advice);
    for (int other = 0; other < TIP_WAYS; other++)
        fprintf(out, "<li><a href=\"/tips/%d/%s\"%s>%s</a></li>\n", number, tip_way_names[other],
                other == way ? " aria-current=\"page\"" : "", way_titles[other]);
    fputs("</ul></nav>\n<p>The toolbar says: ", out);
    print_verdict(out, tip, way);
    fprintf(out, "</p></div>\n<p>%s</p>\n", tip->ways[way].what);
}

static void print_steps(FILE *out, int number, int way)
{
    fputs("<nav class=\"pager\" aria-label=\"More tips\">", out);
    if (number > 1)
        fprintf(out, "<a rel=\"prev\" href=\"/tips/%d/%s\">← Tip %d</a>", number - 1,
                tip_way_names[way], number - 1);
    fputs("<a href=\"/tips\">All tips</a>", out);
    if (number < TIPS)
        fprintf(out, "<a rel=\"next\" href=\"/tips/%d/%s\">Tip %d →</a>", number + 1,
                tip_way_names[way], number + 1);
    fputs("</nav>\n", out);
}

/* What is written is taken back before anybody sees it. Without the lock nothing is fetched, for
 * it would be written for good. */
static bool fetch(struct result *result, const struct tip *tip, int way)
{
    if (!tip->writes) {
        tip->ways[way].fetch(result);
        return !result->failed;
    }
    if (sqlite3_exec(result->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) return false;
    tip->ways[way].fetch(result);
    return sqlite3_exec(result->db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK && !result->failed;
}

static bool print_tip(FILE *out, sqlite3 *db, int number, int way)
{
    const struct tip *tip = &tips[number - 1];
    struct result result = {.out = out, .db = db};
    print_head(out, number, way);
    fprintf(
        out,
        "<h2 id=\"result\">What is fetched</h2>\n"
        "<div class=\"scroll result\" tabindex=\"0\" role=\"region\" aria-labelledby=\"result\">"
        "<table>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n"
        "<tbody>\n",
        tip->headings[0], tip->headings[1]);
    bool fetched = fetch(&result, tip, way);
    fputs("</tbody>\n</table></div>\n<h2>How it is fetched</h2>\n<pre><code>", out);
    tip_source(out, &tip->ways[way]);
    fputs("</code></pre>\n<p class=\"hint\"><code>result_prepare()</code> and "
          "<code>result_finish()</code> prepare and finalize, <code>result_text()</code> and "
          "<code>result_number()</code> print a row.",
          out);
    if (tip->writes)
        fputs(" <code>print_jobs()</code> selects and prints jobs. All of it is rolled back when "
              "it has been printed, so that the next visitor finds the jobs as they were.",
              out);
    fputs("</p>\n", out);
    print_steps(out, number, way);
    page_end(out);
    return fetched;
}

/* The tip and the way of "/tips/4/dont". */
static bool find_tip(const char *url, int *number, int *way)
{
    char path[32];
    for (*number = 1; *number <= TIPS; ++*number) {
        for (*way = 0; *way < TIP_WAYS; ++*way) {
            snprintf(path, sizeof path, "/tips/%d/%s", *number, tip_way_names[*way]);
            if (strcmp(url, path) == 0) return true;
        }
    }
    return false;
}

enum MHD_Result page_tip(struct visit *visit)
{
    int number, way;
    if (!find_tip(visit->url, &number, &way)) return page_not_found(visit);
    sqlite3 *db = database_connection(visit->demo->database);
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    if (!db || !print_tip(page.out, db, number, way)) {
        page_drop(&page);
        return reply_database_error(visit->connection, db);
    }
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}
