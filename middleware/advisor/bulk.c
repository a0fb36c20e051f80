#include "advisor/bulk.h"

#include <string.h>

#include "record/sql_tokens.h"

bool toolbar__bulk_is(const struct toolbar__subject *subject, const char *word)
{
    const char *sql = subject->group->fingerprint;
    struct toolbar__sql_token token;
    size_t at = 0;

    if (toolbar__ascii_lower((unsigned char)*sql) != *word) return false;
    token = toolbar__sql_next(sql, strlen(sql), &at);
    return toolbar__ascii_is(token.data, token.length, word);
}

unsigned toolbar__bulk_alone(const struct toolbar__subject *subject)
{
    unsigned alone = 0;

    for (unsigned i = 0; i < subject->count; i++) {
        if (!subject->runs[i]->query->in_transaction) alone++;
    }
    return alone;
}

bool toolbar__bulk_writes(const struct toolbar__subject *subject)
{
    for (unsigned i = 0; i < subject->count; i++) {
        const struct toolbar__query *query = subject->runs[i]->query;

        if (!query->writes || query->error_code || !query->done) return false;
        if (query->changes == TOOLBAR__UNKNOWN || query->changes > 1) return false;
    }
    return true;
}

static bool is_on_file(const struct toolbar__subject *subject)
{
    const char *file = subject->group->owner->file;

    return file && *file;
}

enum toolbar__severity toolbar__bulk_severity(const struct toolbar__bench *bench,
                                              const struct toolbar__subject *subject,
                                              int64_t saving_ns)
{
    if (toolbar__bulk_alone(subject) > 1 && is_on_file(subject)) return TOOLBAR__HIGH;
    return toolbar__severity_of(bench->recording, saving_ns, 0);
}
