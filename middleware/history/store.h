/*
 * Keeps finished recordings for a while: the newest 50, at most 16 MiB together, at most ten
 * minutes old. The interface is a struct of functions, one file per store.
 */
#ifndef TOOLBAR_HISTORY_STORE_H
#define TOOLBAR_HISTORY_STORE_H

#include "record/recording.h"

struct toolbar__store;

struct toolbar__store_functions {
    /* Takes a reference of its own. Without room or memory the recording is not kept. */
    void (*add)(struct toolbar__store *store, struct toolbar_recording *recording);
    /* A new reference; NULL if it is gone. */
    struct toolbar_recording *(*find)(struct toolbar__store *store, const char *id);
    /* New references, newest first; returns how many of at most `maximum`. */
    size_t (*list)(struct toolbar__store *store, struct toolbar_recording **recordings,
                   size_t maximum);
    /*
     * The newest request that redirected this client to this target just now; a new reference,
     * NULL if there is none. Each is given away once.
     */
    struct toolbar_recording *(*follow)(struct toolbar__store *store, uint64_t target_hash,
                                        uint64_t client_hash);
    void (*clear)(struct toolbar__store *store);
    void (*free)(struct toolbar__store *store);
};

struct toolbar__store {
    const struct toolbar__store_functions *functions;
};

enum {
    TOOLBAR__STORE_REQUESTS = 50,
    TOOLBAR__STORE_BYTES = 16 * 1024 * 1024,
    TOOLBAR__STORE_SECONDS = 600
};

/* The store in this process's memory; NULL without memory. */
struct toolbar__store *toolbar__memory_store_new(void);

#endif
