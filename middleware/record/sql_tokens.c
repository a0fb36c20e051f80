/*
 * SQLite's lexical rules (its tokenize.c), written so that no input is refused: the text may be
 * cut anywhere, and what SQLite calls illegal still has to be masked and shown. An unterminated
 * string is therefore a string up to the end.
 */
#include "record/sql_tokens.h"

#include "base/text.h"

#include <string.h>

/* By their first letter; sqlite3_keyword_name() knows the same. */
// clang-format off
static const char *const keywords[26][16] = {
    ['A' - 'A'] = {"ABORT", "ACTION", "ADD", "AFTER", "ALL", "ALTER", "ALWAYS", "ANALYZE", "AND",
                   "AS", "ASC", "ATTACH", "AUTOINCREMENT"},
    ['B' - 'A'] = {"BEFORE", "BEGIN", "BETWEEN", "BY"},
    ['C' - 'A'] = {"CASCADE", "CASE", "CAST", "CHECK", "COLLATE", "COLUMN", "COMMIT", "CONFLICT",
                   "CONSTRAINT", "CREATE", "CROSS", "CURRENT", "CURRENT_DATE", "CURRENT_TIME",
                   "CURRENT_TIMESTAMP"},
    ['D' - 'A'] = {"DATABASE", "DEFAULT", "DEFERRABLE", "DEFERRED", "DELETE", "DESC", "DETACH",
                   "DISTINCT", "DO", "DROP"},
    ['E' - 'A'] = {"EACH", "ELSE", "END", "ESCAPE", "EXCEPT", "EXCLUDE", "EXCLUSIVE", "EXISTS",
                   "EXPLAIN"},
    ['F' - 'A'] = {"FAIL", "FILTER", "FIRST", "FOLLOWING", "FOR", "FOREIGN", "FROM", "FULL"},
    ['G' - 'A'] = {"GENERATED", "GLOB", "GROUP", "GROUPS"},
    ['H' - 'A'] = {"HAVING"},
    ['I' - 'A'] = {"IF", "IGNORE", "IMMEDIATE", "IN", "INDEX", "INDEXED", "INITIALLY", "INNER",
                   "INSERT", "INSTEAD", "INTERSECT", "INTO", "IS", "ISNULL"},
    ['J' - 'A'] = {"JOIN"},
    ['K' - 'A'] = {"KEY"},
    ['L' - 'A'] = {"LAST", "LEFT", "LIKE", "LIMIT"},
    ['M' - 'A'] = {"MATCH", "MATERIALIZED"},
    ['N' - 'A'] = {"NATURAL", "NO", "NOT", "NOTHING", "NOTNULL", "NULL", "NULLS"},
    ['O' - 'A'] = {"OF", "OFFSET", "ON", "OR", "ORDER", "OTHERS", "OUTER", "OVER"},
    ['P' - 'A'] = {"PARTITION", "PLAN", "PRAGMA", "PRECEDING", "PRIMARY"},
    ['Q' - 'A'] = {"QUERY"},
    ['R' - 'A'] = {"RAISE", "RANGE", "RECURSIVE", "REFERENCES", "REGEXP", "REINDEX", "RELEASE",
                   "RENAME", "REPLACE", "RESTRICT", "RETURNING", "RIGHT", "ROLLBACK", "ROW",
                   "ROWS"},
    ['S' - 'A'] = {"SAVEPOINT", "SELECT", "SET"},
    ['T' - 'A'] = {"TABLE", "TEMP", "TEMPORARY", "THEN", "TIES", "TO", "TRANSACTION", "TRIGGER"},
    ['U' - 'A'] = {"UNBOUNDED", "UNION", "UNIQUE", "UPDATE", "USING"},
    ['V' - 'A'] = {"VACUUM", "VALUES", "VIEW", "VIRTUAL"},
    ['W' - 'A'] = {"WHEN", "WHERE", "WINDOW", "WITH", "WITHIN", "WITHOUT"}
};
// clang-format on

/* What is left of the text; past its end there are NUL characters. */
struct rest {
    const char *data;
    size_t length;
};

static unsigned char byte(struct rest rest, size_t i)
{
    return i < rest.length ? (unsigned char)rest.data[i] : '\0';
}

/* What a byte may be part of. */
enum { SPACE = 1, DIGIT = 2, HEX = 4, LETTER = 8, WORD = 16 };

/* Digits, letters from a to f, other letters, and bytes of UTF-8. */
#define D (DIGIT | HEX | WORD)
#define X (HEX | LETTER | WORD)
#define L (LETTER | WORD)
#define U L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L

/* One look at it for each byte of every statement. */
// clang-format off
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, SPACE, SPACE, SPACE, SPACE, SPACE, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    SPACE, 0, 0, 0, /* $ */ WORD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0,
    0, X, X, X, X, X, X, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, /* _ */ L,
    0, X, X, X, X, X, X, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    U, U, U, U, U, U, U, U
};
// clang-format on

#undef D
#undef X
#undef L
#undef U

static bool is(unsigned char c, unsigned class)
{
    return (classes[c] & class) != 0;
}

static size_t span(struct rest rest, size_t from, unsigned class)
{
    while (from < rest.length && is((unsigned char)rest.data[from], class)) {
        from++;
    }
    return from;
}

static size_t line_comment(struct rest rest)
{
    const char *end = memchr(rest.data, '\n', rest.length);

    return end ? (size_t)(end - rest.data) : rest.length;
}

static size_t block_comment(struct rest rest)
{
    for (size_t i = 3; i < rest.length; i++) {
        if (rest.data[i] == '/' && rest.data[i - 1] == '*') return i + 1;
    }
    return rest.length;
}

/* From the opening character at `from`; a doubled closing one stands for itself. */
static size_t quoted(struct rest rest, size_t from, char close, bool doubling)
{
    for (size_t i = from + 1; i < rest.length; i++) {
        if (rest.data[i] != close) continue;
        if (!doubling || byte(rest, i + 1) != (unsigned char)close) return i + 1;
        i++;
    }
    return rest.length;
}

/* Digits with single separators between them, as SQLite has them since 3.46. */
static size_t digits(struct rest rest, size_t from, unsigned class)
{
    size_t end = span(rest, from, class);

    while (end > from && byte(rest, end) == '_' && is(byte(rest, end + 1), class)) {
        end = span(rest, end + 1, class);
    }
    return end;
}

static size_t number(struct rest rest)
{
    size_t end;

    if (byte(rest, 0) == '0' && toolbar__ascii_lower(byte(rest, 1)) == 'x' &&
        is(byte(rest, 2), HEX)) {
        end = digits(rest, 2, HEX);
    } else {
        size_t exponent;

        end = digits(rest, 0, DIGIT);
        if (byte(rest, end) == '.') end = digits(rest, end + 1, DIGIT);
        exponent = end + 1;
        if (byte(rest, exponent) == '+' || byte(rest, exponent) == '-') exponent++;
        if (toolbar__ascii_lower(byte(rest, end)) == 'e' && is(byte(rest, exponent), DIGIT)) {
            end = digits(rest, exponent, DIGIT);
        }
    }
    /* 12abc is an error in SQLite: one bad token, not a number and a word. */
    return span(rest, end, WORD);
}

/* :a @a #a $a, and Tcl's $a::b(c); 0 if there is no name. */
static size_t named_parameter(struct rest rest)
{
    size_t i = 1;
    size_t letters = 0;

    for (; i < rest.length; i++) {
        if (is(byte(rest, i), WORD)) {
            letters++;
        } else if (byte(rest, i) == '(' && letters) {
            while (i < rest.length && !is(byte(rest, i), SPACE) && byte(rest, i) != ')') {
                i++;
            }
            return byte(rest, i) == ')' ? i + 1 : i;
        } else if (byte(rest, i) == ':' && byte(rest, i + 1) == ':') {
            i++;
        } else {
            break;
        }
    }
    return letters ? i : 0;
}

static size_t operator_length(struct rest rest)
{
    unsigned char next = byte(rest, 1);

    switch (byte(rest, 0)) {
    case '-':
        if (next != '>') return 1;
        return byte(rest, 2) == '>' ? 3 : 2;
    case '|': return next == '|' ? 2 : 1;
    case '<': return next == '=' || next == '>' || next == '<' ? 2 : 1;
    case '>': return next == '=' || next == '>' ? 2 : 1;
    case '=':
    case '!': return next == '=' ? 2 : 1;
    default: return 1;
    }
}

static bool is_keyword(const char *data, size_t length)
{
    int first = toolbar__ascii_lower((unsigned char)*data), second;

    if (length < 2 || first < 'a' || first > 'z') return false;
    second = toolbar__ascii_lower((unsigned char)data[1]);
    for (const char *const *word = keywords[first - 'a']; *word; word++) {
        /* Nearly all are told apart by it; these here are letters. */
        if (((*word)[1] | 0x20) != second) continue;
        if (toolbar__ascii_same(data + 2, length - 2, *word + 2)) return true;
    }
    return false;
}

static size_t word(struct rest rest, enum toolbar__sql_token_type *type)
{
    size_t length;

    if (toolbar__ascii_lower(byte(rest, 0)) == 'x' && byte(rest, 1) == '\'') {
        *type = TOOLBAR__SQL_BLOB;
        return quoted(rest, 1, '\'', false);
    }
    length = span(rest, 1, WORD);
    *type = is_keyword(rest.data, length) ? TOOLBAR__SQL_KEYWORD : TOOLBAR__SQL_WORD;
    return length;
}

static size_t parameter(struct rest rest, enum toolbar__sql_token_type *type)
{
    size_t length = byte(rest, 0) == '?' ? span(rest, 1, DIGIT) : named_parameter(rest);

    if (length) *type = TOOLBAR__SQL_PARAMETER;
    return length ? length : 1;
}

/* The length of the token at the start of `rest`; *type is an operator's already. */
static size_t scan(struct rest rest, enum toolbar__sql_token_type *type)
{
    unsigned char c = byte(rest, 0);
    unsigned char next = byte(rest, 1);

    /* Most of a text. */
    if (is(c, LETTER)) return word(rest, type);
    if (is(c, SPACE)) return *type = TOOLBAR__SQL_SPACE, span(rest, 1, SPACE);
    if (c == '-' && next == '-') return *type = TOOLBAR__SQL_COMMENT, line_comment(rest);
    if (c == '/' && next == '*') return *type = TOOLBAR__SQL_COMMENT, block_comment(rest);
    if (c == '\'') return *type = TOOLBAR__SQL_STRING, quoted(rest, 0, '\'', true);
    if (c == '"' || c == '`')
        return *type = TOOLBAR__SQL_IDENTIFIER, quoted(rest, 0, (char)c, true);
    if (c == '[') return *type = TOOLBAR__SQL_IDENTIFIER, quoted(rest, 0, ']', false);
    if (is(c, DIGIT) || (c == '.' && is(next, DIGIT))) {
        return *type = TOOLBAR__SQL_NUMBER, number(rest);
    }
    if (c == '?' || c == ':' || c == '@' || c == '#' || c == '$') return parameter(rest, type);
    return operator_length(rest);
}

struct toolbar__sql_token toolbar__sql_next(const char *sql, size_t length, size_t *at)
{
    struct toolbar__sql_token token = {TOOLBAR__SQL_END, sql + *at, 0};
    struct rest rest = {sql + *at, length - *at};

    if (!rest.length) return token;
    token.type = TOOLBAR__SQL_OPERATOR;
    token.length = scan(rest, &token.type);
    *at += token.length;
    return token;
}

/* Words and space: most of a text, and nobody asks here which of them are keywords. */
static size_t pass_words(const char *sql, size_t length, size_t at)
{
    struct rest rest = {sql, length};

    while (is(byte(rest, at), SPACE | LETTER)) {
        at = span(rest, at + 1, is(byte(rest, at), SPACE) ? SPACE : WORD);
    }
    return at;
}

bool toolbar__sql_has_values(const char *sql, size_t length)
{
    struct rest rest = {sql, length};

    for (size_t i = 0; i < length; i++) {
        switch (sql[i]) {
        case '\'':
        case '"':
        case '`':
        case '[':
        case '/': return true;
        case '-':
            if (byte(rest, i + 1) == '-') return true;
            break;
        default:
            /* Others are part of a name, or of ?12. */
            if (is(byte(rest, i), DIGIT) &&
                (!i || !(is(byte(rest, i - 1), WORD) || sql[i - 1] == '?'))) {
                return true;
            }
        }
    }
    return false;
}

struct toolbar__sql_token toolbar__sql_next_parameter(const char *sql, size_t length, size_t *at)
{
    struct toolbar__sql_token token;

    do {
        /* The x of a blob too: what is quoted after it ends where a string does. */
        *at = pass_words(sql, length, *at);
        token = toolbar__sql_next(sql, length, at);
    } while (token.type != TOOLBAR__SQL_PARAMETER && token.type != TOOLBAR__SQL_END);
    return token;
}
