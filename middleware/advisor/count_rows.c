/* Rows stepped through to be counted, without a look at any of them. */
#include <string.h>

#include "advisor/columns.h"

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__columns columns;
    struct toolbar__finding finding;

    if (subject->advised || !toolbar__columns_read(subject, &columns)) return;
    if (columns.any || columns.partial || columns.longest < 2) return;
    if (strcasestr(subject->group->fingerprint, "count(") ||
        strcasestr(subject->group->fingerprint, "exists(")) {
        return;
    }
    if (subject->calls_others) return;
    subject->columns_advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)subject->count * toolbar__median_ns(subject) / 2;
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    toolbar__text_printf(&finding.evidence,
                         "%lld rows were stepped through to the end, and no column of any was "
                         "read. The database counts them without handing them over.",
                         (long long)columns.rows);
    toolbar__fix_count(&finding.fix, subject);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__count_rows_rule = {
    .id = "count_rows",
    .tip = 10,
    .title = "Rows fetched to be counted",
    .judge = judge,
};
