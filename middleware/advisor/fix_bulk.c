/* The SQL that writes many rows with values of their own in one statement. */
#include <stdlib.h>

#include "advisor/shape.h"

static bool is_same(const struct toolbar__shape *shape, unsigned a, unsigned b)
{
    const struct toolbar__sql_token *x = &shape->tokens[a], *y = &shape->tokens[b];

    return x->length == y->length && toolbar__ascii_equal(x->data, y->data, x->length);
}

/* Every column once, and all of one value. */
static bool are_distinct(const struct toolbar__shape *shape, const struct toolbar__term *terms,
                         unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!terms[i].value) return false;
        for (unsigned j = 0; j < i; j++) {
            if (is_same(shape, terms[i].column, terms[j].column)) return false;
        }
    }
    return true;
}

static void write_columns(struct toolbar_text *fix, const struct toolbar__shape *shape,
                          const struct toolbar__term *terms, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        toolbar__text_string(fix, i ? ", " : "(");
        toolbar__shape_copy(fix, shape, terms[i].column, terms[i].column + 1);
    }
    toolbar__text_char(fix, ')');
}

/* (VALUES (?, ?), (?, ?)), which says how it goes on. */
static void write_values(struct toolbar_text *fix, unsigned columns)
{
    toolbar_text_literal(fix, "(VALUES ");
    for (unsigned row = 0; row < 2; row++) {
        for (unsigned i = 0; i < columns; i++) {
            toolbar__text_string(fix, i ? ", ?" : row ? ", (?" : "(?");
        }
        toolbar__text_char(fix, ')');
    }
    toolbar__text_char(fix, ')');
}

/* "column = v.column", with `table` before the first one, between which stands `separator`. */
static void write_terms(struct toolbar_text *fix, const struct toolbar__shape *shape,
                        const struct toolbar__term *terms, unsigned count,
                        const struct toolbar__sql_token *table, const char *separator)
{
    for (unsigned i = 0; i < count; i++) {
        const struct toolbar__sql_token *column = &shape->tokens[terms[i].column];

        if (i) toolbar__text_string(fix, separator);
        if (table) toolbar__text_printf(fix, "%.*s.", (int)table->length, table->data);
        toolbar__text_printf(fix, "%.*s = v.%.*s", (int)column->length, column->data,
                             (int)column->length, column->data);
    }
}

static void write_update(struct toolbar_text *fix, const struct toolbar__shape *shape)
{
    struct toolbar__term terms[2 * TOOLBAR__TERMS_MAXIMUM];
    unsigned keys = toolbar__shape_keys(shape, terms);
    unsigned assigned = toolbar__shape_assigned(shape, terms + keys);

    if (!keys || !assigned || !are_distinct(shape, terms, keys + assigned)) return;
    if (toolbar__token_names(&shape->name, "v")) return;
    toolbar_text_literal(fix, "WITH v ");
    write_columns(fix, shape, terms, keys + assigned);
    toolbar_text_literal(fix, " AS ");
    write_values(fix, keys + assigned);
    toolbar__text_char(fix, '\n');
    toolbar__shape_copy(fix, shape, 0, shape->rest);
    toolbar_text_literal(fix, " SET ");
    write_terms(fix, shape, terms + keys, assigned, NULL, ", ");
    toolbar_text_literal(fix, "\nFROM v WHERE ");
    write_terms(fix, shape, terms, keys, &shape->name, " AND ");
}

static void write_delete(struct toolbar_text *fix, const struct toolbar__shape *shape)
{
    struct toolbar__term keys[TOOLBAR__TERMS_MAXIMUM];
    unsigned count = toolbar__shape_keys(shape, keys);

    if (!count || !are_distinct(shape, keys, count)) return;
    toolbar__shape_copy(fix, shape, 0, shape->rest);
    toolbar_text_literal(fix, " WHERE ");
    write_columns(fix, shape, keys, count);
    toolbar_text_literal(fix, " IN ");
    write_values(fix, count);
}

void toolbar__fix_bulk(struct toolbar_text *fix, const struct toolbar__subject *subject)
{
    struct toolbar__shape *shape = malloc(sizeof *shape);

    if (shape && toolbar__shape_read(shape, subject->runs[0]->query->statement)) {
        if (toolbar__token_is(&shape->tokens[0], "update")) {
            write_update(fix, shape);
        } else {
            write_delete(fix, shape);
        }
    }
    free(shape);
}
