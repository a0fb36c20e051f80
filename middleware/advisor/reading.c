/*
 * What can be read off the text of a statement without its schema: the tables that it is about,
 * and whether it gives other rows each time. In doubt it is about every table, and changing: then
 * the rules are silent.
 */
#include <string.h>

#include "advisor/bench.h"
#include "base/hash.h"
#include "record/sql_tokens.h"

enum { NAME_MAXIMUM = 128 };

/* A place in the text, and the token there; END at the end. */
struct cursor {
    const char *sql;
    size_t length;
    size_t at;
    struct toolbar__sql_token token;
};

static bool is(const struct cursor *cursor, const char *word)
{
    return toolbar__ascii_is(cursor->token.data, cursor->token.length, word);
}

static bool is_among(const struct cursor *cursor, const char *const *words)
{
    for (; *words; words++) {
        if (is(cursor, *words)) return true;
    }
    return false;
}

static bool is_name(const struct cursor *cursor)
{
    return cursor->token.type == TOOLBAR__SQL_WORD || cursor->token.type == TOOLBAR__SQL_IDENTIFIER;
}

static bool is_end(const struct cursor *cursor)
{
    return cursor->token.type == TOOLBAR__SQL_END;
}

static void move(struct cursor *cursor)
{
    do {
        cursor->token = toolbar__sql_next(cursor->sql, cursor->length, &cursor->at);
    } while (cursor->token.type == TOOLBAR__SQL_SPACE);
}

static struct cursor begin(const struct toolbar__subject *subject)
{
    struct cursor cursor = {.sql = subject->group->fingerprint,
                            .length = strlen(subject->group->fingerprint)};

    move(&cursor);
    return cursor;
}

static uint64_t hash_name(const char *name, size_t length)
{
    char lower[NAME_MAXIMUM];

    for (size_t i = 0; i < length && i < sizeof lower; i++) {
        lower[i] = (char)toolbar__ascii_lower((unsigned char)name[i]);
    }
    return length <= sizeof lower ? toolbar__hash(1, lower, length) : 0;
}

/* At a name, perhaps with that of its schema; false: what stands here is something else. */
static bool add_table(struct toolbar__tables *tables, struct cursor *cursor)
{
    struct toolbar__sql_token name = cursor->token;
    size_t quotes;

    if (!is_name(cursor) || tables->count == TOOLBAR__TABLES_MAXIMUM) return false;
    move(cursor);
    if (is(cursor, ".")) {
        move(cursor);
        if (!is_name(cursor)) return false;
        name = cursor->token;
        move(cursor);
    }
    quotes = name.type == TOOLBAR__SQL_IDENTIFIER && name.length >= 2;
    tables->names[tables->count] = hash_name(name.data + quotes, name.length - 2 * quotes);
    return tables->names[tables->count++] != 0;
}

/* UPDATE [OR word] table, and the like; transactions write to no table of their own. */
static bool read_written(struct toolbar__tables *tables, struct cursor cursor)
{
    static const char *const none[] = {"begin", "commit", "end", "savepoint", "release", NULL};
    bool update = is(&cursor, "update");

    if (is_among(&cursor, none)) return true;
    if (!update && !is(&cursor, "insert") && !is(&cursor, "replace") && !is(&cursor, "delete")) {
        return false;
    }
    move(&cursor);
    if (is(&cursor, "or")) {
        move(&cursor);
        move(&cursor);
    }
    if (!update) {
        if (!is(&cursor, "into") && !is(&cursor, "from")) return false;
        move(&cursor);
    }
    return add_table(tables, &cursor);
}

/* Of a column of the result is known that it comes from this table: so it is not a view. */
static bool is_table(const struct toolbar__group *group, uint64_t name)
{
    for (unsigned i = 0; i < group->column_count; i++) {
        const char *table = group->columns[i].table;

        if (table && hash_name(table, strlen(table)) == name) return true;
    }
    return false;
}

/*
 * A SELECT names its tables after FROM and JOIN, a subquery too. What has other ways to name one,
 * and a view, or a table that may be one, is not understood.
 */
static bool read_asked(struct toolbar__tables *tables, struct cursor cursor,
                       const struct toolbar__group *group)
{
    static const char *const after[] = {"select", "where", "group", "order", "limit", NULL};
    bool in_from = false;

    if (!is(&cursor, "select")) return false;
    while (!is_end(&cursor)) {
        bool from = is(&cursor, "from") || is(&cursor, "join"), in = is(&cursor, "in");

        if (is_among(&cursor, after)) in_from = false;
        if (is(&cursor, "match") || (in_from && is(&cursor, ","))) return false;
        move(&cursor);
        if (in && !is(&cursor, "(")) return false;
        if (!from || is(&cursor, "(")) continue;
        in_from = true;
        if (!add_table(tables, &cursor) || is(&cursor, "(")) return false;
        if (!is_table(group, tables->names[tables->count - 1])) return false;
    }
    return true;
}

/* Literals are in the runs: the fingerprint has none. */
static bool is_run_with_now(const struct toolbar__subject *subject)
{
    static const char *const words[] = {"now", "NOW", "Now", "subsec", "subsecond"};

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        if (run->query->statement->bare) return true;
        for (unsigned j = 0; j < run->value_count; j++) {
            if (!run->values[j]) return true;
            for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
                size_t length = strlen(words[k]);

                if (run->values[j] == toolbar__origin_text(words[k], length, length)) return true;
            }
        }
    }
    return false;
}

/* At its name: it is called without a time, or with what may be 'now'. */
static bool is_date_of_now(const struct toolbar__subject *subject, struct cursor cursor)
{
    bool format = is(&cursor, "strftime");

    move(&cursor);
    if (!is(&cursor, "(")) return false;
    move(&cursor);
    if (format && cursor.token.type == TOOLBAR__SQL_PARAMETER) move(&cursor);
    return is(&cursor, ")") || is_run_with_now(subject);
}

static bool is_changing(const struct toolbar__subject *subject, struct cursor cursor)
{
    static const char *const words[] = {"current_time", "current_date", "current_timestamp", NULL};
    static const char *const calls[] = {"random",        "randomblob",        "changes",
                                        "total_changes", "last_insert_rowid", NULL};
    static const char *const dates[] = {"date",     "time",      "datetime", "julianday",
                                        "strftime", "unixepoch", "timediff", NULL};

    while (!is_end(&cursor)) {
        bool word =
            cursor.token.type == TOOLBAR__SQL_WORD || cursor.token.type == TOOLBAR__SQL_KEYWORD;
        bool call = word && is_among(&cursor, calls);

        if (word && is_among(&cursor, words)) return true;
        if (word && is_among(&cursor, dates) && is_date_of_now(subject, cursor)) return true;
        move(&cursor);
        if (call && is(&cursor, "(")) return true;
    }
    return false;
}

void toolbar__subject_read(struct toolbar__subject *subject)
{
    struct cursor cursor = begin(subject);

    subject->changing = is_changing(subject, cursor);
    subject->tables.known = subject->reads ? read_asked(&subject->tables, cursor, subject->group)
                                           : read_written(&subject->tables, cursor);
}

/* In a result these compute and do nothing else. Words that SQLite reserves are no functions. */
static bool is_known_call(const struct cursor *cursor)
{
    // clang-format off
    static const char *const names[] = {
        "abs", "avg", "bm25", "ceil", "changes", "char", "coalesce", "concat", "concat_ws", "count",
        "cume_dist", "date", "datetime", "dense_rank", "exp", "first_value", "floor", "format",
        "group_concat", "hex", "highlight", "ifnull", "iif", "instr", "json", "json_array",
        "json_array_length", "json_extract", "json_group_array", "json_group_object",
        "json_object", "json_quote", "json_remove", "json_set", "json_type", "json_valid",
        "julianday", "lag", "last_insert_rowid", "last_value", "lead", "length", "ln", "log",
        "lower", "ltrim", "max", "min", "mod", "nth_value", "ntile", "nullif", "octet_length",
        "percent_rank", "pow", "power", "printf", "quote", "random", "randomblob", "rank", "round",
        "row_number", "rtrim", "sign", "snippet", "sqlite_version", "sqrt", "strftime", "substr",
        "substring", "sum", "time", "total", "total_changes", "trim", "trunc", "typeof", "unhex",
        "unicode", "unixepoch", "upper", "zeroblob", NULL};
    // clang-format on

    return is_among(cursor, names);
}

bool toolbar__calls_others(const struct toolbar__subject *subject)
{
    struct cursor cursor = begin(subject);

    while (!is_end(&cursor) && !is(&cursor, "from")) {
        struct cursor name = cursor;

        move(&cursor);
        if (name.token.type == TOOLBAR__SQL_WORD && is(&cursor, "(") && !is_known_call(&name)) {
            return true;
        }
    }
    return false;
}

bool toolbar__tables_share(const struct toolbar__tables *a, const struct toolbar__tables *b)
{
    for (unsigned i = 0; i < a->count; i++) {
        for (unsigned j = 0; j < b->count; j++) {
            if (a->names[i] == b->names[j]) return true;
        }
    }
    return false;
}

bool toolbar__tables_meet(const struct toolbar__tables *a, const struct toolbar__tables *b)
{
    return !a->known || !b->known || toolbar__tables_share(a, b);
}

/* It ends in "_id", and what is before that is not what the table is called. */
static bool is_reference(const struct toolbar__sql_token *column,
                         const struct toolbar__sql_token *table)
{
    size_t quotes = column->type == TOOLBAR__SQL_IDENTIFIER;
    const char *name = column->data + quotes;
    size_t length = column->length - 2 * quotes;

    if (length <= 3 || !toolbar__ascii_equal(name + length - 3, "_id", 3)) return false;
    quotes = table->type == TOOLBAR__SQL_IDENTIFIER;
    /* author_id is the key of author and of authors. */
    return table->length - 2 * quotes < length - 3 ||
           !toolbar__ascii_equal(table->data + quotes, name, length - 3);
}

enum toolbar__lookup toolbar__lookup_of(const struct toolbar__subject *subject)
{
    static const char *const equal[] = {"=", "==", "is", NULL};
    struct cursor cursor = begin(subject);
    struct toolbar__sql_token table = {.type = TOOLBAR__SQL_END};
    unsigned keys = 0, references = 0;

    while (!is_end(&cursor)) {
        struct toolbar__sql_token name = cursor.token;
        bool from = is(&cursor, "from"), named = is_name(&cursor);

        move(&cursor);
        if (from && table.type == TOOLBAR__SQL_END) table = cursor.token;
        if (!named || !is_among(&cursor, equal)) continue;
        move(&cursor);
        if (cursor.token.type != TOOLBAR__SQL_PARAMETER) continue;
        if (is_reference(&name, &table)) {
            references++;
        } else {
            keys++;
        }
    }
    if (keys || references > 1) return TOOLBAR__LOOKUP_KEY;
    return references ? TOOLBAR__LOOKUP_REFERENCE : TOOLBAR__LOOKUP_NONE;
}
