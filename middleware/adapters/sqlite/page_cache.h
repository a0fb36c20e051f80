/*
 * SQLite's page cache as requests use it: what the counters of their connections rose by. The
 * counters are the application's too and are never reset.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_PAGE_CACHE_H
#define TOOLBAR_ADAPTERS_SQLITE_PAGE_CACHE_H

#include <sqlite3.h>

struct toolbar_recording;

/* Notes the counters of all attached connections; which will be used is not known yet. */
void toolbar__page_cache_begin(struct toolbar_recording *recording);

/* The request uses this connection. The recording's lock is held; wants no lock of SQLite's. */
void toolbar__page_cache_use(struct toolbar_recording *recording, const sqlite3 *db);

/* Records what the attached ones among the used connections did. */
void toolbar__page_cache_settle(struct toolbar_recording *recording);

#endif
