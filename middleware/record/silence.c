/*
 * Entries are kept as they came, but for statements, of which the fingerprint is: so one may be
 * written as it stands in the program.
 */
#include "record/silence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "record/fingerprint.h"
#include "record/stack.h"

#define RULE "rule:"
#define STATEMENT "sql:"
#define PLACE "at:"

enum { PLACE_MAXIMUM = 512 };

/* What follows `kind`; NULL: it is of another. */
static const char *after(const char *entry, const char *kind)
{
    size_t length = strlen(kind);

    return strncmp(entry, kind, length) == 0 ? entry + length : NULL;
}

/* The caller frees it; NULL: out of memory, or there is no statement in it. */
static char *statement_entry(const char *sql)
{
    struct toolbar_text text;

    toolbar__text_init(&text, (size_t)4 * TOOLBAR__SQL_MAXIMUM);
    toolbar_text_literal(&text, STATEMENT);
    toolbar__fingerprint(&text, sql, strlen(sql));
    if (text.length == strlen(STATEMENT)) text.failed = true;
    return toolbar__text_take(&text, NULL);
}

static const char *statement_wrong(const char *sql)
{
    char *entry;

    if (*sql == '#') {
        sql++;
        if (strspn(sql, "0123456789abcdef") == TOOLBAR__SILENCE_HASH &&
            !sql[TOOLBAR__SILENCE_HASH]) {
            return NULL;
        }
        return "after sql:# come the 16 hex digits that the Advice panel shows";
    }
    entry = statement_entry(sql);
    free(entry);
    return entry ? NULL : "there is no statement after sql:";
}

const char *toolbar__silence_wrong(const char *entry, bool (*is_rule)(const char *id))
{
    const char *what;

    if ((what = after(entry, RULE)) != NULL) {
        return is_rule(what) ? NULL : "no rule has this id";
    }
    if ((what = after(entry, STATEMENT)) != NULL) return statement_wrong(what);
    if ((what = after(entry, PLACE)) != NULL) {
        if (*what && !strpbrk(what, "/() \t\r\n") && strlen(what) < PLACE_MAXIMUM) return NULL;
        return "after at: comes the name of a function or file:line, without directories";
    }
    return "it begins with none of rule:, sql: and at:";
}

static char *copy(const char *entry)
{
    const char *sql = after(entry, STATEMENT);

    return sql && *sql != '#' ? statement_entry(sql) : strdup(entry);
}

char **toolbar__silences_new(const char *const *entries)
{
    size_t count = 0;
    char **silences;

    while (entries[count]) {
        count++;
    }
    silences = calloc(count + 1, sizeof *silences);
    for (size_t i = 0; silences && i < count; i++) {
        silences[i] = copy(entries[i]);
        if (silences[i]) continue;
        toolbar__silences_free(silences);
        return NULL;
    }
    return silences;
}

void toolbar__silences_free(char **silences)
{
    if (!silences) return;
    for (size_t i = 0; silences[i]; i++) {
        free(silences[i]);
    }
    free(silences);
}

static bool has(char *const *silences, const char *kind, const char *what)
{
    for (; silences && *silences; silences++) {
        const char *silenced = after(*silences, kind);

        if (silenced && strcmp(silenced, what) == 0) return true;
    }
    return false;
}

bool toolbar__silenced_rule(char *const *silences, const char *rule)
{
    return has(silences, RULE, rule);
}

bool toolbar__silence_hash(const char *fingerprint, char hash[TOOLBAR__SILENCE_HASH + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[TOOLBAR__DIGEST_BYTES];

    if (!toolbar__sha256(fingerprint, strlen(fingerprint), digest)) return false;
    for (size_t i = 0; i < TOOLBAR__SILENCE_HASH; i += 2) {
        hash[i] = digits[digest[i / 2] >> 4];
        hash[i + 1] = digits[digest[i / 2] & 15];
    }
    hash[TOOLBAR__SILENCE_HASH] = '\0';
    return true;
}

bool toolbar__silenced_statement(char *const *silences, const struct toolbar__group *group)
{
    char hash[TOOLBAR__SILENCE_HASH + 2] = "#";

    if (!silences) return false;
    return has(silences, STATEMENT, group->fingerprint) ||
           (toolbar__silence_hash(group->fingerprint, hash + 1) && has(silences, STATEMENT, hash));
}

bool toolbar__silenced_place(char *const *silences, const struct toolbar__query *query)
{
    const struct toolbar__frame *frame = query->stack ? &query->stack->frames[0] : NULL;
    char place[PLACE_MAXIMUM];
    const char *slash;

    if (query->function && has(silences, PLACE, query->function)) return true;
    if (!frame || !frame->file) return false;
    slash = strrchr(frame->file, '/');
    snprintf(place, sizeof place, "%s:%u", slash ? slash + 1 : frame->file, frame->line);
    return has(silences, PLACE, place);
}
