/* Advice that the application silences in its options: by rule, by statement, by place. */
#include "test_sqlite_advice.h"

#include "panels/panel.h"
#include "record/silence.h"
#include "record/stack.h"
#include "toolbar.h"

#define AGES "SELECT name FROM author WHERE age = ?"
#define AGES_HASH "#fd420501bf7ad116"

void ask_in_loop(sqlite3 *db);
void ask_here(sqlite3 *db);
void ask_there(sqlite3 *db);

/* Each function runs it for itself: that is where a query comes from. */
#define ASK(statement, age)                                                                        \
    do {                                                                                           \
        sqlite3_bind_int(statement, 1, age);                                                       \
        while (sqlite3_step(statement) == SQLITE_ROW) {                                            \
            (void)sqlite3_column_text(statement, 0);                                               \
        }                                                                                          \
        sqlite3_reset(statement);                                                                  \
    } while (0)

__attribute__((noinline)) void ask_in_loop(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, AGES);

    for (int age = 24; age < 30; age++) {
        ASK(statement, age);
    }
    sqlite3_finalize(statement);
}

__attribute__((noinline)) void ask_here(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, AGES);

    ASK(statement, 24);
    sqlite3_finalize(statement);
}

/* Not quite the same: the compiler makes one of what is. */
__attribute__((noinline)) void ask_there(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare_sql(db, AGES);

    ASK(statement, 24);
    sqlite3_clear_bindings(statement);
    sqlite3_finalize(statement);
}

static void loop(sqlite3 *db)
{
    ask_in_loop(db);
}

static void loop_and_list(sqlite3 *db)
{
    ask_in_loop(db);
    for_each(db, "SELECT id, author_id FROM post", 1, "SELECT name FROM author WHERE id = ?");
}

static void twice_here(sqlite3 *db)
{
    ask_here(db);
    ask_here(db);
}

static void here_and_there(sqlite3 *db)
{
    ask_here(db);
    ask_there(db);
}

static void in_list(sqlite3 *db)
{
    for (int i = 0; i < 2; i++) {
        read_sql(db, "SELECT name FROM author WHERE age IN (24, 25)");
    }
}

struct silenced {
    const char *name;
    void (*act)(sqlite3 *db);
    const char *rules;
    const char *entries[3];
};

#define CASE(act, rules, ...)                                                                      \
    {                                                                                              \
#act, act, rules,                                                                          \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static int max_queries; /* 0: no budget */

/* What speaks of `act`, and if `html` is not NULL, the Advice panel. */
static void advise(void (*act)(sqlite3 *db), const char *const *entries, char rules[256],
                   struct toolbar_text *html)
{
    extern const struct toolbar_panel toolbar__advice_panel;
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    sqlite3 *db = open_database(":memory:");
    const struct toolbar_recording *recording;
    struct toolbar *toolbar;
    struct shown shown;

    options.silenced_advice = entries;
    options.max_queries = max_queries;
    assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_OK);
    create_blog(db);
    shown_begin(&shown);
    shown.request.recording->application = &toolbar->application;
    act(db);
    recording = shown_finish(&shown);
    toolbar__advise(shown.request.recording);
    write_rules(recording, rules, 256);
    if (html) toolbar__advice_panel.render(recording, html);
    shown_end(&shown);
    sqlite3_close(db);
    toolbar_free(toolbar);
}

static void entries_silence(void **state)
{
    static const struct silenced cases[] = {
        CASE(loop, "query_in_loop ", NULL),
        CASE(loop, "", "rule:query_in_loop"),
        CASE(loop, "query_in_loop ", "rule:n_plus_one"),
        CASE(loop, "", "rule:n_plus_one", "rule:query_in_loop"),
        CASE(loop, "", "sql:" AGES),
        CASE(loop, "", "sql:select name\n  from AUTHOR where age=17 -- of age"),
        CASE(loop, "query_in_loop ", "sql:SELECT name FROM author WHERE id = ?"),
        CASE(loop, "", "sql:" AGES_HASH),
        CASE(loop, "query_in_loop ", "sql:#0000000000000000"),
        CASE(loop, "", "at:ask_in_loop"),
        CASE(loop, "query_in_loop ", "at:ask_in_loo"),
        CASE(loop, "query_in_loop ", "at:loop"),
        CASE(loop_and_list, "n_plus_one ", "at:ask_in_loop"),
        CASE(loop_and_list, "n_plus_one ", "sql:" AGES),
        CASE(loop_and_list, "query_in_loop ", "rule:n_plus_one"),
        CASE(twice_here, "", "at:ask_here"),
        CASE(here_and_there, "repeated_query ", NULL),
        CASE(here_and_there, "repeated_query ", "at:ask_here"),
        CASE(here_and_there, "", "at:ask_here", "at:ask_there"),
        CASE(in_list, "repeated_query ", NULL),
        CASE(in_list, "", "sql:SELECT name FROM author WHERE age IN (?, ...)"),
        CASE(in_list, "", "sql:SELECT name FROM author WHERE age IN (1)"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rules[256];

        advise(cases[i].act, cases[i].entries, rules, NULL);
        if (strcmp(rules, cases[i].rules) == 0) continue;
        fail_msg("%s without %s: %s", cases[i].name, cases[i].entries[0], rules);
    }
}

/* The next line in `*at` that is an entry, as it would be pasted. */
static bool next_entry(char **at, char *entry, size_t size)
{
    char *from = strchr(*at, '"'), *to = from ? strstr(from + 1, "\",\n") : NULL;

    if (!to) return false;
    assert_in_range(to - from, 2, size);
    memcpy(entry, from + 1, (size_t)(to - from - 1));
    entry[to - from - 1] = '\0';
    *at = to + 3;
    return true;
}

static void each_line_of_the_panel_silences(void **state)
{
    const char *entries[2] = {NULL, NULL};
    struct toolbar_text html;
    char rules[256], entry[256];
    char *panel, *at;
    unsigned count = 0;

    (void)state;
    toolbar__text_init(&html, 65536);
    advise(loop, entries, rules, &html);
    panel = toolbar__text_take(&html, NULL);
    assert_string_equal(rules, "query_in_loop ");
    assert_non_null(strstr(panel, "<pre>/* toolbar:ignore query_in_loop */</pre>"));
    for (at = strstr(panel, "options:"); next_entry(&at, entry, sizeof entry); count++) {
        entries[0] = entry;
        advise(loop, entries, rules, NULL);
        assert_string_equal(rules, "");
    }
    assert_int_equal(count, 3);
    free(panel);
}

/* Places that are not all the same are not named: that line would silence nothing. */
static void two_places_have_no_line(void **state)
{
    const char *const none[] = {NULL};
    struct toolbar_text html;
    char rules[256];
    char *panel;

    (void)state;
    toolbar__text_init(&html, 65536);
    advise(here_and_there, none, rules, &html);
    panel = toolbar__text_take(&html, NULL);
    assert_non_null(strstr(panel, "rule:repeated_query"));
    assert_null(strstr(panel, "at:"));
    free(panel);
}

/* Its heaviest statement is only named by it. */
static void a_request_is_silenced_by_rule_only(void **state)
{
    static const char *const entries[][2] = {
        {"sql:" AGES, NULL}, {"at:ask_in_loop", NULL}, {"rule:over_budget", NULL}};
    static const char *const left[] = {"over_budget ", "over_budget ", "query_in_loop "};
    struct toolbar_text html;
    char rules[256];
    char *panel;

    (void)state;
    max_queries = 5;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        advise(loop, entries[i], rules, NULL);
        assert_string_equal(rules, left[i]);
    }
    toolbar__text_init(&html, 65536);
    advise(loop, entries[0], rules, &html);
    max_queries = 0;
    panel = toolbar__text_take(&html, NULL);
    assert_non_null(strstr(panel, "<pre>\"rule:over_budget\",\n</pre>"));
    assert_null(strstr(panel, "toolbar:ignore"));
    free(panel);
}

static void lines_are_places_too(void **state)
{
    struct toolbar__stack *stack = calloc(1, sizeof *stack + sizeof *stack->frames);
    char right[] = "at:people.c:42", line[] = "at:people.c:4", path[] = "at:src/people.c:42";
    char *const silences[][2] = {{right, NULL}, {line, NULL}, {path, NULL}};
    struct toolbar__query query = {.stack = stack};

    (void)state;
    assert_non_null(stack);
    stack->count = 1;
    assert_false(toolbar__silenced_place(silences[0], &query));
    stack->frames[0].file = "/home/ada/src/people.c";
    stack->frames[0].line = 42;
    assert_true(toolbar__silenced_place(silences[0], &query));
    assert_false(toolbar__silenced_place(silences[1], &query));
    assert_false(toolbar__silenced_place(silences[2], &query));
    stack->frames[0].file = "people.c";
    assert_true(toolbar__silenced_place(silences[0], &query));
    free(stack);
}

static char logged[600];

static void keep_log(void *cls, enum toolbar_log_level level, const char *text)
{
    (void)cls;
    assert_int_equal(level, TOOLBAR_LOG_ERROR);
    snprintf(logged, sizeof logged, "%s", text);
}

static void a_wrong_entry_is_named(void **state)
{
    static const char *const wrong[][2] = {
        {"rule:n_plus_on",
         "debugtoolbar: silenced_advice: \"rule:n_plus_on\": no rule has this id"},
        {"rule:", "no rule"},
        {"n_plus_one", "begins with none of"},
        {"Rule:n_plus_one", "begins with none of"},
        {"", "begins with none of"},
        {"sql:", "no statement"},
        {"sql: -- nothing", "no statement"},
        {"sql:#06a0", "16 hex digits"},
        {"sql:#06A02E1BD5C1A7F4", "16 hex digits"},
        {"sql:#06a02e1bd5c1a7f44", "16 hex digits"},
        {"at:", "file:line"},
        {"at:src/people.c:42", "without directories"},
        {"at:father_name()", "name of a function"},
        {"at:\x1b[31m\n\xff", "\"at:?[31m??\""},
    };
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    (void)state;
    options.log = keep_log;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *const entries[] = {"rule:n_plus_one", wrong[i][0], NULL};
        struct toolbar *toolbar = NULL;

        options.silenced_advice = entries;
        logged[0] = '\0';
        assert_int_equal(toolbar_new(&options, &toolbar), TOOLBAR_ERROR_SILENCED_ADVICE);
        assert_null(toolbar);
        if (!strstr(logged, wrong[i][1])) fail_msg("%s: %s", wrong[i][0], logged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_silence),
        cmocka_unit_test(each_line_of_the_panel_silences),
        cmocka_unit_test(two_places_have_no_line),
        cmocka_unit_test(a_request_is_silenced_by_rule_only),
        cmocka_unit_test(lines_are_places_too),
        cmocka_unit_test(a_wrong_entry_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
