/*
 * A column read, computed by the application and written back row by row: what another connection
 * writes in between is lost. Proved by the key of each UPDATE, which was read together with the
 * column, or by which the column was read.
 */
#include <stdlib.h>

#include "advisor/bulk.h"
#include "advisor/shape.h"

enum { MATCHED_PERCENT = 80, COVERED_PERCENT = 50, PARENT_ROWS = 3 };

/* The queries that read the column, for the keys of the UPDATEs. */
struct source {
    unsigned read;   /* UPDATEs whose key came out of it */
    unsigned asked;  /* UPDATEs whose key it had been run with */
    unsigned nested; /* UPDATEs while its rows were being read */
    int64_t rows;    /* with such a key */
    int64_t all_rows;
};

/* The result column of `reader` that is this one of the table, and was read; -1: none. */
static int find_column(const struct toolbar__subject *reader, const struct toolbar__shape *update,
                       const struct toolbar__sql_token *column)
{
    const struct toolbar__group *group = reader->group;

    for (unsigned i = 0; reader->reads && i < group->column_count; i++) {
        if (!group->columns[i].origin || !group->columns[i].table) continue;
        if (!toolbar__token_names(column, group->columns[i].origin)) continue;
        if (!toolbar__token_names(&update->table, group->columns[i].table)) continue;
        for (unsigned j = 0; j < reader->count; j++) {
            const struct toolbar__run *run = reader->runs[j];

            if (i < run->column_count && run->columns[i].rows) return (int)i;
        }
    }
    return -1;
}

static void count_read(const struct toolbar__bench *bench, const struct toolbar__subject *reader,
                       const struct toolbar__run *update, uint64_t key, struct source *source)
{
    const struct toolbar__sighting *sighting;
    bool read = false, nested = false;
    uint32_t at = 0;

    while ((sighting = toolbar__sightings_next(&bench->tracking->sightings, key, &at)) != NULL) {
        const struct toolbar__run *run = bench->tracking->runs[sighting->query];
        unsigned number = update->query->number;

        if (run->query->statement->group != reader->group || sighting->first >= number) continue;
        read = true;
        source->rows += sighting->rows;
        if (number > run->query->number && number <= run->ended) nested = true;
    }
    source->read += read;
    source->nested += nested;
}

static bool was_asked(const struct toolbar__subject *reader, const struct toolbar__run *update,
                      uint64_t key)
{
    for (unsigned i = 0; i < reader->count; i++) {
        const struct toolbar__run *run = reader->runs[i];

        if (run->query->number > update->query->number) return false;
        for (unsigned j = 0; j < run->value_count; j++) {
            if (run->values[j] == key) return true;
        }
    }
    return false;
}

/* Most of the UPDATEs write back what this one read. */
static bool is_source(const struct toolbar__bench *bench, const struct toolbar__subject *subject,
                      const struct toolbar__subject *reader, unsigned key)
{
    struct source source = {0};
    unsigned wanted = subject->count * MATCHED_PERCENT;

    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        if (key >= run->value_count || !run->values[key]) continue;
        count_read(bench, reader, run, run->values[key], &source);
        source.asked += was_asked(reader, run, run->values[key]);
    }
    for (unsigned i = 0; i < reader->count; i++) {
        source.all_rows += reader->runs[i]->query->rows;
    }
    if (source.asked * 100 >= wanted) return true;
    if (source.read * 100 < wanted || source.all_rows < PARENT_ROWS) return false;
    return source.nested * 100 >= wanted || source.rows * 100 >= source.all_rows * COVERED_PERCENT;
}

static const struct toolbar__subject *find_source(const struct toolbar__bench *bench,
                                                  const struct toolbar__subject *subject,
                                                  struct toolbar__shape *shape, unsigned column,
                                                  unsigned *read)
{
    const struct toolbar__run *run = subject->runs[0];

    for (unsigned i = 0; i < bench->count; i++) {
        const struct toolbar__subject *reader = &bench->subjects[i];
        int found = find_column(reader, shape, &shape->tokens[column]);

        for (unsigned key = 0; found >= 0 && key < run->value_count; key++) {
            if (!toolbar__shape_find(shape, run, key)) continue;
            if (!is_source(bench, subject, reader, key)) continue;
            *read = (unsigned)found;
            return reader;
        }
    }
    return NULL;
}

/* What is the same each time was not computed from what was read. */
static bool varies(const struct toolbar__subject *subject, unsigned value)
{
    for (unsigned i = 0; i < subject->count; i++) {
        if (value >= subject->runs[i]->value_count) return false;
        if (subject->runs[i]->values[value] != subject->runs[0]->values[value]) return true;
    }
    return false;
}

static bool is_text(const struct toolbar__subject *subject, const struct toolbar__shape *shape,
                    unsigned token)
{
    const struct toolbar__run *run = subject->runs[0];
    unsigned value = toolbar__shape_index(shape, run, token);

    if (value < run->query->value_count) {
        return run->query->values[value].type == TOOLBAR__VALUE_TEXT;
    }
    return shape->tokens[token].type == TOOLBAR__SQL_STRING;
}

static void write_fix(struct toolbar_text *fix, const struct toolbar__shape *shape,
                      const struct toolbar__term *assigned, bool text)
{
    const struct toolbar__sql_token *column = &shape->tokens[assigned->column];
    const struct toolbar__sql_token *value = &shape->tokens[assigned->value];
    bool bound = value->type == TOOLBAR__SQL_PARAMETER;

    toolbar__shape_copy(fix, shape, 0, assigned->value);
    toolbar__text_printf(fix, " %.*s %s ", (int)column->length, column->data, text ? "||" : "+");
    toolbar__text_printf(fix, "%.*s ", bound ? (int)value->length : 1, bound ? value->data : "?");
    toolbar__shape_copy(fix, shape, assigned->value + 1, shape->count);
}

static void write_finding(struct toolbar__finding *finding, const struct toolbar__subject *subject,
                          const struct toolbar__shape *shape, const struct toolbar__term *assigned,
                          const struct toolbar__subject *reader, unsigned read)
{
    toolbar__column_text(&finding->evidence, reader->runs[0], read);
    toolbar__text_printf(&finding->evidence,
                         " was read by query #%u and written back row by row, %u times. What "
                         "another connection writes in between is lost; an UPDATE that computes it "
                         "itself loses nothing, and needs no query before it.",
                         reader->runs[0]->query->number, subject->count);
    write_fix(&finding->fix, shape, assigned, is_text(subject, shape, assigned->value));
}

static bool judge_shape(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                        const struct toolbar__subject *subject, struct toolbar__shape *shape)
{
    struct toolbar__term assigned[TOOLBAR__TERMS_MAXIMUM];
    unsigned count = toolbar__shape_assigned(shape, assigned), read;
    struct toolbar__finding finding;

    for (unsigned i = 0; i < count; i++) {
        const struct toolbar__subject *reader;

        if (!assigned[i].value) continue;
        if (!varies(subject, toolbar__shape_index(shape, subject->runs[0], assigned[i].value))) {
            continue;
        }
        reader = find_source(bench, subject, shape, assigned[i].column, &read);
        if (!reader) continue;
        toolbar__finding_begin(&finding, subject);
        finding.saving_ns = (int64_t)(subject->count - 1) * toolbar__median_ns(subject);
        finding.severity = toolbar__bulk_severity(bench, subject, finding.saving_ns);
        if (finding.severity == TOOLBAR__LOW) finding.severity = TOOLBAR__MEDIUM;
        write_finding(&finding, subject, shape, &assigned[i], reader, read);
        toolbar__finding_add(bench, rule, &finding);
        return true;
    }
    return false;
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    struct toolbar__shape *shape;

    if (subject->count < TOOLBAR__BULK_MINIMUM || !toolbar__bulk_is(subject, "update")) return;
    if (!toolbar__bulk_writes(subject)) return;
    shape = malloc(sizeof *shape);
    if (shape && toolbar__shape_read(shape, subject->runs[0]->query->statement)) {
        subject->advised = judge_shape(bench, rule, subject, shape);
    }
    free(shape);
}

const struct toolbar__rule toolbar__read_modify_write_rule = {
    .id = "read_modify_write",
    .tip = 7,
    .title = "Read, computed and written back",
    .judge = judge,
};
