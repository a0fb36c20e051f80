/*
 * One place that asks again and again with values that came from nowhere in the database. The
 * trace hook sees neither place nor where values came from.
 */
#include "advisor/bench.h"

enum { DISTINCT_MINIMUM = 5 };

static bool is_one_place(const struct toolbar__subject *subject)
{
    const void *place = subject->runs[0]->query->call_site;

    if (subject->hooked) return true;
    for (unsigned i = 1; i < subject->count; i++) {
        if (subject->runs[i]->query->call_site != place) return false;
    }
    return place != NULL;
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__finding finding;
    unsigned distinct, varying;

    if (subject->advised || !subject->reads || !is_one_place(subject)) return;
    distinct = toolbar__distinct_values(subject);
    if (distinct < DISTINCT_MINIMUM) return;
    subject->advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)(distinct - 1) * toolbar__median_ns(subject);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    toolbar__text_printf(&finding.evidence,
                         "Run %u times%s with %u different sets of values%s. One query instead "
                         "saves about %.2f ms.",
                         subject->count, subject->hooked ? "" : " from one place", distinct,
                         subject->hooked ? "" : ", which were not read from another query",
                         (double)finding.saving_ns / 1e6);
    if (toolbar__find_varying(subject, &varying))
        toolbar__fix_prefetch(&finding.fix, subject, varying);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__query_in_loop_rule = {
    .id = "query_in_loop",
    .tip = 5,
    .title = "A query in a loop",
    .judge = judge,
};
