/*
 * What the rules share: the statements of a request, one subject for each fingerprint, and the
 * proofs. One file for each rule, one line in the table of advisor.c, which has the order of
 * precedence: a rule that has spoken about a subject silences those that would contradict it.
 */
#ifndef TOOLBAR_ADVISOR_BENCH_H
#define TOOLBAR_ADVISOR_BENCH_H

#include "base/text.h"
#include "record/advice.h"
#include "record/recording.h"
#include "record/sql_tokens.h"
#include "record/tracking.h"

enum { TOOLBAR__TABLES_MAXIMUM = 8 };

/* The tables that a statement reads, or the one that it writes, by hashes of their names. */
struct toolbar__tables {
    uint64_t names[TOOLBAR__TABLES_MAXIMUM];
    unsigned count;
    bool known; /* there are no others; without it, it may be any */
};

/* What a SELECT compares with a value, judged by names: there is no schema to ask. */
enum toolbar__lookup {
    TOOLBAR__LOOKUP_NONE,
    TOOLBAR__LOOKUP_KEY,      /* may be unique */
    TOOLBAR__LOOKUP_REFERENCE /* one column that names the key of another table: author_id */
};

/* The queries of one fingerprint on one connection. */
struct toolbar__subject {
    const struct toolbar__group *group;
    const struct toolbar__run **runs; /* in order of start */
    unsigned count;
    struct toolbar__tables tables;
    enum toolbar__lookup lookup;
    bool calls_others;    /* its result calls what may be the application's own, and do something */
    bool decides;         /* its columns decide which rows there are: DISTINCT, UNION, ... */
    bool counts;          /* not a PRAGMA, EXPLAIN, transaction control or look at the schema */
    bool changing;        /* gives other rows without a write: random(), 'now', ... */
    bool reads;           /* none of its runs may write, and all have ended without an error */
    bool columns_advised; /* what it fetches has been spoken of */
    bool advised;         /* what a loop costs has been said */
    bool hooked;          /* seen by the trace hook alone: times include the application's */
};

struct toolbar__bench {
    struct toolbar_recording *recording;
    const struct toolbar__tracking *tracking;
    struct toolbar__subject *subjects;
    unsigned count;
    struct toolbar__advices advices;
    unsigned index_budget; /* statements for which an index may still be looked for */
};

/* It judges either each subject or the request as a whole. */
struct toolbar__rule {
    const char *id;
    int tip;
    const char *title;
    bool proof; /* what it says can be proved on demand: record/plan.h */
    void (*judge)(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject);
    void (*judge_request)(struct toolbar__bench *bench, const struct toolbar__rule *rule);
};

/* Where the values of one parameter came from. */
struct toolbar__origin {
    const struct toolbar__run *parent; /* the first of them */
    unsigned parents;  /* runs of that query, if all of them together are the parent */
    int64_t all_rows;  /* of the parent */
    unsigned column;   /* of the parent */
    unsigned value;    /* index of the parameter or literal */
    unsigned distinct; /* values that were bound */
    unsigned matched;  /* of these, read from that column before */
    unsigned rows;     /* of the parent that have one of them */
    bool nested;       /* the parent's rows were being read meanwhile */
};

/* Looks for the earlier query whose rows the subject was run for. */
bool toolbar__origin_find(const struct toolbar__bench *bench,
                          const struct toolbar__subject *subject, struct toolbar__origin *origin);

/*
 * The same where nobody saw which values were read: the earlier query during whose rows all of
 * the subject's runs were made, or after whose rows as many. Of `origin` only parent and nested
 * are set.
 */
bool toolbar__origin_guess(const struct toolbar__bench *bench,
                           const struct toolbar__subject *subject, struct toolbar__origin *origin);

/* The tokens of one text after the other, without space, END last. Zeroed: empty. */
struct toolbar__sql_text {
    struct toolbar__sql_token *tokens; /* to be freed */
    unsigned capacity;
};

/* Reads off its text, once, all that is known of the subject by it. False: out of memory. */
bool toolbar__subject_read(struct toolbar__subject *subject, struct toolbar__sql_text *text);

/* They are about a table in common, as far as is known. */
bool toolbar__tables_meet(const struct toolbar__tables *a, const struct toolbar__tables *b);

/*
 * What the subject asks for may have been changed between two of its runs, the first of which
 * began first: by a write to a table that it reads, or by a trigger, or by nobody knows what.
 */
bool toolbar__changed_between(const struct toolbar__bench *bench,
                              const struct toolbar__subject *subject, const struct toolbar__run *a,
                              const struct toolbar__run *b);

/* Values that the run gave were used in queries that came after it. */
bool toolbar__origin_used(const struct toolbar__bench *bench, const struct toolbar__run *run);

/* What one run gave is what the next ones were run with. */
struct toolbar__walk {
    unsigned column; /* of the result */
    unsigned value;  /* index of the parameter or literal */
    bool chained;    /* each time in the run right before */
};

bool toolbar__walk_find(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                        struct toolbar__walk *walk);
void toolbar__fix_walk(struct toolbar_text *fix, const struct toolbar__subject *subject,
                       const struct toolbar__walk *walk);

/* A name as it may stand in SQL. */
void toolbar__fix_identifier(struct toolbar_text *text, const char *name);

/* They name a table in common, even if that is not all that they are about. */
bool toolbar__tables_share(const struct toolbar__tables *a, const struct toolbar__tables *b);

/* A value that one parameter had, and the first of the runs with it. */
struct toolbar__bound {
    uint64_t hash;
    unsigned run;
};

/* The different ones in order, without NULL and what is not known; `bound` has room for all. */
unsigned toolbar__bound_values(const struct toolbar__subject *subject, unsigned value,
                               struct toolbar__bound *bound);

/* How many different sets of values it was run with. */
unsigned toolbar__distinct_values(const struct toolbar__subject *subject);

/* The one parameter or literal that differs between the runs; false if more than one does. */
bool toolbar__find_varying(const struct toolbar__subject *subject, unsigned *varying);

/* Of the time of one run; 0 where it is not known. */
int64_t toolbar__median_ns(const struct toolbar__subject *subject);

/* Another rule has said how it could cost less. What is told of its columns is no such thing. */
bool toolbar__is_explained(const struct toolbar__bench *bench,
                           const struct toolbar__subject *subject);

/* Most of what its connection ever read was read in this request: times say little. */
bool toolbar__is_cold(const struct toolbar__bench *bench, const struct toolbar__subject *subject);

/* What is left of a time if its thread lost the processor to others: that is nobody's fault. */
int64_t toolbar__undisturbed_ns(const struct toolbar_recording *recording, int64_t ns);

/* So many steps of SQLite's machine for so few rows are work, whatever the time. */
bool toolbar__is_laborious(int64_t vm_steps, int64_t rows);

/* By what it costs, in time and bytes. */
enum toolbar__severity toolbar__severity_of(const struct toolbar_recording *recording,
                                            int64_t saving_ns, int64_t bytes);

/* "post.author_id", or what the column is called in the result. */
void toolbar__column_text(struct toolbar_text *text, const struct toolbar__run *run,
                          unsigned column);

/*
 * Adds advice about `count` runs, unless it is silenced; `evidence` and `fix` are copied, a fix
 * that is empty or failed is none. Frees both.
 */
struct toolbar__finding {
    struct toolbar_text evidence;
    struct toolbar_text fix;
    const struct toolbar__run *const *runs;
    unsigned count;
    int64_t saving_ns;
    enum toolbar__severity severity;
};
void toolbar__finding_begin(struct toolbar__finding *finding,
                            const struct toolbar__subject *subject);
void toolbar__finding_add(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                          struct toolbar__finding *finding);

/* The SQL that asks once: a JOIN, or all rows at once. Nothing where the shape is not simple. */
void toolbar__fix_join(struct toolbar_text *fix, const struct toolbar__subject *child,
                       const struct toolbar__origin *origin);
void toolbar__fix_prefetch(struct toolbar_text *fix, const struct toolbar__subject *child,
                           unsigned value);
/* What functions say of a column of it. */
void toolbar__fix_aggregate(struct toolbar_text *fix, const struct toolbar__subject *subject,
                            unsigned column);
/* How many rows it has, and the same rows with the columns of which the bit is set only. */
void toolbar__fix_count(struct toolbar_text *fix, const struct toolbar__subject *subject);
void toolbar__fix_columns(struct toolbar_text *fix, const struct toolbar__subject *subject,
                          uint64_t columns);
/* Whether it has a row, and its first row only. */
void toolbar__fix_exists(struct toolbar_text *fix, const struct toolbar__subject *subject);
void toolbar__fix_first(struct toolbar_text *fix, const struct toolbar__subject *subject);
/* UPDATEs or DELETEs of which each has values of its own as one. */
void toolbar__fix_bulk(struct toolbar_text *fix, const struct toolbar__subject *subject);
/* All runs in one transaction. */
void toolbar__fix_transaction(struct toolbar_text *fix, const struct toolbar__subject *subject);

#endif
