/*
 * Thirteen tips for the work with a database. Each is a pair of pages that show the same: one
 * fetches it as the tip says not to, the other as it says.
 */
#ifndef DEMO_TIPS_H
#define DEMO_TIPS_H

#include <stdbool.h>
#include <stdio.h>

#include "queries.h"
#include "result.h"

enum { TIPS = 13 };

/* Both ways, and what they are called in addresses. */
enum { TIP_DONT, TIP_DO, TIP_WAYS };
extern const char *const tip_way_names[TIP_WAYS];

struct tip_way {
    const char *what; /* is done here */
    void (*fetch)(struct result *result);
    const char *function; /* its name */
};

/* Tip 1 is the first of them. */
struct tip {
    const char *title;
    const char *advice;
    const char *rule;        /* what the toolbar calls it if it is not followed */
    const char *headings[2]; /* of the result */
    bool writes;             /* in a transaction that is rolled back */
    struct tip_way ways[TIP_WAYS];
};
extern const struct tip tips[TIPS];

/* Prints the function as it stands in its file. */
void tip_source(FILE *out, const struct tip_way *way);

#define TIP_FUNCTIONS(number)                                                                      \
    CALLER void tip_##number##_dont(struct result *result);                                        \
    CALLER void tip_##number##_do(struct result *result)

TIP_FUNCTIONS(1);
TIP_FUNCTIONS(2);
TIP_FUNCTIONS(3);
TIP_FUNCTIONS(4);
TIP_FUNCTIONS(5);
TIP_FUNCTIONS(6);
TIP_FUNCTIONS(7);
TIP_FUNCTIONS(8);
TIP_FUNCTIONS(9);
TIP_FUNCTIONS(10);
TIP_FUNCTIONS(11);
TIP_FUNCTIONS(12);
TIP_FUNCTIONS(13);

#endif
