/*
 * The demo's database: one SQLite file, one connection for each thread of the server, all of
 * them watched by the toolbar.
 */
#ifndef DEMO_DATABASE_H
#define DEMO_DATABASE_H

#include <sqlite3.h>

struct database;
struct toolbar;

/*
 * Opens the file for so many threads; makes it and its people if it is new. On failure NULL, and
 * one line on stderr.
 */
struct database *database_open(const char *path, struct toolbar *toolbar, unsigned int threads);

/* Closes every connection; NULL is allowed. Only after the server's threads have ended. */
void database_close(struct database *database);

/* The calling thread's connection; NULL if there are more threads than it was opened for. */
sqlite3 *database_connection(struct database *database);

#endif
