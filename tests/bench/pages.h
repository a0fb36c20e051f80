/*
 * The pages that are measured, on bare libmicrohttpd and SQLite. They are compiled twice, with
 * and without BENCH_TOOLBAR: the two servers differ in what they link, and in nothing else.
 *
 *   /plain          a page without queries
 *   /fathers/N      the demo's page: N people and, one query each, their fathers
 *   /statements/N   N times the same statement
 *   /bytes/N        N bytes that are not a page
 *   /usage          what the process has used so far: see usage.h
 */
#ifndef BENCH_PAGES_H
#define BENCH_PAGES_H

#include <microhttpd.h>

#include <sqlite3.h>

enum { BENCH_THREADS_MAX = 16 };

/* One connection for each thread that serves. */
struct databases {
    unsigned count;
    sqlite3 *connections[BENCH_THREADS_MAX];
};

/* For MHD_start_daemon(), with a struct databases as closure. */
enum MHD_Result pages_handler(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls);

#endif
