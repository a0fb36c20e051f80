#include "record/transactions.h"

#include <string.h>

struct search {
    struct toolbar_recording *recording;
    struct toolbar__transaction **end;
    unsigned count;
};

/* The fingerprint behind these words, which are keywords and therefore in capitals; or NULL. */
static const char *after(const char *fingerprint, const char *words)
{
    size_t length = strlen(words);

    if (strncmp(fingerprint, words, length) != 0) return NULL;
    if (fingerprint[length] == '\0') return fingerprint + length;
    return fingerprint[length] == ' ' ? fingerprint + length + 1 : NULL;
}

static const char *savepoint_name(const char *rest)
{
    const char *name = rest ? after(rest, "SAVEPOINT") : NULL;

    return name ? name : rest;
}

/* "ROLLBACK TO x", "ROLLBACK TRANSACTION TO SAVEPOINT x" */
static const char *rolled_back_to(const char *fingerprint)
{
    const char *rest = after(fingerprint, "ROLLBACK");
    const char *transaction = rest ? after(rest, "TRANSACTION") : NULL;

    if (transaction) rest = transaction;
    return rest ? savepoint_name(after(rest, "TO")) : NULL;
}

static void start(struct search *search, const struct toolbar__query *query, const char *savepoint)
{
    struct toolbar__transaction *transaction;

    if (search->count == TOOLBAR__TRANSACTIONS_MAXIMUM) return;
    transaction = toolbar__arena_alloc(&search->recording->arena, sizeof *transaction);
    if (!transaction) return;
    search->count++;
    transaction->connection = query->statement->group->connection;
    transaction->savepoint = savepoint;
    transaction->handle = query->handle;
    transaction->first = transaction->last = query->number;
    transaction->start_ns = query->start_ns;
    transaction->outcome = "open";
    transaction->begun_before = query->in_transaction && !savepoint;
    *search->end = transaction;
    search->end = &transaction->next;
}

static bool is_on(const struct toolbar__transaction *transaction,
                  const struct toolbar__query *query)
{
    return !transaction->ended && transaction->handle == query->handle &&
           transaction->connection == query->statement->group->connection;
}

/* The one that is open on the query's connection: this savepoint, or for NULL the transaction. */
static struct toolbar__transaction *find(const struct search *search,
                                         const struct toolbar__query *query, const char *savepoint)
{
    struct toolbar__transaction *found = NULL;

    for (struct toolbar__transaction *at = search->recording->transactions; at; at = at->next) {
        if (!is_on(at, query) || !savepoint != !at->savepoint) continue;
        if (!savepoint || strcmp(at->savepoint, savepoint) == 0) found = at;
    }
    return found;
}

/* Ends `from` and those that were begun inside it. */
static void end(struct toolbar__transaction *from, const struct toolbar__query *query,
                const char *outcome)
{
    for (struct toolbar__transaction *at = from; at; at = at->next) {
        if (!is_on(at, query)) continue;
        at->outcome = at->rolled_back && strcmp(outcome, "release") == 0 ? "rollback" : outcome;
        at->ended = true;
    }
}

/* Counts the query with all that is open around it. */
static void note(const struct search *search, const struct toolbar__query *query)
{
    int64_t open_ns = query->open_ns > 0 ? query->open_ns : 0;

    for (struct toolbar__transaction *at = search->recording->transactions; at; at = at->next) {
        if (!is_on(at, query)) continue;
        at->queries++;
        at->last = query->number;
        at->duration_ns = query->start_ns + open_ns - at->start_ns;
    }
}

static const char *outcome_of(const struct toolbar__query *query)
{
    const char *fingerprint = query->statement->group->fingerprint;

    /* An error that ends a transaction rolls it back: INSERT OR ROLLBACK, a full disk. */
    return query->error_code || after(fingerprint, "ROLLBACK") ? "rollback" : "commit";
}

static void visit(struct search *search, const struct toolbar__query *query)
{
    const char *fingerprint = query->statement->group->fingerprint;
    const char *begun = after(fingerprint, "SAVEPOINT");
    const char *released = savepoint_name(after(fingerprint, "RELEASE"));
    const char *back = rolled_back_to(fingerprint);
    struct toolbar__transaction *around = find(search, query, NULL);
    struct toolbar__transaction *savepoint = NULL;

    if (!around && (query->in_transaction || query->left_in_transaction)) {
        start(search, query, NULL);
        around = find(search, query, NULL);
    }
    if (begun && !query->error_code) start(search, query, begun);
    note(search, query);
    if (query->error_code) released = back = NULL;
    if (released || back) savepoint = find(search, query, released ? released : back);
    if (savepoint && released) end(savepoint, query, "release");
    if (savepoint && back) {
        end(savepoint->next, query, "rollback");
        savepoint->rolled_back = true;
    }
    if (around && query->done && !query->left_in_transaction) end(around, query, outcome_of(query));
}

void toolbar__transactions_find(struct toolbar_recording *recording, int64_t end_ns)
{
    struct search search = {.recording = recording, .end = &recording->transactions};

    for (const struct toolbar__query *query = recording->queries; query; query = query->next) {
        bool alone =
            !query->in_transaction && !query->left_in_transaction && !recording->transactions;

        /* Most are in none, and there was none. */
        if (query->handle && !alone) visit(&search, query);
    }
    for (struct toolbar__transaction *at = recording->transactions; at; at = at->next) {
        if (!at->ended && end_ns > at->start_ns) at->duration_ns = end_ns - at->start_ns;
    }
}
