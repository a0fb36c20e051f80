/*
 * Which indexes would help a recorded statement. SQLite itself is asked, and nothing is parsed:
 *
 * 1. index_schema.c copies the schema of the application's file, without rows, to memory;
 * 2. index_shadow.c prepares the statement on virtual tables of the same shape, to which SQLite
 *    tells by what it would look for rows and in which order;
 * 3. index_candidates.c makes indexes of that, all at once, because a join may need several;
 * 4. index_choice.c reads from the new plan which of them SQLite would use;
 * 5. index_sample.c looks into the table whether they narrow the search (for an advice), and
 *    index_proof.c measures it on a copy of the rows (on demand);
 * 6. index_cache.c remembers what came of it.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_INDEX_H
#define TOOLBAR_ADAPTERS_SQLITE_INDEX_H

#include <sqlite3.h>

#include "base/arena.h"
#include "record/index.h"
#include "record/recording.h"

enum {
    TOOLBAR__KEY_COLUMNS = 4, /* indexes with more are not worth their upkeep */
    TOOLBAR__CANDIDATES = 64,
    TOOLBAR__PLAN_LINES = 200,
    TOOLBAR__INDEX_ROWS = 500 /* a table with less is read as fast as its index */
};

struct toolbar__key_column {
    const char *name;
    const char *collation; /* NULL: the column's own */
    bool descending;
};

/* An index that could be made: first what is compared with =, then a range or an order. */
struct toolbar__candidate {
    const char *table;
    struct toolbar__key_column columns[TOOLBAR__KEY_COLUMNS];
    unsigned count;
    unsigned equal;
    const char *range; /* of the only column, as SQL on a table t; NULL: none, or not known */
    bool nulls;        /* rows with NULL are looked for, too */
    char name[80];     /* what it is called at the moment */
};

/* A line of EXPLAIN QUERY PLAN. */
struct toolbar__plan_line {
    int id;
    int parent;
    const char *detail;
};
struct toolbar__plan_lines {
    unsigned count;
    struct toolbar__plan_line lines[TOOLBAR__PLAN_LINES];
};

/* The work on one statement. */
struct toolbar__index_work {
    struct toolbar__arena arena;
    int64_t deadline_ns;
    const char *sql;
    const char *runnable; /* the same with its values, as far as they are known */
    sqlite3 *file;        /* the application's, read-only */
    sqlite3 *schema;      /* the copy without rows */
    unsigned count;
    struct toolbar__candidate candidates[TOOLBAR__CANDIDATES];
    const char *seen[TOOLBAR__CANDIDATES]; /* tables that the statement looks into */
    unsigned seen_count;
    unsigned chosen_count;
    struct toolbar__candidate *chosen[TOOLBAR__INDEXES_MAXIMUM];
    struct toolbar__plan_lines before;
    struct toolbar__plan_lines after;
};

/* A new one for the statement of a query, NULL without memory; and the end of any. */
struct toolbar__index_work *toolbar__index_work_new(const char *file,
                                                    const struct toolbar__query *query,
                                                    int64_t work_ns, int wait_ms);
void toolbar__index_work_free(struct toolbar__index_work *work);

/* Steps 1 to 4. False: there is no index to propose. */
bool toolbar__index_choose(struct toolbar__index_work *work);

/* Lets every order that the application has defined be named; it is not that order. */
void toolbar__index_any_collation(sqlite3 *db);

bool toolbar__index_copy_schema(struct toolbar__index_work *work);
bool toolbar__index_shadow(struct toolbar__index_work *work);

/* What the statement compares and sorts by in one look at a table, as xBestIndex is told. */
void toolbar__index_candidates(struct toolbar__index_work *work, const char *table, int key,
                               sqlite3_index_info *info);

/* CREATE INDEX for it, to be freed with sqlite3_free(). */
char *toolbar__index_create(const struct toolbar__candidate *candidate);

bool toolbar__index_make(sqlite3 *db, const struct toolbar__candidate *candidate);
bool toolbar__index_drop(sqlite3 *db, const struct toolbar__candidate *candidate);

/* The plan of the statement, and the line of it that names the index; NULL: none does. */
bool toolbar__index_plan(struct toolbar__index_work *work, sqlite3 *db,
                         struct toolbar__plan_lines *plan);
bool toolbar__index_names(const struct toolbar__plan_line *line,
                          const struct toolbar__candidate *candidate);
const struct toolbar__plan_line *toolbar__index_named(const struct toolbar__plan_lines *plan,
                                                      const struct toolbar__candidate *candidate);

/* How many rows a table has, as far as its keys tell; 0: not known. */
int64_t toolbar__index_rows(struct toolbar__index_work *work, const char *table);

/*
 * How many rows one value of the first `equal` columns of it has, or its range if that is 0;
 * UNKNOWN where that cannot be said.
 */
int64_t toolbar__index_expect(struct toolbar__index_work *work,
                              const struct toolbar__candidate *candidate, unsigned equal);

/* The choice in words; false without memory. */
bool toolbar__index_describe(const struct toolbar__index_work *work,
                             struct toolbar__proposal *proposal);

/* What is known about a statement in this state of its database. */
uint64_t toolbar__index_key(struct toolbar__index_work *work, const char *file,
                            const struct toolbar__query *query);
/* False: nothing. `proposal` is a copy, empty if there is none to be made. */
bool toolbar__index_recall(uint64_t key, struct toolbar__proposal *proposal);
/* `proposal` NULL: there is none to be made. */
void toolbar__index_remember(uint64_t key, const struct toolbar__proposal *proposal);

/* For struct toolbar__plan_source of record/plan.h. */
bool toolbar__index_propose(const char *file, const struct toolbar__query *query, unsigned *budget,
                            struct toolbar__proposal *proposal);
void toolbar__index_prove(const char *file, const struct toolbar__query *query,
                          struct toolbar_json *json);

#endif
