/*
 * One address under the prefix: its function, declared here and listed in routes.c. Each has a
 * file of its own.
 */
#ifndef TOOLBAR_ROUTES_ROUTE_H
#define TOOLBAR_ROUTES_ROUTE_H

#include "base/json.h"
#include "routes/routes.h"

/* Bytes: the record of a 500-query request is a few hundred kilobytes. */
enum { TOOLBAR__ANSWER_MAXIMUM = 8 * 1024 * 1024 };

/* A request with what its path says. */
struct toolbar__visit {
    const struct toolbar__site *site;
    char ids[2][TOOLBAR__ID_LENGTH + 1];
    unsigned number;
    const char *name; /* the rest of the path, where a route takes any */
};

typedef bool (*toolbar__route_function)(const struct toolbar__visit *visit,
                                        struct toolbar__answer *answer);

bool toolbar__route_asset(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_history(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_list(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_request(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_record(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_trace(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_plan(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_index(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_compare(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_compare_json(const struct toolbar__visit *, struct toolbar__answer *);
bool toolbar__route_clear(const struct toolbar__visit *, struct toolbar__answer *);

/* The kept request with the first or second id of the path, a new reference; NULL: gone. */
struct toolbar_recording *toolbar__visit_find(const struct toolbar__visit *visit, size_t index);

/* Fill in the answer and take the text; false if it had failed. */
bool toolbar__answer_json(struct toolbar__answer *answer, struct toolbar_text *text,
                          unsigned status);
bool toolbar__answer_page(struct toolbar__answer *answer, struct toolbar_text *text,
                          unsigned status);

/* The request is no longer kept, said politely. */
bool toolbar__answer_gone_json(struct toolbar__answer *answer);
bool toolbar__answer_gone_page(const struct toolbar__site *site, struct toolbar__answer *answer);

#endif
