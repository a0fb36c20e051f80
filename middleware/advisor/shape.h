/*
 * The shape of a plain statement, to write a better one out of it: one table, no subquery. What is
 * not plain has no shape, because what is shown must be ready to copy.
 */
#ifndef TOOLBAR_ADVISOR_SHAPE_H
#define TOOLBAR_ADVISOR_SHAPE_H

#include "advisor/bench.h"
#include "record/sql_tokens.h"

enum { TOOLBAR__SHAPE_TOKENS = 256 };

struct toolbar__shape {
    struct toolbar__sql_token tokens[TOOLBAR__SHAPE_TOKENS]; /* without space and comments */
    unsigned values[TOOLBAR__SHAPE_TOKENS]; /* which parameter, or which literal, from 0 */
    unsigned count;
    unsigned from;  /* FROM, UPDATE or the like: the table comes after it */
    unsigned rest;  /* what comes after table and alias */
    unsigned value; /* the token of the value in question; 0: none was asked for */
    struct toolbar__sql_token table;
    struct toolbar__sql_token name; /* the alias, or the table */
};

static inline bool toolbar__token_is(const struct toolbar__sql_token *token, const char *word)
{
    return toolbar__ascii_is(token->data, token->length, word);
}

static inline bool toolbar__token_is_name(const struct toolbar__sql_token *token)
{
    return token->type == TOOLBAR__SQL_WORD || token->type == TOOLBAR__SQL_IDENTIFIER;
}

bool toolbar__token_is_value(const struct toolbar__sql_token *token);

/* The same name, whatever its case and quotes. */
bool toolbar__token_names(const struct toolbar__sql_token *token, const char *name);

/* False: it is not plain, or its literals are gone. */
bool toolbar__shape_read(struct toolbar__shape *shape, const struct toolbar__statement *statement);

/*
 * Finds the token of a value, by its index in struct toolbar__run. False: it is not compared with
 * a column in "column = value" of WHERE.
 */
bool toolbar__shape_find(struct toolbar__shape *shape, const struct toolbar__run *run,
                         unsigned value);

/* The index of the value at this token, as in struct toolbar__run. */
unsigned toolbar__shape_index(const struct toolbar__shape *shape, const struct toolbar__run *run,
                              unsigned token);

/* "column = value", as tokens; value 0: something else than one value. */
struct toolbar__term {
    unsigned column;
    unsigned value;
};

enum { TOOLBAR__TERMS_MAXIMUM = 16 };

/* What an UPDATE assigns. 0: that is not understood, or too much. */
unsigned toolbar__shape_assigned(const struct toolbar__shape *shape,
                                 struct toolbar__term terms[TOOLBAR__TERMS_MAXIMUM]);

/* What WHERE asks for, if all of it is such terms and nothing comes after it; else 0. */
unsigned toolbar__shape_keys(const struct toolbar__shape *shape,
                             struct toolbar__term terms[TOOLBAR__TERMS_MAXIMUM]);

bool toolbar__shape_has(const struct toolbar__shape *shape, const char *word);

/* What it selects is one row for all that it is asked about. */
bool toolbar__shape_is_aggregate(const struct toolbar__shape *shape);

/* Tokens with the spaces that the application had. */
void toolbar__shape_copy(struct toolbar_text *text, const struct toolbar__shape *shape,
                         unsigned from, unsigned to);

#endif
