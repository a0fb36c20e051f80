/* Rows changed or deleted one statement each. */
#include "advisor/bulk.h"

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    unsigned alone, key;
    struct toolbar__finding finding;

    if (subject->advised || subject->count < TOOLBAR__BULK_MINIMUM ||
        !toolbar__bulk_writes(subject))
        return;
    if (!toolbar__bulk_is(subject, "update") && !toolbar__bulk_is(subject, "delete")) return;
    alone = toolbar__bulk_alone(subject);
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)(subject->count - 1) * toolbar__median_ns(subject);
    finding.severity = toolbar__bulk_severity(bench, subject, finding.saving_ns);
    toolbar__text_printf(&finding.evidence, "Run %u times, each for one row at most",
                         subject->count);
    if (alone) {
        toolbar__text_printf(&finding.evidence,
                             ", %u of them outside a transaction, each of which then is one of its "
                             "own: put BEGIN and COMMIT around them first",
                             alone);
    }
    toolbar__text_printf(&finding.evidence, ". One statement for all saves about %.2f ms.",
                         (double)finding.saving_ns / 1e6);
    /* The values that are assigned are the same each time: only the key differs. */
    if (toolbar__find_varying(subject, &key)) toolbar__fix_prefetch(&finding.fix, subject, key);
    if (!finding.fix.length) toolbar__fix_bulk(&finding.fix, subject);
    if (!finding.fix.length && alone) toolbar__fix_transaction(&finding.fix, subject);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__bulk_write_rule = {
    .id = "bulk_write",
    .tip = 11,
    .title = "Rows written one by one",
    .judge = judge,
};
