/*
 * A row of the SQL panel: one query, or a group of them that unfolds to its single executions.
 * Unfolding is a <details>, so it works without a script.
 */
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"
#include "record/stack.h"

/* A panel longer than this stops at the folded rows. */
enum { ROOMY_BYTES = 512 * 1024 };

static void executions(const struct toolbar__sql_row *group_row)
{
    struct toolbar__sql_row row = *group_row;

    row.child = true;
    row.folds = false;
    toolbar_text_literal(row.text, "<table>");
    for (const struct toolbar__query *query = row.group->first; query;
         query = query->next_in_group) {
        struct toolbar__sql_sum sum = toolbar__sql_sum_query(query);

        toolbar__sql_cells(&row, &sum);
    }
    toolbar_text_literal(row.text, "</table>");
}

static void whole_statement(struct toolbar_text *text, const struct toolbar__statement *statement)
{
    toolbar_text_literal(text, "<pre>");
    toolbar__sql_text(text, statement->sql, strlen(statement->sql));
    toolbar_text_literal(text, "</pre>");
    if (statement->length > TOOLBAR__SQL_MAXIMUM) {
        toolbar_text_literal(text, "<p class=\"note\">The statement has ");
        toolbar__figure_count(text, (int64_t)statement->length, "byte", "bytes");
        toolbar_text_literal(text, ", of which the first ");
        toolbar_text_integer(text, TOOLBAR__SQL_MAXIMUM);
        toolbar_text_literal(text, " were kept.</p>");
    }
}

/* More than the one that the row names. */
static bool has_callers(const struct toolbar__query *query)
{
    return query->stack && query->stack->count > 1;
}

static bool unfolds(const struct toolbar__group *group)
{
    return group->count > 1 || toolbar__sql_is_long(group->first->statement) ||
           group->first->preview || has_callers(group->first);
}

static void advice(const struct toolbar__sql_row *row)
{
    size_t start = row->text->length, empty;

    toolbar_text_literal(row->text, "<p class=\"note\">Advice: ");
    empty = row->text->length;
    toolbar__sql_advice(row, true);
    if (row->text->length == empty) {
        row->text->length = start;
    } else {
        toolbar_text_literal(row->text, "</p>");
    }
}

static void unfolded(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    struct toolbar_text *text = row->text;

    toolbar_text_literal(text, "<div class=\"unfolded\">");
    if (text->length - row->panel > ROOMY_BYTES) {
        toolbar_text_literal(text, "<p class=\"note\">Left out, because this panel is too long "
                                   "already. The JSON record has it.</p></div>");
        return;
    }
    advice(row);
    if (toolbar__sql_is_long(sum->first->statement)) whole_statement(text, sum->first->statement);
    if (sum->first->preview) toolbar__sql_preview(text, sum->first->preview);
    if (has_callers(sum->first)) toolbar__sql_stack(text, row->recording, sum->first->stack);
    if (row->group->count > 1) executions(row);
    if (row->group->count > sum->kept) {
        toolbar_text_literal(text, "<p class=\"note\">");
        toolbar_text_integer(text, row->group->count - sum->kept);
        toolbar_text_literal(text, " more of these were counted, not kept.</p>");
    }
    toolbar_text_literal(text, "</div>");
}

static void folded_row(struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum)
{
    row->folds = true;
    toolbar__sql_cells(row, sum);
    unfolded(row, sum);
    toolbar_text_literal(row->text, "</details></td></tr>");
}

/* Nothing of it was kept but its shape and its time. */
static void counted_row(const struct toolbar__sql_row *row)
{
    const struct toolbar__group *group = row->group;
    struct toolbar_text *text = row->text;

    toolbar_text_literal(text, "<tr class=\"row\"><td></td><td>");
    toolbar__sql_line(text, group->fingerprint, strlen(group->fingerprint));
    toolbar_text_literal(text, "<small>");
    toolbar__figure_count(text, group->count, "query", "queries");
    toolbar_text_literal(text, ", counted, not kept</small></td><td></td><td></td><td>");
    toolbar__figure_ms(text, group->total_ns);
    toolbar_text_literal(text, " <small>");
    toolbar__figure_share(text, group->total_ns, row->recording->duration_ns);
    toolbar_text_literal(text, "</small></td></tr>");
}

void toolbar__sql_group(struct toolbar_text *text, size_t panel,
                        const struct toolbar_recording *recording,
                        const struct toolbar__group *group)
{
    struct toolbar__sql_row row = {
        .text = text,
        .panel = panel,
        .recording = recording,
        .group = group,
    };
    struct toolbar__sql_sum sum = toolbar__sql_sum_group(group);

    if (!sum.kept) {
        counted_row(&row);
    } else if (unfolds(group)) {
        folded_row(&row, &sum);
    } else {
        toolbar__sql_cells(&row, &sum);
    }
}
