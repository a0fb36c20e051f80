/*
 * A statement that takes most of the request, none of whose runs is slow. Says only where to look,
 * so it is silent as soon as another rule says what to do.
 */
#include "advisor/bench.h"

enum { HOT_NS = 10 * 1000 * 1000, HOT_PERCENT = 50 };

static bool is_hot(const struct toolbar__bench *bench, const struct toolbar__subject *subject)
{
    const struct toolbar__group *group = subject->group;
    int64_t total_ns = toolbar__undisturbed_ns(bench->recording, group->total_ns);

    if (group->inexact || total_ns <= HOT_NS) return false;
    if (total_ns * 100 <= bench->recording->duration_ns * HOT_PERCENT) return false;
    return !toolbar__is_cold(bench, subject) || toolbar__is_laborious(group->vm_steps, group->rows);
}

static void write_figure(struct toolbar_text *text, int64_t figure, const char *unit)
{
    if (figure >= 0) toolbar__text_printf(text, ", %lld %s", (long long)figure, unit);
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    const struct toolbar__group *group = subject->group;
    struct toolbar__finding finding;

    if (!is_hot(bench, subject) || toolbar__is_explained(bench, subject)) return;
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = group->total_ns;
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    toolbar__text_printf(&finding.evidence,
                         "Look here first: this statement takes %d %% of the request, %.2f ms in "
                         "%u runs",
                         (int)(group->total_ns * 100 / bench->recording->duration_ns),
                         (double)group->total_ns / 1e6, group->count);
    write_figure(&finding.evidence, group->rows, "rows");
    write_figure(&finding.evidence, group->vm_steps, "steps of SQLite's machine");
    toolbar__text_char(&finding.evidence, '.');
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__hot_query_rule = {
    .id = "hot_query",
    .tip = 1,
    .title = "A statement that takes most of the request",
    .judge = judge,
};
