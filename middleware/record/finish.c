/* Closes a recording: what can only be said when all queries are known. */
#include "record/recording.h"

#include <string.h>

#include "base/digest.h"
#include "record/stack.h"
#include "record/transactions.h"

enum { SLOTS = 1024 };
_Static_assert(SLOTS >= 2 * TOOLBAR__QUERIES_MAXIMUM, "the table of duplicates must not fill up");

struct slot {
    const struct toolbar__query *query; /* the first with these parameters */
    unsigned count;
};

static struct slot *find_slot(struct slot *slots, size_t count, const struct toolbar__query *query)
{
    uint64_t hash = query->statement->hash ^ query->values_hash;
    struct slot *slot = &slots[hash % count];

    while (slot->query && (slot->query->statement != query->statement ||
                           slot->query->values_hash != query->values_hash)) {
        slot = slot + 1 < slots + count ? slot + 1 : slots;
    }
    return slot;
}

static void count_duplicates(struct toolbar_recording *recording)
{
    struct slot slots[SLOTS];
    /* More than twice the queries that are kept, so that probing ends soon. */
    size_t size = 2 * (size_t)recording->kept_count + 1;

    if (size > SLOTS) size = SLOTS;
    memset(slots, 0, size * sizeof *slots);
    for (struct toolbar__query *query = recording->queries; query; query = query->next) {
        struct slot *slot = find_slot(slots, size, query);

        slot->query = query;
        slot->count++;
    }
    for (struct toolbar__query *query = recording->queries; query; query = query->next) {
        unsigned count = find_slot(slots, size, query)->count;

        query->similar = query->statement->group->count > 1 ? query->statement->group->count : 0;
        query->duplicate = count > 1 ? count : 0;
    }
}

static void add_up_connection(const struct toolbar_recording *recording,
                              struct toolbar__connection *connection)
{
    for (const struct toolbar__group *group = recording->groups; group; group = group->next) {
        if (group->connection != connection->name) continue;
        connection->count += group->count;
        connection->total_ns += group->total_ns;
        if (group->count > 1) connection->similar += group->count;
        for (const struct toolbar__query *query = group->first; query;
             query = query->next_in_group) {
            if (query->duplicate) connection->duplicate++;
        }
    }
}

static void name_callers(struct toolbar_recording *recording)
{
    for (struct toolbar__query *query = recording->queries; query; query = query->next) {
        if (query->stack) query->function = query->stack->frames[0].function;
    }
}

/* Runs that the application has not ended yet count with the time they have been open. */
static void close_open_queries(struct toolbar_recording *recording, int64_t end_ns)
{
    for (struct toolbar__query *query = recording->queries; query; query = query->next) {
        if (query->done) continue;
        query->open_ns = end_ns > query->start_ns ? end_ns - query->start_ns : 0;
        query->duration_ns = query->open_ns;
        query->statement->group->total_ns += query->duration_ns;
        recording->sql_ns += query->duration_ns;
    }
}

void toolbar__recording_finish(struct toolbar_recording *recording, unsigned status,
                               const char *skipped, int64_t duration_ns)
{
    pthread_mutex_lock(&recording->lock);
    if (!recording->finished) {
        close_open_queries(recording, duration_ns);
        if (recording->queries) count_duplicates(recording);
        for (struct toolbar__connection *connection = recording->connections; connection;
             connection = connection->next) {
            add_up_connection(recording, connection);
        }
        name_callers(recording);
        toolbar__transactions_find(recording, duration_ns);
        recording->status = status;
        recording->skipped = skipped;
        recording->duration_ns = duration_ns;
        recording->own_ns += atomic_load_explicit(&recording->recording_ns, memory_order_relaxed);
        toolbar__wipe(recording->presented, sizeof recording->presented);
        recording->secret = (struct toolbar__secret){0};
        recording->finished = true;
    }
    pthread_mutex_unlock(&recording->lock);
}
