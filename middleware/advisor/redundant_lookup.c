/*
 * A row fetched by its key to read nothing but that key, which had been read from another query:
 * it was known before. A value that comes from elsewhere is being checked, and that is a reason.
 */
#include <stdlib.h>
#include <string.h>

#include "advisor/shape.h"

/* With so many values alone it is no coincidence where they were read. */
enum { COINCIDENCES = 3 };

/* WHERE key = value, and nothing else but a LIMIT: more would be a condition that is checked. */
static bool is_lookup(const struct toolbar__shape *shape)
{
    unsigned column = shape->rest + 1;

    if (!toolbar__token_is(&shape->tokens[0], "select")) return false;
    if (shape->value == column + 4 && toolbar__token_is(&shape->tokens[column + 1], ".")) {
        column += 2;
    }
    if (shape->value != column + 2 || !toolbar__token_is(&shape->tokens[shape->rest], "where")) {
        return false;
    }
    return shape->value + 1 == shape->count ||
           (shape->value + 3 == shape->count &&
            toolbar__token_is(&shape->tokens[shape->value + 1], "limit"));
}

/* The value by which it is looked up. */
static bool find_key(struct toolbar__shape *shape, const struct toolbar__subject *subject,
                     unsigned *key)
{
    const struct toolbar__run *run = subject->runs[0];

    if (!toolbar__shape_read(shape, run->query->statement)) return false;
    for (*key = 0; *key < run->value_count; ++*key) {
        if (toolbar__shape_find(shape, run, *key) && is_lookup(shape)) return true;
    }
    return false;
}

static bool gave(const struct toolbar__bench *bench, const struct toolbar__run *run,
                 unsigned column, uint64_t value)
{
    const struct toolbar__sighting *sighting;
    uint32_t at = 0;

    while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, value, &at)) != NULL) {
        if (sighting->query == run->index && sighting->column == column) return true;
    }
    return false;
}

/* Without a look at the text: all that was read of its row are values that it was run with. */
static bool may_be_echo(const struct toolbar__bench *bench, const struct toolbar__run *run)
{
    for (unsigned i = 0; i < run->column_count; i++) {
        bool given = !run->columns[i].rows;

        for (unsigned j = 0; j < run->value_count && !given; j++) {
            given = run->values[j] && gave(bench, run, i, run->values[j]);
        }
        if (!given) return false;
    }
    return true;
}

/* All that was read of its one row is the key. */
static bool is_echo(const struct toolbar__bench *bench, const struct toolbar__run *run,
                    const struct toolbar__sql_token *name, uint64_t value)
{
    const struct toolbar__group *group = run->query->statement->group;
    bool any = false;

    if (run->opaque || run->query->rows != 1 || run->query->rows_scanned > 0) return false;
    for (unsigned i = 0; i < run->column_count; i++) {
        if (!run->columns[i].rows) continue;
        if (i >= group->column_count || !group->columns[i].origin) return false;
        if (!toolbar__token_names(name, group->columns[i].origin)) return false;
        if (!gave(bench, run, i, value)) return false;
        any = true;
    }
    return any;
}

/*
 * By its name the column holds keys of the table: it is that key, or is called like it, or like a
 * reference. Small numbers are equal to so many others.
 */
static bool is_of_kind(const struct toolbar__run *source, unsigned column,
                       const struct toolbar__shape *shape)
{
    const struct toolbar__group *group = source->query->statement->group;
    const struct toolbar__sql_token *key = &shape->tokens[shape->value - 2];
    const char *name = column < group->column_count ? group->columns[column].origin : NULL;
    bool plain = toolbar__token_names(key, "id") || toolbar__token_names(key, "rowid");
    size_t length;

    if (!name) return false;
    if (toolbar__token_names(key, name)) {
        return !plain || toolbar__token_names(&shape->table, group->columns[column].table);
    }
    length = strlen(name);
    return (length > 2 && toolbar__ascii_equal(name + length - 2, "id", 2)) ||
           memmem(name, length, shape->table.data, shape->table.length) != NULL;
}

/* Where it had been read, with no chance since then that its row has gone. */
static const struct toolbar__sighting *find_source(const struct toolbar__bench *bench,
                                                   const struct toolbar__subject *subject,
                                                   const struct toolbar__run *run, uint64_t value,
                                                   const struct toolbar__shape *shape)
{
    const struct toolbar__sighting *sighting;
    uint32_t at = 0;

    while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, value, &at)) != NULL) {
        const struct toolbar__run *source = bench->tracking->runs[sighting->query];

        if (sighting->first >= run->query->number) continue;
        if (source->query->statement->group == subject->group) continue;
        if (subject->count < COINCIDENCES && !is_of_kind(source, sighting->column, shape)) continue;
        if (!toolbar__changed_between(bench, subject, source, run)) return sighting;
    }
    return NULL;
}

/* Of the first run, if all of them are redundant. */
static const struct toolbar__sighting *examine(const struct toolbar__bench *bench,
                                               const struct toolbar__subject *subject,
                                               const struct toolbar__shape *shape, unsigned key)
{
    const struct toolbar__sighting *first = NULL;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];
        const struct toolbar__sighting *source;

        if (key >= run->value_count || !run->values[key]) return NULL;
        if (!is_echo(bench, run, &shape->tokens[shape->value - 2], run->values[key])) return NULL;
        source = find_source(bench, subject, run, run->values[key], shape);
        if (!source) return NULL;
        if (!first) first = source;
    }
    return first;
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    const struct toolbar__sighting *source = NULL;
    struct toolbar__shape *shape;
    const struct toolbar__run *parent;
    struct toolbar__finding finding;
    unsigned key;

    if (!subject->reads || !may_be_echo(bench, subject->runs[0])) return;
    shape = malloc(sizeof *shape);
    if (shape && subject->lookup == TOOLBAR__LOOKUP_KEY && find_key(shape, subject, &key)) {
        source = examine(bench, subject, shape, key);
    }
    free(shape);
    if (!source) return;
    subject->advised = subject->columns_advised = true;
    parent = bench->tracking->runs[source->query];
    toolbar__finding_begin(&finding, subject);
    finding.saving_ns = (int64_t)subject->count * toolbar__median_ns(subject);
    finding.severity = toolbar__severity_of(bench->recording, finding.saving_ns, 0);
    toolbar__text_printf(&finding.evidence,
                         "Run %u %s to read back nothing but the key that it was looked up by, "
                         "which had been read from ",
                         subject->count, subject->count == 1 ? "time" : "times");
    toolbar__column_text(&finding.evidence, parent, source->column);
    toolbar__text_printf(&finding.evidence,
                         " of query #%u. Use that value; if the question is whether the row is "
                         "there, a FOREIGN KEY answers it once and for all.",
                         parent->query->number);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__redundant_lookup_rule = {
    .id = "redundant_lookup",
    .tip = 13,
    .title = "A row looked up for its own key",
    .judge = judge,
};
