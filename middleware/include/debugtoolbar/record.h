/*
 * Recording by hand: what the toolbar cannot see for itself. Spans of work, messages, queries to
 * databases other than SQLite, caches, templates, files; and, once, settings and versions.
 *
 *     struct toolbar_span span = toolbar_span_begin("render");
 *     toolbar_message(TOOLBAR_MESSAGE_INFO, "%d rows", rows);
 *     toolbar_span_end(span);
 *
 * All but the last two functions record for the request that the calling thread works for (see
 * toolbar_request_bind()); if that is not shown, they cost one look at a thread-local pointer.
 * They may be called from several threads of one request at once, copy every string, keep a
 * bounded number of things, of which the rest is counted, and do nothing after the response was
 * queued. Secrets are masked when they are recorded, by name and by shape. Strings may be NULL.
 */
#ifndef DEBUGTOOLBAR_RECORD_H
#define DEBUGTOOLBAR_RECORD_H

#include <stdint.h>

#include <debugtoolbar/export.h>
#include <debugtoolbar/toolbar.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A piece of work that takes time. Spans nest within a thread: what begins while another is open
 * is a part of it. One that is never ended, is ended twice or after its request, or in a thread
 * that works for another request, does no harm. The members are the toolbar's.
 */
struct toolbar_span {
    uint64_t request;
    void *record;
};

TOOLBAR_EXPORT struct toolbar_span toolbar_span_begin(const char *name);
TOOLBAR_EXPORT void toolbar_span_end(struct toolbar_span span);

/*
 * A query to a database that is not SQLite, which sqlite.h records by itself. It stands in the
 * SQL panel among the others. Ending follows the rules of spans. The members are the toolbar's.
 */
struct toolbar_query {
    uint64_t request;
    void *statement;
    void *record;
    int64_t start_ns;
};

/* `connection` names the database in the panel; NULL: "database". */
TOOLBAR_EXPORT struct toolbar_query toolbar_query_begin(const char *connection, const char *sql);
/* `rows` is negative if it is not known; `error` is the database's message, NULL: it went well. */
TOOLBAR_EXPORT void toolbar_query_end(struct toolbar_query query, int64_t rows, const char *error);

enum toolbar_message_level {
    TOOLBAR_MESSAGE_DEBUG,
    TOOLBAR_MESSAGE_INFO,
    TOOLBAR_MESSAGE_WARNING,
    TOOLBAR_MESSAGE_ERROR
};

/*
 * A line for the developer, formatted as by printf, cut after 1,024 bytes. With `hide_values` the
 * format is kept as it stands, without the arguments.
 */
#define toolbar_message(level, ...)                                                                \
    toolbar_message_at((level), __FILE__, __LINE__, __func__, __VA_ARGS__)

/* For own macros and other languages. */
TOOLBAR_EXPORT void toolbar_message_at(enum toolbar_message_level level, const char *file, int line,
                                       const char *function, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * One call of a cache: "sessions", "get", the key, and how many of the asked keys were there and
 * were not; 0 and 0 for a call that does not ask, such as set. A negative duration is not known.
 */
TOOLBAR_EXPORT void toolbar_cache_call(const char *cache, const char *operation, const char *key,
                                       unsigned hits, unsigned misses, int64_t duration_ns);

/* A template was rendered; `context` is what it was given, a name=value on each line. */
TOOLBAR_EXPORT void toolbar_template_rendered(const char *name, int64_t duration_ns,
                                              const char *context);

/* A file was sent. The wrappers in mhd.h for responses from a descriptor call it themselves. */
TOOLBAR_EXPORT void toolbar_static_file(const char *path, uint64_t size_bytes);

/*
 * What holds for all requests, told before the server starts, by one thread at a time. A name
 * that was told before gets the new value. With `hide_values` no setting's value is kept.
 * TOOLBAR_ERROR_ARGUMENT: something is NULL, or the name is empty. TOOLBAR_ERROR_LIMIT: more
 * than 100 settings or 50 versions. TOOLBAR_ERROR_MEMORY.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_setting(struct toolbar *toolbar, const char *name,
                                                  const char *value);
TOOLBAR_EXPORT enum toolbar_error toolbar_version(struct toolbar *toolbar, const char *name,
                                                  const char *version);

#ifdef __cplusplus
}
#endif
#endif
