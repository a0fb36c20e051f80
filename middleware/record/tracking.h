/*
 * What the application did with its queries, beyond what is shown of them: which values it bound
 * (as hashes), which columns it read. Only for the advisor, which runs when the request is over;
 * then it is freed. Everything is bounded, and what is missing makes the advisor silent.
 */
#ifndef TOOLBAR_RECORD_TRACKING_H
#define TOOLBAR_RECORD_TRACKING_H

#include "record/provenance.h"
#include "record/recording.h"

enum {
    TOOLBAR__TRACKED_COLUMNS = 32, /* of one query; with more its columns are not known */
    TOOLBAR__TRACKED_BYTES = 512 * 1024,
    TOOLBAR__HEAP_LOOKS = 32 /* of one request: each costs a microsecond or more */
};

/* A result column; names NULL: an expression, or not known. */
struct toolbar__result_column {
    const char *name;
    const char *table;
    const char *origin;
};

/* What was read of one result column by one execution. */
struct toolbar__column_use {
    uint32_t rows;    /* in which it was read */
    uint32_t numbers; /* of these, as a number */
    uint32_t sampled; /* rows of which the size is in `bytes` */
    uint64_t bytes;
};

/* One execution of a kept query. */
struct toolbar__run {
    const struct toolbar__query *query;
    unsigned writes_before; /* statements that could write and ended before it began */
    unsigned write;         /* it is this one of these; 0: it did not write, or never ended */
    unsigned ended;         /* how many queries had begun when it ended; 0: it never did */
    uint64_t question;      /* equal in one group: the same values, literal or bound */
    bool opaque;            /* SQLite itself read the rows: sqlite3_exec() */
    bool table;             /* and made a table of them: sqlite3_get_table() */
    unsigned value_count;
    const uint64_t *values; /* hashes, bound ones and then literals; 0: NULL or not known */
    unsigned column_count;  /* 0: not known */
    struct toolbar__column_use *columns;
    unsigned index; /* in the runs */
    /* Columns of this row, counted from 1, as bits. */
    int64_t row;
    uint64_t read;
    uint64_t valued; /* whose values are among the sightings */
    uint64_t sum;    /* of these: equal for runs that read the same values in as many rows */
};

struct toolbar__tracking {
    struct toolbar__arena arena;
    struct toolbar__sightings sightings;
    unsigned writes;
    unsigned heap_looks;
    unsigned run_count;
    struct toolbar__run *runs[TOOLBAR__QUERIES_MAXIMUM];
};

/* With the lock held: a query begins, with the values before they are masked; one ends. */
void toolbar__tracking_begin(struct toolbar_recording *recording, struct toolbar__query *query,
                             const struct toolbar__value *values, unsigned count);
void toolbar__tracking_end(struct toolbar_recording *recording, const struct toolbar__query *query,
                           bool writes);

/*
 * The query's first row, and any other whose values were measured: `bytes` are their sizes,
 * negative where unknown, NULL if there are too many. `columns`, of `count`, is needed for the
 * first row of a group only.
 */
void toolbar__tracking_row(struct toolbar_recording *recording, struct toolbar__query *query,
                           unsigned count, const struct toolbar__result_column *columns,
                           const int64_t *bytes);

/* Who reads a column, and as what. */
enum toolbar__reading {
    TOOLBAR__READING_ANY,
    TOOLBAR__READING_NUMBER,
    TOOLBAR__READING_EXEC, /* SQLite, for sqlite3_exec() */
    TOOLBAR__READING_TABLE /* SQLite, for sqlite3_get_table() */
};

/* A column of the `row`-th row is read; `origin` 0: not its value, or NULL. */
void toolbar__tracking_read(struct toolbar_recording *recording, struct toolbar__query *query,
                            int64_t row, unsigned column, uint64_t origin,
                            enum toolbar__reading reading);

/*
 * Before a look at the program's heap: what of it is the recording's. False: that was looked at
 * often enough.
 */
bool toolbar__tracking_look(struct toolbar_recording *recording, int64_t *own_bytes);

void toolbar__tracking_free(struct toolbar_recording *recording);

#endif
