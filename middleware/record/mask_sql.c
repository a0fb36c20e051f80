/*
 * Masks the literals in SQL text: those that look like secrets, and those that belong to a column
 * with a telling name. Which literal belongs to which column is guessed from what stands before
 * it, and in doubt it is masked: a parser would have to refuse what SQLite would refuse.
 */
#include "record/mask.h"

#include <string.h>

#include "record/sql_tokens.h"

enum { KEY_MAXIMUM = 64 /* bytes of a string that may be the name of a setting */ };

struct statement {
    const char *sql;
    size_t length;
    size_t at;
    size_t written; /* of it, as it is or masked */
    bool secret;    /* what comes next belongs to a telling name; or it may to this one: */
    struct toolbar__sql_token name; /* looked at when a literal comes; END: none */
    bool into;       /* INSERT INTO, REPLACE INTO: columns come first, values later */
    bool secret_row; /* and one of the columns has a telling name */
};

static bool is_keyword(const struct toolbar__sql_token *token, const char *word)
{
    return token->type == TOOLBAR__SQL_KEYWORD &&
           toolbar__ascii_is(token->data, token->length, word);
}

/* Words that may stand between a column and its literal. */
static bool is_comparison(const struct toolbar__sql_token *token)
{
    static const char *const words[] = {"AND", "BETWEEN", "DISTINCT", "FROM", "GLOB", "IN",
                                        "IS",  "LIKE",    "MATCH",    "NOT",  "OR",   "REGEXP"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_keyword(token, words[i])) return true;
    }
    return false;
}

/* Without the quotes; the text may have been cut before the closing one. */
static struct toolbar__sql_token unquoted(struct toolbar__sql_token token)
{
    char close = token.data[0];
    bool blob = token.type == TOOLBAR__SQL_BLOB;

    token.data += 1 + blob;
    token.length -= 1u + blob;
    if (blob) close = '\'';
    if (close == '[') close = ']';
    if (token.length && token.data[token.length - 1] == close) token.length--;
    return token;
}

static bool has_telling_name(struct toolbar__sql_token token)
{
    if (token.type == TOOLBAR__SQL_IDENTIFIER) token = unquoted(token);
    return toolbar__mask_name(token.data, token.length);
}

/* hash('...') is no column: what it is given still belongs to the column before. */
static bool is_call(const struct statement *statement)
{
    size_t at = statement->at;

    while (at < statement->length && strchr(" \t\r\n\f", statement->sql[at])) {
        at++;
    }
    return at < statement->length && statement->sql[at] == '(';
}

static bool is_secret(struct statement *statement)
{
    if (!statement->secret && statement->name.type != TOOLBAR__SQL_END) {
        statement->secret = has_telling_name(statement->name);
    }
    statement->name.type = TOOLBAR__SQL_END;
    return statement->secret;
}

static void note_name(struct statement *statement, const struct toolbar__sql_token *token)
{
    statement->secret = is_call(statement) && is_secret(statement);
    statement->name = *token;
    if (statement->into && has_telling_name(*token)) statement->secret_row = true;
}

/* Moves on over whatever is not a literal. */
static void note(struct statement *statement, const struct toolbar__sql_token *token)
{
    switch (token->type) {
    case TOOLBAR__SQL_OPERATOR:
        if (token->data[0] == ';') {
            statement->secret = statement->into = statement->secret_row = false;
            statement->name.type = TOOLBAR__SQL_END;
        }
        return;
    case TOOLBAR__SQL_WORD:
    case TOOLBAR__SQL_IDENTIFIER: note_name(statement, token); return;
    case TOOLBAR__SQL_KEYWORD:
        if (is_comparison(token)) return;
        if (is_keyword(token, "INTO")) statement->into = true;
        /* KEY is a keyword, and the name of many a column and pragma. */
        statement->secret = false;
        statement->name = *token;
        return;
    default: return;
    }
}

/* A setting's name, as in VALUES ('smtp_password', '...') and data ->> 'token' = '...'. */
static bool is_secret_setting(const struct toolbar__sql_token *content)
{
    return content->length <= KEY_MAXIMUM && !memchr(content->data, ' ', content->length) &&
           toolbar__mask_name(content->data, content->length);
}

/* Writes what comes before the token as it is, and the mask in its place. */
static void replace(struct toolbar_text *text, struct statement *statement,
                    const struct toolbar__sql_token *token, const char *mask)
{
    const char *from = statement->sql + statement->written;

    toolbar_text_append(text, from, (size_t)(token->data - from));
    toolbar__text_string(text, mask);
    statement->written = statement->at;
}

static void literal(struct toolbar_text *text, struct statement *statement,
                    const struct toolbar__sql_token *token)
{
    struct toolbar__sql_token content =
        token->type == TOOLBAR__SQL_NUMBER ? *token : unquoted(*token);

    if (is_secret(statement) || statement->secret_row ||
        toolbar__mask_value(content.data, content.length)) {
        replace(text, statement, token,
                token->type == TOOLBAR__SQL_BLOB ? "x'********'" : "'********'");
    } else if (token->type == TOOLBAR__SQL_STRING) {
        statement->secret = is_secret_setting(&content);
    }
}

/* SQLite takes "..." for a string if there is no such column. */
static bool is_secret_identifier(const struct toolbar__sql_token *token)
{
    struct toolbar__sql_token content = unquoted(*token);

    return toolbar__mask_value(content.data, content.length);
}

static void mask_token(struct toolbar_text *text, struct statement *statement,
                       const struct toolbar__sql_token *token, bool strict)
{
    switch (token->type) {
    case TOOLBAR__SQL_STRING:
    case TOOLBAR__SQL_BLOB:
    case TOOLBAR__SQL_NUMBER:
        if (strict) {
            replace(text, statement, token, "?");
        } else {
            literal(text, statement, token);
        }
        return;
    case TOOLBAR__SQL_IDENTIFIER:
        if (is_secret_identifier(token)) replace(text, statement, token, "\"********\"");
        return;
    case TOOLBAR__SQL_COMMENT:
        /* They carry whatever a tracing library puts there. */
        if (strict || toolbar__mask_value(token->data, token->length)) {
            replace(text, statement, token, "/* ******** */");
        }
        return;
    default: return;
    }
}

void toolbar__mask_sql(struct toolbar_text *text, const char *sql, size_t length, bool strict)
{
    struct statement statement = {.sql = sql, .length = length};
    bool more = toolbar__sql_has_values(sql, length);

    while (more) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &statement.at);

        more = token.type != TOOLBAR__SQL_END;
        mask_token(text, &statement, &token, strict);
        note(&statement, &token);
    }
    toolbar_text_append(text, sql + statement.written, length - statement.written);
}
