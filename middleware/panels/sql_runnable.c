/* A statement with its values filled in, to be pasted into a shell. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "panels/sql_parts.h"
#include "record/sql_tokens.h"

static void quoted(struct toolbar_text *text, const struct toolbar__value *value)
{
    toolbar__text_char(text, '\'');
    for (size_t i = 0; i < value->kept; i++) {
        if (value->as.bytes[i] == '\'') toolbar__text_char(text, '\'');
        toolbar__text_char(text, value->as.bytes[i]);
    }
    toolbar__text_char(text, '\'');
}

static void blob(struct toolbar_text *text, const struct toolbar__value *value)
{
    static const char digits[] = "0123456789abcdef";

    /* Nothing is kept of sqlite3_bind_zeroblob() but its length. */
    if (!value->kept && value->length) {
        toolbar_text_literal(text, "zeroblob(");
        toolbar_text_integer(text, (int64_t)value->length);
        toolbar__text_char(text, ')');
        return;
    }
    toolbar_text_literal(text, "x'");
    for (size_t i = 0; i < value->kept; i++) {
        unsigned char byte = (unsigned char)value->as.bytes[i];

        toolbar__text_char(text, digits[byte >> 4]);
        toolbar__text_char(text, digits[byte & 15]);
    }
    toolbar__text_char(text, '\'');
}

/*
 * A literal ends at a NUL, what is no UTF-8 would not survive being copied, and to the line editor
 * of a shell that it is pasted into, control characters are commands.
 */
static bool is_plain(const struct toolbar__value *value)
{
    size_t length;

    for (size_t at = 0; at < value->kept; at += length) {
        uint32_t character;

        length = toolbar__utf8_decode(value->as.bytes + at, value->kept - at, &character);
        if (toolbar__utf8_must_be_visible(character)) return false;
        if (character == 0xfffd && length == 1) return false;
    }
    return true;
}

/* What the application wrote into the statement itself cannot be written in another way. */
static void verbatim(struct toolbar_text *text, const struct toolbar__sql_token *token)
{
    for (size_t i = 0; i < token->length; i++) {
        char c = token->data[i];
        bool control = ((unsigned char)c < 0x20 && !memchr("\t\n\r", c, 3)) || c == 0x7f;

        toolbar__text_char(text, (char)(control ? '?' : c));
    }
}

static void string(struct toolbar_text *text, const struct toolbar__value *value)
{
    if (is_plain(value)) {
        quoted(text, value);
        return;
    }
    toolbar_text_literal(text, "CAST(");
    blob(text, value);
    toolbar_text_literal(text, " AS TEXT)");
}

static void real(struct toolbar_text *text, double value)
{
    size_t start = text->length;
    struct toolbar_json json;

    if (isinf(value)) {
        toolbar__text_string(text, value < 0 ? "-9e999" : "9e999");
        return;
    }
    /* With a point whatever the locale. */
    toolbar__json_init(&json, text);
    toolbar_json_real(&json, value);
    while (start < text->length && text->data[start] != '.' && text->data[start] != 'e') {
        start++;
    }
    /* Without either it would be an integer. */
    if (start == text->length) toolbar_text_literal(text, ".0");
}

static void cut(struct toolbar_text *text, const struct toolbar__value *value)
{
    if (value->kept >= value->length || !value->kept) return;
    toolbar_text_literal(text, " /* cut: ");
    toolbar_text_integer(text, (int64_t)value->kept);
    toolbar_text_literal(text, " of ");
    toolbar_text_integer(text, (int64_t)value->length);
    toolbar_text_literal(text, " bytes */");
}

static void literal(struct toolbar_text *text, const struct toolbar__value *value)
{
    switch (value->type) {
    case TOOLBAR__VALUE_NULL: toolbar_text_literal(text, "NULL"); break;
    case TOOLBAR__VALUE_INTEGER: toolbar_text_integer(text, value->as.integer); break;
    case TOOLBAR__VALUE_REAL: real(text, value->as.real); break;
    case TOOLBAR__VALUE_TEXT: string(text, value), cut(text, value); break;
    case TOOLBAR__VALUE_BLOB: blob(text, value), cut(text, value); break;
    case TOOLBAR__VALUE_MASKED: toolbar_text_literal(text, "NULL /* masked */"); break;
    case TOOLBAR__VALUE_UNKNOWN: toolbar_text_literal(text, "NULL /* not known */"); break;
    }
}

static unsigned number_of(const struct toolbar__sql_token *token)
{
    unsigned number = 0;

    for (size_t i = 1; i < token->length && number <= TOOLBAR__VALUES_MAXIMUM; i++) {
        number = number * 10 + (unsigned)(token->data[i] - '0');
    }
    return number;
}

/* SQLite numbers a plain ? one above the highest so far; a new name too. 0: not kept. */
static unsigned index_of(const struct toolbar__query *query, const struct toolbar__sql_token *token,
                         unsigned *highest)
{
    unsigned index = 0;

    if (*token->data == '?') {
        index = token->length == 1 ? *highest + 1 : number_of(token);
    } else {
        for (unsigned i = 0; i < query->value_count && !index; i++) {
            const char *name = query->values[i].name;

            if (name && strlen(name) == token->length &&
                memcmp(name, token->data, token->length) == 0) {
                index = i + 1;
            }
        }
    }
    if (index > *highest) *highest = index;
    return index;
}

void toolbar__sql_runnable(struct toolbar_text *text, const struct toolbar__query *query)
{
    static const struct toolbar__value unknown = {.type = TOOLBAR__VALUE_UNKNOWN};
    static const struct toolbar__value masked = {.type = TOOLBAR__VALUE_MASKED};
    const char *sql = query->statement->sql;
    size_t length = strlen(sql);
    struct toolbar__sql_token token;
    unsigned highest = 0;
    size_t at = 0;

    while (token = toolbar__sql_next(sql, length, &at), token.type != TOOLBAR__SQL_END) {
        unsigned index;

        if (token.type != TOOLBAR__SQL_PARAMETER) {
            verbatim(text, &token);
        } else if (query->statement->bare) {
            /* The numbers of the parameters are lost among the literals. */
            literal(text, &masked);
        } else {
            index = index_of(query, &token, &highest);
            literal(text,
                    index && index <= query->value_count ? &query->values[index - 1] : &unknown);
        }
    }
    if (query->statement->length <= TOOLBAR__SQL_MAXIMUM) return;
    toolbar_text_literal(text, " /* cut: the statement has ");
    toolbar_text_integer(text, (int64_t)query->statement->length);
    toolbar_text_literal(text, " bytes */");
}
