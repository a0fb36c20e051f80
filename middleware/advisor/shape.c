#include "advisor/shape.h"

#include <stdlib.h>
#include <string.h>

bool toolbar__token_is_value(const struct toolbar__sql_token *token)
{
    return token->type == TOOLBAR__SQL_PARAMETER || token->type == TOOLBAR__SQL_NUMBER ||
           token->type == TOOLBAR__SQL_STRING || token->type == TOOLBAR__SQL_BLOB;
}

bool toolbar__token_names(const struct toolbar__sql_token *token, const char *name)
{
    size_t quotes = token->type == TOOLBAR__SQL_IDENTIFIER && token->length >= 2;

    return toolbar__ascii_is(token->data + quotes, token->length - 2 * quotes, name);
}

/* Without space, comments and a last semicolon. False: it is too long. */
static bool split(struct toolbar__shape *shape, const char *sql)
{
    size_t length = strlen(sql), at = 0;

    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_END) break;
        if (token.type == TOOLBAR__SQL_SPACE || token.type == TOOLBAR__SQL_COMMENT) continue;
        if (shape->count == TOOLBAR__SHAPE_TOKENS - 1) return false;
        shape->tokens[shape->count++] = token;
    }
    if (shape->count && toolbar__token_is(&shape->tokens[shape->count - 1], ";")) shape->count--;
    return shape->count > 3;
}

static bool is_complex(const struct toolbar__shape *shape)
{
    static const char *const words[] = {"select", "join",   "union", "except", "intersect", "with",
                                        "over",   "having", ";",     "or",     "*/",        NULL};

    for (unsigned i = 1; i < shape->count; i++) {
        const struct toolbar__sql_token *token = &shape->tokens[i];
        int first = toolbar__ascii_lower((unsigned char)*token->data);

        if (toolbar__token_is_name(token)) continue;
        for (const char *const *word = words; *word; word++) {
            if (**word == first && toolbar__token_is(token, *word)) return true;
        }
    }
    return false;
}

/* Finds the table after SELECT ... FROM, DELETE FROM or UPDATE. */
static bool find_table(struct toolbar__shape *shape)
{
    const struct toolbar__sql_token *tokens = shape->tokens;
    unsigned at = 0;

    if (!toolbar__token_is(&tokens[0], "update")) {
        while (at < shape->count && !toolbar__token_is(&tokens[at], "from")) {
            at++;
        }
    }
    if (at + 1 >= shape->count || !toolbar__token_is_name(&tokens[at + 1])) return false;
    shape->from = at++;
    shape->table = shape->name = tokens[at++];
    if (at < shape->count && toolbar__token_is(&tokens[at], "as")) at++;
    if (at < shape->count && toolbar__token_is_name(&tokens[at])) shape->name = tokens[at++];
    shape->rest = at;
    return at == shape->count ||
           (!toolbar__token_is(&tokens[at], ",") && !toolbar__token_is(&tokens[at], "."));
}

static bool is_same(const struct toolbar__sql_token *a, const struct toolbar__sql_token *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

/* As SQLite numbers parameters, from 1: ?3 says so itself, and a name is one however often. */
static unsigned parameter_number(const struct toolbar__shape *shape, unsigned token, unsigned next)
{
    const struct toolbar__sql_token *at = &shape->tokens[token];

    if (*at->data == '?') return at->length > 1 ? (unsigned)strtoul(at->data + 1, NULL, 10) : next;
    for (unsigned i = 0; i < token; i++) {
        if (is_same(&shape->tokens[i], at)) return shape->values[i] + 1;
    }
    return next;
}

static void number_values(struct toolbar__shape *shape)
{
    unsigned largest = 0, literals = 0;

    for (unsigned i = 0; i < shape->count; i++) {
        if (shape->tokens[i].type == TOOLBAR__SQL_PARAMETER) {
            unsigned number = parameter_number(shape, i, largest + 1);

            if (number > largest) largest = number;
            shape->values[i] = number - 1;
        } else if (toolbar__token_is_value(&shape->tokens[i])) {
            shape->values[i] = literals++;
        }
    }
}

bool toolbar__shape_read(struct toolbar__shape *shape, const struct toolbar__statement *statement)
{
    shape->count = shape->value = 0;
    if (statement->bare || !split(shape, statement->sql) || is_complex(shape)) return false;
    number_values(shape);
    return find_table(shape);
}

unsigned toolbar__shape_index(const struct toolbar__shape *shape, const struct toolbar__run *run,
                              unsigned token)
{
    bool literal = shape->tokens[token].type != TOOLBAR__SQL_PARAMETER;

    return shape->values[token] + (literal ? run->query->value_count : 0);
}

static bool is_equal_sign(const struct toolbar__sql_token *token)
{
    return toolbar__token_is(token, "=") || toolbar__token_is(token, "==");
}

/* The value stands in "column = value" of WHERE. */
static bool is_equality(const struct toolbar__shape *shape, unsigned at)
{
    if (at < shape->rest + 3 || !toolbar__token_is_name(&shape->tokens[at - 2])) return false;
    if (!is_equal_sign(&shape->tokens[at - 1])) return false;
    for (unsigned i = shape->rest; i < at; i++) {
        if (toolbar__token_is(&shape->tokens[i], "where")) return true;
    }
    return false;
}

bool toolbar__shape_find(struct toolbar__shape *shape, const struct toolbar__run *run,
                         unsigned value)
{
    for (unsigned i = 0; i < shape->count; i++) {
        if (!toolbar__token_is_value(&shape->tokens[i])) continue;
        if (toolbar__shape_index(shape, run, i) != value) continue;
        shape->value = i;
        return is_equality(shape, i);
    }
    return false;
}

/* Past the expression at `at`: the next comma or WHERE outside of parentheses, or the end. */
static unsigned skip_expression(const struct toolbar__shape *shape, unsigned at)
{
    for (unsigned depth = 0; at < shape->count; at++) {
        const struct toolbar__sql_token *token = &shape->tokens[at];

        if (toolbar__token_is(token, "(")) depth++;
        if (toolbar__token_is(token, ")")) depth--;
        if (depth == 0 && (toolbar__token_is(token, ",") || toolbar__token_is(token, "where"))) {
            break;
        }
    }
    return at;
}

unsigned toolbar__shape_assigned(const struct toolbar__shape *shape,
                                 struct toolbar__term terms[TOOLBAR__TERMS_MAXIMUM])
{
    unsigned count = 0, at = shape->rest;

    if (at >= shape->count || !toolbar__token_is(&shape->tokens[at], "set")) return 0;
    do {
        unsigned column = at + 1, end = skip_expression(shape, at + 3);

        if (count == TOOLBAR__TERMS_MAXIMUM || end >= shape->count) return 0;
        if (!toolbar__token_is_name(&shape->tokens[column])) return 0;
        if (!is_equal_sign(&shape->tokens[column + 1])) return 0;
        terms[count++] = (struct toolbar__term){column, 0};
        if (end == column + 3 && toolbar__token_is_value(&shape->tokens[column + 2])) {
            terms[count - 1].value = column + 2;
        }
        at = end;
    } while (toolbar__token_is(&shape->tokens[at], ","));
    return count;
}

unsigned toolbar__shape_keys(const struct toolbar__shape *shape,
                             struct toolbar__term terms[TOOLBAR__TERMS_MAXIMUM])
{
    unsigned count = 0, at = shape->rest;

    while (at < shape->count && !toolbar__token_is(&shape->tokens[at], "where")) {
        at++;
    }
    do {
        if (count == TOOLBAR__TERMS_MAXIMUM || at + 3 >= shape->count) return 0;
        if (!toolbar__token_is_name(&shape->tokens[at + 1])) return 0;
        if (!is_equal_sign(&shape->tokens[at + 2])) return 0;
        if (!toolbar__token_is_value(&shape->tokens[at + 3])) return 0;
        terms[count++] = (struct toolbar__term){at + 1, at + 3};
        at += 4;
    } while (at < shape->count && toolbar__token_is(&shape->tokens[at], "and"));
    return at == shape->count ? count : 0;
}

bool toolbar__shape_has(const struct toolbar__shape *shape, const char *word)
{
    for (unsigned i = 0; i < shape->count; i++) {
        if (toolbar__token_is(&shape->tokens[i], word)) return true;
    }
    return false;
}

bool toolbar__shape_is_aggregate(const struct toolbar__shape *shape)
{
    static const char *const words[] = {"count", "sum",   "min",          "max",
                                        "avg",   "total", "group_concat", NULL};

    for (unsigned i = 1; i < shape->from; i++) {
        if (!toolbar__token_is(&shape->tokens[i + 1], "(")) continue;
        for (const char *const *word = words; *word; word++) {
            if (toolbar__token_is(&shape->tokens[i], *word)) return true;
        }
    }
    return false;
}

void toolbar__shape_copy(struct toolbar_text *text, const struct toolbar__shape *shape,
                         unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        const struct toolbar__sql_token *token = &shape->tokens[i];

        if (i > from && token->data > token[-1].data + token[-1].length) {
            toolbar__text_char(text, ' ');
        }
        toolbar_text_append(text, token->data, token->length);
    }
}
