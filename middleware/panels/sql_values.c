/* The parameters of a query, for a person and for a program. */
#include <stdio.h>
#include <string.h>

#include "base/html.h"
#include "panels/figures.h"
#include "panels/sql_parts.h"

enum { PIECE_BYTES = 64 };

static void hex(struct toolbar_text *text, const char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        toolbar__text_char(text, digits[byte >> 4]);
        toolbar__text_char(text, digits[byte & 15]);
    }
}

/* What was not kept of it is said. */
static void rest(struct toolbar_text *text, const struct toolbar__value *value)
{
    if (value->kept >= value->length) return;
    toolbar_text_literal(text, "&#8230; <small>(");
    toolbar__figure_count(text, (int64_t)value->length, "byte", "bytes");
    toolbar_text_literal(text, ")</small>");
}

static void real(struct toolbar_text *text, double value)
{
    struct toolbar_json json;

    /* JSON writes a point whatever the locale, and null for what is not a number. */
    toolbar__json_init(&json, text);
    toolbar_json_real(&json, value);
}

static void integer(struct toolbar_text *text, int64_t value)
{
    char *at = toolbar__text_room(text, PIECE_BYTES);

    if (!at) return;
    at = toolbar__put_integer(toolbar__put(at, "<i class=\"n\">"), value);
    toolbar__text_wrote(text, toolbar__put(at, "</i>"));
}

void toolbar__sql_value(struct toolbar_text *text, const struct toolbar__value *value)
{
    switch (value->type) {
    case TOOLBAR__VALUE_NULL: toolbar_text_literal(text, "<b>NULL</b>"); break;
    case TOOLBAR__VALUE_INTEGER: integer(text, value->as.integer); break;
    case TOOLBAR__VALUE_REAL:
        toolbar_text_literal(text, "<i class=\"n\">");
        real(text, value->as.real);
        toolbar_text_literal(text, "</i>");
        break;
    case TOOLBAR__VALUE_TEXT:
        toolbar_text_literal(text, "<i>&#39;");
        toolbar_html_bytes(text, value->as.bytes, value->kept);
        toolbar_text_literal(text, "&#39;</i>");
        rest(text, value);
        break;
    case TOOLBAR__VALUE_BLOB:
        toolbar_text_literal(text, "<i>x&#39;");
        hex(text, value->as.bytes, value->kept);
        toolbar_text_literal(text, "&#39;</i>");
        rest(text, value);
        break;
    case TOOLBAR__VALUE_MASKED:
        toolbar_text_literal(text,
                             "<abbr title=\"Looks like a secret: not stored\">********</abbr>");
        break;
    case TOOLBAR__VALUE_UNKNOWN: toolbar_text_literal(text, "<small>not known</small>"); break;
    }
}

static void unnamed(struct toolbar_text *text, unsigned i)
{
    char *at = toolbar__text_room(text, PIECE_BYTES);

    if (!at) return;
    at = i ? toolbar__put(at, ", <var>?") : toolbar__put(at, "<var>?");
    at = toolbar__put_integer(at, (int64_t)i + 1);
    toolbar__text_wrote(text, toolbar__put(at, "</var> = "));
}

static void named(struct toolbar_text *text, unsigned i, const char *name)
{
    if (i) toolbar_text_literal(text, ", ");
    toolbar_text_literal(text, "<var>");
    toolbar_html_text(text, name);
    toolbar_text_literal(text, "</var> = ");
}

void toolbar__sql_values(struct toolbar_text *text, const struct toolbar__query *query)
{
    for (unsigned i = 0; i < query->value_count; i++) {
        const struct toolbar__value *value = &query->values[i];

        if (value->name) {
            named(text, i, value->name);
        } else {
            unnamed(text, i);
        }
        toolbar__sql_value(text, value);
    }
}

/* {"text": "...", "length": 5000} or {"hex": "...", "length": 5000} */
static void bytes_json(struct toolbar_json *json, const struct toolbar__value *value)
{
    bool blob = value->type == TOOLBAR__VALUE_BLOB;
    struct toolbar_text digits;

    toolbar_json_open_object(json);
    if (blob) {
        toolbar__text_init(&digits, (size_t)2 * TOOLBAR__VALUE_MAXIMUM);
        hex(&digits, value->as.bytes, value->kept);
        if (digits.failed) json->text->failed = true;
        toolbar_json_name(json, "blob");
        toolbar_json_integer(json, (int64_t)value->length);
        toolbar_json_name(json, "hex");
        toolbar_json_bytes(json, digits.data, digits.length);
        toolbar__text_free(&digits);
    } else {
        toolbar_json_name(json, "length");
        toolbar_json_integer(json, (int64_t)value->length);
        toolbar_json_name(json, "text");
        toolbar_json_bytes(json, value->as.bytes, value->kept);
    }
    toolbar_json_close_object(json);
}

void toolbar__sql_value_json(struct toolbar_json *json, const struct toolbar__value *value)
{
    switch (value->type) {
    case TOOLBAR__VALUE_NULL: toolbar_json_null(json); break;
    case TOOLBAR__VALUE_INTEGER: toolbar_json_integer(json, value->as.integer); break;
    case TOOLBAR__VALUE_REAL: toolbar_json_real(json, value->as.real); break;
    case TOOLBAR__VALUE_TEXT:
        if (value->kept >= value->length) {
            toolbar_json_bytes(json, value->as.bytes, value->kept);
            break;
        }
        bytes_json(json, value);
        break;
    case TOOLBAR__VALUE_BLOB: bytes_json(json, value); break;
    case TOOLBAR__VALUE_MASKED: toolbar_json_string(json, "********"); break;
    case TOOLBAR__VALUE_UNKNOWN:
        toolbar_json_open_object(json);
        toolbar_json_close_object(json);
        break;
    }
}

void toolbar__sql_values_json(struct toolbar_json *json, const struct toolbar__query *query)
{
    toolbar_json_open_array(json);
    for (unsigned i = 0; i < query->value_count; i++) {
        toolbar__sql_value_json(json, &query->values[i]);
    }
    toolbar_json_close_array(json);
}
