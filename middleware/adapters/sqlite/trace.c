/*
 * Setting and removing the trace hook. It may only be done while no other thread is inside the
 * connection: with the connection's mutex, or, if it has none, in the thread that owns it.
 */
#include "adapters/sqlite/trace.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "adapters/sqlite/connections.h"
#include "adapters/sqlite/trace_events.h"

enum { ATTEMPTS = 40, PAUSE_NS = 250 * 1000 };

static atomic_bool disabled;

/* Requests that are shown now; changes under the lock of toolbar__databases. */
static atomic_uint shown;

void toolbar__trace_disable(void)
{
    atomic_store(&disabled, true);
}

bool toolbar__trace_wanted(void)
{
    return atomic_load_explicit(&shown, memory_order_relaxed) > 0;
}

static void set_hook(struct toolbar__database *database, bool on)
{
    if (database->hooked == on) return;
    database->hooked = on;
    if (on) {
        sqlite3_trace_v2(database->db, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE | SQLITE_TRACE_ROW,
                         toolbar__trace_event, database);
    } else {
        sqlite3_trace_v2(database->db, 0, NULL, NULL);
    }
}

static bool is_foreign(const struct toolbar__database *database)
{
    return !sqlite3_db_mutex(database->db) && !pthread_equal(database->owner, pthread_self());
}

/* False if another thread is inside the connection at the moment. */
static bool try_hook(struct toolbar__database *database, bool on)
{
    sqlite3_mutex *mutex = sqlite3_db_mutex(database->db);

    if (database->hooked == on || is_foreign(database)) return true;
    if (sqlite3_mutex_try(mutex) != SQLITE_OK) return false;
    set_hook(database, on);
    sqlite3_mutex_leave(mutex);
    return true;
}

/* The lock is held; how many are busy. */
static unsigned hook_all(void)
{
    unsigned busy = 0;

    for (struct toolbar__database *database = toolbar__databases.first; database;
         database = database->next) {
        if (database->attached && !try_hook(database, true)) busy++;
    }
    return busy;
}

/*
 * A program may have a connection in each thread, all of one name; then this thread's own being
 * watched is enough.
 */
static bool is_watched(const char *name)
{
    for (const struct toolbar__database *database = toolbar__databases.first; database;
         database = database->next) {
        if (database->hooked && !is_foreign(database) && strcmp(database->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void report_unwatched(struct toolbar_recording *recording)
{
    for (const struct toolbar__database *database = toolbar__databases.first; database;
         database = database->next) {
        if (database->attached && !is_watched(database->name)) {
            toolbar__recording_unobserved(recording, database->name);
        }
    }
}

void toolbar__trace_request_begin(struct toolbar_recording *recording)
{
    if (atomic_load(&disabled)) return;
    pthread_mutex_lock(&toolbar__databases.lock);
    shown++;
    /*
     * Another thread may be inside a connection. Waiting for its mutex with our lock held would
     * deadlock with closed(), so: let go of everything, wait, and try again, for 10 ms at most.
     * Only a request that is shown waits.
     */
    for (int i = 0; hook_all() > 0 && i < ATTEMPTS; i++) {
        const struct timespec pause = {.tv_nsec = PAUSE_NS};

        pthread_mutex_unlock(&toolbar__databases.lock);
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&toolbar__databases.lock);
    }
    report_unwatched(recording);
    pthread_mutex_unlock(&toolbar__databases.lock);
}

static void each(struct toolbar_recording *recording,
                 void (*act)(struct toolbar__uses *, const struct toolbar_recording *))
{
    for (struct toolbar__database *database = toolbar__databases.first; database;
         database = database->next) {
        act(&database->uses, recording);
    }
}

void toolbar__trace_request_settle(struct toolbar_recording *recording)
{
    if (atomic_load(&disabled)) return;
    pthread_mutex_lock(&toolbar__databases.lock);
    each(recording, toolbar__uses_settle);
    pthread_mutex_unlock(&toolbar__databases.lock);
}

void toolbar__trace_request_end(struct toolbar_recording *recording)
{
    if (atomic_load(&disabled)) return;
    pthread_mutex_lock(&toolbar__databases.lock);
    each(recording, toolbar__uses_drop);
    shown--;
    if (!shown) {
        /* Where another thread is in the way, the next event removes the hook. */
        for (struct toolbar__database *database = toolbar__databases.first; database;
             database = database->next) {
            try_hook(database, false);
        }
    }
    pthread_mutex_unlock(&toolbar__databases.lock);
}

void toolbar__trace_unhook_unwanted(struct toolbar__database *database)
{
    pthread_mutex_lock(&toolbar__databases.lock);
    if (!shown) set_hook(database, false);
    pthread_mutex_unlock(&toolbar__databases.lock);
}

static void set_hook_of(sqlite3 *db, bool on)
{
    struct toolbar__database *database;

    /* First the connection's mutex: the order in which SQLite's callbacks come. */
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(db);
    if (database) set_hook(database, on && shown);
    if (database && !on) toolbar__uses_drop(&database->uses, NULL);
    pthread_mutex_unlock(&toolbar__databases.lock);
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
}

void toolbar__trace_start(sqlite3 *db)
{
    if (!atomic_load(&disabled)) set_hook_of(db, true);
}

void toolbar__trace_stop(sqlite3 *db)
{
    if (!atomic_load(&disabled)) set_hook_of(db, false);
}
