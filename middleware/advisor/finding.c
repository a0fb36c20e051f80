/* From a rule's finding to advice in the recording, unless it is silenced. */
#include <string.h>

#include "advisor/bench.h"
#include "record/silence.h"
#include "record/sql_tokens.h"

enum { EVIDENCE_MAXIMUM = 1024, FIX_MAXIMUM = 4096 };

void toolbar__finding_begin(struct toolbar__finding *finding,
                            const struct toolbar__subject *subject)
{
    *finding = (struct toolbar__finding){.runs = subject->runs, .count = subject->count};
    toolbar__text_init(&finding->evidence, EVIDENCE_MAXIMUM);
    toolbar__text_init(&finding->fix, FIX_MAXIMUM);
}

static const char mark[] = "toolbar:ignore";

/* The words after the mark up to the end of the comment; none of them: every rule. */
static bool names(const struct toolbar__sql_token *comment, const char *rule)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz_";
    const char *end = comment->data + comment->length;
    const char *at = memmem(comment->data, comment->length, mark, sizeof mark - 1);
    bool any = true;

    if (!at) return false;
    at += sizeof mark - 1;
    while (at < end) {
        const char *word = at;

        while (at < end && memchr(characters, *at, sizeof characters - 1)) {
            at++;
        }
        if (at > word) any = false;
        if ((size_t)(at - word) == strlen(rule) && memcmp(word, rule, strlen(rule)) == 0) {
            return true;
        }
        if (at < end) at++;
    }
    return any;
}

static bool is_silenced_by_comment(const struct toolbar__statement *statement, const char *rule)
{
    size_t length, at = 0;

    if (!strstr(statement->sql, mark)) return false;
    length = strlen(statement->sql);
    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(statement->sql, length, &at);

        if (token.type == TOOLBAR__SQL_END) return false;
        if (token.type == TOOLBAR__SQL_COMMENT && names(&token, rule)) return true;
    }
}

static bool is_silenced(const struct toolbar_recording *recording,
                        const struct toolbar__finding *finding, const struct toolbar__rule *rule)
{
    const struct toolbar__statement *statement = finding->runs[0]->query->statement;
    char *const *silences = recording->application ? recording->application->silences : NULL;
    unsigned i = 0;

    if (is_silenced_by_comment(statement, rule->id)) return true;
    if (toolbar__silenced_rule(silences, rule->id)) return true;
    if (!silences || rule->judge_request) return false;
    if (toolbar__silenced_statement(silences, statement->group)) return true;
    /* What comes from another place too has not been spoken of. */
    while (i < finding->count && toolbar__silenced_place(silences, finding->runs[i]->query)) {
        i++;
    }
    return i == finding->count;
}

static const char *keep(struct toolbar_recording *recording, const struct toolbar_text *text)
{
    if (text->failed || !text->length) return NULL;
    return toolbar__arena_copy(&recording->arena, text->data, text->length);
}

static bool comes_before(const struct toolbar__advice *a, const struct toolbar__advice *b)
{
    if (a->severity != b->severity) return a->severity > b->severity;
    return a->saving_ns > b->saving_ns;
}

static const char *function_of(const struct toolbar__finding *finding)
{
    const char *function = finding->runs[0]->query->function;

    for (unsigned i = 1; i < finding->count && function; i++) {
        const char *other = finding->runs[i]->query->function;

        /* One name has one address, unless there is no room for more names. */
        if (other != function && (!other || strcmp(function, other) != 0)) function = NULL;
    }
    return function;
}

static struct toolbar__advice *new_advice(struct toolbar_recording *recording,
                                          const struct toolbar__finding *finding)
{
    unsigned *queries = toolbar__arena_alloc(&recording->arena, finding->count * sizeof *queries);
    struct toolbar__advice *advice = toolbar__arena_alloc(&recording->arena, sizeof *advice);

    if (!queries || !advice) return NULL;
    for (unsigned i = 0; i < finding->count; i++) {
        queries[i] = finding->runs[i]->query->number;
    }
    advice->evidence = keep(recording, &finding->evidence);
    if (!advice->evidence) return NULL;
    advice->fix = keep(recording, &finding->fix);
    advice->queries = queries;
    advice->query_count = finding->count;
    advice->severity = finding->severity;
    advice->saving_ns = finding->saving_ns;
    return advice;
}

void toolbar__finding_add(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                          struct toolbar__finding *finding)
{
    struct toolbar__advices *advices = &bench->advices;
    struct toolbar__advice **at = &advices->first;
    struct toolbar__advice *advice = NULL;

    if (!is_silenced(bench->recording, finding, rule)) {
        if (advices->count < TOOLBAR__ADVICE_MAXIMUM) {
            advice = new_advice(bench->recording, finding);
        }
        if (!advice) advices->dropped++;
    }
    if (advice) {
        advice->rule = rule->id;
        advice->tip = rule->tip;
        advice->title = rule->title;
        advice->proof = rule->proof;
        if (!rule->judge_request) {
            advice->group = finding->runs[0]->query->statement->group;
            advice->function = function_of(finding);
        }
        while (*at && !comes_before(advice, *at)) {
            at = &(*at)->next;
        }
        advice->next = *at;
        *at = advice;
        advices->count++;
    }
    toolbar__text_free(&finding->evidence);
    toolbar__text_free(&finding->fix);
}
