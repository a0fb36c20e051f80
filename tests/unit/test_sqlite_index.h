/* A blog that is large enough for an index to matter, and what is asked about it. */
#ifndef TEST_SQLITE_INDEX_H
#define TEST_SQLITE_INDEX_H

#include "test_sqlite_advice.h"

#include "record/plan.h"
#include "scratch.h"

static struct toolbar *const toolbar = (struct toolbar *)&toolbar; /* only has to be there */

static inline void create_posts(const char *file)
{
    sqlite3 *db;

    unlink(file);
    db = open_database(file);
    run_sql(
        db,
        "PRAGMA synchronous = off; BEGIN;"
        "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE post (id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT, body TEXT,"
        "  status TEXT, created INTEGER, quarter INTEGER);"
        "CREATE TABLE comment (id INTEGER PRIMARY KEY, post_id INTEGER,"
        "  txt TEXT COLLATE NOCASE);"
        "CREATE TABLE few (id INTEGER PRIMARY KEY, author_id INTEGER);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
        "  INSERT INTO comment SELECT i, i * 7 % 20000 + 1, 'Text ' || i FROM n;"
        "INSERT INTO post SELECT id, id * 7919 % 500 + 1, 'title ' || (id * 31 % 20000), 'body',"
        "  CASE id * 7 % 10 WHEN 0 THEN 'draft' ELSE 'live' END, id * 17 % 86400,"
        "  id * (id * 7 % 4 <> 0) FROM comment WHERE id <= 20000;"
        "INSERT INTO author SELECT id, 'name ' || id FROM comment WHERE id <= 500;"
        "INSERT INTO few SELECT id, id % 100 FROM comment WHERE id <= 499; COMMIT");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A connection of the application, in a shown request. */
struct asking {
    sqlite3 *db;
    struct shown shown;
};

static inline void asking_begin(struct asking *asking, const char *file)
{
    asking->db = open_database(file);
    assert_int_equal(toolbar_sqlite_attach(toolbar, asking->db, "main"), TOOLBAR_OK);
    shown_begin(&asking->shown);
}

/* The rule's advice; NULL: it is silent. */
static inline const struct toolbar__advice *asking_judge(struct asking *asking)
{
    const struct toolbar_recording *recording = shown_finish(&asking->shown);
    const struct toolbar__advice *advice;

    toolbar__advise(asking->shown.request.recording);
    for (advice = recording->advices.first; advice; advice = advice->next) {
        if (strcmp(advice->rule, "missing_index") == 0) break;
    }
    return advice;
}

static inline void asking_end(struct asking *asking)
{
    shown_end(&asking->shown);
    assert_int_equal(sqlite3_close(asking->db), SQLITE_OK);
}

/* The proof for a query, to be freed. */
static inline char *asking_prove(const struct asking *asking, unsigned number)
{
    struct toolbar_text text;
    struct toolbar_json json;
    char *proof;

    toolbar__text_init(&text, 100000);
    toolbar__json_init(&json, &text);
    assert_true(toolbar__plan_prove(asking->shown.request.recording, number, &json));
    proof = toolbar__text_take(&text, NULL);
    assert_non_null(proof);
    return proof;
}

static inline void assert_proof(const struct asking *asking, unsigned number, const char *expected)
{
    char *proof = asking_prove(asking, number);

    if (!strstr(proof, expected)) fail_msg("%u: no %s in %s", number, expected, proof);
    free(proof);
}

/* Another request of the same process, which runs this. */
static inline void assert_advice(const char *file, const char *sql, const char *fix)
{
    const struct toolbar__advice *advice;
    struct asking asking;

    asking_begin(&asking, file);
    read_sql(asking.db, sql);
    advice = asking_judge(&asking);
    if (!advice && *fix) fail_msg("silent: %s", sql);
    if (advice && strcmp(advice->fix, fix) != 0) fail_msg("%s: \"%s\"", sql, advice->fix);
    asking_end(&asking);
}

#endif
