/* The rows that belong to one row of another query, looked up again each time they are needed. */
#include <stdlib.h>

#include "advisor/repeated.h"

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__repeated repeated;
    struct toolbar__finding finding;

    if (subject->advised || !toolbar__repeated_find(bench, subject, true, &repeated)) return;
    toolbar__finding_begin(&finding, subject);
    finding.runs = repeated.runs;
    finding.count = repeated.count;
    finding.saving_ns = repeated.saving_ns;
    finding.severity = toolbar__repeated_severity(bench->recording, repeated.saving_ns);
    toolbar__text_printf(
        &finding.evidence,
        "What belongs to %u %s of another query was looked up %u times, and nothing "
        "was written in between. Fetch it once, next to the row it belongs to; "
        "that saves about %.2f ms.",
        repeated.sets, repeated.sets == 1 ? "row" : "rows", repeated.count,
        (double)repeated.saving_ns / 1e6);
    toolbar__finding_add(bench, rule, &finding);
    free(repeated.runs);
}

const struct toolbar__rule toolbar__repeated_lookup_rule = {
    .id = "repeated_lookup",
    .tip = 3,
    .title = "The same related row again",
    .judge = judge,
};
