#include "advisor/columns.h"

#include <string.h>

bool toolbar__columns_read(const struct toolbar__subject *subject, struct toolbar__columns *columns)
{
    memset(columns, 0, sizeof *columns);
    if (!subject->reads) return false;
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__run *run = subject->runs[i];

        columns->rows += run->query->rows;
        if (run->query->rows > columns->longest) columns->longest = run->query->rows;
        if (!run->query->complete) columns->partial++;
        if (!run->query->rows) continue;
        if (run->opaque || !run->column_count) return false;
        if (columns->count && columns->count != run->column_count) return false;
        columns->count = run->column_count;
        for (unsigned j = 0; j < run->column_count; j++) {
            const struct toolbar__column_use *use = &run->columns[j];

            columns->read[j] += use->rows;
            columns->any += use->rows;
            if (use->sampled) {
                columns->bytes[j] +=
                    (int64_t)(use->bytes * (uint64_t)run->query->rows) / (int64_t)use->sampled;
            }
        }
    }
    return columns->count > 0;
}
