/* Decimal numbers from outside: command line, addresses and forms. */
#ifndef DEMO_NUMBER_H
#define DEMO_NUMBER_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* Only digits, only from `min` to `max` (neither negative); else false and *number as it was. */
static inline bool number_parse(const char *text, long min, long max, long *number)
{
    char *end;
    if (*text < '0' || *text > '9') return false;
    errno = 0;
    long parsed = strtol(text, &end, 10);
    if (errno || *end || parsed < min || parsed > max) return false;
    *number = parsed;
    return true;
}

#endif
