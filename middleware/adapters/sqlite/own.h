/*
 * Connections of the toolbar's own: to the application's file, read-only and without a lock that
 * could be in its way, and to databases in memory. Everything is off that preparing and running a
 * recorded statement does not need, and all work on them ends at a deadline, which is one of the
 * calling thread's processor time: a busy machine changes nothing about what is found.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_OWN_H
#define TOOLBAR_ADAPTERS_SQLITE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

/*
 * To the file, guarded; waits at most `wait_ms` for a lock on its write-ahead log. `deadline_ns`
 * is read for as long as the connection lives. NULL: it cannot be opened. Either is closed with
 * sqlite3_close().
 */
sqlite3 *toolbar__own_file(const char *file, int wait_ms, int64_t *deadline_ns);

/* It reads without a lock, so what it reads may be half written. */
bool toolbar__own_is_unlocked(sqlite3 *db);

/* The first column of the first row, as a number; 0: none. */
int64_t toolbar__own_ask(sqlite3 *db, const char *sql);

/* To a new database in memory, not guarded yet. */
sqlite3 *toolbar__own_memory(int64_t *deadline_ns);

/* The deadline is over. SQLite looks for itself, but not between many small statements. */
bool toolbar__own_is_late(int64_t deadline_ns);

/* While it is guarded only reading and writing rows can be prepared. */
void toolbar__own_guard(sqlite3 *db, bool on);

/* What the guard says, as an authorizer. */
int toolbar__own_verdict(void *cls, int action, const char *first, const char *second,
                         const char *database, const char *trigger);

/*
 * Prepares the one statement in `sql`, which is freed, with sqlite3_free(). NULL: done; else why
 * not, in a sentence of ours or, for as long as the connection lives, SQLite's.
 */
const char *toolbar__own_prepare(sqlite3 *db, char *sql, sqlite3_stmt **statement);

/* Why the connection's last call failed, as above. */
const char *toolbar__own_reason(sqlite3 *db);

#endif
