/*
 * What recording one statement costs: a prepared one with a parameter and a row, run 400 times in
 * a row, which is within what a request keeps. Compiled without BENCH_TOOLBAR it is the bare
 * call. Prints the least processor time of all rounds for one statement, in µs.
 *
 *   bench-recording-floor [ROUNDS]
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>
#ifdef BENCH_TOOLBAR
#include <debugtoolbar/sqlite.h>

#include "adapters/sqlite/observe.h"
#include "record/current.h"
#include "record/recording.h"
#include "record/request.h"
#endif

#include "../../demo/people.h"

enum { STATEMENTS = 400, PEOPLE = 1000 };

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* For one statement, or negative if the database failed. */
static double run(sqlite3_stmt *statement)
{
    double start_us = cpu_us();
    int letters = 0;

    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_bind_int(statement, 1, 1 + i % PEOPLE);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            letters += sqlite3_column_text(statement, 0)[0] != '\0';
        }
        sqlite3_reset(statement);
    }
    return letters == STATEMENTS ? (cpu_us() - start_us) / STATEMENTS : -1;
}

#ifdef BENCH_TOOLBAR
static double run_shown(sqlite3_stmt *statement)
{
    struct toolbar_request request;
    struct toolbar_request *before;
    double spent_us;

    memset(&request, 0, sizeof request);
    request.recording = toolbar__recording_new();
    if (!request.recording) return -1;
    before = toolbar__current_set(&request);
    toolbar__sqlite_request_begin(request.recording);
    spent_us = run(statement);
    toolbar__sqlite_request_settle(request.recording);
    toolbar__sqlite_request_end(request.recording);
    toolbar__current_set(before);
    if (request.recording->query_count != STATEMENTS) spent_us = -1;
    toolbar__recording_unref(request.recording);
    return spent_us;
}

static bool attach(sqlite3 *db, struct toolbar **toolbar)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    return !toolbar_new(&options, toolbar) && !toolbar_sqlite_attach(*toolbar, db, "main");
}
#else
#define run_shown run

struct toolbar;

static bool attach(sqlite3 *db, struct toolbar **toolbar)
{
    (void)db, (void)toolbar;
    return true;
}

static void toolbar_free(struct toolbar *toolbar)
{
    (void)toolbar;
}
#endif

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
    struct toolbar *toolbar = NULL;
    sqlite3_stmt *statement = NULL;
    double least_us = -1;
    sqlite3 *db;

    if (sqlite3_open(":memory:", &db) == SQLITE_OK && !people_make(db) && attach(db, &toolbar) &&
        sqlite3_prepare_v2(db, "SELECT name FROM person WHERE id = ?1", -1, &statement, NULL) ==
            SQLITE_OK) {
        for (long i = 0; i < rounds; i++) {
            double spent_us = run_shown(statement);

            if (i == 0 || spent_us < least_us) least_us = spent_us;
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    toolbar_free(toolbar);
    if (least_us < 0) {
        fputs("bench-recording: something failed\n", stderr);
        return 1;
    }
    printf("%.4f\n", least_us);
    return 0;
}
