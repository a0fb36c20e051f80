/*
 * Rows of which the first only was wanted: to see whether there is one, or because there is no
 * LIMIT. SQLite makes one row at a time, so what costs is sorting all of them for it. A look-up by
 * what may be a unique key has no more than one, and is left alone.
 */
#include <string.h>

#include "advisor/columns.h"

static bool is_first_of_few(const struct toolbar__subject *subject,
                            const struct toolbar__columns *columns)
{
    static const char *const words[] = {"count(", "exists(", "exists (", "sum(",  "min(",
                                        "max(",   "avg(",    "total(",   "limit", "group_concat("};

    if (columns->partial != subject->count || columns->longest != 1) return false;
    if (columns->rows != subject->count) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasestr(subject->group->fingerprint, words[i])) return false;
    }
    return true;
}

/* SQLite does not know it to have one row at most: for one there is nothing to scan or sort. */
static bool worked(const struct toolbar__subject *subject, bool sorts)
{
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__query *query = subject->runs[i]->query;

        if (query->rows_scanned > 0 || query->auto_index > 0) return true;
    }
    return sorts;
}

static bool is_sorted(const struct toolbar__subject *subject)
{
    for (unsigned i = 0; i < subject->count; i++) {
        if (subject->runs[i]->query->sorts > 0) return true;
    }
    return false;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__subject *subject,
                           bool read, bool sorts)
{
    toolbar_text_literal(text, "Left after the first row");
    if (subject->count > 1) toolbar__text_printf(text, ", %u times", subject->count);
    if (!read) toolbar_text_literal(text, ", of which no column was read");
    toolbar_text_literal(text, ". ");
    if (sorts) toolbar_text_literal(text, "All rows were sorted to look at one. ");
    toolbar__text_string(text, read ? "LIMIT 1 says that there is no need for the others."
                                    : "EXISTS says that nothing else matters.");
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    bool sorts = is_sorted(subject), read;
    struct toolbar__columns columns;
    struct toolbar__finding finding;

    if (subject->advised || subject->columns_advised) return;
    if (!toolbar__columns_read(subject, &columns) || !is_first_of_few(subject, &columns)) return;
    read = columns.any > 0;
    if (read && !sorts) return;
    /* SELECT 1 says already that its columns do not matter. */
    if (!read && strncmp(subject->group->fingerprint, "SELECT ?", strlen("SELECT ?")) == 0) return;
    if (subject->lookup == TOOLBAR__LOOKUP_KEY && !worked(subject, sorts)) return;
    if (!read) subject->columns_advised = true;
    toolbar__finding_begin(&finding, subject);
    finding.severity = sorts && !read ? TOOLBAR__MEDIUM : TOOLBAR__LOW;
    if (sorts) finding.saving_ns = (int64_t)subject->count * toolbar__median_ns(subject) / 2;
    write_evidence(&finding.evidence, subject, read, sorts);
    if (read) {
        toolbar__fix_first(&finding.fix, subject);
    } else {
        toolbar__fix_exists(&finding.fix, subject);
    }
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__exists_check_rule = {
    .id = "exists_check",
    .tip = 10,
    .title = "Only the first row is wanted",
    .judge = judge,
};
