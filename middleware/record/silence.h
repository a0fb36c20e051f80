/*
 * The advice that an application does not want: the entries of toolbar_options.silenced_advice,
 * and how the Advice panel spells them. toolbar.h has the grammar.
 */
#ifndef TOOLBAR_RECORD_SILENCE_H
#define TOOLBAR_RECORD_SILENCE_H

#include "base/text.h"
#include "record/recording.h"

enum { TOOLBAR__SILENCE_HASH = 16 /* hex digits that stand for a statement */ };

/* Why it cannot be an entry, in a few words; NULL: it can. */
const char *toolbar__silence_wrong(const char *entry, bool (*is_rule)(const char *id));

/* A copy of right entries, NULL-terminated as they are; NULL without memory. */
char **toolbar__silences_new(const char *const *entries);
void toolbar__silences_free(char **silences);

/* `silences` may be NULL: nothing is silenced. */
bool toolbar__silenced_rule(char *const *silences, const char *rule);
bool toolbar__silenced_statement(char *const *silences, const struct toolbar__group *group);
bool toolbar__silenced_place(char *const *silences, const struct toolbar__query *query);

/* The hex digits for a statement: the same on every machine, as they stand in people's source. */
bool toolbar__silence_hash(const char *fingerprint, char hash[TOOLBAR__SILENCE_HASH + 1]);

#endif
