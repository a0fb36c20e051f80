/* The widest column of the demo's database. */
#ifndef DEMO_HANDBOOKS_H
#define DEMO_HANDBOOKS_H

#include <sqlite3.h>
#include <stdbool.h>

/* Adds the column to the jobs and fills it. False: see sqlite3_errmsg(). */
bool handbooks_add(sqlite3 *db);

#endif
