/*
 * The connections that the application attached. A connection stays in the list until SQLite
 * says that it is closed, through the destructor of the collation that attaching registers:
 * a program that forgets to detach leaves nothing dangling.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_CONNECTIONS_H
#define TOOLBAR_ADAPTERS_SQLITE_CONNECTIONS_H

#include <pthread.h>
#include <sqlite3.h>

#include "adapters/sqlite/uses.h"

enum { TOOLBAR__CONNECTION_NAME = 64 };

struct toolbar__database {
    struct toolbar__database *next;
    sqlite3 *db;
    pthread_t owner;                     /* the thread that attached it */
    bool attached;                       /* false after a detach */
    bool hooked;                         /* our trace hook is set */
    char name[TOOLBAR__CONNECTION_NAME]; /* written under both locks, read under either */
    struct toolbar__uses uses; /* with trace hooks; the front library has a table of its own */
    const sqlite3_stmt *ended; /* see trace_events.c; under the lock of `uses` */
};

/*
 * The list and its lock, which attaching, detaching, closing and shown requests take, and nobody
 * else. SQLite calls us with its connection's mutex held, so that one comes first: who holds
 * this lock may only try for a connection's mutex.
 */
struct toolbar__databases {
    pthread_mutex_t lock;
    struct toolbar__database *first;
};

extern struct toolbar__databases toolbar__databases;

/* NULL if it is not in the list. The lock is held. */
struct toolbar__database *toolbar__database_find(const sqlite3 *db);

/*
 * The name to show: as attached, else that of the file. The thread's own, until it asks again.
 * Takes the lock, unless the thread has asked for an attached one's before and nothing has changed.
 */
const char *toolbar__database_name(sqlite3 *db);

#endif
