/* Columns that were selected and never read, in no row of any run. */
#include "advisor/columns.h"

enum { ROWS_MINIMUM = 5, UNREAD_MINIMUM = 2 };

struct unread {
    unsigned count;
    int64_t bytes;
    int64_t all_bytes;
    uint64_t used; /* bits */
};

static struct unread find_unread(const struct toolbar__subject *subject,
                                 const struct toolbar__columns *columns)
{
    struct unread unread = {0};

    for (unsigned i = 0; i < columns->count; i++) {
        bool named = i < subject->group->column_count && subject->group->columns[i].origin;

        unread.all_bytes += columns->bytes[i];
        if (columns->read[i] || !named) {
            unread.used |= UINT64_C(1) << i;
        } else {
            unread.count++;
            unread.bytes += columns->bytes[i];
        }
    }
    return unread;
}

static void list(struct toolbar_text *text, const struct toolbar__subject *subject,
                 const struct toolbar__columns *columns, uint64_t which)
{
    const char *separator = "";

    for (unsigned i = 0; i < columns->count; i++) {
        if (!(which & UINT64_C(1) << i)) continue;
        toolbar__text_string(text, separator);
        toolbar__column_text(text, subject->runs[0], i);
        separator = ", ";
    }
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__columns columns;
    struct toolbar__finding finding;
    struct unread unread;

    if (subject->columns_advised || subject->group->column_count < UNREAD_MINIMUM) return;
    if (!toolbar__columns_read(subject, &columns)) return;
    if (!columns.any || columns.rows < ROWS_MINIMUM || subject->decides) return;
    unread = find_unread(subject, &columns);
    if (unread.count < UNREAD_MINIMUM) return;
    if (unread.count * 2 < columns.count && unread.bytes * 2 < unread.all_bytes) return;
    subject->columns_advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.severity = TOOLBAR__LOW; /* what is not read costs little inside one process */
    toolbar_text_literal(&finding.evidence, "Never read: ");
    list(&finding.evidence, subject, &columns, ~unread.used);
    toolbar_text_literal(&finding.evidence, ". Read: ");
    list(&finding.evidence, subject, &columns, unread.used);
    toolbar__text_printf(
        &finding.evidence, ". About %lld of %lld bytes in %lld rows were for nothing.",
        (long long)unread.bytes, (long long)unread.all_bytes, (long long)columns.rows);
    toolbar__fix_columns(&finding.fix, subject, unread.used);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__unused_columns_rule = {
    .id = "unused_columns",
    .tip = 8,
    .title = "Columns that nobody reads",
    .judge = judge,
};
