/*
 * What was recorded by hand in one request, see <debugtoolbar/record.h>: spans, messages, calls
 * of caches, templates, files. Each is a bounded list in the recording's arena.
 */
#ifndef TOOLBAR_RECORD_ACTIVITY_H
#define TOOLBAR_RECORD_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/current.h"
#include "record/entries.h"

struct toolbar_recording;

enum {
    TOOLBAR__SPANS_MAXIMUM = 500,
    TOOLBAR__MESSAGES_MAXIMUM = 200,
    TOOLBAR__MESSAGE_MAXIMUM = 1024, /* bytes */
    TOOLBAR__CACHE_CALLS_MAXIMUM = 500,
    TOOLBAR__CACHE_SUMS_MAXIMUM = 50,
    TOOLBAR__TEMPLATES_MAXIMUM = 200,
    TOOLBAR__CONTEXT_MAXIMUM = 1024, /* bytes of one template's context */
    TOOLBAR__FILES_MAXIMUM = 100,
    TOOLBAR__NAME_MAXIMUM = 256 /* bytes of names, keys and places */
};

/* Strings of all of these are terminated, never NULL, masked, and cut. */

struct toolbar__span {
    struct toolbar__entry entry;
    const struct toolbar__span *parent; /* NULL: none */
    const void *thread;                 /* tells threads apart, and is never followed */
    const char *name;
    unsigned depth; /* 0: no parent */
    int64_t start_ns;
    int64_t duration_ns; /* UNKNOWN while it is open, and for ever if the response went first */
};

struct toolbar__message {
    struct toolbar__entry entry;
    unsigned level; /* enum toolbar_message_level */
    const char *text;
    bool cut;
    const char *file;
    const char *function;
    int line;
    int64_t at_ns;
};

struct toolbar__cache_call {
    struct toolbar__entry entry;
    const char *cache;
    const char *operation;
    const char *key;
    unsigned hits;
    unsigned misses;
    int64_t at_ns; /* when it was over */
    int64_t duration_ns;
};

/* All calls of one operation of one cache, kept or not; for the whole, all calls there were. */
struct toolbar__cache_sum {
    struct toolbar__entry entry;
    const char *cache;
    const char *operation;
    unsigned calls;
    int64_t hits;
    int64_t misses;
    int64_t duration_ns;
};

/* SQLite's own cache of one connection, as far as the request changed it. */
struct toolbar__page_cache {
    struct toolbar__entry entry;
    const char *connection;
    int64_t hits;
    int64_t misses;
    int64_t spills;
    int64_t memory_bytes; /* at the end */
    bool cold;            /* before, it had read less than the request did */
};

struct toolbar__template {
    struct toolbar__entry entry;
    const char *name;
    const char *context;
    int64_t duration_ns;
};

struct toolbar__file {
    struct toolbar__entry entry;
    const char *path;
    int64_t size_bytes;
};

struct toolbar__activity {
    struct toolbar__entries spans;
    struct toolbar__entries messages;
    struct toolbar__entries cache_calls;
    struct toolbar__entries cache_sums;
    struct toolbar__cache_sum cache; /* all of them */
    struct toolbar__entries page_caches;
    struct toolbar__entries templates;
    struct toolbar__entries files;
};

struct toolbar_recording *toolbar__activity_lock_shown(void);

/* The recording of this thread's request, locked; NULL: there is nothing to record. */
static inline struct toolbar_recording *toolbar__activity_lock(void)
{
    return toolbar__current ? toolbar__activity_lock_shown() : NULL;
}

void toolbar__activity_unlock(struct toolbar_recording *recording);

/* A copy of what fits into `maximum` bytes; "" for NULL, and when the recording is full. */
const char *toolbar__activity_string(struct toolbar_recording *recording, const char *string,
                                     size_t maximum);

/* The same, without what toolbar__mask_text() takes away. */
const char *toolbar__activity_masked(struct toolbar_recording *recording, const char *string,
                                     size_t maximum);

#endif
