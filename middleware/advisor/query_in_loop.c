/*
 * One place that asks again and again with values that came from nowhere in the database. The
 * trace hook sees neither place nor where values came from.
 */
#include <string.h>

#include "advisor/bench.h"
#include "record/stack.h"

enum { DISTINCT_MINIMUM = 5, LIST_VALUES = 10, PAGE_ROWS = 50 };

/* It runs other statements too: what matters is who calls it. */
static bool is_shared(const struct toolbar__bench *bench, const void *place)
{
    unsigned users = 0;

    for (unsigned i = 0; i < bench->count && users < 2; i++) {
        const struct toolbar__subject *subject = &bench->subjects[i];

        for (unsigned j = 0; j < subject->count && subject->counts; j++) {
            if (subject->runs[j]->query->call_site != place) continue;
            users++;
            break;
        }
    }
    return users > 1;
}

static const void *caller_of(const struct toolbar__query *query)
{
    const struct toolbar__stack *stack = query->stack;

    return stack && stack->count > 1 ? stack->frames[1].address : NULL;
}

static bool is_one_place(const struct toolbar__bench *bench, const struct toolbar__subject *subject)
{
    const struct toolbar__query *last = subject->runs[subject->count - 1]->query;
    unsigned others = 0;

    if (subject->hooked) return true;
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__query *query = subject->runs[i]->query;

        if (query->call_site != last->call_site) return false;
        if (caller_of(query) != caller_of(last)) others++;
    }
    /* The first of a recursion comes from elsewhere. */
    return last->call_site && (others < 2 || !is_shared(bench, last->call_site));
}

/* The table was written between these two runs of it; `next` NULL: after the first. */
static bool is_followed(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                        const struct toolbar__run *run, const struct toolbar__run *next)
{
    for (unsigned i = 0; i < bench->count; i++) {
        const struct toolbar__subject *writer = &bench->subjects[i];

        if (writer->reads || !toolbar__tables_share(&subject->tables, &writer->tables)) continue;
        for (unsigned j = 0; j < writer->count; j++) {
            const struct toolbar__query *write = writer->runs[j]->query;

            if (write->writes && write->number > run->query->number &&
                (!next || write->number < next->query->number)) {
                return true;
            }
        }
    }
    return false;
}

/* Each asks whether there is such a row already, which is written if not. */
static bool is_check(const struct toolbar__bench *bench, const struct toolbar__subject *subject)
{
    unsigned followed = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];
        const struct toolbar__run *next = i + 1 < subject->count ? subject->runs[i + 1] : NULL;

        if (is_followed(bench, subject, run, next)) {
            followed++;
        } else if (run->query->rows == 0) {
            return false;
        }
    }
    return followed * 2 >= subject->count;
}

/* Each asks for many values, as it should; there are more than are asked for at once. */
static bool asks_for_lists(const struct toolbar__subject *subject)
{
    const char *sql = subject->group->fingerprint;

    if (strstr(sql, "json_each(?)")) return true;
    return strstr(sql, " IN (?, ...)") && subject->runs[0]->value_count >= LIST_VALUES;
}

/* Page by page, so that a large result is not in memory at once. All but the last are full. */
static bool is_paging(const struct toolbar__subject *subject)
{
    const char *sql = subject->group->fingerprint, *limit = strstr(sql, " LIMIT ");
    int64_t rows = subject->runs[0]->query->rows;

    if (rows < PAGE_ROWS || !limit) return false;
    if (!strpbrk(sql, "<>") && !strchr(limit, ',') && !strstr(limit, " OFFSET ")) return false;
    for (unsigned i = 1; i + 1 < subject->count; i++) {
        if (subject->runs[i]->query->rows != rows) return false;
    }
    return true;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           unsigned distinct, bool walks, int64_t saving_ns)
{
    toolbar__text_printf(text, "Run %u times%s with %u different sets of values", subject->count,
                         subject->hooked ? "" : " from one place", distinct);
    if (walks) {
        toolbar_text_literal(text, ", which the runs before gave: it goes from row to row. WITH "
                                   "RECURSIVE does so in the database, and");
    } else {
        if (!subject->hooked) {
            toolbar_text_literal(text, ", which were not read from another query");
        }
        toolbar_text_literal(text, ". One query instead");
    }
    toolbar__text_printf(text, " saves about %.2f ms.", (double)saving_ns / 1e6);
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__finding finding;
    struct toolbar__walk walk;
    unsigned distinct, varying;
    bool walks;

    if (subject->advised || !subject->reads || subject->count < DISTINCT_MINIMUM) return;
    if (!is_one_place(bench, subject)) return;
    if (asks_for_lists(subject) || is_paging(subject)) return;
    distinct = toolbar__distinct_values(subject);
    if (distinct < DISTINCT_MINIMUM || is_check(bench, subject)) return;
    subject->advised = true;
    walks = toolbar__walk_find(bench, subject, &walk);
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)(distinct - 1) * toolbar__median_ns(subject);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    write_evidence(&finding.evidence, subject, distinct, walks, finding.saving_ns);
    if (walks) {
        toolbar__fix_walk(&finding.fix, subject, &walk);
    } else if (toolbar__find_varying(subject, &varying)) {
        toolbar__fix_prefetch(&finding.fix, subject, varying);
    }
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__query_in_loop_rule = {
    .id = "query_in_loop",
    .tip = 5,
    .title = "A query in a loop",
    .judge = judge,
};
