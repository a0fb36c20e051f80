/* Threads that share a connection or a statement; for both ways of watching. */
#ifndef TEST_SQLITE_THREADS_H
#define TEST_SQLITE_THREADS_H

#include <pthread.h>

#include "test_sqlite_support.h"

enum { THREADS = 4, ROUNDS = 50 };

struct worker {
    pthread_t thread;
    sqlite3 *db;
    unsigned number;
    struct shown shown;
    char sql[64];
};

static inline void work(const struct worker *worker)
{
    sqlite3_stmt *statement = prepare_sql(worker->db, worker->sql);

    for (int i = 0; i < ROUNDS; i++) {
        sqlite3_bind_int(statement, 1, i);
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_reset(statement);
        run_sql(worker->db, worker->sql);
    }
    sqlite3_finalize(statement);
}

/* The last one works for no request that is shown. */
static inline void *serve(void *cls)
{
    struct worker *worker = cls;

    if (worker->number < THREADS - 1) shown_begin(&worker->shown);
    work(worker);
    if (worker->number < THREADS - 1) shown_finish(&worker->shown);
    return NULL;
}

static inline void check_worker(struct worker *worker)
{
    const struct toolbar_recording *recording = worker->shown.request.recording;

    assert_int_equal(recording->query_count, 2 * ROUNDS);
    assert_int_equal(recording->connections->uncounted, 0);
    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        assert_string_equal(query->statement->sql, worker->sql);
        assert_int_equal(query->rows, 10);
    }
    toolbar__sqlite_request_end(worker->shown.request.recording);
    toolbar__recording_unref(worker->shown.request.recording);
}

static inline void requests_do_not_mix(void (*attach)(sqlite3 *db))
{
    sqlite3 *db = open_database(":memory:");
    struct worker workers[THREADS];

    create_schema(db);
    if (attach) attach(db);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].db = db;
        workers[i].number = i;
        snprintf(workers[i].sql, sizeof workers[i].sql,
                 "SELECT %c.id FROM author %c WHERE id <> ifnull(?, -1) - 99", 'a' + (int)i,
                 'a' + (int)i);
        assert_int_equal(pthread_create(&workers[i].thread, NULL, serve, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (unsigned i = 0; i < THREADS - 1; i++) {
        check_worker(&workers[i]);
    }
    sqlite3_close(db);
}

struct helper {
    sqlite3_stmt *statement;
    struct toolbar_request *request; /* bound to it; NULL: to none */
    int code;
};

static inline void *help_finalize(void *cls)
{
    struct helper *helper = cls;

    toolbar_request_bind(helper->request);
    helper->code = sqlite3_finalize(helper->statement);
    toolbar_request_unbind();
    return NULL;
}

static inline void *help_step(void *cls)
{
    struct helper *helper = cls;

    toolbar_request_bind(helper->request);
    helper->code = sqlite3_step(helper->statement);
    toolbar_request_unbind();
    return NULL;
}

static inline void help(void *(*how)(void *), sqlite3_stmt *statement,
                        struct toolbar_request *request, int expected)
{
    struct helper helper = {.statement = statement, .request = request};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, how, &helper), 0);
    pthread_join(thread, NULL);
    assert_int_equal(helper.code, expected);
}

/* Begun by one thread, ended by another that works for this request, for another or for none. */
static inline void statements_go_from_thread_to_thread(void (*attach)(sqlite3 *db))
{
    for (int who = 0; who < 3; who++) {
        sqlite3 *db = open_database(":memory:");
        const struct toolbar_recording *recording;
        struct toolbar_request *request;
        struct shown other;
        struct shown shown;
        sqlite3_stmt *statement;

        create_schema(db);
        if (attach) attach(db);
        shown_begin(&other);
        shown_begin(&shown);
        request = who == 0 ? &shown.request : who == 1 ? &other.request : NULL;
        statement = prepare_sql(db, "SELECT id FROM author LIMIT 3");
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        help(help_step, statement, &shown.request, SQLITE_ROW);
        help(help_finalize, statement, request, SQLITE_OK);
        /* SQLite may well give this one the same address. */
        statement = prepare_sql(db, "SELECT name FROM author LIMIT 1");
        assert_int_equal(step_all(statement), SQLITE_DONE);
        sqlite3_finalize(statement);

        recording = shown_finish(&shown);
        assert_int_equal(recording->query_count, 2);
        assert_int_equal(query_at(recording, 1)->rows, 2);
        assert_true(query_at(recording, 1)->done);
        assert_int_equal(query_at(recording, 2)->rows, 1);
        shown_end(&shown);
        assert_int_equal(shown_finish(&other)->query_count, 0);
        shown_end(&other);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
}

#endif
