/*
 * Large values that were fetched and hardly ever read. What stays inside the page costs SQLite
 * next to nothing; values that spill to overflow pages are what is worth leaving out.
 */
#include "advisor/columns.h"

enum { WIDE_BYTES = 512, UNREAD_BYTES = 4 * 1024, SPILL_BYTES = 4096 - 35, READ_PERCENT = 10 };

static bool is_wide(const struct toolbar__subject *subject, const struct toolbar__columns *columns,
                    unsigned i)
{
    if (i >= subject->group->column_count || !subject->group->columns[i].origin) return false;
    return columns->bytes[i] >= columns->rows * WIDE_BYTES && columns->bytes[i] >= UNREAD_BYTES &&
           columns->read[i] * 100 <= columns->rows * READ_PERCENT;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           const struct toolbar__columns *columns, unsigned wide, bool spills)
{
    toolbar__column_text(text, subject->runs[0], wide);
    toolbar__text_printf(text, ": about %lld KiB fetched for %lld rows, read on %lld. ",
                         (long long)(columns->bytes[wide] / 1024), (long long)columns->rows,
                         (long long)columns->read[wide]);
    if (spills) {
        toolbar_text_literal(text, "Such values fill pages of their own, which are not touched if "
                                   "neither it nor a column declared after it is selected. Fetch "
                                   "it by id where it is needed, or move it to its own table.");
    } else {
        toolbar_text_literal(text, "Values of this size are mostly inside the row's page, so "
                                   "leaving it out saves little but the copying.");
    }
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__columns columns;
    struct toolbar__finding finding;
    unsigned wide = 0;
    bool spills;

    if (subject->columns_advised || !toolbar__columns_read(subject, &columns)) return;
    if (!columns.any || toolbar__columns_decide(subject)) return;
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
    write_evidence(&finding.evidence, subject, &columns, wide, spills);
    toolbar__fix_columns(&finding.fix, subject, ~(UINT64_C(1) << wide));
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__wide_column_rule = {
    .id = "wide_column",
    .tip = 9,
    .title = "Large values that nobody reads",
    .judge = judge,
};
