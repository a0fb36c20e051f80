/* Splits SQL into tokens as SQLite does; for fingerprints, masking and colouring. */
#ifndef TOOLBAR_RECORD_SQL_TOKENS_H
#define TOOLBAR_RECORD_SQL_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

enum toolbar__sql_token_type {
    TOOLBAR__SQL_END,
    TOOLBAR__SQL_SPACE,
    TOOLBAR__SQL_COMMENT,
    TOOLBAR__SQL_KEYWORD,    /* a word that SQLite reserves or uses as keyword */
    TOOLBAR__SQL_WORD,       /* any other bare word: names, functions */
    TOOLBAR__SQL_IDENTIFIER, /* "quoted", `quoted` or [quoted] */
    TOOLBAR__SQL_STRING,     /* 'text' */
    TOOLBAR__SQL_BLOB,       /* x'hex' */
    TOOLBAR__SQL_NUMBER,
    TOOLBAR__SQL_PARAMETER, /* ? ?1 :a @a $a */
    TOOLBAR__SQL_OPERATOR   /* everything else, one token each; invalid bytes included */
};

struct toolbar__sql_token {
    enum toolbar__sql_token_type type;
    const char *data;
    size_t length;
};

/* The token at *at, which moves past it; END at the end. Any input is fine, broken UTF-8 too. */
struct toolbar__sql_token toolbar__sql_next(const char *sql, size_t length, size_t *at);

/* The same for parameters only: what is between them is passed over. */
struct toolbar__sql_token toolbar__sql_next_parameter(const char *sql, size_t length, size_t *at);

/*
 * False: in the text are no numbers, nothing that is quoted, and no comments. Most texts have
 * parameters instead, and need not be looked at token by token.
 */
bool toolbar__sql_has_values(const char *sql, size_t length);

#endif
