/*
 * A large result that was in memory as a whole: as sqlite3_get_table() makes it, or as the program
 * kept it while it stepped through the rows. What the response itself takes is no such thing.
 */
#include "advisor/bench.h"

enum { ROWS_MINIMUM = 1000, BYTES_MINIMUM = 1024 * 1024, MEDIUM_BYTES = 4 * 1024 * 1024 };

static int64_t bytes_of_table(const struct toolbar__run *run)
{
    int64_t bytes = 0;

    for (unsigned i = 0; i < run->column_count; i++) {
        const struct toolbar__column_use *use = &run->columns[i];

        if (!use->sampled) continue;
        bytes += (int64_t)(use->bytes * (uint64_t)run->query->rows / use->sampled);
    }
    return bytes;
}

/* Of what the program kept; 0 if that is not worth a word. */
static int64_t bytes_kept(const struct toolbar_recording *recording, const struct toolbar__run *run)
{
    int64_t response_bytes = recording->http.response_bytes, bytes = run->query->heap_bytes;

    if (run->query->rows < ROWS_MINIMUM || bytes < BYTES_MINIMUM) return 0;
    if (response_bytes == TOOLBAR__UNKNOWN) return bytes;
    if (bytes * 2 <= response_bytes * 3) return 0;
    return bytes - response_bytes >= BYTES_MINIMUM ? bytes - response_bytes : 0;
}

static int64_t bytes_at_once(const struct toolbar_recording *recording,
                             const struct toolbar__run *run)
{
    int64_t bytes;

    if (!run->table) return bytes_kept(recording, run);
    bytes = bytes_of_table(run);
    if (run->query->rows < ROWS_MINIMUM && bytes < BYTES_MINIMUM) return 0;
    return bytes ? bytes : 1;
}

static void write_evidence(struct toolbar_text *text, const struct toolbar__run *run, int64_t bytes)
{
    if (run->table) {
        toolbar__text_printf(text,
                             "sqlite3_get_table() made a table of %lld rows, about %lld KiB. ",
                             (long long)run->query->rows, (long long)(bytes / 1024));
    } else {
        toolbar__text_printf(text,
                             "While %lld rows were read, the program's heap grew by %lld KiB, %lld "
                             "bytes a row, without the response. ",
                             (long long)run->query->rows, (long long)(bytes / 1024),
                             (long long)(bytes / run->query->rows));
    }
    toolbar_text_literal(text, "Use each row inside the sqlite3_step() loop and write it straight "
                               "to the response, or fetch a page of them with LIMIT; if they are "
                               "sorted or needed twice, the database can do that.");
}

static void judge(struct toolbar__bench *bench, const struct toolbar__rule *rule,
                  struct toolbar__subject *subject)
{
    const struct toolbar_recording *recording = bench->recording;
    int64_t most_bytes = 0;
    unsigned most = 0;
    struct toolbar__finding finding;

    for (unsigned i = 0; i < subject->count; i++) {
        int64_t bytes = bytes_at_once(recording, subject->runs[i]);

        if (bytes <= most_bytes) continue;
        most_bytes = bytes;
        most = i;
    }
    if (!most_bytes) return;
    toolbar__finding_begin(&finding, subject);
    finding.runs = &subject->runs[most];
    finding.count = 1;
    finding.severity = TOOLBAR__LOW;
    if (most_bytes >= MEDIUM_BYTES &&
        (finding.runs[0]->table || recording->http.response_bytes != TOOLBAR__UNKNOWN)) {
        finding.severity = toolbar__severity_of(recording, 0, most_bytes);
    }
    write_evidence(&finding.evidence, finding.runs[0], most_bytes);
    toolbar__finding_add(bench, rule, &finding);
}

const struct toolbar__rule toolbar__large_result_rule = {
    .id = "large_result",
    .tip = 6,
    .title = "A large result in memory at once",
    .judge = judge,
};
