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
    bool secret;     /* what comes next belongs to a telling name */
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

/* Moves on over whatever is not a literal. */
static void note(struct statement *statement, const struct toolbar__sql_token *token)
{
    bool telling;

    switch (token->type) {
    case TOOLBAR__SQL_OPERATOR:
        if (token->data[0] == ';') {
            statement->secret = statement->into = statement->secret_row = false;
        }
        return;
    case TOOLBAR__SQL_WORD:
    case TOOLBAR__SQL_IDENTIFIER:
        telling = has_telling_name(*token);
        if (telling && statement->into) statement->secret_row = true;
        statement->secret = telling || (statement->secret && is_call(statement));
        return;
    case TOOLBAR__SQL_KEYWORD:
        if (is_comparison(token)) return;
        if (is_keyword(token, "INTO")) statement->into = true;
        /* KEY is a keyword, and the name of many a column and pragma. */
        statement->secret = has_telling_name(*token);
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

static void append(struct toolbar_text *text, const struct toolbar__sql_token *token)
{
    toolbar_text_append(text, token->data, token->length);
}

static void literal(struct toolbar_text *text, struct statement *statement,
                    const struct toolbar__sql_token *token)
{
    struct toolbar__sql_token content =
        token->type == TOOLBAR__SQL_NUMBER ? *token : unquoted(*token);

    if (statement->secret || statement->secret_row ||
        toolbar__mask_value(content.data, content.length)) {
        if (token->type == TOOLBAR__SQL_BLOB) toolbar_text_literal(text, "x");
        toolbar_text_literal(text, "'********'");
        return;
    }
    append(text, token);
    if (token->type == TOOLBAR__SQL_STRING) statement->secret = is_secret_setting(&content);
}

/* SQLite takes "..." for a string if there is no such column. */
static void identifier(struct toolbar_text *text, const struct toolbar__sql_token *token)
{
    struct toolbar__sql_token content = unquoted(*token);

    if (toolbar__mask_value(content.data, content.length)) {
        toolbar_text_literal(text, "\"********\"");
    } else {
        append(text, token);
    }
}

/* Comments carry whatever a tracing library puts there. */
static void comment(struct toolbar_text *text, const struct toolbar__sql_token *token, bool strict)
{
    if (strict || toolbar__mask_value(token->data, token->length)) {
        toolbar_text_literal(text, "/* ******** */");
    } else {
        append(text, token);
    }
}

void toolbar__mask_sql(struct toolbar_text *text, const char *sql, size_t length, bool strict)
{
    struct statement statement = {.sql = sql, .length = length};

    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &statement.at);

        switch (token.type) {
        case TOOLBAR__SQL_END: return;
        case TOOLBAR__SQL_STRING:
        case TOOLBAR__SQL_BLOB:
        case TOOLBAR__SQL_NUMBER:
            if (strict) {
                toolbar__text_char(text, '?');
            } else {
                literal(text, &statement, &token);
            }
            break;
        case TOOLBAR__SQL_IDENTIFIER: identifier(text, &token); break;
        case TOOLBAR__SQL_COMMENT: comment(text, &token, strict); break;
        default: append(text, &token);
        }
        note(&statement, &token);
    }
}
