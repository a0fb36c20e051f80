/*
 * Better SQL out of the application's own. Only statements of a plain shape are rewritten, with
 * one equality for the value in question. For all others there is no SQL, because what is shown
 * must be ready to copy.
 */
#include <stdlib.h>
#include <string.h>

#include "advisor/shape.h"

static bool is(const struct toolbar__sql_token *token, const char *word)
{
    return toolbar__token_is(token, word);
}

static bool read_child(struct toolbar__shape *shape, const struct toolbar__subject *child,
                       unsigned value)
{
    const struct toolbar__run *run = child->runs[0];

    return toolbar__shape_read(shape, run->query->statement) &&
           toolbar__shape_find(shape, run, value);
}

static bool starts_column(const struct toolbar__shape *shape, unsigned at)
{
    const struct toolbar__sql_token *token = &shape->tokens[at];

    if (is(token, "*")) {
        return is(&token[-1], "select") || is(&token[-1], ",") || is(&token[-1], "distinct");
    }
    if (!toolbar__token_is_name(token)) return false;
    if (at + 1 < shape->count && (is(&token[1], "(") || is(&token[1], "."))) return false;
    return !is(&token[-1], ".") && !is(&token[-1], "as");
}

static void write_token(struct toolbar_text *fix, const struct toolbar__sql_token *token)
{
    toolbar_text_append(fix, token->data, token->length);
}

/* The same with every column under the name of its table. */
static void qualify(struct toolbar_text *fix, const struct toolbar__shape *shape, unsigned from,
                    unsigned to, const struct toolbar__sql_token *name)
{
    for (unsigned i = from; i < to; i++) {
        const struct toolbar__sql_token *token = &shape->tokens[i];

        if (i > from && token->data > token[-1].data + token[-1].length) {
            toolbar__text_char(fix, ' ');
        }
        if (starts_column(shape, i)) {
            write_token(fix, name);
            toolbar__text_char(fix, '.');
        }
        write_token(fix, token);
    }
}

static bool has_call(const struct toolbar__shape *shape, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        if (is(&shape->tokens[i], "(") || is(&shape->tokens[i], ".") ||
            is(&shape->tokens[i], "as") || is(&shape->tokens[i], "distinct")) {
            return true;
        }
    }
    return false;
}

/* SELECT columns FROM table WHERE key = value, and nothing else. */
static bool is_plain_lookup(const struct toolbar__shape *child)
{
    const struct toolbar__sql_token *rest = &child->tokens[child->rest];
    unsigned count = child->count - child->rest;

    if (!is(&child->tokens[0], "select") || has_call(child, 1, child->from)) return false;
    if (count != 4 && !(count == 6 && is(&rest[4], "limit"))) return false;
    return is(&rest[0], "where") && child->value == child->rest + 3;
}

static bool is_joinable(const struct toolbar__shape *parent, const struct toolbar__origin *origin)
{
    const struct toolbar__group *group = origin->parent->query->statement->group;

    if (!is(&parent->tokens[0], "select") || has_call(parent, 1, parent->count)) return false;
    for (unsigned i = parent->rest; i < parent->count; i++) {
        if (is(&parent->tokens[i], "group")) return false;
    }
    return origin->column < group->column_count && group->columns[origin->column].origin;
}

static bool is_same_table(const struct toolbar__shape *a, const struct toolbar__shape *b)
{
    return a->name.length == b->name.length &&
           toolbar__ascii_equal(a->name.data, b->name.data, a->name.length);
}

/* Every row of the parent has its row of the child, as far as could be seen. */
static bool is_complete(const struct toolbar__subject *child, const struct toolbar__origin *origin)
{
    for (unsigned i = 0; i < child->count; i++) {
        if (child->runs[i]->query->rows == 0) return false;
    }
    return (int64_t)origin->rows == origin->all_rows;
}

/* Some of the rows, as they come: they must not come by way of the other table. */
static bool is_cut(const struct toolbar__shape *parent)
{
    return toolbar__shape_has(parent, "limit") && !toolbar__shape_has(parent, "order");
}

void toolbar__fix_identifier(struct toolbar_text *text, const char *name)
{
    size_t length = strlen(name), at = 0;
    struct toolbar__sql_token token = toolbar__sql_next(name, length, &at);

    if (token.type == TOOLBAR__SQL_WORD && token.length == length) {
        toolbar__text_string(text, name);
        return;
    }
    toolbar__text_char(text, '"');
    for (; *name; name++) {
        if (*name == '"') toolbar__text_char(text, '"');
        toolbar__text_char(text, *name);
    }
    toolbar__text_char(text, '"');
}

static void write_join(struct toolbar_text *fix, const struct toolbar__shape *parent,
                       const struct toolbar__shape *child, const struct toolbar__subject *subject,
                       const struct toolbar__origin *origin)
{
    static const struct toolbar__sql_token other = {TOOLBAR__SQL_WORD, "other", 5};
    const struct toolbar__group *group = origin->parent->query->statement->group;
    bool same = is_same_table(parent, child);
    const struct toolbar__sql_token *name = same ? &other : &child->name;

    qualify(fix, parent, 0, parent->from, &parent->name);
    toolbar_text_literal(fix, ", ");
    qualify(fix, child, 1, child->from, name);
    toolbar__text_char(fix, '\n');
    toolbar__shape_copy(fix, parent, parent->from, parent->rest);
    toolbar__text_string(fix, is_complete(subject, origin) && !is_cut(parent) ? "\nJOIN "
                                                                              : "\nLEFT JOIN ");
    write_token(fix, &child->table);
    if (child->name.data != child->table.data || same) {
        toolbar_text_literal(fix, " AS ");
        write_token(fix, name);
    }
    toolbar_text_literal(fix, " ON ");
    write_token(fix, name);
    toolbar__text_char(fix, '.');
    write_token(fix, &child->tokens[child->value - 2]);
    toolbar_text_literal(fix, " = ");
    write_token(fix, &parent->name);
    toolbar__text_char(fix, '.');
    toolbar__fix_identifier(fix, group->columns[origin->column].origin);
    if (parent->rest < parent->count) toolbar__text_char(fix, '\n');
    qualify(fix, parent, parent->rest, parent->count, &parent->name);
}

void toolbar__fix_join(struct toolbar_text *fix, const struct toolbar__subject *child,
                       const struct toolbar__origin *origin)
{
    const struct toolbar__statement *statement = origin->parent->query->statement;
    struct {
        struct toolbar__shape parent, child;
    } *shapes = malloc(sizeof *shapes);

    if (shapes && toolbar__shape_read(&shapes->parent, statement) &&
        read_child(&shapes->child, child, origin->value) && is_plain_lookup(&shapes->child) &&
        is_joinable(&shapes->parent, origin)) {
        write_join(fix, &shapes->parent, &shapes->child, child, origin);
    }
    free(shapes);
}

static bool selects(const struct toolbar__shape *shape, const struct toolbar__sql_token *column)
{
    for (unsigned i = 1; i < shape->from; i++) {
        const struct toolbar__sql_token *token = &shape->tokens[i];

        if (is(token, "*") && starts_column(shape, i)) return true;
        if (token->length == column->length &&
            toolbar__ascii_equal(token->data, column->data, column->length)) {
            return true;
        }
    }
    return false;
}

/* IN, with all values; JSON has no blobs. */
static void write_in(struct toolbar_text *fix, const struct toolbar__shape *shape,
                     const struct toolbar__query *query, unsigned value)
{
    bool blob = value < query->value_count ? query->values[value].type == TOOLBAR__VALUE_BLOB
                                           : shape->tokens[shape->value].type == TOOLBAR__SQL_BLOB;

    toolbar__text_string(fix, blob ? " IN (?, ?, ?)" : " IN (SELECT value FROM json_each(?))");
}

/* One figure for each value, also for those of which there are no rows. */
static void write_each(struct toolbar_text *fix, const struct toolbar__shape *shape)
{
    toolbar_text_literal(fix, "SELECT asked.value, (");
    toolbar__shape_copy(fix, shape, 0, shape->value);
    toolbar_text_literal(fix, " asked.value");
    if (shape->value + 1 < shape->count) toolbar__text_char(fix, ' ');
    toolbar__shape_copy(fix, shape, shape->value + 1, shape->count);
    toolbar_text_literal(fix, ")\nFROM json_each(?) AS asked");
}

static void write_prefetch(struct toolbar_text *fix, const struct toolbar__shape *shape,
                           const struct toolbar__subject *child, unsigned value)
{
    const struct toolbar__sql_token *column = &shape->tokens[shape->value - 2];
    bool select = is(&shape->tokens[0], "select");
    bool aggregate = select && toolbar__shape_is_aggregate(shape);

    /* Of what belongs to each value, not of all together. */
    if (toolbar__shape_has(shape, "limit") || toolbar__shape_has(shape, "group") ||
        toolbar__shape_has(shape, "distinct") ||
        (aggregate && toolbar__shape_has(shape, "order"))) {
        return;
    }
    if (aggregate && child->group->column_count == 1) {
        write_each(fix, shape);
        return;
    }
    if (select && !selects(shape, column)) {
        toolbar__text_printf(fix, "SELECT %.*s, ", (int)column->length, column->data);
        toolbar__shape_copy(fix, shape, 1, shape->value - 1);
    } else {
        toolbar__shape_copy(fix, shape, 0, shape->value - 1);
    }
    write_in(fix, shape, child->runs[0]->query, value);
    if (shape->value + 1 < shape->count) toolbar__text_char(fix, ' ');
    toolbar__shape_copy(fix, shape, shape->value + 1, shape->count);
    if (aggregate) {
        toolbar__text_printf(fix, " GROUP BY %.*s -- without the values that have no rows",
                             (int)column->length, column->data);
    }
}

void toolbar__fix_prefetch(struct toolbar_text *fix, const struct toolbar__subject *child,
                           unsigned value)
{
    struct toolbar__shape *shape = malloc(sizeof *shape);

    if (shape && read_child(shape, child, value)) write_prefetch(fix, shape, child, value);
    free(shape);
}

/* Without the semicolon at its end, if any. */
static size_t trimmed(const char *sql)
{
    size_t length = strlen(sql);

    while (length && strchr("; \n\t", sql[length - 1])) {
        length--;
    }
    return length;
}

/* A comment at its end would swallow what follows. */
static bool has_comment(const char *sql)
{
    return strstr(sql, "--") || strstr(sql, "/*");
}

void toolbar__fix_count(struct toolbar_text *fix, const struct toolbar__subject *subject)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;

    if (statement->bare || has_comment(statement->sql)) return;
    toolbar__text_printf(fix, "SELECT count(*) FROM (%.*s)", (int)trimmed(statement->sql),
                         statement->sql);
}

void toolbar__fix_exists(struct toolbar_text *fix, const struct toolbar__subject *subject)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;
    struct toolbar__shape *shape = malloc(sizeof *shape);

    if (shape && toolbar__shape_read(shape, statement) && !toolbar__shape_has(shape, "group")) {
        unsigned end = shape->rest;

        while (end < shape->count && !is(&shape->tokens[end], "order")) {
            end++;
        }
        toolbar_text_literal(fix, "SELECT EXISTS (SELECT 1 ");
        toolbar__shape_copy(fix, shape, shape->from, end);
        toolbar__text_char(fix, ')');
    } else if (!statement->bare && !has_comment(statement->sql)) {
        toolbar__text_printf(fix, "SELECT EXISTS (%.*s)", (int)trimmed(statement->sql),
                             statement->sql);
    }
    free(shape);
}

void toolbar__fix_first(struct toolbar_text *fix, const struct toolbar__subject *subject)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;

    if (statement->bare || has_comment(statement->sql)) return;
    toolbar__text_printf(fix, "%.*s LIMIT 1", (int)trimmed(statement->sql), statement->sql);
}

static const char *const aggregates[] = {"sum", "avg", "min", "max"};

void toolbar__fix_aggregate(struct toolbar_text *fix, const struct toolbar__subject *subject,
                            unsigned column)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;
    const struct toolbar__group *group = subject->group;

    if (statement->bare || has_comment(statement->sql)) return;
    if (column >= group->column_count || !group->columns[column].origin) return;
    for (unsigned i = 0; i < column; i++) {
        if (toolbar__ascii_is(group->columns[i].name, strlen(group->columns[i].name),
                              group->columns[column].name)) {
            return;
        }
    }
    toolbar_text_literal(fix, "WITH result AS (");
    toolbar__text_printf(fix, "%.*s)\nSELECT count(*)", (int)trimmed(statement->sql),
                         statement->sql);
    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates; i++) {
        toolbar__text_printf(fix, ", %s(", aggregates[i]);
        toolbar__fix_identifier(fix, group->columns[column].name);
        toolbar__text_char(fix, ')');
    }
    toolbar_text_literal(fix, " FROM result");
}

static bool orders_by_number(const struct toolbar__shape *shape)
{
    for (unsigned i = shape->rest + 1; i < shape->count; i++) {
        const struct toolbar__sql_token *before = &shape->tokens[i - 1];

        if (shape->tokens[i].type == TOOLBAR__SQL_NUMBER && (is(before, "by") || is(before, ","))) {
            return true;
        }
    }
    return false;
}

static bool write_columns(struct toolbar_text *fix, const struct toolbar__group *group,
                          uint64_t columns)
{
    const char *separator = "SELECT ";

    for (unsigned i = 0; i < group->column_count; i++) {
        if (!group->columns[i].origin) return false;
        if (!(columns & UINT64_C(1) << i)) continue;
        toolbar__text_string(fix, separator);
        toolbar__fix_identifier(fix, group->columns[i].origin);
        separator = ", ";
    }
    return true;
}

void toolbar__fix_columns(struct toolbar_text *fix, const struct toolbar__subject *subject,
                          uint64_t columns)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;
    struct toolbar__shape *shape = malloc(sizeof *shape);

    if (shape && toolbar__shape_read(shape, statement) && is(&shape->tokens[0], "select") &&
        !has_call(shape, 1, shape->from) && !orders_by_number(shape)) {
        if (write_columns(fix, subject->group, columns)) {
            toolbar__text_char(fix, ' ');
            toolbar__shape_copy(fix, shape, shape->from, shape->count);
        } else {
            fix->length = 0;
        }
    }
    free(shape);
}

void toolbar__fix_transaction(struct toolbar_text *fix, const struct toolbar__subject *subject)
{
    const struct toolbar__statement *statement = subject->runs[0]->query->statement;

    toolbar_text_literal(fix, "BEGIN;\n");
    toolbar__text_printf(fix, "%.*s; -- and the %u others\nCOMMIT;", (int)trimmed(statement->sql),
                         statement->sql, subject->count - 1);
}
