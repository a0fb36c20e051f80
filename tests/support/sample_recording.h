/*
 * Finished recordings as a server would make them, with fixed ids, clocks and figures: for unit
 * tests that compare exact output, and for looking at the interface without a server.
 */
#ifndef TESTS_SAMPLE_RECORDING_H
#define TESTS_SAMPLE_RECORDING_H

#include "record/recording.h"

#define SAMPLE_ID "0123456789abcdef0123456789abcdef"

/* Strings that would be markup, or would lie about themselves, if anything forgot to escape. */
#define SAMPLE_HOSTILE                                                                             \
    "</template><script>alert(1)</script>\"'`&amp;\xe2\x80\xae\xe2\x80\x8b\x01\xff<img src=x "     \
    "onerror=alert(1)>"

/* Each is a reference of the caller's. */

/* Fifty people, each with the name of their father: 51 queries, the classic N+1. */
struct toolbar_recording *sample_fathers(void);

/* The same as the hooks alone see it: no engine times, no rows. */
struct toolbar_recording *sample_fathers_open(void);

struct toolbar_recording *sample_no_queries(void);

/* 1,000 executions of one statement, of which half are kept. */
struct toolbar_recording *sample_thousand(void);

/* 500 different statements. */
struct toolbar_recording *sample_distinct(void);

/* Two connections, a transaction, duplicates, an error, long SQL, every kind of parameter. */
struct toolbar_recording *sample_order(void);

/* SAMPLE_HOSTILE in every place that takes a string. */
struct toolbar_recording *sample_hostile(void);

#endif
