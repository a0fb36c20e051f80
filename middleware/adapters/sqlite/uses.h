/*
 * Prepared statements that shown requests use: the execution that is open, and what was seen to
 * be bound. They are told apart by the address of the sqlite3_stmt, which SQLite gives to
 * another statement after finalize, so an address says nothing about a statement that is not
 * at hand and is never followed here unless the caller passes it as `handle`.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_USES_H
#define TOOLBAR_ADAPTERS_SQLITE_USES_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "adapters/sqlite/growth.h"
#include "adapters/sqlite/parameters.h"
#include "record/recording.h"

enum {
    TOOLBAR__USE_BUCKETS = 32,
    TOOLBAR__USES_MAXIMUM = 1024,
    TOOLBAR__USE_COUNTERS = 5 /* of sqlite3_stmt_status() */
};

struct toolbar__use {
    struct toolbar__use *next;
    const sqlite3_stmt *handle;
    struct toolbar_recording *recording; /* holds a reference */
    struct toolbar__bindings *bindings;  /* NULL: none were seen */
    struct toolbar__bindings *unused;    /* memory for them, from another use */
    const void *thread;                  /* that touched it last, only to be compared */

    /* The execution; it belongs to the request that was current at its first step. */
    bool open;
    struct toolbar__statement *statement;
    struct toolbar__query *query;
    int64_t begin_ns;
    int before[TOOLBAR__USE_COUNTERS];
    int changes_before; /* of the connection, in total */
    struct toolbar__outcome outcome;
    struct toolbar__growth growth;
    char *error_message; /* of the last step; NULL: it did not fail */
};

struct toolbar__uses {
    /*
     * For everything here. Taken inside a connection's mutex, which the application may hold
     * when it calls, so with this lock nothing may be called that wants that mutex.
     */
    pthread_mutex_t lock;
    atomic_uint count; /* written under the lock, read without by who only wants to know if any */
    struct toolbar__use *buckets[TOOLBAR__USE_BUCKETS];
};

#define TOOLBAR__USES_INIT                                                                         \
    {                                                                                              \
        .lock = PTHREAD_MUTEX_INITIALIZER                                                          \
    }

/* All of the following want the lock held, except settle and drop, which take it. */

struct toolbar__use *toolbar__use_find(const struct toolbar__uses *uses,
                                       const sqlite3_stmt *handle);

/* The use by this request, made if need be; another request's is closed. NULL: no room. */
struct toolbar__use *toolbar__use_get(struct toolbar__uses *uses, const sqlite3_stmt *handle,
                                      struct toolbar_recording *recording);

/* This thread does something with the statement. */
void toolbar__use_touch(struct toolbar__use *use);

/*
 * How often a statement went from one thread to another, or was taken away from one: as long as it
 * is the same, what a thread touched last is as it left it. Without the lock.
 */
extern atomic_uint toolbar__uses_hand_overs;

static inline unsigned toolbar__uses_handed_over(void)
{
    return atomic_load_explicit(&toolbar__uses_hand_overs, memory_order_relaxed);
}

/* Takes it out of the table; a second step frees it, so that the lock need not be held. */
void toolbar__use_unlink(struct toolbar__uses *uses, struct toolbar__use *use);

/* Closes and frees what is not in a table any more; NULL is allowed. */
void toolbar__use_free(struct toolbar__use *use);

/* Both at once. */
void toolbar__use_remove(struct toolbar__uses *uses, struct toolbar__use *use);

/*
 * An execution begins, and ends the one before; false if the recording takes no more. `parameters`
 * NULL: they are to be read back, by a thread that has the connection's mutex.
 */
bool toolbar__use_open(struct toolbar__use *use, sqlite3_stmt *handle, const char *connection,
                       const struct toolbar__parameters *parameters, const void *call_site);

/* The open execution gives a row; it gives no more of them. */
void toolbar__use_row(struct toolbar__use *use);
void toolbar__use_rows_over(struct toolbar__use *use);

/* Brings the figures of the open execution up to date. */
void toolbar__use_sample(struct toolbar__use *use, sqlite3_stmt *handle, int64_t now_ns);

/* What the last step of the open execution said: 0 and NULL if it did not fail. */
void toolbar__use_failed(struct toolbar__use *use, int code, const char *message);

/* The open execution is over. */
void toolbar__use_close(struct toolbar__use *use);

/* Closes the request's open executions. */
void toolbar__uses_settle(struct toolbar__uses *uses, const struct toolbar_recording *recording);

/* Closes and forgets the request's statements; all of them for NULL. */
void toolbar__uses_drop(struct toolbar__uses *uses, const struct toolbar_recording *recording);

#endif
