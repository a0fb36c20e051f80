/*
 * What can be read off the text of a statement without its schema: the tables that it is about,
 * and whether it gives other rows each time. In doubt it is about every table, and changing: then
 * the rules are silent.
 */
#include <stdlib.h>
#include <string.h>

#include "advisor/bench.h"
#include "base/hash.h"
#include "record/sql_tokens.h"

enum { NAME_MAXIMUM = 128, FIRST_TOKENS = 64 };

static bool is(const struct toolbar__sql_token *at, const char *word)
{
    return toolbar__ascii_is(at->data, at->length, word);
}

/* These are in lower case. */
static bool is_among(const struct toolbar__sql_token *at, const char *const *words)
{
    int first = toolbar__ascii_lower((unsigned char)*at->data);

    for (; *words; words++) {
        if (**words == first && is(at, *words)) return true;
    }
    return false;
}

static bool is_keyword(const struct toolbar__sql_token *at, const char *word)
{
    return at->type == TOOLBAR__SQL_KEYWORD && is(at, word);
}

static bool is_name(const struct toolbar__sql_token *at)
{
    return at->type == TOOLBAR__SQL_WORD || at->type == TOOLBAR__SQL_IDENTIFIER;
}

static bool is_end(const struct toolbar__sql_token *at)
{
    return at->type == TOOLBAR__SQL_END;
}

/* The end is followed by itself. */
static const struct toolbar__sql_token *after(const struct toolbar__sql_token *at)
{
    return at + !is_end(at);
}

static bool grow(struct toolbar__sql_text *text)
{
    unsigned capacity = text->capacity ? 2 * text->capacity : FIRST_TOKENS;
    struct toolbar__sql_token *tokens = realloc(text->tokens, capacity * sizeof *tokens);

    if (!tokens) return false;
    text->tokens = tokens;
    text->capacity = capacity;
    return true;
}

static bool split(struct toolbar__sql_text *text, const char *sql)
{
    size_t length = strlen(sql), at = 0;
    unsigned count = 0;

    for (;;) {
        struct toolbar__sql_token token = toolbar__sql_next(sql, length, &at);

        if (token.type == TOOLBAR__SQL_SPACE) continue;
        if (count == text->capacity && !grow(text)) return false;
        text->tokens[count++] = token;
        if (is_end(&token)) return true;
    }
}

/* What the application cannot do better: these are not questions about its data. */
static bool is_counted(const struct toolbar__sql_token *at)
{
    static const char *const control[] = {"pragma",   "explain",   "begin",   "commit", "end",
                                          "rollback", "savepoint", "release", "attach", "detach",
                                          "vacuum",   "analyze",   "reindex", "create", "drop",
                                          "alter",    NULL};
    static const char *const schemas[] = {"sqlite_schema", "sqlite_master", "sqlite_temp_schema",
                                          "sqlite_temp_master", NULL};

    while (!is_end(at) && at->type != TOOLBAR__SQL_WORD && at->type != TOOLBAR__SQL_KEYWORD) {
        at++;
    }
    if (is_among(at, control)) return false;
    for (; !is_end(at); at++) {
        if (at->type == TOOLBAR__SQL_WORD && is_among(at, schemas)) return false;
    }
    return true;
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
static bool add_table(struct toolbar__tables *tables, const struct toolbar__sql_token **at)
{
    const struct toolbar__sql_token *name = (*at)++;
    size_t quotes;

    if (!is_name(name) || tables->count == TOOLBAR__TABLES_MAXIMUM) return false;
    if (is(*at, ".")) {
        name = ++*at;
        if (!is_name(name)) return false;
        ++*at;
    }
    quotes = name->type == TOOLBAR__SQL_IDENTIFIER && name->length >= 2;
    tables->names[tables->count] = hash_name(name->data + quotes, name->length - 2 * quotes);
    return tables->names[tables->count++] != 0;
}

/* UPDATE [OR word] table, and the like; transactions write to no table of their own. */
static bool read_written(struct toolbar__tables *tables, const struct toolbar__sql_token *at)
{
    static const char *const none[] = {"begin", "commit", "end", "savepoint", "release", NULL};
    bool update = is(at, "update");

    if (is_among(at, none)) return true;
    if (!update && !is(at, "insert") && !is(at, "replace") && !is(at, "delete")) return false;
    at = after(at);
    if (is(at, "or")) at = after(after(at));
    if (!update) {
        if (!is(at, "into") && !is(at, "from")) return false;
        at = after(at);
    }
    return add_table(tables, &at);
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
static bool read_asked(struct toolbar__tables *tables, const struct toolbar__sql_token *at,
                       const struct toolbar__group *group)
{
    static const char *const end[] = {"select", "where", "group", "order", "limit", NULL};
    bool in_from = false;

    if (!is(at, "select")) return false;
    while (!is_end(at)) {
        bool keyword = at->type == TOOLBAR__SQL_KEYWORD;
        bool from = keyword && (is(at, "from") || is(at, "join")), in = keyword && is(at, "in");

        if (keyword && is_among(at, end)) in_from = false;
        if ((keyword && is(at, "match")) || (in_from && is(at, ","))) return false;
        at++;
        if (in && !is(at, "(")) return false;
        if (!from || is(at, "(")) continue;
        in_from = true;
        if (!add_table(tables, &at) || is(at, "(")) return false;
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
static bool is_date_of_now(const struct toolbar__subject *subject,
                           const struct toolbar__sql_token *at)
{
    bool format = is(at, "strftime");

    at += 2;
    if (format && at->type == TOOLBAR__SQL_PARAMETER) at++;
    return is(at, ")") || is_run_with_now(subject);
}

static bool is_changing(const struct toolbar__subject *subject, const struct toolbar__sql_token *at)
{
    static const char *const words[] = {"current_time", "current_date", "current_timestamp", NULL};
    static const char *const calls[] = {"random",        "randomblob",        "changes",
                                        "total_changes", "last_insert_rowid", NULL};
    static const char *const dates[] = {"date",     "time",      "datetime", "julianday",
                                        "strftime", "unixepoch", "timediff", NULL};

    for (; !is_end(at); at++) {
        if (at->type == TOOLBAR__SQL_KEYWORD && is_among(at, words)) return true;
        if (at->type != TOOLBAR__SQL_WORD || !is(at + 1, "(")) continue;
        if (is_among(at, calls)) return true;
        if (is_among(at, dates) && is_date_of_now(subject, at)) return true;
    }
    return false;
}

/* In a result these compute and do nothing else. Words that SQLite reserves are no functions. */
static bool is_known_call(const struct toolbar__sql_token *at)
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

    return is_among(at, names);
}

static bool calls_others(const struct toolbar__sql_token *at)
{
    for (; !is_end(at) && !is_keyword(at, "from"); at++) {
        if (at->type == TOOLBAR__SQL_WORD && is(at + 1, "(") && !is_known_call(at)) return true;
    }
    return false;
}

/* Its columns decide which rows there are. */
static bool decides(const struct toolbar__sql_token *at)
{
    static const char *const words[] = {"distinct", "union", "except", "intersect", NULL};

    for (; !is_end(at); at++) {
        if (at->type == TOOLBAR__SQL_KEYWORD && is_among(at, words)) return true;
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

static enum toolbar__lookup lookup_of(const struct toolbar__sql_token *at)
{
    static const char *const equal[] = {"=", "==", "is", NULL};
    static const struct toolbar__sql_token none = {.type = TOOLBAR__SQL_END};
    const struct toolbar__sql_token *table = &none;
    unsigned keys = 0, references = 0;

    for (; !is_end(at); at++) {
        if (is_end(table) && is_keyword(at, "from")) table = at + 1;
        if (!is_name(at) || !is_among(at + 1, equal)) continue;
        if (at[2].type != TOOLBAR__SQL_PARAMETER) continue;
        if (is_reference(at, table)) {
            references++;
        } else {
            keys++;
        }
    }
    if (keys || references > 1) return TOOLBAR__LOOKUP_KEY;
    return references ? TOOLBAR__LOOKUP_REFERENCE : TOOLBAR__LOOKUP_NONE;
}

bool toolbar__subject_read(struct toolbar__subject *subject, struct toolbar__sql_text *text)
{
    const struct toolbar__sql_token *at;

    if (!split(text, subject->group->fingerprint)) return false;
    at = text->tokens;
    subject->counts = is_counted(at);
    subject->changing = is_changing(subject, at);
    subject->tables.known = subject->reads ? read_asked(&subject->tables, at, subject->group)
                                           : read_written(&subject->tables, at);
    subject->calls_others = calls_others(at);
    subject->decides = decides(at);
    subject->lookup = lookup_of(at);
    return true;
}
