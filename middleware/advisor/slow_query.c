/*
 * One run that took long, or made SQLite work hard for what came of it. Steps of SQLite's machine
 * are the same each time and are believed; time only where it is the time inside SQLite, and not
 * that of filling a cold cache, or of other threads.
 */
#include "advisor/bench.h"

enum { SLOW_NS = 20 * 1000 * 1000, CHEAP_NS = 1000 * 1000, STEP_NS = 15 };

/* Rows that it gave or wrote. */
static int64_t rows_of(const struct toolbar__query *query)
{
    return query->changes > query->rows ? query->changes : query->rows;
}

/* From the steps, where the time is not known. */
static int64_t time_of(const struct toolbar__query *query)
{
    return query->engine_ns == TOOLBAR__UNKNOWN ? query->vm_steps * STEP_NS : query->engine_ns;
}

static bool is_slow(const struct toolbar_recording *recording, const struct toolbar__query *query,
                    bool cold)
{
    if (!query->done) return false;
    return (!cold && toolbar__undisturbed_ns(recording, query->engine_ns) >= SLOW_NS) ||
           toolbar__is_laborious(query->vm_steps, rows_of(query));
}

static void write_evidence(struct toolbar_text *text, const struct toolbar_recording *recording,
                           const struct toolbar__query *query, unsigned slow)
{
    toolbar_text_literal(text, "Look here first: it took");
    if (query->engine_ns != TOOLBAR__UNKNOWN) {
        toolbar__text_printf(text, " %.2f ms", (double)query->engine_ns / 1e6);
        if (recording->duration_ns > 0) {
            toolbar__text_printf(text, " (%d %% of the request)",
                                 (int)(query->engine_ns * 100 / recording->duration_ns));
        }
    }
    if (query->vm_steps != TOOLBAR__UNKNOWN) {
        toolbar__text_printf(text, "%s %lld steps of SQLite's machine",
                             query->engine_ns == TOOLBAR__UNKNOWN ? "" : " and",
                             (long long)query->vm_steps);
    }
    if (query->rows >= 0) toolbar__text_printf(text, " for %lld rows", (long long)rows_of(query));
    if (query->rows_scanned > 0) {
        toolbar__text_printf(text, ", scanned %lld", (long long)query->rows_scanned);
    }
    if (query->sorts > 0) toolbar_text_literal(text, ", sorted them without an index");
    if (slow > 1) toolbar__text_printf(text, ". %u more runs of it are slow", slow - 1);
    toolbar_text_literal(text, ". Its plan tells what it does.");
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    bool cold = toolbar__is_cold(bench, subject);
    struct toolbar__finding finding;
    unsigned slow = 0, worst = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__query *query = subject->runs[i]->query;

        if (!is_slow(bench->recording, query, cold)) continue;
        if (!slow++ || time_of(query) > time_of(subject->runs[worst]->query)) worst = i;
    }
    if (!slow || toolbar__is_explained(bench, subject)) return;
    toolbar__finding_begin(&finding, subject);
    finding.runs = &subject->runs[worst];
    finding.count = 1;
    finding.saving_ns = time_of(subject->runs[worst]->query);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    /* Whatever its share of a short request is. */
    if (finding.saving_ns < CHEAP_NS) finding.severity = TOOLBAR__LOW;
    write_evidence(&finding.evidence, bench->recording, subject->runs[worst]->query, slow);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__slow_query_rule = {
    .id = "slow_query",
    .tip = 1,
    .title = "A slow statement",
    .judge = judge,
};
