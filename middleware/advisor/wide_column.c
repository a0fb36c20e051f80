/*
 * Large values that were fetched and hardly ever read. What stays inside the page costs SQLite
 * next to nothing; values that spill to overflow pages are what is worth leaving out.
 */
#include <stdlib.h>

#include "advisor/columns.h"
#include "advisor/shape.h"

enum { WIDE_BYTES = 512, UNREAD_BYTES = 4 * 1024, READ_PERCENT = 10 };
/* Of a page as SQLite makes it: what fits into it, and what each further page has room for. */
enum { SPILL_BYTES = 4096 - 35, FURTHER_BYTES = 4096 - 4 };

static bool is_wide(const struct toolbar__subject *subject, const struct toolbar__columns *columns,
                    unsigned i)
{
    if (i >= subject->group->column_count || !subject->group->columns[i].origin) return false;
    return columns->bytes[i] >= columns->rows * WIDE_BYTES && columns->bytes[i] >= UNREAD_BYTES &&
           columns->read[i] * 100 <= columns->rows * READ_PERCENT;
}

/* All columns of one table: then those of the result stand as they were declared. */
static bool is_star(const struct toolbar__subject *subject)
{
    struct toolbar__shape *shape = malloc(sizeof *shape);
    bool star = shape && toolbar__shape_read(shape, subject->runs[0]->query->statement) &&
                shape->from == 2 && toolbar__token_is(&shape->tokens[1], "*");

    free(shape);
    return star;
}

/* A column that is declared after the large one was read. */
static bool is_passed(const struct toolbar__columns *columns, unsigned wide)
{
    for (unsigned i = wide + 1; i < columns->count; i++) {
        if (columns->read[i]) return true;
    }
    return false;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           const struct toolbar__columns *columns, unsigned wide, bool spills,
                           bool passed)
{
    int64_t bytes = columns->bytes[wide] / columns->rows;
    int64_t pages = (bytes - SPILL_BYTES) / FURTHER_BYTES + 1;

    toolbar__column_text(text, subject->runs[0], wide);
    toolbar__text_printf(text, ": about %lld KiB fetched for %lld rows, read on %lld. ",
                         (long long)(columns->bytes[wide] / 1024), (long long)columns->rows,
                         (long long)columns->read[wide]);
    if (!spills) {
        toolbar_text_literal(text, "Values of this size are mostly inside the row's page, so "
                                   "leaving it out saves little but the copying.");
        return;
    }
    toolbar__text_printf(text, "Each fills about %lld pages of its own, which are ",
                         (long long)pages);
    if (passed) {
        toolbar_text_literal(text, "gone through for the columns after it, that are read. Move it "
                                   "to the end of the table or to a table of its own.");
    } else {
        toolbar_text_literal(text, "not touched if neither it nor a column declared after it is "
                                   "selected. Fetch it by id where it is needed, or move it to a "
                                   "table of its own.");
    }
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__columns columns;
    struct toolbar__finding finding;
    unsigned wide = 0;
    bool spills, star;
    uint64_t used;

    if (subject->columns_advised || !toolbar__columns_read(subject, &columns)) return;
    if (!columns.any || subject->decides) return;
    while (wide < columns.count && !is_wide(subject, &columns, wide)) {
        wide++;
    }
    if (wide == columns.count) return;
    spills = columns.bytes[wide] >= columns.rows * SPILL_BYTES;
    subject->columns_advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.severity = TOOLBAR__LOW;
    if (spills) {
        finding.severity = toolbar__severity_of(bench->recording, 0, columns.bytes[wide]);
        if (finding.severity == TOOLBAR__LOW) finding.severity = TOOLBAR__MEDIUM;
    }
    star = spills && is_star(subject);
    /* What nobody reads of what comes after it would have it gone through all the same. */
    used = star ? (UINT64_C(1) << wide) - 1 : ~(UINT64_C(1) << wide);
    if (star && is_passed(&columns, wide)) used = 0;
    write_evidence(&finding.evidence, subject, &columns, wide, spills, !used);
    if (used) toolbar__fix_columns(&finding.fix, subject, used);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__wide_column_rule = {
    .id = "wide_column",
    .tip = 9,
    .title = "Large values that nobody reads",
    .judge = judge,
};
