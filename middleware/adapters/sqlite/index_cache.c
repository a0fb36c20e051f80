/*
 * What came of looking for indexes, for the whole process, so that a page that is loaded again
 * does not pay again, and shows what was proved meanwhile. Few: a page with something to say has a
 * handful of such statements.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/index.h"
#include "adapters/sqlite/own.h"
#include "base/hash.h"

enum { ENTRIES = 64 };

struct entry {
    uint64_t key; /* 0: empty */
    struct toolbar__proposal proposal;
};

static struct {
    pthread_mutex_t lock;
    unsigned next; /* the oldest, which goes first */
    struct entry entries[ENTRIES];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* In bytes, without what is in the write-ahead log; SQLite would read the whole schema for it. */
static sqlite3_int64 size_of(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;

    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->xFileSize(file, &size) != SQLITE_OK) {
        return 0;
    }
    return size;
}

/* The file, its schema, how large it is in powers of two, and the statement. */
uint64_t toolbar__index_key(struct toolbar__index_work *work, const char *file,
                            const struct toolbar__query *query)
{
    int64_t facts[2] = {toolbar__own_ask(work->file, "PRAGMA schema_version"), 0};
    uint64_t key = toolbar__hash(query->statement->group->hash, file, strlen(file));

    for (sqlite3_int64 size = size_of(work->file); size > 0; size /= 2) {
        facts[1]++;
    }
    key = toolbar__hash(key, facts, sizeof facts);
    return key ? key : 1;
}

static struct entry *find(uint64_t key)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (cache.entries[i].key == key) return &cache.entries[i];
    }
    return NULL;
}

static bool copy(struct toolbar__proposal *to, const struct toolbar__proposal *from)
{
    *to = *from;
    if (!from->create) return true;
    to->create = strdup(from->create);
    to->plan = strdup(from->plan);
    to->table = strdup(from->table);
    if (to->create && to->plan && to->table) return true;
    toolbar__proposal_free(to);
    return false;
}

bool toolbar__index_recall(uint64_t key, struct toolbar__proposal *proposal)
{
    const struct entry *entry;
    bool known;

    pthread_mutex_lock(&cache.lock);
    entry = find(key);
    known = entry && copy(proposal, &entry->proposal);
    pthread_mutex_unlock(&cache.lock);
    return known;
}

void toolbar__index_remember(uint64_t key, const struct toolbar__proposal *proposal)
{
    static const struct toolbar__proposal none;
    struct toolbar__proposal kept;
    struct entry *entry;

    if (!copy(&kept, proposal ? proposal : &none)) return;
    pthread_mutex_lock(&cache.lock);
    entry = find(key);
    if (!entry) entry = &cache.entries[cache.next++ % ENTRIES];
    toolbar__proposal_free(&entry->proposal);
    *entry = (struct entry){.key = key, .proposal = kept};
    pthread_mutex_unlock(&cache.lock);
}
