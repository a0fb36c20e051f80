/* The same rows fetched more than once in one request, though nothing was written in between. */
#include <stdlib.h>

#include "advisor/repeated.h"

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__repeated repeated;
    struct toolbar__finding finding;

    if (subject->advised || !toolbar__repeated_find(bench, subject, false, &repeated)) return;
    toolbar__finding_begin(&finding, subject);
    finding.runs = repeated.runs;
    finding.count = repeated.count;
    finding.saving_ns = repeated.saving_ns;
    finding.severity = toolbar__repeated_severity(bench->recording, repeated.saving_ns);
    toolbar__text_printf(&finding.evidence,
                         "Run %u times where %u would do: the same values, %lld rows, and nothing "
                         "was written in between. Keep the rows and pass them on; that saves about "
                         "%.2f ms.",
                         repeated.count, repeated.sets, (long long)repeated.rows,
                         (double)repeated.saving_ns / 1e6);
    toolbar__finding_add(bench, rule, &finding);
    free(repeated.runs);
}

const struct toolbar__rule toolbar__repeated_query_rule = {
    .id = "repeated_query",
    .tip = 2,
    .title = "The same query again",
    .judge = judge,
};
