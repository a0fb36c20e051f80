/* More statements, or more time in them, than the application allows a request. */
#include "advisor/bench.h"

enum { NAMED = 3, HIGH_TIMES = 2 };

/* The statements that took most, the first one first; how many there are. */
static unsigned find_heaviest(const struct toolbar__bench *bench,
                              const struct toolbar__subject *heaviest[NAMED])
{
    unsigned count = 0;

    for (unsigned i = 0; i < bench->count; i++) {
        const struct toolbar__subject *subject = &bench->subjects[i];
        unsigned at = count < NAMED ? count++ : NAMED;

        for (; at > 0 && heaviest[at - 1]->group->total_ns < subject->group->total_ns; at--) {
            if (at < NAMED) heaviest[at] = heaviest[at - 1];
        }
        if (at < NAMED) heaviest[at] = subject;
    }
    return count;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__bench *bench,
                           const struct toolbar__subject *const *heaviest, unsigned count)
{
    const struct toolbar_recording *recording = bench->recording;
    const struct toolbar__application *budget = recording->application;

    toolbar__text_printf(text, "%u queries", recording->query_count);
    if (budget->max_queries) toolbar__text_printf(text, " of %u", budget->max_queries);
    toolbar__text_printf(text, " and %.2f ms", (double)recording->sql_ns / 1e6);
    if (budget->max_sql_ns) {
        toolbar__text_printf(text, " of %lld ms", (long long)(budget->max_sql_ns / 1000000));
    }
    toolbar_text_literal(text, " in them. Most of the time took");
    for (unsigned i = 0; i < count; i++) {
        const struct toolbar__group *group = heaviest[i]->group;

        toolbar__text_printf(text, "%s query #%u (%u runs, %.2f ms)", i ? "," : "",
                             group->first->number, group->count, (double)group->total_ns / 1e6);
    }
    toolbar__text_char(text, '.');
}

static void judge_request(struct toolbar__bench *bench, const struct toolbar__rule *rule)
{
    const struct toolbar_recording *recording = bench->recording;
    const struct toolbar__application *budget = recording->application;
    const struct toolbar__subject *heaviest[NAMED];
    struct toolbar__finding finding;
    unsigned count;

    if (!budget || !bench->count) return;
    if ((!budget->max_queries || recording->query_count <= budget->max_queries) &&
        (!budget->max_sql_ns || recording->sql_ns <= budget->max_sql_ns)) {
        return;
    }
    count = find_heaviest(bench, heaviest);
    toolbar__finding_begin(&finding, heaviest[0]);
    finding.severity = TOOLBAR__MEDIUM;
    if ((budget->max_queries && recording->query_count / HIGH_TIMES >= budget->max_queries) ||
        (budget->max_sql_ns && recording->sql_ns / HIGH_TIMES >= budget->max_sql_ns)) {
        finding.severity = TOOLBAR__HIGH;
    }
    if (budget->max_sql_ns && recording->sql_ns > budget->max_sql_ns) {
        finding.saving_ns = recording->sql_ns - budget->max_sql_ns;
    }
    write_evidence(&finding.evidence, bench, heaviest, count);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__over_budget_rule = {
    .id = "over_budget",
    .tip = 1,
    .title = "Over the budget of a request",
    .judge_request = judge_request,
};
