/* Scenarios: what a program does with SQLite, and the rules that must speak about it. */
#ifndef TEST_SQLITE_ADVICE_H
#define TEST_SQLITE_ADVICE_H

#include "test_sqlite_support.h"

#include "advisor/advice.h"

/*
 * Linked in place of the library's clock, so that a busy machine is no slow statement: time passes
 * by a little at each look, and as a scenario says.
 */
static int64_t test_clock_ns = 1000000000;

int64_t __wrap_toolbar__now_ns(void);

int64_t __wrap_toolbar__now_ns(void)
{
    return test_clock_ns += 100;
}

/* In place of the heap: the program's own part as a scenario says, and SQLite's. */
static int64_t test_heap_bytes = 1000000;

int64_t __wrap_toolbar__heap_bytes(void);

int64_t __wrap_toolbar__heap_bytes(void)
{
    return test_heap_bytes + sqlite3_memory_used();
}

/* In place of what the kernel counts: CPU time of this thread and of others, as a scenario says. */
static int64_t test_own_cpu_ns = 1, test_others_cpu_ns;

int64_t __wrap_toolbar__cpu_ns(void);
int64_t __wrap_toolbar__process_cpu_ns(void);

int64_t __wrap_toolbar__cpu_ns(void)
{
    return test_own_cpu_ns;
}

int64_t __wrap_toolbar__process_cpu_ns(void)
{
    return test_own_cpu_ns + test_others_cpu_ns;
}

struct scenario {
    const char *name;
    void (*act)(sqlite3 *db);
    const char *rules; /* all that speak, the worst first, each followed by a space; "": none */
};

/* Done with a database before the request; NULL: nothing. */
static void (*prepare_scenario)(sqlite3 *db);

static inline void watch_by_hook(sqlite3 *db)
{
    static char toolbar; /* one only has to be there */

    assert_int_equal(toolbar_sqlite_attach((struct toolbar *)&toolbar, db, "main"), TOOLBAR_OK);
}

#define MUST(act, rules)                                                                           \
    {                                                                                              \
#act, act, rules                                                                           \
    }
#define SILENT(act) MUST(act, "")

/* A list of posts, and the author of one. */
#define LIST "SELECT id, author_id, title FROM post ORDER BY id LIMIT 20"
#define NAME "SELECT name FROM author WHERE id = ?1"

static inline void create_blog(sqlite3 *db)
{
    run_sql(db, "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, code TEXT);"
                "CREATE TABLE post (id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT);"
                "CREATE TABLE tag (code TEXT PRIMARY KEY, label TEXT);"
                "CREATE TABLE log (what);"
                "CREATE TRIGGER added AFTER INSERT ON tag BEGIN INSERT INTO log VALUES (1); END;"
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
                "  INSERT INTO author SELECT i, 'name ' || i, 20 + i, 'c' || (i * 7) FROM n;"
                "INSERT INTO post SELECT id, (id - 1) / 2 + 1, 'title ' || id FROM author;"
                "INSERT INTO tag SELECT code, 'label ' || id FROM author");
}

/* Steps to the end and reads every column of every row. */
static inline unsigned read_all(sqlite3_stmt *statement)
{
    unsigned rows = 0;

    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            (void)sqlite3_column_text(statement, i);
        }
        rows++;
    }
    assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
    return rows;
}

static inline void read_sql(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    read_all(statement);
    sqlite3_finalize(statement);
}

/* From `first` to `last`, as values of one parameter. */
static inline void read_each(sqlite3 *db, const char *sql, int first, int last)
{
    sqlite3_stmt *statement = prepare_sql(db, sql);

    for (int i = first; i <= last; i++) {
        sqlite3_bind_int(statement, 1, i);
        read_all(statement);
    }
    sqlite3_finalize(statement);
}

/* What both ways of watching can tell is asked again. */
static inline void twice(sqlite3 *db)
{
    read_sql(db, LIST);
    read_sql(db, LIST);
}

static inline void twice_by_value(sqlite3 *db)
{
    read_each(db, NAME, 3, 3);
    read_each(db, NAME, 3, 3);
}

static inline void twice_by_literal(sqlite3 *db)
{
    read_sql(db, "SELECT name FROM author WHERE id = 4");
    read_sql(db, "SELECT name FROM author WHERE id = 4");
}

static inline void twice_by_exec(sqlite3 *db)
{
    run_sql(db, "SELECT name FROM author WHERE age > 30; SELECT name FROM author WHERE age > 30");
}

/* For each row of `list`, with the value of `column` as the application would pass it on. */
static inline void for_each(sqlite3 *db, const char *list, int column, const char *sql)
{
    sqlite3_stmt *parent = prepare_sql(db, list), *child = prepare_sql(db, sql);

    while (sqlite3_step(parent) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(parent); i++) {
            (void)sqlite3_column_text(parent, i);
        }
        sqlite3_bind_int(child, 1, sqlite3_column_int(parent, column));
        read_all(child);
    }
    sqlite3_finalize(parent);
    sqlite3_finalize(child);
}

static inline void write_rules(const struct toolbar_recording *recording, char *rules, size_t size)
{
    size_t used = 0;

    *rules = '\0';
    for (const struct toolbar__advice *advice = recording->advices.first; advice;
         advice = advice->next) {
        used += (size_t)snprintf(rules + used, size - used, "%s ", advice->rule);
        assert_true(used < size);
        assert_true(advice->query_count > 0);
        assert_true(advice->evidence[0] != '\0');
    }
}

/* What better SQL there is must be SQL. */
static inline bool check_fixes(sqlite3 *db, const struct toolbar_recording *recording)
{
    bool right = true;

    for (const struct toolbar__advice *advice = recording->advices.first; advice;
         advice = advice->next) {
        sqlite3_stmt *statement = NULL;

        if (!advice->fix) continue;
        if (getenv("SHOW_FIXES")) print_message("%s\n\n%s\n", advice->evidence, advice->fix);
        if (sqlite3_prepare_v2(db, advice->fix, -1, &statement, NULL) != SQLITE_OK) {
            print_error("%s: %s\n", advice->fix, sqlite3_errmsg(db));
            right = false;
        }
        sqlite3_finalize(statement);
    }
    return right;
}

/* `file` NULL: in memory. */
static inline bool run_scenario(const struct scenario *scenario, const char *file)
{
    const struct toolbar_recording *recording;
    struct shown shown;
    bool right;
    char rules[256];
    sqlite3 *db;

    if (file) unlink(file);
    db = open_database(file ? file : ":memory:");
    create_blog(db);
    if (prepare_scenario) prepare_scenario(db);
    shown_begin(&shown);
    scenario->act(db);
    recording = shown_finish(&shown);
    toolbar__advise(shown.request.recording);
    write_rules(recording, rules, sizeof rules);
    right = strcmp(rules, scenario->rules) == 0;
    if (!right) print_error("%s: \"%s\" and not \"%s\"\n", scenario->name, rules, scenario->rules);
    if (!check_fixes(db, recording)) right = false;
    shown_end(&shown);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    if (file) unlink(file);
    return right;
}

/* For the table of them all. */
static inline void print_scenarios(const char *rule, unsigned found, unsigned silent)
{
    print_message("advice %-20s found %3u  silent %3u\n", rule, found, silent);
}

/* In a test with the name of a rule: prints in how many of them it speaks. */
static inline void run_rule(const char *rule, const struct scenario *scenarios, size_t count)
{
    unsigned wrong = 0, found = 0;
    char word[64];

    snprintf(word, sizeof word, "%s ", rule);
    for (size_t i = 0; i < count; i++) {
        if (!run_scenario(&scenarios[i], NULL)) wrong++;
        if (strstr(scenarios[i].rules, word)) found++;
    }
    print_scenarios(rule, found, (unsigned)count - found);
    assert_int_equal(wrong, 0);
}

#define run_scenarios(scenarios, count) run_rule(__func__, scenarios, count)

/* Takes as many milliseconds as it says. */
static inline void spend(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    test_clock_ns += (int64_t)sqlite3_value_int(values[0]) * 1000 * 1000;
    sqlite3_result_int(context, 1);
}

static inline void add_spend(sqlite3 *db)
{
    assert_int_equal(sqlite3_create_function(db, "spend", 1, SQLITE_UTF8, NULL, spend, NULL, NULL),
                     SQLITE_OK);
}

/* Not as part of the request. */
static inline void unseen(sqlite3 *db, const char *sql)
{
    struct toolbar_request *shown = toolbar__current_set(NULL);

    run_sql(db, sql);
    toolbar__current_set(shown);
}

#endif
