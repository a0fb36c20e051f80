/*
 * A row of the SQL panel: a tag with the facts for scripts, and five cells: number, query, when,
 * rows, time. The same cells stand in a table row and in the summary of a row that unfolds. There
 * is one for every query of a page, so room for all of a cell is asked for at once.
 */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "panels/timeline.h"

/* What each function below writes at most, apart from what may have any length. */
enum { START_BYTES = 256, REMARKS_BYTES = 512, END_BYTES = 384 };

static char *next_cell(char *at, const struct toolbar__sql_row *row)
{
    return row->folds ? toolbar__put(at, "</span> <span>") : toolbar__put(at, "</td><td>");
}

/*
 * The facts for a script that sorts and filters. On every row: class "failed", "duplicate" and
 * "slow", and data-n, the number of its query (of the first, in a row of a group) in the JSON
 * record. On rows that are not inside of others also class "transaction", and data-ms and
 * data-rows, without which the figure is not known.
 */
static char *attributes(char *at, const struct toolbar__sql_row *row,
                        const struct toolbar__sql_sum *sum)
{
    at = toolbar__put(at, " class=\"row");
    if (sum->failed) at = toolbar__put(at, " failed");
    if (sum->duplicates) at = toolbar__put(at, " duplicate");
    if (toolbar__sql_is_slow(row->recording, sum->duration_ns)) at = toolbar__put(at, " slow");
    if (sum->in_transaction && !row->child) at = toolbar__put(at, " transaction");
    at = toolbar__put(at, "\" data-n=\"");
    at = toolbar__put_integer(at, sum->first->number);
    if (!row->child && sum->duration_ns != TOOLBAR__UNKNOWN) {
        at = toolbar__put(at, "\" data-ms=\"");
        at = toolbar__put_integer(at, sum->duration_ns / 1000000);
        *at = '.';
        at = toolbar__put_digits(at + 1, (uint64_t)sum->duration_ns / 1000, 3);
    }
    if (!row->child && sum->rows != TOOLBAR__UNKNOWN) {
        at = toolbar__put(at, "\" data-rows=\"");
        at = toolbar__put_integer(at, sum->rows);
    }
    return toolbar__put(at, "\">");
}

/* The start of the row, up to and into the cell of the query. */
static void start(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    char *at = toolbar__text_room(row->text, START_BYTES);

    if (!at) return;
    at = row->folds ? toolbar__put(at, "<tr><td colspan=\"5\"><details><summary")
                    : toolbar__put(at, "<tr");
    at = attributes(at, row, sum);
    at = row->folds ? toolbar__put(at, "<span>") : toolbar__put(at, "<td>");
    at = toolbar__put_integer(at, sum->first->number);
    toolbar__text_wrote(row->text, next_cell(at, row));
}

/* For pages without styles; the style sheet hides the line break and makes blocks. */
#define next_line(row, literal)                                                                    \
    ((row)->child ? toolbar_text_literal((row)->text, " " literal)                                 \
                  : toolbar_text_literal((row)->text, "<br>" literal))

/* One more remark below the statement, of those from `first`. */
static char *remark(char *at, const char *first)
{
    return at > first ? toolbar__put(at, " &#183; ") : at;
}

static char *counter(char *at, const char *first, int64_t count)
{
    return toolbar__put_integer(remark(at, first), count);
}

static char *engine_remarks(char *at, const char *first, const struct toolbar__sql_sum *sum)
{
    if (sum->rows_scanned > 0) {
        at = counter(at, first, sum->rows_scanned);
        at = sum->rows_scanned == 1 ? toolbar__put(at, " row scanned")
                                    : toolbar__put(at, " rows scanned");
    }
    if (sum->sorts > 0) {
        at = counter(at, first, sum->sorts);
        at = sum->sorts == 1 ? toolbar__put(at, " sort") : toolbar__put(at, " sorts");
    }
    if (sum->auto_index > 0) {
        at = toolbar__put(remark(at, first), "<em>automatic index</em>");
    }
    if (sum->vm_steps > 0) {
        at = counter(at, first, sum->vm_steps);
        at = sum->vm_steps == 1 ? toolbar__put(at, " VM step") : toolbar__put(at, " VM steps");
    }
    if (sum->reprepares > 0) {
        at = toolbar__put(remark(at, first),
                          "<abbr title=\"The schema had changed\">prepared again</abbr>");
    }
    return at;
}

/* Inside a group only what differs from the group's row is said again. */
static bool has_caller(const struct toolbar__sql_row *row, const struct toolbar__query *query)
{
    const struct toolbar__query *first = row->group->first;

    if (!query->function) return false;
    return !row->child || !first->function || query->stack != first->stack ||
           strcmp(first->function, query->function) != 0;
}

/* And into the next cell. */
static void remarks(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    struct toolbar_text *text = row->text;
    const char *first;
    size_t start;
    char *at;

    next_line(row, "<small>");
    start = text->length;
    if (has_caller(row, sum->first)) toolbar__sql_caller(text, row->recording, sum->first);
    if (!row->child && row->recording->connections->next) {
        if (text->length > start) toolbar_text_literal(text, " &#183; ");
        toolbar_html_text(text, row->group->connection);
    }
    at = toolbar__text_room(text, REMARKS_BYTES);
    if (!at) return;
    first = text->data + start;
    if (sum->in_transaction) at = toolbar__put(remark(at, first), "in transaction");
    if (sum->autocommit) at = toolbar__put(remark(at, first), "autocommit");
    if (row->child && sum->first->duplicate) {
        at = toolbar__put(counter(at, first, sum->first->duplicate), " x duplicate");
    }
    at = toolbar__put(engine_remarks(at, first, sum), "</small>");
    toolbar__text_wrote(text, next_cell(at, row));
}

static void parameters(const struct toolbar__sql_row *row, const struct toolbar__query *query)
{
    if (!query->value_count) return;
    next_line(row, "<code class=\"p\">");
    toolbar__sql_values(row->text, query);
    toolbar_text_literal(row->text, "</code>");
}

static void failure(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    const struct toolbar__query *query = sum->failed;

    if (!query) return;
    next_line(row, "<strong class=\"bad\">");
    if (sum->errors > 1) {
        toolbar_text_integer(row->text, sum->errors);
        toolbar_text_literal(row->text, " errors, the first: ");
    }
    toolbar__text_string(row->text, query->error_name ? query->error_name : "Error");
    if (query->error_code != TOOLBAR__ERROR_WITHOUT_CODE) {
        toolbar__text_char(row->text, ' ');
        toolbar_text_integer(row->text, query->error_code);
    }
    if (query->error_message) {
        toolbar_text_literal(row->text, ": ");
        toolbar_html_text(row->text, query->error_message);
    }
    toolbar_text_literal(row->text, "</strong>");
}

static void badge(struct toolbar_text *text, bool at_least, unsigned count, const char *word)
{
    toolbar_text_literal(text, "<span class=\"badge\">");
    if (at_least) toolbar_text_literal(text, "at least ");
    toolbar_text_integer(text, count);
    toolbar_text_literal(text, " x ");
    toolbar__text_string(text, word);
    toolbar_text_literal(text, "</span> ");
}

void toolbar__sql_advice(const struct toolbar__sql_row *row, bool linked)
{
    struct toolbar_text *text = row->text;
    unsigned number = 0;

    for (const struct toolbar__advice *advice = row->recording->advices.first; advice;
         advice = advice->next) {
        number++;
        if (advice->group != row->group) continue;
        if (linked) {
            toolbar_text_literal(text, "<a class=\"badge\" href=\"#panel-advice-");
            toolbar_text_integer(text, number);
            toolbar_text_literal(text, "\">");
            toolbar__text_string(text, advice->rule);
            toolbar_text_literal(text, "</a> ");
        } else {
            toolbar_text_literal(text, "<span class=\"badge\">");
            toolbar__text_string(text, advice->rule);
            toolbar_text_literal(text, "</span> ");
        }
    }
}

static void query_cell(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    if (!row->child && row->group->count > 1) badge(row->text, false, row->group->count, "similar");
    if (!row->child && sum->duplicates) {
        /* Values of those that were not kept are not known. */
        badge(row->text, row->group->count > sum->kept, sum->duplicates, "duplicate");
    }
    if (!row->child) toolbar__sql_advice(row, !row->folds);
    if (!row->child || sum->first->statement != row->group->first->statement) {
        const char *sql = sum->first->statement->sql;

        toolbar__sql_line(row->text, sql, strlen(sql));
    }
    if (row->child || row->group->count == 1 || sum->first->duplicate == row->group->count) {
        parameters(row, sum->first);
    }
    failure(row, sum);
    remarks(row, sum);
}

static void when_cell(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    const struct toolbar__query *query = sum->first;
    struct toolbar__timeline timeline;

    toolbar__timeline_open(&timeline, row->text, query->start_ns, row->recording->duration_ns);
    for (unsigned i = 0; i < sum->kept; i++, query = query->next_in_group) {
        toolbar__timeline_mark(&timeline, query->start_ns, query->open_ns);
    }
    toolbar__timeline_close(&timeline);
}

static char *not_known(char *at)
{
    return toolbar__put(at, "<abbr title=\"not known\">&#8211;</abbr>");
}

static char *time_cell(char *at, const struct toolbar__sql_row *row,
                       const struct toolbar__sql_sum *sum)
{
    if (sum->duration_ns == TOOLBAR__UNKNOWN) return not_known(at);
    if (!sum->exact && row->child) {
        at = toolbar__put(at, "<small>open for</small> ");
    } else if (!sum->exact) {
        at = toolbar__put(at, "<abbr title=\"From first step to end. Link "
                              "debugtoolbar::sqlite3 for exact times.\">open for</abbr> ");
    }
    at = toolbar__put(toolbar__put_figure_ms(at, sum->duration_ns), " <small>");
    if (!sum->done) at = toolbar__put(at, "not ended, ");
    at = toolbar__put_figure_share(at, sum->duration_ns, row->recording->duration_ns);
    return toolbar__put(at, "</small>");
}

/* The last two cells, and the end of the tag that the row began with. */
static void end(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    char *at = toolbar__text_room(row->text, END_BYTES);

    if (!at) return;
    at = next_cell(at, row);
    at = sum->rows == TOOLBAR__UNKNOWN ? not_known(at) : toolbar__put_integer(at, sum->rows);
    at = time_cell(next_cell(at, row), row, sum);
    at = row->folds ? toolbar__put(at, "</span> </summary>") : toolbar__put(at, "</td></tr>");
    toolbar__text_wrote(row->text, at);
}

void toolbar__sql_cells(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    start(row, sum);
    query_cell(row, sum);
    when_cell(row, sum);
    end(row, sum);
}
