/*
 * Rows of which only one number was read, for a response that is too short to show them all: the
 * application has added them up. Where the response's length is not known it is a hint.
 */
#include "advisor/bench.h"

enum { ROWS_MINIMUM = 50 };

/* The one column that was read, as a number in every row. */
static bool find_number(const struct toolbar__run *run, unsigned *column)
{
    unsigned read = 0;

    for (unsigned i = 0; i < run->column_count; i++) {
        if (!run->columns[i].rows) continue;
        *column = i;
        read++;
    }
    return read == 1 && run->columns[*column].numbers == run->query->rows;
}

static bool is_aggregate(const struct toolbar__bench *bench, const struct toolbar__run *run,
                         unsigned *column)
{
    int64_t response_bytes = bench->recording->http.response_bytes;

    if (run->opaque || !run->query->complete || run->query->rows < ROWS_MINIMUM) return false;
    /* Known as -1 it is shorter too. */
    return response_bytes < run->query->rows && find_number(run, column) &&
           !toolbar__origin_used(bench, run);
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__run *run,
                           unsigned column, int64_t response_bytes)
{
    toolbar__text_printf(text, "%lld rows were stepped through, and of each only ",
                         (long long)run->query->rows);
    toolbar__column_text(text, run, column);
    toolbar_text_literal(text, " was read, as a number. ");
    if (response_bytes == TOOLBAR__UNKNOWN) {
        toolbar_text_literal(text, "If they are not all shown, ");
    } else {
        toolbar__text_printf(
            text, "The response has %lld bytes, too few to show them: ", (long long)response_bytes);
    }
    toolbar_text_literal(text, "the database sums, counts and compares without handing them over.");
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    int64_t response_bytes = bench->recording->http.response_bytes;
    struct toolbar__finding finding;
    unsigned column = 0;

    if (subject->columns_advised || !subject->reads) return;
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        if (!is_aggregate(bench, run, &column)) continue;
        subject->columns_advised = true;
        toolbar__finding_begin(&finding, subject);
        finding.runs = &subject->runs[i];
        finding.count = 1;
        finding.saving_ns = run->query->duration_ns > 0 ? run->query->duration_ns / 2 : 0;
        finding.severity = response_bytes == TOOLBAR__UNKNOWN
                               ? TOOLBAR__LOW
                               : toolbar__severity_of(bench->recording, finding.saving_ns, 0);
        write_evidence(&finding.evidence, run, column, response_bytes);
        toolbar__fix_aggregate(&finding.fix, subject, column);
        toolbar__finding_add(bench, rule, &finding);
        return;
    }
}

const struct toolbar__rule toolbar__aggregate_in_c_rule = {
    .id = "aggregate_in_c",
    .tip = 7,
    .title = "Numbers added up by the application",
    .judge = judge,
};
