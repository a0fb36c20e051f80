/* The command line of debugtoolbar-report. */
#ifndef REPORT_OPTIONS_H
#define REPORT_OPTIONS_H

#include <stdbool.h>

struct options {
    const char *url;
    const char *key_file;
    const char *key_header;
    const char *url_prefix;
    const char *ca_file; /* NULL: the system's */
    long max_queries;    /* -1: no budget */
    double max_sql_ms;   /* -1: no budget */
    bool fail_on_advice;
    bool json;
};

enum options_next { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* DONE has printed what was asked for; WRONG has said on stderr what is. */
enum options_next options_read(int argc, char **argv, struct options *options);

#endif
