/*
 * The shape of a statement, in a form that can be read in a panel:
 *   select  Name from T where id in (1,2)   ->   SELECT name FROM t WHERE id IN (?, ...)
 * It is written token by token, so white space and comments cannot make a difference. What is
 * in double quotes stays: taking it for a string would give different tables one shape.
 */
#include "record/fingerprint.h"

#include "record/sql_tokens.h"

#include <string.h>

struct shape {
    struct toolbar_text *text;
    const char *sql;
    size_t length;
    size_t at;
    struct toolbar__sql_token last; /* written; END before the first */
    bool sign;                      /* the last one is a sign, not an operation */
};

static bool is(const struct toolbar__sql_token *token, const char *word)
{
    return toolbar__ascii_is(token->data, token->length, word);
}

static bool is_operator(const struct toolbar__sql_token *token, char sign)
{
    return token->type == TOOLBAR__SQL_OPERATOR && token->length == 1 && *token->data == sign;
}

static bool is_keyword(const struct toolbar__sql_token *token, const char *word)
{
    return token->type == TOOLBAR__SQL_KEYWORD && is(token, word);
}

static bool is_sign(const struct toolbar__sql_token *token)
{
    return is_operator(token, '-') || is_operator(token, '+');
}

static bool is_value(const struct toolbar__sql_token *token)
{
    return token->type == TOOLBAR__SQL_STRING || token->type == TOOLBAR__SQL_BLOB ||
           token->type == TOOLBAR__SQL_NUMBER || token->type == TOOLBAR__SQL_PARAMETER;
}

/* The next token that means something. */
static struct toolbar__sql_token next(const struct shape *shape, size_t *at)
{
    struct toolbar__sql_token token;

    do {
        token = toolbar__sql_next(shape->sql, shape->length, at);
    } while (token.type == TOOLBAR__SQL_SPACE || token.type == TOOLBAR__SQL_COMMENT);
    return token;
}

/* One value; in what is a shape already, the dots that stand for more are one too. */
static bool take_value(const struct shape *shape, size_t *at)
{
    struct toolbar__sql_token token = next(shape, at);

    if (is_sign(&token)) token = next(shape, at);
    for (int dots = 1; is_operator(&token, '.'); dots++) {
        if (dots == 3) return true;
        token = next(shape, at);
    }
    return is_value(&token);
}

/* A list of nothing but values, whose opening parenthesis was read; false leaves *at alone. */
static bool skip_values(const struct shape *shape, size_t *at, unsigned *count)
{
    size_t end = *at;
    struct toolbar__sql_token token;

    *count = 0;
    do {
        if (!take_value(shape, &end)) return false;
        ++*count;
        token = next(shape, &end);
    } while (is_operator(&token, ','));
    if (!is_operator(&token, ')')) return false;
    *at = end;
    return true;
}

/* The further rows of VALUES (1, 2), (3, 4). */
static void skip_rows(struct shape *shape)
{
    for (;;) {
        size_t end = shape->at;
        unsigned count;
        struct toolbar__sql_token token = next(shape, &end);

        if (!is_operator(&token, ',')) return;
        token = next(shape, &end);
        if (!is_operator(&token, '(') || !skip_values(shape, &end, &count)) return;
        shape->at = end;
    }
}

/* An operand is expected here, so that + and - are signs. */
static bool before_operand(const struct toolbar__sql_token *last)
{
    switch (last->type) {
    case TOOLBAR__SQL_END: return true;
    case TOOLBAR__SQL_OPERATOR: return !is_operator(last, ')');
    case TOOLBAR__SQL_KEYWORD: return !is(last, "NULL") && !is(last, "END");
    default: return false;
    }
}

static bool needs_space(const struct shape *shape, const struct toolbar__sql_token *token)
{
    const struct toolbar__sql_token *last = &shape->last;

    if (last->type == TOOLBAR__SQL_END || shape->sign) return false;
    if (is_operator(last, '(') || is_operator(last, '.') || is_operator(last, '~')) return false;
    if (token->type != TOOLBAR__SQL_OPERATOR) return true;
    if (is_operator(token, '(')) {
        return last->type != TOOLBAR__SQL_WORD && last->type != TOOLBAR__SQL_IDENTIFIER;
    }
    return !is_operator(token, ',') && !is_operator(token, ')') && !is_operator(token, '.') &&
           !is_operator(token, ';');
}

static void write_word(const struct shape *shape, const struct toolbar__sql_token *token)
{
    /* After a dot even a keyword is a name. */
    bool upper = token->type == TOOLBAR__SQL_KEYWORD && !is_operator(&shape->last, '.');
    char *end;

    if (!toolbar__text_reserve(shape->text, token->length)) return;
    end = shape->text->data + shape->text->length;
    for (size_t i = 0; i < token->length; i++) {
        int c = toolbar__ascii_lower((unsigned char)token->data[i]);

        end[i] = (char)(upper && c >= 'a' && c <= 'z' ? c & ~0x20 : c);
    }
    shape->text->length += token->length;
}

static void write_token(struct shape *shape, const struct toolbar__sql_token *token)
{
    bool sign = is_sign(token) && before_operand(&shape->last);

    if (needs_space(shape, token)) toolbar__text_char(shape->text, ' ');
    if (is_value(token)) {
        toolbar__text_char(shape->text, '?');
    } else if (token->type == TOOLBAR__SQL_KEYWORD || token->type == TOOLBAR__SQL_WORD) {
        write_word(shape, token);
    } else {
        toolbar_text_append(shape->text, token->data, token->length);
    }
    shape->last = *token;
    shape->sign = sign;
}

/* A list of values, written as one whatever its length; false if that is not what comes. */
static bool write_values(struct shape *shape, const struct toolbar__sql_token *open)
{
    static const struct toolbar__sql_token close = {TOOLBAR__SQL_OPERATOR, ")", 1};
    unsigned count;
    bool in = is_keyword(&shape->last, "IN");
    bool rows = is_keyword(&shape->last, "VALUES");

    if (!is_operator(open, '(') || !skip_values(shape, &shape->at, &count)) return false;
    if (needs_space(shape, open)) toolbar__text_char(shape->text, ' ');
    if (in || count > 1) {
        toolbar_text_literal(shape->text, "(?, ...)");
    } else {
        toolbar_text_literal(shape->text, "(?)");
    }
    shape->last = close;
    shape->sign = false;
    if (rows) skip_rows(shape);
    return true;
}

/* -5 is as much a value as 5. */
static bool skip_sign(const struct shape *shape, const struct toolbar__sql_token *token)
{
    size_t end = shape->at;

    return is_sign(token) && before_operand(&shape->last) &&
           next(shape, &end).type == TOOLBAR__SQL_NUMBER;
}

void toolbar__fingerprint(struct toolbar_text *fingerprint, const char *sql, size_t length)
{
    struct shape shape = {.text = fingerprint, .sql = sql, .length = length};
    struct toolbar__sql_token token = next(&shape, &shape.at);

    /* sqlite3_exec() leaves the empty statement of ";; SELECT" in front of the next one. */
    while (is_operator(&token, ';')) {
        token = next(&shape, &shape.at);
    }
    while (token.type != TOOLBAR__SQL_END && !fingerprint->failed) {
        if (!skip_sign(&shape, &token) && !write_values(&shape, &token)) {
            write_token(&shape, &token);
        }
        token = next(&shape, &shape.at);
    }
    while (fingerprint->length && fingerprint->data[fingerprint->length - 1] == ';') {
        fingerprint->length--;
    }
}
