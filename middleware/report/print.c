#include "report/print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/say.h"

enum { FIGURE_COLUMNS = 11, GAP = 2, ADVICE_COLUMNS = 3 };

static void pad(size_t columns, size_t width)
{
    for (; columns < width; columns++) {
        putchar(' ');
    }
}

static size_t safe(const char *text)
{
    return say_safe(stdout, text, strlen(text));
}

static bool is_written(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    return say("standard output cannot be written: %s", strerror(errno)), false;
}

static void figure(const char *name, const char *value)
{
    pad(safe(name), FIGURE_COLUMNS);
    safe(value);
    putchar('\n');
}

static void count(const char *name, json_int_t value, long budget)
{
    char text[80];

    snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, value);
    if (budget >= 0) {
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT " of %ld", value, budget);
    }
    figure(name, text);
}

static void milliseconds(const char *name, double value, double budget)
{
    char text[80];

    snprintf(text, sizeof text, "%.3f ms", value);
    if (budget >= 0) snprintf(text, sizeof text, "%.3f ms of %g ms", value, budget);
    figure(name, text);
}

/* The lines of a text, each of them indented. */
static void lines(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        pad(0, (size_t)GAP * 2);
        say_safe(stdout, text, length);
        putchar('\n');
        text += length + (text[length] == '\n');
    }
}

static const char *const heads[ADVICE_COLUMNS] = {"Severity", "Rule", "Queries"};

static const char *cell(const struct advice *advice, size_t column, char number[24])
{
    if (column == 0) return advice->severity;
    if (column == 1) return advice->rule;
    snprintf(number, 24, "%zu", json_array_size(advice->queries));
    return number;
}

static bool measure(const struct record *record, size_t widths[ADVICE_COLUMNS])
{
    for (size_t column = 0; column < ADVICE_COLUMNS; column++) {
        widths[column] = strlen(heads[column]);
    }
    for (size_t i = 0; i < json_array_size(record->advice); i++) {
        struct advice advice;
        char number[24];

        if (!record_advice(record, i, &advice)) return false;
        for (size_t column = 0; column < ADVICE_COLUMNS; column++) {
            const char *text = cell(&advice, column, number);
            size_t width = say_safe(NULL, text, strlen(text));

            if (width > widths[column]) widths[column] = width;
        }
    }
    return true;
}

static bool print_advice(const struct record *record)
{
    size_t widths[ADVICE_COLUMNS];

    if (!json_array_size(record->advice)) return true;
    if (!measure(record, widths)) return false;
    putchar('\n');
    for (size_t column = 0; column < ADVICE_COLUMNS; column++) {
        pad(safe(heads[column]), widths[column] + GAP);
    }
    puts("Title");
    for (size_t i = 0; i < json_array_size(record->advice); i++) {
        struct advice advice;
        char number[24];

        if (!record_advice(record, i, &advice)) return false;
        for (size_t column = 0; column < ADVICE_COLUMNS; column++) {
            pad(safe(cell(&advice, column, number)), widths[column] + GAP);
        }
        safe(advice.title);
        putchar('\n');
        lines(advice.evidence);
        if (advice.fix) lines(advice.fix);
    }
    return true;
}

bool print_table(const struct options *options, const struct record *record)
{
    safe(record->method);
    putchar(' ');
    safe(record->url);
    putchar('\n');
    count("Status", record->status, -1);
    if (record->skipped) figure("No panel", record->skipped);
    milliseconds("Time", record->duration_ms, -1);
    count("Queries", record->queries, options->max_queries);
    milliseconds("SQL", record->sql_ms, options->max_sql_ms);
    count("Similar", record->similar, -1);
    count("Duplicate", record->duplicate, -1);
    count("Advice", (json_int_t)json_array_size(record->advice), -1);
    return print_advice(record) && is_written();
}

static json_t *advice_json(const struct advice *advice)
{
    return json_pack("{s:s, s:O, s:s, s:s, s:O, s:s, s:s?}", "rule", advice->rule, "tip",
                     advice->tip, "severity", advice->severity, "title", advice->title, "queries",
                     advice->queries, "evidence", advice->evidence, "fix", advice->fix);
}

static json_t *all_advice(const struct record *record)
{
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(record->advice); i++) {
        struct advice advice;

        if (!record_advice(record, i, &advice) ||
            json_array_append_new(list, advice_json(&advice))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *budget(bool given, json_t *value)
{
    if (given) return value;
    json_decref(value);
    return json_null();
}

static json_t *over_budget(const struct verdict *verdict)
{
    json_t *list = json_array();

    if (verdict->queries) json_array_append_new(list, json_string("queries"));
    if (verdict->sql_ms) json_array_append_new(list, json_string("sql_ms"));
    if (verdict->advice) json_array_append_new(list, json_string("advice"));
    return list;
}

/* In ASCII, because terminals obey some of what is not; and DEL, which jansson lets pass. */
static bool write_json(const json_t *report)
{
    char *text = json_dumps(report, JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12));

    if (!text) return false;
    for (const char *at = text; *at; at++) {
        if (*at == 0x7f) {
            fputs("\\u007F", stdout);
        } else {
            putchar(*at);
        }
    }
    putchar('\n');
    free(text);
    return is_written();
}

bool print_json(const struct options *options, const struct record *record,
                const struct verdict *verdict)
{
    json_t *advice = all_advice(record), *report;
    bool printed;

    if (!advice) return false;
    report = json_pack(
        "{s:s, s:s, s:s, s:I, s:s?, s:f, s:I, s:f, s:I, s:I, s:o, s:o, s:o, s:b, s:o}", "url",
        record->url, "id", record->id, "method", record->method, "status", record->status,
        "skipped", record->skipped, "duration_ms", record->duration_ms, "queries", record->queries,
        "sql_ms", record->sql_ms, "similar", record->similar, "duplicate", record->duplicate,
        "advice", advice, "max_queries",
        budget(options->max_queries >= 0, json_integer(options->max_queries)), "max_sql_ms",
        budget(options->max_sql_ms >= 0, json_real(options->max_sql_ms)), "fail_on_advice",
        (int)options->fail_on_advice, "over_budget", over_budget(verdict));
    printed = report && write_json(report);
    json_decref(report);
    return printed;
}
