/* An index for a statement that read much more than it gave, without looking at all of the rows. */
#include "adapters/sqlite/index.h"

#include <string.h>

#include "base/text.h"
#include "record/sql_tokens.h"

enum { WORK_NS = 20 * 1000 * 1000, WORDS_MAXIMUM = 16 * 1024 };
/* A row that is read takes three steps at least, and six where it is looked for in a list. */
enum { FEWER = 10, STEPS_PER_ROW = 2 * 3, STEPS_WITH_LIST = 2 * 6 };

static char *join_plan(const struct toolbar__index_work *work)
{
    struct toolbar_text text;

    toolbar__text_init(&text, WORDS_MAXIMUM);
    for (unsigned i = 0; i < work->after.count; i++) {
        const struct toolbar__plan_line *line = &work->after.lines[i];
        bool names = false;

        for (unsigned j = 0; j < work->chosen_count; j++) {
            if (toolbar__index_names(line, work->chosen[j])) names = true;
        }
        if (!names) continue;
        if (text.length) toolbar_text_literal(&text, "; ");
        toolbar__text_string(&text, line->detail);
    }
    return toolbar__text_take(&text, NULL);
}

static char *join_create(const struct toolbar__index_work *work)
{
    struct toolbar_text text;

    toolbar__text_init(&text, WORDS_MAXIMUM);
    for (unsigned i = 0; i < work->chosen_count; i++) {
        char *create = toolbar__index_create(work->chosen[i]);

        if (!create) text.failed = true;
        if (i) toolbar_text_literal(&text, "\n");
        toolbar__text_string(&text, create ? create : "");
        toolbar__text_char(&text, ';');
        sqlite3_free(create);
    }
    return toolbar__text_take(&text, NULL);
}

bool toolbar__index_describe(const struct toolbar__index_work *work,
                             struct toolbar__proposal *proposal)
{
    const char *table = work->chosen[0]->table;

    for (unsigned i = 1; i < work->chosen_count; i++) {
        if (sqlite3_stricmp(work->chosen[i]->table, table) != 0) table = "";
    }
    proposal->create = join_create(work);
    proposal->plan = join_plan(work);
    proposal->table = strdup(table);
    if (proposal->create && proposal->plan && proposal->table) return true;
    toolbar__proposal_free(proposal);
    return false;
}

/*
 * Rows are read one after another, for the least or greatest of them too, or into an index that is
 * thrown away afterwards.
 */
static bool is_scan(const char *detail)
{
    if (strncmp(detail, "SEARCH ", 7) == 0 && !strstr(detail, " USING ")) return true;
    return strstr(detail, " USING AUTOMATIC ") ||
           (strncmp(detail, "SCAN ", 5) == 0 && strcmp(detail, "SCAN CONSTANT ROW") != 0);
}

static unsigned count_scans(const struct toolbar__plan_lines *plan)
{
    unsigned count = 0;

    for (unsigned i = 0; i < plan->count; i++) {
        if (is_scan(plan->lines[i].detail)) count++;
    }
    return count;
}

/*
 * The longest list that a column may be compared with, at most; 0: the list comes out of another
 * query, and may have any length.
 */
static int64_t list_length(const char *sql)
{
    size_t length = strlen(sql), at = 0;
    bool in = false, any = false;
    int64_t commas = 0;

    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_END) break;
        if (token.type == TOOLBAR__SQL_SPACE || token.type == TOOLBAR__SQL_COMMENT) continue;
        if (token.type == TOOLBAR__SQL_OPERATOR && *token.data == ',') commas++;
        if (token.type == TOOLBAR__SQL_OPERATOR && *token.data == '(') continue;
        if (in && token.type != TOOLBAR__SQL_PARAMETER && token.type != TOOLBAR__SQL_NUMBER &&
            token.type != TOOLBAR__SQL_STRING) {
            return 0;
        }
        in =
            token.type == TOOLBAR__SQL_KEYWORD && toolbar__ascii_is(token.data, token.length, "in");
        if (in) any = true;
    }
    return any ? commas + 1 : 1;
}

static unsigned count_equal(const char *detail)
{
    unsigned count = 0;

    for (const char *at = detail; (at = strstr(at, "=?")) != NULL; at += 2) {
        count++;
    }
    return count;
}

/*
 * Rows that would be read with the chosen indexes for each of `expected` values, more rather than
 * less; UNKNOWN: no idea.
 */
static int64_t expect_rows(struct toolbar__index_work *work, int64_t expected)
{
    for (unsigned i = 0; i < work->chosen_count; i++) {
        const struct toolbar__candidate *chosen = work->chosen[i];
        unsigned equal = count_equal(toolbar__index_named(&work->after, chosen)->detail);
        int64_t rows =
            toolbar__index_expect(work, chosen, equal < chosen->equal ? equal : chosen->equal);

        if (rows == TOOLBAR__UNKNOWN || rows > INT32_MAX / expected) return TOOLBAR__UNKNOWN;
        expected *= rows;
    }
    return expected;
}

static bool is_chosen(const struct toolbar__index_work *work, const char *table)
{
    for (unsigned i = 0; i < work->chosen_count; i++) {
        if (sqlite3_stricmp(work->chosen[i]->table, table) == 0) return true;
    }
    return false;
}

/* What is still read from end to end, for each of which the rest may be done. */
static int64_t other_rows(struct toolbar__index_work *work)
{
    int64_t rows = 1;

    for (unsigned i = 0; i < work->seen_count; i++) {
        int64_t table =
            is_chosen(work, work->seen[i]) ? 1 : toolbar__index_rows(work, work->seen[i]);

        if (table < 1) continue;
        if (table > INT32_MAX / rows) return INT32_MAX;
        rows *= table;
    }
    return rows;
}

/*
 * Twice as fast at least, going by the recorded figures: hardly anything was done but reading
 * rows, and hardly any of these would be read.
 */
static bool is_worth(struct toolbar__index_work *work, const struct toolbar__group *group)
{
    int64_t read = group->rows_scanned + group->auto_index;
    unsigned scans = count_scans(&work->after);
    int64_t list = list_length(work->sql), expected;

    if (!list || group->vm_steps > read * (list > 1 ? STEPS_WITH_LIST : STEPS_PER_ROW)) {
        return false;
    }
    if (scans >= count_scans(&work->before)) return false;
    expected = expect_rows(work, list);
    if (expected == TOOLBAR__UNKNOWN) return false;
    if (scans) expected *= other_rows(work);
    return expected <= read / group->ended / FEWER;
}

static bool propose(struct toolbar__index_work *work, const struct toolbar__query *query,
                    struct toolbar__proposal *proposal)
{
    return toolbar__index_choose(work) && is_worth(work, query->statement->group) &&
           toolbar__index_describe(work, proposal);
}

bool toolbar__index_propose(const char *file, const struct toolbar__query *query, unsigned *budget,
                            struct toolbar__proposal *proposal)
{
    struct toolbar__index_work *work = toolbar__index_work_new(file, query, WORK_NS, 0);

    *proposal = (struct toolbar__proposal){0};
    if (work) {
        uint64_t key = toolbar__index_key(work, file, query);

        if (!toolbar__index_recall(key, proposal) && *budget) {
            --*budget;
            propose(work, query, proposal);
            toolbar__index_remember(key, proposal);
        }
    }
    toolbar__index_work_free(work);
    return proposal->create != NULL;
}
