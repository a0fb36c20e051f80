#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/put.h"
#include "base/utf8.h"

void toolbar__json_init(struct toolbar_json *json, struct toolbar_text *text)
{
    *json = (struct toolbar_json){.text = text};
}

static void before_value(struct toolbar_json *json)
{
    if (json->comma) toolbar__text_char(json->text, ',');
    json->comma = true;
}

static void open_level(struct toolbar_json *json, char c)
{
    before_value(json);
    toolbar__text_char(json->text, c);
    json->comma = false;
}

static void close_level(struct toolbar_json *json, char c)
{
    toolbar__text_char(json->text, c);
    json->comma = true;
}

void toolbar_json_open_object(struct toolbar_json *json)
{
    open_level(json, '{');
}

void toolbar_json_close_object(struct toolbar_json *json)
{
    close_level(json, '}');
}

void toolbar_json_open_array(struct toolbar_json *json)
{
    open_level(json, '[');
}

void toolbar_json_close_array(struct toolbar_json *json)
{
    close_level(json, ']');
}

static void append_unit(struct toolbar_text *text, uint32_t c)
{
    toolbar__text_printf(text, "\\u%04x", (unsigned)c);
}

static void append_character(struct toolbar_text *text, uint32_t c, const char *data, size_t bytes)
{
    switch (c) {
    case '"': toolbar_text_literal(text, "\\\""); return;
    case '\\': toolbar_text_literal(text, "\\\\"); return;
    case '\n': toolbar_text_literal(text, "\\n"); return;
    case '\r': toolbar_text_literal(text, "\\r"); return;
    case '\t': toolbar_text_literal(text, "\\t"); return;
    case 0xfffd: toolbar_text_literal(text, "\xef\xbf\xbd"); return;
    default: break;
    }
    if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
        append_unit(text, c);
    } else {
        toolbar_text_append(text, data, bytes);
    }
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

static void append_quoted(struct toolbar_text *text, const char *data, size_t length)
{
    size_t at = 0;

    toolbar__text_char(text, '"');
    while (at < length) {
        size_t plain = at;
        size_t bytes;
        uint32_t c;

        while (plain < length && is_plain((unsigned char)data[plain])) {
            plain++;
        }
        toolbar_text_append(text, data + at, plain - at);
        if (plain == length) break;
        bytes = toolbar__utf8_decode(data + plain, length - plain, &c);
        append_character(text, c, data + plain, bytes);
        at = plain + bytes;
    }
    toolbar__text_char(text, '"');
}

void toolbar_json_name(struct toolbar_json *json, const char *name)
{
    before_value(json);
    append_quoted(json->text, name, strlen(name));
    toolbar__text_char(json->text, ':');
    json->comma = false;
}

void toolbar_json_bytes(struct toolbar_json *json, const char *data, size_t length)
{
    before_value(json);
    append_quoted(json->text, data, length);
}

void toolbar_json_string(struct toolbar_json *json, const char *string)
{
    if (string) {
        toolbar_json_bytes(json, string, strlen(string));
    } else {
        toolbar_json_null(json);
    }
}

void toolbar_json_integer(struct toolbar_json *json, int64_t value)
{
    before_value(json);
    toolbar_text_integer(json->text, value);
}

void toolbar_json_real(struct toolbar_json *json, double value)
{
    char digits[32];
    int length = 0;

    before_value(json);
    if (!isfinite(value)) {
        toolbar_text_literal(json->text, "null");
        return;
    }
    /* 17 digits always tell the value, fewer mostly do: 0.1 rather than 0.10000000000000001. */
    for (int precision = 15; precision <= 17; precision++) {
        length = snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
    }
    /* The decimal point follows the application's locale. */
    for (int i = 0; i < length; i++) {
        if (digits[i] == ',') digits[i] = '.';
    }
    toolbar_text_append(json->text, digits, (size_t)length);
}

void toolbar_json_bool(struct toolbar_json *json, bool value)
{
    before_value(json);
    toolbar__text_string(json->text, value ? "true" : "false");
}

void toolbar__json_time(struct toolbar_json *json, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    before_value(json);
    toolbar__text_printf(json->text, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", utc.tm_year + 1900,
                         utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                         (int)(wall_ms % 1000));
}

void toolbar_json_null(struct toolbar_json *json)
{
    before_value(json);
    toolbar_text_literal(json->text, "null");
}

void toolbar_json_count(struct toolbar_json *json, int64_t value_or_negative)
{
    if (value_or_negative < 0) {
        toolbar_json_null(json);
    } else {
        toolbar_json_integer(json, value_or_negative);
    }
}

void toolbar_json_ms(struct toolbar_json *json, int64_t ns_or_negative)
{
    char figure[TOOLBAR__PUT_INTEGER + 7];
    char *end;

    if (ns_or_negative < 0) {
        toolbar_json_null(json);
        return;
    }
    before_value(json);
    /* Milliseconds with nanoseconds as decimals, without floating point or locale. */
    end = toolbar__put_integer(figure, ns_or_negative / 1000000);
    *end = '.';
    end = toolbar__put_digits(end + 1, (uint64_t)ns_or_negative, 6);
    toolbar_text_append(json->text, figure, (size_t)(end - figure));
}
