/*
 * The five cells of a row in the SQL panel: number, query, when, rows, time. The same cells stand
 * in a table row and in the summary of a row that unfolds, so their tags come with the row.
 */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "panels/timeline.h"

/* For pages without styles; the style sheet hides the line break and makes blocks. */
static void next_line(const struct toolbar__sql_row *row)
{
    if (row->child) {
        toolbar__text_char(row->text, ' ');
    } else {
        toolbar_text_literal(row->text, "<br>");
    }
}

/* One more remark below the statement. */
static void remark(struct toolbar_text *text, size_t start)
{
    if (text->length > start) toolbar_text_literal(text, " &#183; ");
}

static void counter(struct toolbar_text *text, size_t start, int64_t count, const char *singular,
                    const char *plural)
{
    if (count <= 0) return;
    remark(text, start);
    toolbar__figure_count(text, count, singular, plural);
}

static void engine_remarks(struct toolbar_text *text, size_t start,
                           const struct toolbar__sql_sum *sum)
{
    counter(text, start, sum->rows_scanned, "row scanned", "rows scanned");
    counter(text, start, sum->sorts, "sort", "sorts");
    if (sum->auto_index > 0) {
        remark(text, start);
        toolbar_text_literal(text, "<em>automatic index</em>");
    }
    counter(text, start, sum->vm_steps, "VM step", "VM steps");
    if (sum->reprepares > 0) {
        remark(text, start);
        toolbar_text_literal(text, "<abbr title=\"The schema had changed\">prepared again</abbr>");
    }
}

/* Inside a group only what differs from the group's row is said again. */
static void caller(const struct toolbar__sql_row *row, size_t start,
                   const struct toolbar__query *query)
{
    const struct toolbar__query *first = row->group->first;

    if (!query->function) return;
    if (row->child && first->function && query->stack == first->stack &&
        strcmp(first->function, query->function) == 0) {
        return;
    }
    remark(row->text, start);
    toolbar__sql_caller(row->text, row->recording, query);
}

static void remarks(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    struct toolbar_text *text = row->text;
    size_t start;

    next_line(row);
    toolbar_text_literal(text, "<small>");
    start = text->length;
    caller(row, start, sum->first);
    if (!row->child && row->recording->connections->next) {
        remark(text, start);
        toolbar_html_text(text, row->group->connection);
    }
    if (sum->in_transaction) {
        remark(text, start);
        toolbar_text_literal(text, "in transaction");
    }
    if (sum->autocommit) {
        remark(text, start);
        toolbar_text_literal(text, "autocommit");
    }
    if (row->child && sum->first->duplicate) {
        remark(text, start);
        toolbar_text_integer(text, sum->first->duplicate);
        toolbar_text_literal(text, " x duplicate");
    }
    engine_remarks(text, start, sum);
    toolbar_text_literal(text, "</small>");
}

static void parameters(const struct toolbar__sql_row *row, const struct toolbar__query *query)
{
    if (!query->value_count) return;
    next_line(row);
    toolbar_text_literal(row->text, "<code class=\"p\">");
    toolbar__sql_values(row->text, query);
    toolbar_text_literal(row->text, "</code>");
}

static void failure(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    const struct toolbar__query *query = sum->failed;

    if (!query) return;
    next_line(row);
    toolbar_text_literal(row->text, "<strong class=\"bad\">");
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
    unsigned number = 0;

    for (const struct toolbar__advice *advice = row->recording->advices.first; advice;
         advice = advice->next) {
        number++;
        if (advice->group != row->group) continue;
        if (linked) {
            toolbar__text_printf(row->text, "<a class=\"badge\" href=\"#panel-advice-%u\">%s</a> ",
                                 number, advice->rule);
        } else {
            toolbar__text_printf(row->text, "<span class=\"badge\">%s</span> ", advice->rule);
        }
    }
}

static void query_cell(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    toolbar__text_string(row->text, row->open);
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
    toolbar__text_string(row->text, row->close);
}

static void when_cell(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    const struct toolbar__query *query = sum->first;
    struct toolbar__timeline timeline;

    toolbar__text_string(row->text, row->open);
    toolbar__timeline_open(&timeline, row->text, query->start_ns, row->recording->duration_ns);
    for (unsigned i = 0; i < sum->kept; i++, query = query->next_in_group) {
        toolbar__timeline_mark(&timeline, query->start_ns, query->open_ns);
    }
    toolbar__timeline_close(&timeline);
    toolbar__text_string(row->text, row->close);
}

static void not_known(struct toolbar_text *text)
{
    toolbar_text_literal(text, "<abbr title=\"not known\">&#8211;</abbr>");
}

static void rows_cell(const struct toolbar__sql_row *row, int64_t rows)
{
    toolbar__text_string(row->text, row->open);
    if (rows == TOOLBAR__UNKNOWN) {
        not_known(row->text);
    } else {
        toolbar_text_integer(row->text, rows);
    }
    toolbar__text_string(row->text, row->close);
}

static void time_cell(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    struct toolbar_text *text = row->text;

    toolbar__text_string(text, row->open);
    if (sum->duration_ns == TOOLBAR__UNKNOWN) {
        not_known(text);
        toolbar__text_string(text, row->close);
        return;
    }
    if (!sum->exact && row->child) {
        toolbar_text_literal(text, "<small>open for</small> ");
    } else if (!sum->exact) {
        toolbar_text_literal(text, "<abbr title=\"From first step to end. Link "
                                   "debugtoolbar::sqlite3 for exact times.\">open for</abbr> ");
    }
    toolbar__figure_ms(text, sum->duration_ns);
    toolbar_text_literal(text, " <small>");
    if (!sum->done) toolbar_text_literal(text, "not ended, ");
    toolbar__figure_share(text, sum->duration_ns, row->recording->duration_ns);
    toolbar_text_literal(text, "</small>");
    toolbar__text_string(text, row->close);
}

void toolbar__sql_cells(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    toolbar__text_string(row->text, row->open);
    toolbar_text_integer(row->text, sum->first->number);
    toolbar__text_string(row->text, row->close);
    query_cell(row, sum);
    when_cell(row, sum);
    rows_cell(row, sum->rows);
    time_cell(row, sum);
}
