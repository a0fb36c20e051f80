#include "record/advice.h"

#include <stdio.h>

const char *toolbar__severity_name(enum toolbar__severity severity)
{
    static const char *const names[] = {"low", "medium", "high"};

    return names[severity];
}

void toolbar__advice_line(const struct toolbar__advice *advice, char *line, size_t size)
{
    snprintf(line, size, "%s; severity=%s; query=%u; %s", advice->rule,
             toolbar__severity_name(advice->severity), advice->queries[0], advice->evidence);
    for (; *line; line++) {
        if (*line < ' ' || *line > '~') *line = '?';
    }
}
