/* The advice of a recording: facts for panels, headers and the history; the advisor makes them. */
#ifndef TOOLBAR_RECORD_ADVICE_H
#define TOOLBAR_RECORD_ADVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOOLBAR__ADVICE_MAXIMUM = 50 };

struct toolbar__group;

enum toolbar__severity { TOOLBAR__LOW, TOOLBAR__MEDIUM, TOOLBAR__HIGH };

struct toolbar__advice {
    struct toolbar__advice *next;
    const char *rule;
    int tip; /* of thirteen; 0: none */
    enum toolbar__severity severity;
    const char *title;
    bool proof; /* it can be proved for the first of its queries */
    const char *evidence;
    const char *fix;                    /* SQL; NULL: there is none to show */
    const struct toolbar__group *group; /* it is about; NULL: about the request */
    const char *function;               /* all of its queries come from; NULL: there is none */
    const unsigned *queries;
    unsigned query_count;
    int64_t saving_ns; /* estimated */
};

/* What can be saved first; `dropped` did not fit. */
struct toolbar__advices {
    struct toolbar__advice *first;
    unsigned count;
    unsigned dropped;
};

/* "low", "medium", "high" */
const char *toolbar__severity_name(enum toolbar__severity severity);

/*
 * Everything but the SQL in one line, cut to `size` with its NUL: printable ASCII, all else is ?,
 * so that it may stand in a header.
 */
void toolbar__advice_line(const struct toolbar__advice *advice, char *line, size_t size);

#endif
