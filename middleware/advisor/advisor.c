#include <stdlib.h>
#include <string.h>

#include "advisor/advice.h"
#include "advisor/bench.h"

extern const struct toolbar__rule toolbar__redundant_lookup_rule;
extern const struct toolbar__rule toolbar__n_plus_one_rule;
extern const struct toolbar__rule toolbar__query_in_loop_rule;
extern const struct toolbar__rule toolbar__repeated_lookup_rule;
extern const struct toolbar__rule toolbar__repeated_query_rule;
extern const struct toolbar__rule toolbar__read_modify_write_rule;
extern const struct toolbar__rule toolbar__bulk_write_rule;
extern const struct toolbar__rule toolbar__bulk_insert_rule;
extern const struct toolbar__rule toolbar__count_rows_rule;
extern const struct toolbar__rule toolbar__exists_check_rule;
extern const struct toolbar__rule toolbar__filter_in_c_rule;
extern const struct toolbar__rule toolbar__aggregate_in_c_rule;
extern const struct toolbar__rule toolbar__wide_column_rule;
extern const struct toolbar__rule toolbar__unused_columns_rule;
extern const struct toolbar__rule toolbar__large_result_rule;
extern const struct toolbar__rule toolbar__slow_query_rule;
extern const struct toolbar__rule toolbar__hot_query_rule;
extern const struct toolbar__rule toolbar__over_budget_rule;
extern const struct toolbar__rule toolbar__missing_index_rule;

enum { INDEX_BUDGET = 4 };

/* In order of precedence. */
static const struct toolbar__rule *const rules[] = {
    &toolbar__redundant_lookup_rule, &toolbar__n_plus_one_rule,
    &toolbar__query_in_loop_rule,    &toolbar__repeated_lookup_rule,
    &toolbar__repeated_query_rule,   &toolbar__read_modify_write_rule,
    &toolbar__bulk_write_rule,       &toolbar__bulk_insert_rule,
    &toolbar__count_rows_rule,       &toolbar__exists_check_rule,
    &toolbar__filter_in_c_rule,      &toolbar__aggregate_in_c_rule,
    &toolbar__wide_column_rule,      &toolbar__unused_columns_rule,
    &toolbar__large_result_rule,     &toolbar__missing_index_rule,
    &toolbar__slow_query_rule,       &toolbar__hot_query_rule,
    &toolbar__over_budget_rule,
};

bool toolbar__is_rule(const char *id)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i]->id, id) == 0) return true;
    }
    return false;
}

static void add_run(struct toolbar__subject *subject, const struct toolbar__run *run)
{
    const struct toolbar__query *query = run->query;

    if (query->writes || query->error_code || query->rows == TOOLBAR__UNKNOWN) {
        subject->reads = false;
    }
    /* What the application tells of itself has no handle. */
    if (query->handle && query->engine_ns == TOOLBAR__UNKNOWN) subject->hooked = true;
    subject->runs[subject->count++] = run;
}

/* `runs` has room for all; the subjects share it. False: out of memory. */
static bool fill(struct toolbar__bench *bench, const struct toolbar__run **runs)
{
    struct toolbar__sql_text text = {.tokens = NULL};
    bool read = true;

    for (const struct toolbar__group *group = bench->recording->groups; group && read;
         group = group->next) {
        struct toolbar__subject *subject = &bench->subjects[bench->count];

        *subject = (struct toolbar__subject){.group = group, .runs = runs, .reads = true};
        for (const struct toolbar__query *query = group->first; query;
             query = query->next_in_group) {
            if (query->run) add_run(subject, query->run);
        }
        runs += subject->count;
        if (!subject->count) continue;
        read = toolbar__subject_read(subject, &text);
        bench->count++;
    }
    free(text.tokens);
    return read;
}

static void judge(struct toolbar__bench *bench)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i]->judge_request) {
            rules[i]->judge_request(bench, rules[i]);
            continue;
        }
        for (unsigned j = 0; j < bench->count; j++) {
            if (bench->subjects[j].counts) rules[i]->judge(bench, rules[i], &bench->subjects[j]);
        }
    }
}

void toolbar__advise(struct toolbar_recording *recording)
{
    struct toolbar__bench bench = {
        .recording = recording, .tracking = recording->tracking, .index_budget = INDEX_BUDGET};
    const struct toolbar__run **runs;

    if (!bench.tracking) return;
    bench.subjects = calloc(recording->group_count, sizeof *bench.subjects);
    runs = calloc(bench.tracking->run_count, sizeof *runs);
    if (bench.subjects && runs && fill(&bench, runs)) judge(&bench);
    free(runs);
    free(bench.subjects);
    toolbar__tracking_free(recording);
    /* The head of a page that is being streamed may be looking. */
    pthread_mutex_lock(&recording->lock);
    recording->advices = bench.advices;
    pthread_mutex_unlock(&recording->lock);
}
