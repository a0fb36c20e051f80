#include "adapters/sqlite/connections.h"

#include <debugtoolbar/sqlite.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/trace.h"
#include "base/text.h"
#include "record/current.h"
#include "record/request.h"

struct toolbar__databases toolbar__databases = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* How often a name was given or taken; changes under the lock. */
static atomic_uint changes;

/* The name that this thread asked for last; `db` NULL: that of a file, which may change. */
static _Thread_local struct {
    const sqlite3 *db;
    unsigned changes;
    char name[TOOLBAR__CONNECTION_NAME];
} known;

struct toolbar__database *toolbar__database_find(const sqlite3 *db)
{
    struct toolbar__database *database = toolbar__databases.first;

    while (database && database->db != db) {
        database = database->next;
    }
    return database;
}

static void set_name(char to[TOOLBAR__CONNECTION_NAME], const char *from)
{
    size_t length = toolbar__utf8_cut(from, strlen(from), TOOLBAR__CONNECTION_NAME - 1);

    memcpy(to, from, length);
    to[length] = '\0';
}

static void name_by_file(sqlite3 *db, char name[TOOLBAR__CONNECTION_NAME])
{
    const char *path;
    const char *slash;

    /* The mutex, because another thread may be attaching a file. */
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    path = sqlite3_db_filename(db, "main");
    if (!path || !*path) path = "memory";
    slash = strrchr(path, '/');
    set_name(name, slash && slash[1] ? slash + 1 : path);
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
}

const char *toolbar__database_name(sqlite3 *db)
{
    const struct toolbar__database *database;

    if (known.db == db && known.changes == atomic_load_explicit(&changes, memory_order_acquire)) {
        return known.name;
    }
    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(db);
    known.db = database && database->attached ? db : NULL;
    known.changes = atomic_load_explicit(&changes, memory_order_relaxed);
    if (known.db) set_name(known.name, database->name);
    pthread_mutex_unlock(&toolbar__databases.lock);
    if (!known.db) name_by_file(db, known.name);
    return known.name;
}

/* SQLite calls it when the connection is closed for good. */
static void closed(void *db)
{
    struct toolbar__database **at = &toolbar__databases.first;
    struct toolbar__database *database;

    pthread_mutex_lock(&toolbar__databases.lock);
    while (*at && (*at)->db != db) {
        at = &(*at)->next;
    }
    database = *at;
    if (database) *at = database->next;
    changes++;
    pthread_mutex_unlock(&toolbar__databases.lock);
    if (!database) return;
    toolbar__uses_drop(&database->uses, NULL);
    pthread_mutex_destroy(&database->uses.lock);
    free(database);
}

/* Should anybody sort by our collation, it orders bytes as SQLite's own would. */
static int compare(void *cls, int left_bytes, const void *left, int right_bytes, const void *right)
{
    int both = left_bytes < right_bytes ? left_bytes : right_bytes;
    int order = memcmp(left, right, (size_t)both);

    (void)cls;
    return order ? order : left_bytes - right_bytes;
}

static enum toolbar_error add(sqlite3 *db)
{
    struct toolbar__database *database = calloc(1, sizeof *database);

    if (!database) return TOOLBAR_ERROR_MEMORY;
    database->db = db;
    pthread_mutex_init(&database->uses.lock, NULL);
    pthread_mutex_lock(&toolbar__databases.lock);
    database->next = toolbar__databases.first;
    toolbar__databases.first = database;
    pthread_mutex_unlock(&toolbar__databases.lock);
    /*
     * A collation because it has a destructor and, unlike a function or a module, cannot do or
     * change anything. Not under our lock: it wants the connection's mutex.
     */
    if (sqlite3_create_collation_v2(db, "debugtoolbar", SQLITE_UTF8, db, compare, closed) !=
        SQLITE_OK) {
        closed(db);
        return TOOLBAR_ERROR_DATABASE;
    }
    return TOOLBAR_OK;
}

/* False if the connection is not in the list. */
static bool set_attached(sqlite3 *db, const char *name)
{
    struct toolbar__database *database;

    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(db);
    if (database) {
        pthread_mutex_lock(&database->uses.lock);
        set_name(database->name, name);
        pthread_mutex_unlock(&database->uses.lock);
        database->owner = pthread_self();
        database->attached = true;
        changes++;
    }
    pthread_mutex_unlock(&toolbar__databases.lock);
    return database != NULL;
}

enum toolbar_error toolbar_sqlite_attach(struct toolbar *toolbar, sqlite3 *db, const char *name)
{
    if (!toolbar || !db || !name || !*name) return TOOLBAR_ERROR_ARGUMENT;
    if (!set_attached(db, name)) {
        enum toolbar_error error = add(db);

        if (error) return error;
        set_attached(db, name);
    }
    if (toolbar__current && toolbar__current->recording) toolbar__trace_start(db);
    return TOOLBAR_OK;
}

void toolbar_sqlite_detach(sqlite3 *db)
{
    struct toolbar__database *database;

    pthread_mutex_lock(&toolbar__databases.lock);
    database = toolbar__database_find(db);
    if (database) database->attached = false;
    changes++;
    pthread_mutex_unlock(&toolbar__databases.lock);
    if (database) toolbar__trace_stop(db);
}
