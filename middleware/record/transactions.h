/*
 * The transactions and savepoints of a request, read off its queries when all are known: whether
 * a connection was in a transaction before and after each, and the words that began and ended it.
 */
#ifndef TOOLBAR_RECORD_TRANSACTIONS_H
#define TOOLBAR_RECORD_TRANSACTIONS_H

#include "record/recording.h"

enum { TOOLBAR__TRANSACTIONS_MAXIMUM = 64 };

struct toolbar__transaction {
    struct toolbar__transaction *next; /* in order of start */
    const char *connection;
    const char *savepoint; /* its name as in the fingerprint; NULL: the transaction itself */
    const void *handle;
    unsigned first; /* numbers of queries */
    unsigned last;
    unsigned queries; /* between the two, both included, on this connection */
    int64_t start_ns;
    int64_t duration_ns;
    const char *outcome; /* a literal: "commit", "rollback", "release", "open" */
    bool begun_before;   /* the request found it open */
    bool rolled_back;    /* to this savepoint, which is still there after it */
    bool ended;
};

/* Called once, with the lock held. */
void toolbar__transactions_find(struct toolbar_recording *recording, int64_t end_ns);

#endif
