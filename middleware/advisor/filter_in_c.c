/* Most rows thrown away by the application after a look at a column or two. */
#include "advisor/columns.h"

enum { ROWS_MINIMUM = 50, ALWAYS_PERCENT = 95, SELDOM_PERCENT = 50, TESTS_MAXIMUM = 2 };

/* What one run read: always, seldom, or in between, which speaks against a filter. */
struct reading {
    unsigned always;
    unsigned tested; /* the first of these columns */
    unsigned seldom;
    unsigned kept; /* the column of those that was read most */
    bool between;
};

static struct reading read_run(const struct toolbar__run *run)
{
    struct reading reading = {0};
    int64_t rows = run->query->rows;

    for (unsigned i = 0; i < run->column_count; i++) {
        int64_t read = run->columns[i].rows;

        if (read == 0) continue;
        if (read * 100 >= rows * ALWAYS_PERCENT) {
            if (!reading.always++) reading.tested = i;
        } else if (read * 100 > rows * SELDOM_PERCENT) {
            reading.between = true;
        } else {
            if (!reading.seldom++ || read > run->columns[reading.kept].rows) reading.kept = i;
        }
    }
    return reading;
}

static bool is_long(const struct toolbar__run *run)
{
    return !run->opaque && run->query->complete && run->query->rows >= ROWS_MINIMUM;
}

static bool is_filter(const struct reading *reading)
{
    return !reading->between && reading->seldom && reading->always &&
           reading->always <= TESTS_MAXIMUM;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__run *run,
                           const struct reading *reading)
{
    unsigned kept = run->columns[reading->kept].rows;

    toolbar__text_printf(text, "%lld rows were stepped through; ", (long long)run->query->rows);
    toolbar__column_text(text, run, reading->tested);
    toolbar_text_literal(text, " was read of all, ");
    toolbar__column_text(text, run, reading->kept);
    toolbar__text_printf(text, " of only %u (%u %%). Move the test on ", kept,
                         (unsigned)(kept * (int64_t)100 / run->query->rows));
    toolbar__column_text(text, run, reading->tested);
    toolbar_text_literal(text, " into WHERE.");
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__finding finding;

    if (subject->columns_advised || !subject->reads) return;
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];
        struct reading reading;

        if (!is_long(run)) continue;
        reading = read_run(run);
        if (!is_filter(&reading)) continue;
        subject->columns_advised = true;
        toolbar__finding_begin(&finding, subject);
        finding.runs = &subject->runs[i];
        finding.count = 1;
        finding.saving_ns = run->query->duration_ns > 0 ? run->query->duration_ns / 2 : 0;
        finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
        write_evidence(&finding.evidence, run, &reading);
        toolbar__finding_add(bench, rule, &finding);
        return;
    }
}

const struct toolbar__rule toolbar__filter_in_c_rule = {
    .id = "filter_in_c",
    .tip = 7,
    .title = "Rows filtered by the application",
    .judge = judge,
};
