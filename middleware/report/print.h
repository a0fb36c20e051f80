/* The report on standard output, for people and for programs. */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include "report/options.h"
#include "report/record.h"

/* What is over its budget. */
struct verdict {
    bool queries;
    bool sql_ms;
    bool advice;
};

/* False: a part of the record cannot be printed, which has been said, or standard output fails. */
bool print_table(const struct options *options, const struct record *record);
bool print_json(const struct options *options, const struct record *record,
                const struct verdict *verdict);

#endif
