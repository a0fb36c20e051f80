/*
 * One connection per thread means no lock between requests. All are opened before the server
 * starts, so that opening one is never part of a request, where the toolbar would count it; a
 * thread takes one when it first needs it, and keeps it.
 */
#include "database.h"

#include <debugtoolbar/sqlite.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "people.h"

enum { BUSY_TIMEOUT_MS = 5000 };

struct database {
    atomic_uint taken;
    unsigned int count;
    sqlite3 *connections[];
};

/* There is one database in the program, so a thread needs to remember one connection only. */
static _Thread_local sqlite3 *own;

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "debugtoolbar-demo: %s: %s\n", path, why);
    return false;
}

/* *db is set in any case, and to be closed. */
static bool open_file(const char *path, sqlite3 **db)
{
    if (sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(*db, BUSY_TIMEOUT_MS) == SQLITE_OK &&
        sqlite3_exec(*db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return complain(path, *db ? sqlite3_errmsg(*db) : "out of memory");
}

/* WAL, so that a slow reader of the streamed page never keeps the form from writing; set only
 * once the file is known to be the demo's. */
static bool prepare_file(const char *path, sqlite3 *db)
{
    const char *reason = people_make(db);
    if (!reason && sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK)
        reason = sqlite3_errmsg(db);
    return !reason || complain(path, reason);
}

static bool open_all(struct database *database, const char *path, struct toolbar *toolbar)
{
    for (unsigned int i = 0; i < database->count; i++) {
        sqlite3 **db = &database->connections[i];
        if (!open_file(path, db) || (i == 0 && !prepare_file(path, *db))) return false;
        enum toolbar_error error = toolbar_sqlite_attach(toolbar, *db, "main");
        if (error) return complain(path, toolbar_error_text(error));
    }
    return true;
}

struct database *database_open(const char *path, struct toolbar *toolbar, unsigned int threads)
{
    struct database *database = calloc(1, sizeof *database + threads * sizeof(sqlite3 *));
    if (!database) {
        complain(path, "out of memory");
        return NULL;
    }
    database->count = threads;
    if (open_all(database, path, toolbar)) return database;
    database_close(database);
    return NULL;
}

/* Closing a connection ends its recording too. */
void database_close(struct database *database)
{
    for (unsigned int i = 0; database && i < database->count; i++)
        sqlite3_close(database->connections[i]);
    free(database);
}

sqlite3 *database_connection(struct database *database)
{
    if (!own) {
        unsigned int next = atomic_fetch_add(&database->taken, 1);
        own = next < database->count ? database->connections[next] : NULL;
    }
    return own;
}
