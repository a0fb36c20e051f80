/* The people in the demo's database: who they are is made here, once. */
#ifndef DEMO_PEOPLE_H
#define DEMO_PEOPLE_H

#include <sqlite3.h>

/*
 * Makes tables and people in an empty database, in one transaction; leaves the demo's own
 * database as it is, but for what an older demo did not know yet; refuses any other. NULL if all is
 * well, else why not (valid until the connection's next call).
 */
const char *people_make(sqlite3 *db);

#endif
