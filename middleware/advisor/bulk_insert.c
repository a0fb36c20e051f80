/*
 * Rows inserted one statement each. Outside a transaction each waits for the disk, which is what
 * costs; inside one, only preparing the statement anew or a large number is worth a word.
 */
#include "advisor/bulk.h"

#include <string.h>

enum { MANY = 100 };

static bool is_insert(const struct toolbar__subject *subject)
{
    if (!toolbar__bulk_is(subject, "insert") && !toolbar__bulk_is(subject, "replace")) return false;
    /* It takes its rows from the database. */
    return strcasestr(subject->group->fingerprint, "select") == NULL;
}

static bool is_fresh_each_time(const struct toolbar__subject *subject)
{
    for (unsigned i = 0; i < subject->count; i++) {
        if (!subject->runs[i]->query->fresh) return false;
    }
    return true;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           unsigned alone, bool fresh)
{
    toolbar__text_printf(text, "%u statements for one row each", subject->count);
    if (alone > 1) {
        toolbar__text_printf(text,
                             ", %u of them outside a transaction: each then is one of its own, and "
                             "waits until its row is on the disk. One transaction around them is "
                             "what helps",
                             alone);
    } else if (fresh) {
        toolbar_text_literal(text,
                             ", prepared anew each time. Prepare the statement once and bind, "
                             "step and reset it for each row, or insert several rows at once");
    } else {
        toolbar_text_literal(text, ". Several rows in one VALUES make fewer of them");
    }
    toolbar__text_char(text, '.');
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    unsigned alone;
    struct toolbar__finding finding;
    bool fresh;

    if (subject->count < TOOLBAR__BULK_MINIMUM || !is_insert(subject)) return;
    if (!toolbar__bulk_writes(subject)) return;
    alone = toolbar__bulk_alone(subject);
    fresh = is_fresh_each_time(subject);
    if (alone < 2 && !fresh && subject->count < MANY) return;
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)(subject->count - 1) * toolbar__median_ns(subject);
    if (alone > 1) {
        finding.severity = toolbar__bulk_severity(bench, subject, finding.saving_ns);
        toolbar__fix_transaction(&finding.fix, subject);
    }
    write_evidence(&finding.evidence, subject, alone, fresh);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__bulk_insert_rule = {
    .id = "bulk_insert",
    .tip = 12,
    .title = "Rows inserted one by one",
    .judge = judge,
};
