/*
 * Asks the server, over HTTPS, with the key. What is asked first is the page; its record is asked
 * for over the same connection, so that the server is done with the page by then.
 */
#ifndef REPORT_FETCH_H
#define REPORT_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "report/options.h"

struct fetched {
    char *body; /* of the record; NUL-terminated, to be freed */
    size_t length;
    char *location; /* where a redirect leads, to be freed; NULL: there is none */
};

/* False: what is wrong has been said. `key` is in nothing that is said. */
bool fetch_record(const struct options *options, const char *key, struct fetched *fetched);

#endif
