/*
 * Many rows read for few, which an index would spare. SQLite's own planner says which, and that
 * costs something: it is asked only where the recorded figures are bad enough.
 */
#include "advisor/bench.h"

#include <string.h>

#include "record/plan.h"
#include "record/sql_tokens.h"

enum { SCANNED = 1000, AUTO_INDEXED = 100, TIMES_THE_ROWS = 10 };

static bool is_bad(const struct toolbar__group *group)
{
    if (group->errors || !group->ended || group->rows < 0 || group->vm_steps < 0) return false;
    if (group->rows_scanned < 0 || group->auto_index < 0) return false;
    if (group->rows_scanned < SCANNED && group->auto_index < AUTO_INDEXED) return false;
    return group->rows_scanned + group->auto_index >= TIMES_THE_ROWS * (group->rows + 1);
}

/* The statement writes, and the table is named in it. */
static bool writes_to(const struct toolbar__subject *subject, const char *table)
{
    const char *sql = subject->group->fingerprint;
    size_t length = strlen(sql), at = 0;

    if (!subject->runs[0]->query->writes) return false;
    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_END) return false;
        if (toolbar__ascii_is(token.data, token.length, table)) return true;
    }
}

/* An index is one more thing to be kept up. */
static void note_writes(struct toolbar_text *text, const struct toolbar__bench *bench,
                        const struct toolbar__subject *reader, const char *table)
{
    for (unsigned i = 0; i < bench->count && *table; i++) {
        const struct toolbar__subject *subject = &bench->subjects[i];

        if (subject == reader || !writes_to(subject, table)) continue;
        toolbar__text_printf(text,
                             " Query #%u of this request writes to %s, which will have more "
                             "to do.",
                             subject->runs[0]->query->number, table);
        return;
    }
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__group *group,
                           const struct toolbar__proposal *proposal)
{
    long long read = group->rows_scanned + group->auto_index, rows = group->rows;

    toolbar__text_printf(text, "%lld rows were read one after another for %lld in the result. ",
                         read, rows);
    if (proposal->steps_before) {
        toolbar__text_printf(text, "Tried on a copy of your data: %lld steps became %lld. ",
                             (long long)proposal->steps_before, (long long)proposal->steps_after);
    }
    toolbar_text_literal(text, "With an index SQLite's plan is: ");
    toolbar__text_string(text, proposal->plan);
    toolbar__text_char(text, '.');
}

/* At least half of the time, which is why it was proposed at all. */
static int64_t saving_of(const struct toolbar__group *group,
                         const struct toolbar__proposal *proposal)
{
    if (!proposal->steps_before) return group->total_ns / 2;
    return group->total_ns - (int64_t)((double)group->total_ns * (double)proposal->steps_after /
                                       (double)proposal->steps_before);
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    const struct toolbar__group *group = subject->group;
    const struct toolbar__connection *connection = group->owner;
    struct toolbar__proposal proposal;
    struct toolbar__finding finding;

    if (!is_bad(group) || !connection->plans) return;
    if (!connection->plans->propose(connection->file, subject->runs[0]->query, &bench->index_budget,
                                    &proposal)) {
        return;
    }
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = saving_of(group, &proposal);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    write_evidence(&finding.evidence, group, &proposal);
    note_writes(&finding.evidence, bench, subject, proposal.table);
    toolbar__text_string(&finding.fix, proposal.create);
    toolbar__finding_add(bench, rule, &finding);
    toolbar__proposal_free(&proposal);
}

const struct toolbar__rule toolbar__missing_index_rule = {
    .id = "missing_index",
    .title = "An index is missing",
    .proof = true,
    .judge = judge,
};
