/*
 * What happened in one shown request. Threads that work for the request add to it under its
 * lock; after toolbar__recording_finish() it never changes again, so panels and the history
 * read it without a lock. It is reference-counted: the request holds one, the history another.
 *
 * Everything is bounded. What did not fit is counted, never silently dropped.
 */
#ifndef TOOLBAR_RECORD_RECORDING_H
#define TOOLBAR_RECORD_RECORDING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "record/activity.h"
#include "record/advice.h"
#include "record/application.h"
#include "record/client.h"
#include "record/http.h"
#include "record/pairs.h"
#include "record/redirect.h"
#include "record/secret.h"

enum {
    TOOLBAR__ID_LENGTH = 32, /* hex digits */
    TOOLBAR__QUERIES_MAXIMUM = 500,
    TOOLBAR__SQL_MAXIMUM = 8 * 1024, /* bytes kept of one statement */
    TOOLBAR__VALUE_MAXIMUM = 256,    /* bytes kept of one parameter */
    TOOLBAR__VALUE_SEEN = 512,       /* and looked at: a key in it may stand across the cut */
    TOOLBAR__VALUES_MAXIMUM = 64,    /* parameters kept of one query */
    TOOLBAR__URL_MAXIMUM = 2 * 1024,
    TOOLBAR__RECORDING_MAXIMUM = 1024 * 1024, /* bytes of one request */
    TOOLBAR__PHASES_MAXIMUM = 32
};

#define TOOLBAR__MASK "********"

/* The figure is not known with the means at hand. */
#define TOOLBAR__UNKNOWN INT64_C(-1)

/* The error_code of a query that failed with a message only. */
enum { TOOLBAR__ERROR_WITHOUT_CODE = -1 };

enum toolbar__value_type {
    TOOLBAR__VALUE_NULL,
    TOOLBAR__VALUE_INTEGER,
    TOOLBAR__VALUE_REAL,
    TOOLBAR__VALUE_TEXT,
    TOOLBAR__VALUE_BLOB,
    TOOLBAR__VALUE_MASKED, /* secret: only the length was kept */
    TOOLBAR__VALUE_UNKNOWN
};

/* A bound parameter. */
struct toolbar__value {
    enum toolbar__value_type type;
    const char *name; /* ":id", "@id", "$id"; NULL for ? and ?1 */
    union {
        int64_t integer;
        double real;
        const char *bytes; /* TEXT and BLOB, `kept` of `length` bytes */
    } as;
    size_t kept;
    size_t length;
};

struct toolbar__connection;
struct toolbar__places;
struct toolbar__preview;
struct toolbar__result_column;
struct toolbar__run;
struct toolbar__stack;
struct toolbar__tracking;
struct toolbar__transaction;

/* The queries of one fingerprint on one connection. */
struct toolbar__group {
    struct toolbar__group *next;
    uint64_t hash;
    const char *fingerprint;
    const char *connection;
    struct toolbar__connection *owner;
    unsigned number; /* from 1, in order of first appearance */
    unsigned count;  /* all executions, kept or not, as are the figures: */
    unsigned ended;
    unsigned errors;
    unsigned untimed; /* whose duration is not known */
    unsigned inexact; /* whose duration is more than the time inside the engine */
    int64_t total_ns; /* durations, as far as they are known */
    int64_t rows;     /* this and the following: UNKNOWN as soon as one of them is */
    int64_t rows_scanned;
    int64_t sorts;
    int64_t auto_index;
    int64_t vm_steps;
    int64_t reprepares;
    struct toolbar__query *first; /* kept ones, by next_in_group */
    struct toolbar__query *last;
    const struct toolbar__result_column *columns; /* of its results; NULL: not known */
    unsigned column_count;
};

/* One SQL text on one connection. */
struct toolbar__statement {
    struct toolbar__statement *next_in_bucket;
    uint64_t hash;
    const char *sql;                      /* terminated, possibly cut */
    size_t length;                        /* before it was cut */
    bool bare;                            /* its literals are gone: they look like parameters */
    const struct toolbar__places *places; /* of its parameters: the SQLite adapter's */
    struct toolbar__group *group;
    struct toolbar__stack *stacks; /* where it was run */
};

/* One execution of a statement. Times count from the start of the request. */
struct toolbar__query {
    struct toolbar__query *next;
    struct toolbar__query *next_in_group;
    const struct toolbar__statement *statement;
    unsigned number; /* from 1, in order of start */
    const struct toolbar__value *values;
    unsigned value_count;
    uint64_t values_hash;
    int64_t start_ns;
    int64_t duration_ns; /* what is shown: engine_ns if known, else first step to end */
    int64_t engine_ns;   /* inside SQLite only, UNKNOWN without the front library */
    int64_t open_ns;     /* from the first step to the end */
    int64_t rows;
    int64_t rows_scanned;
    int64_t sorts;
    int64_t auto_index;
    int64_t vm_steps;
    int64_t reprepares;      /* the schema had changed */
    int64_t changes;         /* rows, without what triggers did */
    int64_t further_changes; /* rows, by triggers and foreign keys */
    int64_t heap_bytes;      /* by which the program's own heap grew while it read the rows */
    const void *handle;      /* which of the connections of one name; only to be compared */
    bool in_transaction;
    bool left_in_transaction; /* when it ended */
    bool writes;              /* it may change the database */
    bool first_of_group;
    bool fresh;     /* the statement had not been run before */
    bool complete;  /* it was stepped until there were no more rows */
    bool done;      /* ended; false while it runs, and for ever if the response went first */
    int error_code; /* 0: none */
    const char *error_name; /* a literal; NULL: the code has none */
    const char *error_message;
    struct toolbar__run *run;           /* for the advisor, and gone after it; NULL: not kept */
    struct toolbar__preview *preview;   /* its first rows; NULL: not kept */
    const struct toolbar__stack *stack; /* NULL: unknown */
    const void *call_site;              /* return address in the application; NULL: unknown */
    const char *function;               /* set by toolbar__recording_finish(); NULL: unknown */
    unsigned similar;                   /* queries of this fingerprint, 0 if it is the only one */
    unsigned duplicate; /* of these with the same parameters, 0 if it is the only one */
};

/* One database connection's share. */
struct toolbar__connection {
    struct toolbar__connection *next;
    const char *name;
    unsigned count;
    unsigned statements; /* distinct fingerprints */
    unsigned similar;    /* queries in groups of two and more */
    unsigned duplicate;
    int64_t total_ns;
    int64_t uncounted;                        /* statements that could not be observed; 0: none */
    const struct toolbar__plan_source *plans; /* NULL: there are none */
    const char *file;                         /* for `plans`; "" if it is in no file */
};

/* A stretch of the request's time with a name: waiting, running the handler, ... */
struct toolbar__phase {
    const char *name; /* a literal */
    int64_t start_ns;
    int64_t duration_ns;
};

enum { TOOLBAR__STATEMENT_BUCKETS = 64 };

struct toolbar_recording {
    atomic_uint references;
    pthread_mutex_t lock;
    struct toolbar__arena arena;
    char id[TOOLBAR__ID_LENGTH + 1];
    uint64_t serial; /* unique in the process, never 0 */
    bool hide_values;
    struct toolbar__secret secret; /* never stored; forgotten when it is finished */
    char presented[TOOLBAR__SECRET_MAXIMUM];
    const struct toolbar__application *application; /* outlives the recording */
    void **panel_states;                            /* one a panel, in the order of those */
    uint32_t panels_off; /* bit i: panel i is switched off in this browser */

    int64_t wall_ms;  /* when it began */
    int64_t begin_ns; /* on the monotonic clock; all other times count from here */

    const char *method;
    const char *url; /* with the query, secrets masked */
    const char *version;
    const char *transport; /* "TLS 1.2", "TLS", "proxy" */
    struct toolbar__client client;
    struct toolbar__http http;
    struct toolbar__redirect redirect;
    const struct toolbar__previous *previous; /* redirected here; NULL: nothing did */
    bool subresource; /* a style sheet, a script, an image, ...: what pages are made of */

    struct toolbar__statement *statements[TOOLBAR__STATEMENT_BUCKETS];
    struct toolbar__group *groups;
    struct toolbar__group *last_group;
    struct toolbar__query *queries;
    struct toolbar__query *last_query;
    struct toolbar__connection *connections;
    unsigned query_count; /* all executions */
    unsigned kept_count;
    unsigned group_count;
    unsigned preview_count;
    int64_t sql_ns;
    struct toolbar__transaction *transactions; /* set by toolbar__recording_finish() */

    struct toolbar__phase phases[TOOLBAR__PHASES_MAXIMUM];
    unsigned phase_count;
    struct toolbar__usage usage;
    struct toolbar__activity activity;
    struct toolbar__tracking *tracking; /* NULL: nothing yet, or the advisor is done with it */
    void *page_cache_marks;             /* the SQLite adapter's */

    struct toolbar__advices advices; /* once it is finished */
    const char *prefix; /* of the toolbar's addresses; NULL: links would not lead there */

    /* Set by toolbar__recording_finish(). */
    bool finished;
    unsigned status;
    const char *skipped; /* why the body was left alone; NULL: decorated */
    int64_t duration_ns;
    int64_t own_ns; /* the toolbar's work: recording, which is part of it, and before and after */

    atomic_uint late_queries; /* came after it was finished */
    /* The SQLite adapter's: what recording took so far, and which calls it times. */
    _Atomic int64_t recording_ns;
    atomic_uint cost_place;
};

/* A new one with one reference; NULL without memory or random numbers. */
struct toolbar_recording *toolbar__recording_new(void);
struct toolbar_recording *toolbar__recording_ref(struct toolbar_recording *recording);
void toolbar__recording_unref(struct toolbar_recording *recording);

/* Bytes it holds, for the history's budget. */
size_t toolbar__recording_bytes(const struct toolbar_recording *recording);

/*
 * Now the application gets the request: what happened since `own_began_ns`, on the monotonic clock,
 * was the toolbar's own work.
 */
void toolbar__recording_begin(struct toolbar_recording *recording, int64_t own_began_ns);

/* Nanoseconds since the request began. */
int64_t toolbar__recording_now(const struct toolbar_recording *recording);

/*
 * The statement for this SQL text on this connection, new or known; NULL when the arena is full
 * or the recording is finished. Both strings are copied.
 */
struct toolbar__statement *toolbar__recording_statement(struct toolbar_recording *recording,
                                                        const char *connection, const char *sql,
                                                        size_t length);

/*
 * Counts one execution of `statement` and gives the query to fill in; NULL when as many as fit
 * are kept already: it is counted all the same. `values` are copied, with their bytes, and
 * masked on the way.
 */
struct toolbar__query *toolbar__recording_query(struct toolbar_recording *recording,
                                                struct toolbar__statement *statement,
                                                int64_t start_ns,
                                                const struct toolbar__value *values,
                                                unsigned value_count);

/*
 * The same two for who holds the lock, and sets the query's `start_ns`. With a statement it is not
 * finished.
 */
struct toolbar__statement *toolbar__statement_of(struct toolbar_recording *recording,
                                                 const char *connection, const char *sql,
                                                 size_t length);
struct toolbar__query *toolbar__query_of(struct toolbar_recording *recording,
                                         struct toolbar__statement *statement,
                                         const struct toolbar__value *values, unsigned value_count);

/*
 * For what belongs to a recording, whose lock is held: completes `copy`, which is a plain copy of
 * `value`, with bytes of its own, at most `maximum` of them, and none of a secret. False: full.
 */
bool toolbar__value_copy(struct toolbar_recording *recording, struct toolbar__value *copy,
                         const struct toolbar__value *value, bool secret, size_t maximum);

/* What is known when an execution ends. */
struct toolbar__outcome {
    int64_t engine_ns;
    int64_t open_ns;
    int64_t rows;
    int64_t rows_scanned;
    int64_t sorts;
    int64_t auto_index;
    int64_t vm_steps;
    int64_t reprepares;
    int64_t changes;
    int64_t further_changes;
    int64_t heap_bytes;
    const void *handle;
    bool fresh;
    bool complete;
    bool in_transaction;
    bool left_in_transaction;
    bool writes;
    int error_code;
    const char *error_name;    /* a literal */
    const char *error_message; /* copied */
    const void *call_site;
    const struct toolbar__stack *stack;
};

#define TOOLBAR__OUTCOME_UNKNOWN                                                                   \
    {                                                                                              \
        .engine_ns = TOOLBAR__UNKNOWN, .open_ns = TOOLBAR__UNKNOWN, .rows = TOOLBAR__UNKNOWN,      \
        .rows_scanned = TOOLBAR__UNKNOWN, .sorts = TOOLBAR__UNKNOWN,                               \
        .auto_index = TOOLBAR__UNKNOWN, .vm_steps = TOOLBAR__UNKNOWN,                              \
        .reprepares = TOOLBAR__UNKNOWN, .changes = TOOLBAR__UNKNOWN,                               \
        .further_changes = TOOLBAR__UNKNOWN, .heap_bytes = TOOLBAR__UNKNOWN                        \
    }

/* Ends an execution; `query` is NULL for one that was only counted. */
void toolbar__recording_query_done(struct toolbar_recording *recording,
                                   struct toolbar__statement *statement,
                                   struct toolbar__query *query,
                                   const struct toolbar__outcome *outcome);

/* Notes that `connection` is in use but cannot be observed, so that the panel can say so. */
void toolbar__recording_unobserved(struct toolbar_recording *recording, const char *connection);

/*
 * Adds a phase, or lengthens the last one if it has the same name or there is no room. False: it
 * is finished.
 */
bool toolbar__recording_phase(struct toolbar_recording *recording, const char *name,
                              int64_t start_ns, int64_t duration_ns);

/* Adds what a thread used of the machine for this request between two points. */
void toolbar__recording_usage(struct toolbar_recording *recording,
                              const struct toolbar__usage *since,
                              const struct toolbar__usage *until);

/* What must appear nowhere in it. Called before anybody else knows the recording. */
void toolbar__recording_set_secret(struct toolbar_recording *recording,
                                   const struct toolbar__secret *secret);

/*
 * The data has the key in it. For whoever adds to a recording without the functions that look
 * for themselves; call it with the lock held, and before the data is cut.
 */
bool toolbar__recording_is_secret(const struct toolbar_recording *recording, const char *data,
                                  size_t length);

/*
 * A copy of at most `maximum` bytes, cut on the boundary of a character; in place of data with
 * the key in it, TOOLBAR__MASK. NULL when the recording is full. Call it with the lock held.
 */
const char *toolbar__recording_keep(struct toolbar_recording *recording, const char *data,
                                    size_t length, size_t maximum);

/* The same for all of the data, which takes the lock itself; NULL also if it is finished. */
const char *toolbar__recording_string(struct toolbar_recording *recording, const char *data,
                                      size_t length);

/*
 * Closes it: totals, similar and duplicate counts, names of callers. `duration_ns` is how long
 * the request took without the toolbar's own work. Only the first call counts.
 */
void toolbar__recording_finish(struct toolbar_recording *recording, unsigned status,
                               const char *skipped, int64_t duration_ns);

#endif
