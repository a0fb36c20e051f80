/* One query for the rows, and then one for each of them: the values came out of those rows. */
#include "advisor/bench.h"

enum { DISTINCT_MINIMUM = 3 };

/* Every lookup gave one row at most, and not because it was left after the first of many. */
static bool is_lookup(const struct toolbar__subject *subject)
{
    bool many = subject->lookup == TOOLBAR__LOOKUP_REFERENCE;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__query *query = subject->runs[i]->query;

        if (query->rows > 1 || (many && !query->complete)) return false;
    }
    return true;
}

/* A table of another connection may be in another database, whatever its name is. */
static bool is_of_one_connection(const struct toolbar__subject *subject,
                                 const struct toolbar__origin *origin)
{
    return subject->runs[0]->query->handle == origin->parent->query->handle;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           const struct toolbar__origin *origin, int64_t saving_ns)
{
    const struct toolbar__query *parent = origin->parent->query;

    toolbar__text_printf(text,
                         "Run %u times with %u different values; %u of them had been read from ",
                         subject->count, origin->distinct, origin->matched);
    toolbar__column_text(text, origin->parent, origin->column);
    toolbar__text_printf(text, " of query #%u, which gave %lld rows", parent->number,
                         (long long)origin->all_rows);
    if (origin->parents > 1) toolbar__text_printf(text, " in %u runs", origin->parents);
    if (origin->nested) toolbar_text_literal(text, ", while they were being read");
    toolbar__text_printf(text, ". One query instead saves about %.2f ms.", (double)saving_ns / 1e6);
}

/* What the trace hook lets see. */
static void write_guess(struct toolbar_text *text, const struct toolbar__subject *subject,
                        const struct toolbar__origin *origin, int64_t saving_ns)
{
    const struct toolbar__query *parent = origin->parent->query;

    toolbar__text_printf(text,
                         "Run %u times with different values, %s query #%u%s: ", subject->count,
                         origin->nested ? "each while the rows of" : "after", parent->number,
                         origin->nested ? " were being read" : "");
    toolbar__text_printf(text,
                         "it gave %lld rows, and most likely the values. One query instead saves "
                         "about %.2f ms.",
                         (long long)parent->rows, (double)saving_ns / 1e6);
}

static void write_fix(struct toolbar_text *fix, const struct toolbar__subject *subject,
                      const struct toolbar__origin *origin)
{
    unsigned value;

    if (!subject->hooked && is_lookup(subject) && is_of_one_connection(subject, origin)) {
        toolbar__fix_join(fix, subject, origin);
    }
    /* Where several values differ, a list of one of them is another question. */
    if (!fix->length && toolbar__find_varying(subject, &value)) {
        toolbar__fix_prefetch(fix, subject, value);
    }
}

static bool find_origin(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                        struct toolbar__origin *origin)
{
    if (subject->hooked) return toolbar__origin_guess(bench, subject, origin);
    return toolbar__origin_find(bench, subject, origin) && origin->distinct >= DISTINCT_MINIMUM;
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__origin origin;
    struct toolbar__finding finding;
    struct toolbar__walk walk;

    if (subject->advised || !subject->reads || subject->count < DISTINCT_MINIMUM) return;
    if (toolbar__distinct_values(subject) < DISTINCT_MINIMUM) return;
    if (!find_origin(bench, subject, &origin)) return;
    /* What leads from row to row is no list, though the same numbers may be in one. */
    if (!origin.nested && toolbar__walk_find(bench, subject, &walk) && walk.chained) return;
    subject->advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)(subject->count - 1) * toolbar__median_ns(subject);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    (subject->hooked ? write_guess : write_evidence)(&finding.evidence, subject, &origin,
                                                     finding.saving_ns);
    write_fix(&finding.fix, subject, &origin);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__n_plus_one_rule = {
    .id = "n_plus_one",
    .tip = 4,
    .title = "One query for each row of another",
    .judge = judge,
};
