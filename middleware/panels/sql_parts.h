/* The parts of the SQL panel: coloured text, parameters, one row. */
#ifndef TOOLBAR_PANELS_SQL_PARTS_H
#define TOOLBAR_PANELS_SQL_PARTS_H

#include "base/json.h"
#include "record/recording.h"

/* SQL in <code>, coloured by its tokens. */
void toolbar__sql_text(struct toolbar_text *text, const char *sql, size_t length);

/* The same on one line, cut to what fits in a row. */
void toolbar__sql_line(struct toolbar_text *text, const char *sql, size_t length);

/* "?1 = 17, :name = 'Ada'" */
void toolbar__sql_values(struct toolbar_text *text, const struct toolbar__query *query);

/* A JSON array, one plain value each; what a plain value cannot say is an object. */
void toolbar__sql_values_json(struct toolbar_json *json, const struct toolbar__query *query);

/* One value on its own, as HTML and as JSON. */
void toolbar__sql_value(struct toolbar_text *text, const struct toolbar__value *value);
void toolbar__sql_value_json(struct toolbar_json *json, const struct toolbar__value *value);

/*
 * The statement with its values in the place of its parameters, ready to be run. What is not
 * there to be filled in is NULL with a comment that says why.
 */
void toolbar__sql_runnable(struct toolbar_text *text, const struct toolbar__query *query);

/* Worth a look: a tenth of the request and a millisecond, or a tenth of a second. */
bool toolbar__sql_is_slow(const struct toolbar_recording *recording, int64_t duration_ns);

/* The first rows, as a table and as {"columns","rows","more_columns"}. */
void toolbar__sql_preview(struct toolbar_text *text, const struct toolbar__preview *preview);
void toolbar__sql_preview_json(struct toolbar_json *json, const struct toolbar__preview *preview);

/* "father_name() people.c:42", the file as a link if there is an editor to open it. */
void toolbar__sql_caller(struct toolbar_text *text, const struct toolbar_recording *recording,
                         const struct toolbar__query *query);

/* All callers as a list, and [{"function","file","line"}]. */
void toolbar__sql_stack(struct toolbar_text *text, const struct toolbar_recording *recording,
                        const struct toolbar__stack *stack);
void toolbar__sql_stack_json(struct toolbar_json *json, const struct toolbar__stack *stack);

/* The caller in plain words, or null. */
void toolbar__sql_call_site_json(struct toolbar_json *json, const struct toolbar__query *query);

/* A list of transactions on their strips, nothing if there are none; and as JSON. */
void toolbar__sql_transactions(struct toolbar_text *text,
                               const struct toolbar_recording *recording);
void toolbar__sql_transactions_json(struct toolbar_json *json,
                                    const struct toolbar_recording *recording);

/* The figures of some queries together; UNKNOWN as soon as one of them does not know. */
struct toolbar__sql_sum {
    const struct toolbar__query *first;
    unsigned kept;
    unsigned duplicates;
    unsigned errors;
    const struct toolbar__query *failed; /* the first that did */
    int64_t duration_ns;
    int64_t rows;
    int64_t rows_scanned;
    int64_t sorts;
    int64_t auto_index;
    int64_t vm_steps;
    int64_t reprepares;
    bool exact; /* all times are those inside the engine */
    bool done;
    bool in_transaction;
    bool autocommit; /* one writes, in no transaction but its own */
};

struct toolbar__sql_sum toolbar__sql_sum_group(const struct toolbar__group *group);
struct toolbar__sql_sum toolbar__sql_sum_query(const struct toolbar__query *query);

/* What the cells of a row have in common. */
struct toolbar__sql_row {
    struct toolbar_text *text;
    size_t panel; /* where it began */
    const struct toolbar_recording *recording;
    const struct toolbar__group *group;
    bool child; /* a single execution inside the row of its group */
    bool folds; /* the cells stand in a <summary>, and the rest of the row is open after them */
};

/*
 * The rules that speak of the group, leading to what they say: not in a <summary>, which is a
 * button that must hold no other.
 */
void toolbar__sql_advice(const struct toolbar__sql_row *row, bool linked);

/* A whole row, or its beginning and the <summary> of one that folds. */
void toolbar__sql_cells(const struct toolbar__sql_row *row, const struct toolbar__sql_sum *sum);

/* Whether a row cuts this statement, so that it has to unfold. */
bool toolbar__sql_is_long(const struct toolbar__statement *statement);

/*
 * A group of queries as a row of the table, in the panel that began at `panel`; it unfolds if there
 * is more to see.
 */
void toolbar__sql_group(struct toolbar_text *text, size_t panel,
                        const struct toolbar_recording *recording,
                        const struct toolbar__group *group);

#endif
