/*
 * What rows of the SQL panel unfold to: first rows, callers with links, transactions. And figures
 * that are not known, or not exactly.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "panels/editor.h"
#include "panels/element.h"
#include "panels/sql_parts.h"
#include "record/preview.h"
#include "record/stack.h"
#include "sample_recording.h"

static char *render(struct toolbar_recording *recording)
{
    static const struct toolbar__element plain = {
        .prefix = "/__debug__", .style_url = "/toolbar.css", .script_url = "/toolbar.js"};
    struct toolbar_text text;
    char *html;

    toolbar__text_init(&text, (size_t)4 * 1024 * 1024);
    toolbar__element_render(&plain, recording, &text);
    toolbar__recording_unref(recording);
    html = toolbar__text_take(&text, NULL);
    assert_non_null(html);
    return html;
}

static void assert_has(const char *haystack, const char *needle)
{
    if (!strstr(haystack, needle)) fail_msg("not found: %s", needle);
}

static const struct toolbar__stack *add_stack(struct toolbar_recording *recording,
                                              struct toolbar__statement *statement)
{
    static const void *const addresses[] = {"0", "1"};
    static const struct toolbar__return back = {0};
    struct toolbar__stack *stack = (struct toolbar__stack *)toolbar__recording_stack_add(
        recording, statement, addresses, 2, &back);

    assert_non_null(stack);
    stack->frames[0].function = "save<b>";
    stack->frames[0].file = "/src/a \"b\"<c>%/save.c";
    stack->frames[0].line = 7;
    return stack;
}

/* A query with everything that a row can unfold to. */
static struct toolbar_recording *in_detail(const struct toolbar__application *application)
{
    static const struct toolbar__column columns[] = {{"id", NULL}, {SAMPLE_HOSTILE, NULL}};
    struct toolbar_recording *recording = sample_no_queries();
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    struct toolbar__value values[2] = {{.type = TOOLBAR__VALUE_INTEGER, .as.integer = 17},
                                       {.type = TOOLBAR__VALUE_TEXT, .as.bytes = SAMPLE_HOSTILE}};
    struct toolbar__statement *statement;
    struct toolbar__query *query;

    recording->application = application;
    recording->finished = false;
    statement = toolbar__recording_statement(recording, "main", "INSERT INTO t RETURNING *", 25);
    query = toolbar__recording_query(recording, statement, 0, NULL, 0);
    values[1].kept = values[1].length = sizeof SAMPLE_HOSTILE - 1;
    assert_true(toolbar__recording_preview(recording, query, columns, 2, 3));
    toolbar__recording_preview_row(recording, query, values);
    outcome.stack = add_stack(recording, statement);
    outcome.engine_ns = 100000;
    outcome.writes = true;
    outcome.error_code = 19;
    outcome.error_name = "SQLITE_CONSTRAINT";
    toolbar__recording_query_done(recording, statement, query, &outcome);
    toolbar__recording_finish(recording, 200, NULL, 1000000);
    return recording;
}

static void details_unfold(void **state)
{
    struct toolbar_recording *sample = sample_no_queries();
    struct toolbar__application application = *sample->application;
    char *html;

    (void)state;
    toolbar__recording_unref(sample);
    application.editor_link = "edit://open?\"{file}\"&line={line}";
    html = render(in_detail(&application));
    assert_has(html, "<table class=\"preview\"><tr><th>id</th><th>");
    assert_has(html, "<tr><td><i class=\"n\">17</i></td><td><i>&#39;&lt;/template&gt;");
    assert_has(html, "and 1 column more");
    assert_has(html, "save&lt;b&gt;() <a href=\"edit://open?&quot;/src/a%20%22b%22%3Cc%3E%25/save.c"
                     "&quot;&amp;line=7\">save.c:7</a>");
    assert_has(html, "<li><small>not known</small></li>");
    assert_has(html, "&#183; autocommit");
    assert_has(html, "SQLITE_CONSTRAINT 19");
    assert_null(strstr(html, "<img"));
    free(html);
    application.editor_link = NULL;
    html = render(in_detail(&application));
    assert_has(html, "<li>save&lt;b&gt;() save.c:7</li>");
    free(html);
}

static void editors_are_urls_without_code(void **state)
{
    static const char *const refused[] = {"",
                                          "x",
                                          "javascript:a",
                                          "JavaScript:{file}",
                                          "data:,{file}",
                                          "vbscript:x",
                                          " javascript:",
                                          "java\nscript:",
                                          "/{file}",
                                          ":{file}"};

    (void)state;
    assert_true(toolbar__editor_allowed("vscode://file{file}:{line}"));
    assert_true(toolbar__editor_allowed("x-my.editor+1:{file}"));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_false(toolbar__editor_allowed(refused[i]));
    }
}

static void transactions_are_listed(void **state)
{
    static const char *const statements[] = {"BEGIN", "SAVEPOINT a", "ROLLBACK"};
    struct toolbar_recording *recording = sample_no_queries();
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;
    char *html;

    (void)state;
    recording->finished = false;
    outcome.handle = &outcome;
    outcome.open_ns = 100000;
    for (size_t i = 0; i < 3; i++) {
        struct toolbar__statement *statement =
            toolbar__recording_statement(recording, "main", statements[i], strlen(statements[i]));

        outcome.in_transaction = i > 0;
        outcome.left_in_transaction = i < 2;
        toolbar__recording_query_done(
            recording, statement,
            toolbar__recording_query(recording, statement, (int64_t)i * 200000, NULL, 0), &outcome);
    }
    toolbar__recording_finish(recording, 200, NULL, 1000000);
    html = render(recording);
    assert_has(html, "<li>Transaction on <b>main</b>: <small>#1 to #3, 3 queries, 0.50 ms</small> "
                     "<strong class=\"bad\">rolled back</strong><svg");
    assert_has(html, "<li>Savepoint <b>a</b>: <small>#2 to #3, 2 queries, 0.30 ms</small>");
    assert_has(html, " transaction\" data-n=\"3\"");
    free(html);
}

/* `count` executions of one statement with one value; EXPLAIN by the hooks if not timed. */
static struct toolbar_recording *same_again(unsigned count, bool timed)
{
    struct toolbar_recording *recording = sample_no_queries();
    struct toolbar__outcome outcome = TOOLBAR__OUTCOME_UNKNOWN;

    recording->finished = false;
    if (timed) outcome.engine_ns = outcome.open_ns = 1000;
    for (unsigned i = 0; i < count; i++) {
        struct toolbar__statement *statement =
            toolbar__recording_statement(recording, "main", "EXPLAIN SELECT 1", 16);

        toolbar__recording_query_done(recording, statement,
                                      toolbar__recording_query(recording, statement, 0, NULL, 0),
                                      &outcome);
    }
    toolbar__recording_finish(recording, 200, NULL, 1000000);
    return recording;
}

static void duplicates_beyond_what_is_kept_are_a_lower_bound(void **state)
{
    char *html = render(same_again(600, true));

    (void)state;
    assert_has(html, "600 x similar</span> <span class=\"badge\">at least 500 x duplicate");
    assert_has(html, ">at least 500 duplicate</abbr>");
    free(html);
}

static void no_time_is_not_zero(void **state)
{
    char *html = render(same_again(1, false));

    (void)state;
    assert_has(html,
               "<td><abbr title=\"not known\">&#8211;</abbr></td><td><abbr title=\"not known\">");
    assert_null(strstr(html, "open for"));
    free(html);
}

/* A row with everything there can be, and each figure as long as it can be. */
static struct toolbar__sql_sum widest(const struct toolbar__query *query)
{
    return (struct toolbar__sql_sum){
        .first = query,
        .kept = 3,
        .duplicates = 2,
        .errors = 2,
        .failed = query,
        .duration_ns = INT64_MAX / 1000,
        .rows = INT64_MAX,
        .rows_scanned = INT64_MAX,
        .sorts = INT64_MAX,
        .auto_index = INT64_MAX,
        .vm_steps = INT64_MAX,
        .reprepares = INT64_MAX,
        .in_transaction = true,
        .autocommit = true,
    };
}

/* At one of these maxima each piece has the room that it asked for and not a byte more. */
static void at_every_maximum(const struct toolbar__sql_row *like,
                             const struct toolbar__sql_sum *sum)
{
    struct toolbar__sql_row row = *like;
    struct toolbar_text text;
    size_t whole;

    row.text = &text;
    toolbar__text_init(&text, 65536);
    toolbar__sql_cells(&row, sum);
    assert_false(text.failed);
    whole = text.length;
    toolbar__text_free(&text);
    for (size_t maximum = 1; maximum < whole + 600; maximum++) {
        toolbar__text_init(&text, maximum);
        toolbar__sql_cells(&row, sum);
        assert_true(text.length <= maximum);
        assert_true(text.failed || text.length == whole);
        toolbar__text_free(&text);
    }
    toolbar__text_init(&text, whole + 600);
    toolbar__sql_cells(&row, sum);
    assert_false(text.failed);
    toolbar__text_free(&text);
}

static void no_row_is_longer_than_its_room(void **state)
{
    static const struct toolbar__value values[] = {
        {.type = TOOLBAR__VALUE_INTEGER, .as.integer = INT64_MIN},
        {.type = TOOLBAR__VALUE_NULL, .name = ":name"}};
    struct toolbar_recording *recording = sample_order();
    struct toolbar__query *query = recording->queries;
    struct toolbar__group group = {.connection = "main", .first = query, .count = 3};
    struct toolbar__sql_row row = {.recording = recording, .group = &group};
    struct toolbar__sql_sum sum = widest(query);

    (void)state;
    recording->duration_ns = 3000000;
    query->number = query->duplicate = UINT_MAX;
    query->values = values;
    query->value_count = 2;
    for (int i = 0; i < 8; i++) {
        row.child = i & 1;
        row.folds = i & 2;
        sum.exact = i & 4;
        query->open_ns = sum.exact ? 300 : INT64_C(1234567890);
        query->next_in_group = query;
        query->start_ns = sum.exact ? 2967000 : INT64_C(-1);
        at_every_maximum(&row, &sum);
        sum.rows = sum.exact ? TOOLBAR__UNKNOWN : INT64_MAX;
    }
    toolbar__recording_unref(recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_unfold),
        cmocka_unit_test(editors_are_urls_without_code),
        cmocka_unit_test(transactions_are_listed),
        cmocka_unit_test(duplicates_beyond_what_is_kept_are_a_lower_bound),
        cmocka_unit_test(no_time_is_not_zero),
        cmocka_unit_test(no_row_is_longer_than_its_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
