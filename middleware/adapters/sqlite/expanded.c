/*
 * SQLite copies the text between the parameters byte by byte, so the parameters of the statement's
 * own text say where in the expanded one a literal stands. Literals are read by their form and
 * not as tokens: "a=?AND b" is good SQL, and becomes "a=5AND b".
 */
#include "adapters/sqlite/expanded.h"

#include <math.h>
#include <string.h>

#include "record/sql_tokens.h"

/* The closing quote, with doubled ones made single on the way; NULL if there is none. */
static char *read_text(char *from, struct toolbar__value *value)
{
    char *to = from;

    value->type = TOOLBAR__VALUE_TEXT;
    value->as.bytes = from;
    for (; *from; from++) {
        if (*from == '\'' && *++from != '\'') {
            value->kept = value->length = (size_t)(to - value->as.bytes);
            return from;
        }
        *to++ = *from;
    }
    return NULL;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *read_blob(char *from, struct toolbar__value *value)
{
    char *to = from;

    value->type = TOOLBAR__VALUE_BLOB;
    value->as.bytes = from;
    while (hex(from[0]) >= 0 && hex(from[1]) >= 0) {
        *to++ = (char)(hex(from[0]) * 16 + hex(from[1]));
        from += 2;
    }
    value->kept = value->length = (size_t)(to - value->as.bytes);
    return *from == '\'' ? from + 1 : NULL;
}

static char *read_digits(char *from, uint64_t *digits)
{
    for (; *from >= '0' && *from <= '9'; from++) {
        if (*digits <= (UINT64_MAX - 9) / 10) *digits = *digits * 10 + (uint64_t)(*from - '0');
    }
    return from;
}

static char *read_zeroblob(char *from, struct toolbar__value *value)
{
    uint64_t length = 0;

    value->type = TOOLBAR__VALUE_BLOB;
    value->as.bytes = "";
    from = read_digits(from, &length);
    value->length = (size_t)length;
    return *from == ')' ? from + 1 : NULL;
}

/* strtod() would read the decimal point of the application's locale. */
static double scaled(uint64_t digits, int exponent)
{
    long double scale = 1;

    for (int i = 0; i < (exponent < 0 ? -exponent : exponent) && i < 400; i++) {
        scale *= 10;
    }
    return (double)(exponent < 0 ? (long double)digits / scale : (long double)digits * scale);
}

static char *read_real(char *from, uint64_t digits, double *real)
{
    uint64_t exponent = 0;
    int decimals;
    int sign = 1;
    char *point = from;

    from = read_digits(from + 1, &digits);
    decimals = (int)(from - point) - 1;
    if (*from == 'e') {
        from++;
        if (*from == '-') sign = -1;
        if (*from == '-' || *from == '+') from++;
        from = read_digits(from, &exponent);
        if (exponent > 1000) exponent = 1000;
    }
    *real = scaled(digits, sign * (int)exponent - decimals);
    return from;
}

static char *read_number(char *from, struct toolbar__value *value)
{
    bool negative = *from == '-';
    uint64_t digits = 0;
    char *start = from += negative;

    if (*from == 'I' && strncmp(from, "Inf", 3) == 0) {
        value->type = TOOLBAR__VALUE_REAL;
        value->as.real = negative ? -INFINITY : INFINITY;
        return from + 3;
    }
    from = read_digits(from, &digits);
    if (from == start) return NULL;
    if (*from == '.') {
        value->type = TOOLBAR__VALUE_REAL;
        from = read_real(from, digits, &value->as.real);
        if (negative) value->as.real = -value->as.real;
    } else {
        value->type = TOOLBAR__VALUE_INTEGER;
        value->as.integer = (int64_t)(negative ? 0 - digits : digits);
    }
    return from;
}

/* Reads the literal, its bytes decoded in place; the end of it, or NULL if it is none. */
static char *read_literal(char *from, struct toolbar__value *value)
{
    switch (*from) {
    case '\'': return read_text(from + 1, value);
    case 'x': return from[1] == '\'' ? read_blob(from + 2, value) : NULL;
    case 'z': return strncmp(from, "zeroblob(", 9) == 0 ? read_zeroblob(from + 9, value) : NULL;
    case 'N':
        value->type = TOOLBAR__VALUE_NULL;
        return strncmp(from, "NULL", 4) == 0 ? from + 4 : NULL;
    default: return read_number(from, value);
    }
}

/* A text with more of them is read anew each time. */
enum { PLACES_MAXIMUM = 64 };

/* A parameter in the text; index 0: SQLite does not know it. */
struct place {
    size_t begin;
    size_t end;
    int index;
};

/* All of a text. */
struct toolbar__places {
    unsigned count;
    struct place at[];
};

/* A way from one parameter of a text to the next. */
struct way {
    const char *sql;
    size_t length;
    size_t at;
    int highest; /* index so far */
    const struct toolbar__places *known;
    unsigned count;
    struct place found[PLACES_MAXIMUM]; /* as far as they fit */
};

/* SQLite numbers a plain ? one above the highest so far. */
static int parameter_index(sqlite3_stmt *handle, const struct toolbar__sql_token *token,
                           int *highest)
{
    char name[256];
    int index;

    if (token->length == 1) return ++*highest;
    if (token->length >= sizeof name) return 0;
    memcpy(name, token->data, token->length);
    name[token->length] = '\0';
    index = sqlite3_bind_parameter_index(handle, name);
    if (index > *highest) *highest = index;
    return index;
}

/* False at the end of the text. */
static bool next_place(struct way *way, sqlite3_stmt *handle, struct place *place)
{
    struct toolbar__sql_token token;

    if (way->known) {
        if (way->count == way->known->count) return false;
        *place = way->known->at[way->count++];
        return true;
    }
    token = toolbar__sql_next_parameter(way->sql, way->length, &way->at);
    if (token.type == TOOLBAR__SQL_END) return false;
    place->begin = (size_t)(token.data - way->sql);
    place->end = way->at;
    place->index = parameter_index(handle, &token, &way->highest);
    if (way->count < PLACES_MAXIMUM) way->found[way->count] = *place;
    way->count++;
    return true;
}

/* False if the expanded text is not what it should be. */
static bool read_values(struct way *way, sqlite3_stmt *handle, char *from,
                        struct toolbar__value *values)
{
    int count = sqlite3_bind_parameter_count(handle);
    struct place place;
    size_t at = 0;

    for (; next_place(way, handle, &place); at = place.end) {
        struct toolbar__value value = {.type = TOOLBAR__VALUE_UNKNOWN};
        size_t between = place.begin - at;

        /* Inside a running statement SQLite gives a comment instead. */
        if (strncmp(from, way->sql + at, between) != 0) return false;
        from = read_literal(from + between, &value);
        if (!from || place.index < 1 || place.index > count) return false;
        values[place.index - 1] = value;
    }
    return true;
}

static const struct toolbar__places *keep(const struct way *way,
                                          struct toolbar_recording *recording)
{
    size_t size = way->count * sizeof *way->found;
    struct toolbar__places *places;

    if (way->count > PLACES_MAXIMUM) return NULL;
    places = toolbar__arena_alloc(&recording->arena, sizeof *places + size);
    if (!places) return NULL;
    places->count = way->count;
    memcpy(places->at, way->found, size);
    return places;
}

char *toolbar__expanded_values(sqlite3_stmt *handle, struct toolbar__value *values,
                               struct toolbar_recording *recording,
                               struct toolbar__statement *statement)
{
    char *expanded = sqlite3_expanded_sql(handle);
    struct way way;

    if (!expanded) return NULL;
    way.sql = sqlite3_sql(handle);
    way.known = statement ? statement->places : NULL;
    way.length = way.known ? 0 : strlen(way.sql);
    way.at = way.count = 0;
    way.highest = 0;
    if (read_values(&way, handle, expanded, values) && statement && !way.known) {
        statement->places = keep(&way, recording);
    }
    return expanded;
}
