#include "adapters/sqlite/page_cache.h"

#include <string.h>

#include "adapters/sqlite/connections.h"
#include "record/recording.h"

/* A program with more connections sees the page caches of the first ones. */
enum { MARKS_MAXIMUM = 32 };

enum { HITS, MISSES, SPILLS, COUNTERS };

static const int operations[COUNTERS] = {
    SQLITE_DBSTATUS_CACHE_HIT,
    SQLITE_DBSTATUS_CACHE_MISS,
    SQLITE_DBSTATUS_CACHE_SPILL,
};

struct mark {
    const sqlite3 *db;
    bool used; /* under the recording's lock */
    int before[COUNTERS];
};

struct marks {
    unsigned count;
    struct mark at[MARKS_MAXIMUM];
};

static int status(sqlite3 *db, int operation)
{
    int now = 0, highest = 0;

    sqlite3_db_status(db, operation, &now, &highest, 0);
    return now;
}

/* False if another thread is inside the connection: nobody waits for a figure. */
static bool enter(const struct toolbar__database *database)
{
    sqlite3_mutex *mutex = sqlite3_db_mutex(database->db);

    if (!database->attached) return false;
    if (!mutex) return pthread_equal(database->owner, pthread_self());
    return sqlite3_mutex_try(mutex) == SQLITE_OK;
}

static void mark(struct marks *marks, const struct toolbar__database *database)
{
    struct mark *new = &marks->at[marks->count];

    if (!enter(database)) return;
    new->db = database->db;
    for (unsigned i = 0; i < COUNTERS; i++) {
        new->before[i] = status(database->db, operations[i]);
    }
    sqlite3_mutex_leave(sqlite3_db_mutex(database->db));
    marks->count++;
}

void toolbar__page_cache_begin(struct toolbar_recording *recording)
{
    struct marks *marks;

    pthread_mutex_lock(&toolbar__databases.lock);
    marks =
        toolbar__databases.first ? toolbar__arena_alloc(&recording->arena, sizeof *marks) : NULL;
    for (const struct toolbar__database *database = toolbar__databases.first;
         marks && database && marks->count < MARKS_MAXIMUM; database = database->next) {
        mark(marks, database);
    }
    pthread_mutex_unlock(&toolbar__databases.lock);
    recording->page_cache_marks = marks;
}

void toolbar__page_cache_use(struct toolbar_recording *recording, const sqlite3 *db)
{
    struct marks *marks = recording->page_cache_marks;

    for (unsigned i = 0; marks && i < marks->count; i++) {
        if (marks->at[i].db == db) marks->at[i].used = true;
    }
}

/* SQLite counts in 31 bits and starts again at 0. */
static int64_t rise(sqlite3 *db, const struct mark *mark, unsigned counter)
{
    unsigned now = (unsigned)status(db, operations[counter]);

    return (now - (unsigned)mark->before[counter]) & 0x7fffffff;
}

static void record(struct toolbar_recording *recording, const struct toolbar__page_cache *what,
                   const char *connection)
{
    struct toolbar__page_cache *cache;

    pthread_mutex_lock(&recording->lock);
    cache = recording->finished
                ? NULL
                : toolbar__entries_add(&recording->activity.page_caches, &recording->arena,
                                       sizeof *cache, MARKS_MAXIMUM);
    if (cache) {
        cache->hits = what->hits;
        cache->misses = what->misses;
        cache->spills = what->spills;
        cache->memory_bytes = what->memory_bytes;
        cache->cold = what->cold;
        cache->connection =
            toolbar__activity_string(recording, connection, TOOLBAR__CONNECTION_NAME);
    }
    pthread_mutex_unlock(&recording->lock);
}

static void settle(struct toolbar_recording *recording, const struct mark *mark)
{
    struct toolbar__page_cache what = {0};
    const struct toolbar__database *database;
    char name[TOOLBAR__CONNECTION_NAME];
    sqlite3 *db;

    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(mark->db);
    db = database && enter(database) ? database->db : NULL;
    if (db) memcpy(name, database->name, sizeof name);
    pthread_mutex_unlock(&toolbar__databases.lock);
    /*
     * While we are inside of it nobody closes it. Not under the lock: with a shared cache, asking
     * for the memory waits for other connections, which may be waiting for the lock.
     */
    if (!db) return;
    what.hits = rise(db, mark, HITS);
    what.misses = rise(db, mark, MISSES);
    what.spills = rise(db, mark, SPILLS);
    what.memory_bytes = status(db, SQLITE_DBSTATUS_CACHE_USED);
    what.cold = what.misses > mark->before[MISSES];
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
    record(recording, &what, name);
}

void toolbar__page_cache_settle(struct toolbar_recording *recording)
{
    const struct marks *marks;

    pthread_mutex_lock(&recording->lock);
    marks = recording->page_cache_marks;
    /* From here on nobody else looks at them, and a second time would count twice. */
    recording->page_cache_marks = NULL;
    pthread_mutex_unlock(&recording->lock);
    for (unsigned i = 0; marks && i < marks->count; i++) {
        if (marks->at[i].used) settle(recording, &marks->at[i]);
    }
}
