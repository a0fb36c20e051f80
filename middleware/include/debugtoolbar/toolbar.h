/*
 * The debug toolbar: who sees it, and what the application may ask of it.
 *
 * One `struct toolbar` serves a whole process. Make it once with toolbar_new(),
 * hand it to an adapter (mhd.h for libmicrohttpd, sqlite.h for SQLite), and free
 * it after the server has stopped. Unless a function says otherwise, it may be
 * called from any thread.
 */
#ifndef DEBUGTOOLBAR_TOOLBAR_H
#define DEBUGTOOLBAR_TOOLBAR_H

#include <stdbool.h>
#include <stddef.h>

#include <debugtoolbar/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TOOLBAR_VERSION "0.1.0"

/* Every error the library returns, with the text of toolbar_error_text(). */
#define TOOLBAR_ERRORS(X)                                                                          \
    X(OK, "no error")                                                                              \
    X(MEMORY, "out of memory")                                                                     \
    X(LIMIT, "over a fixed limit")                                                                 \
    X(ARGUMENT, "an argument is missing or out of range")                                          \
    X(SYSTEM, "a system call failed, errno has the reason")                                        \
    X(HEADER_NAME, "the key header's name is not a plain HTTP header name")                        \
    X(KEY_SOURCES, "give the secret key once: as string, as file or as environment variable")      \
    X(KEY_WEAK, "the secret key has fewer than 16 bytes or too few distinct characters")           \
    X(KEY_PLACEHOLDER, "the secret key is a well-known placeholder or made of repeated parts")     \
    X(KEY_CHARACTERS, "the secret key has a space, a comma, a control or a non-ASCII character, "  \
                      "or more than 256 bytes")                                                    \
    X(KEY_FILE, "the secret key file cannot be read")                                              \
    X(KEY_FILE_MODE, "the secret key file can be read by its group or by others: chmod 600 it")    \
    X(KEY_ENVIRONMENT, "the environment variable for the secret key is not set")                   \
    X(URL_PREFIX, "the URL prefix must be / and more of a plain path: letters, digits and -._~/")  \
    X(PANELS_OFF, "panels_off: no panel has such an id; only commas go between ids")               \
    X(SILENCED_ADVICE, "silenced_advice: an entry is no rule:, sql: or at: with what there is; "   \
                       "the log names it")                                                         \
    X(EDITOR_LINK, "the editor link has a scheme that runs scripts, or none")                      \
    X(BUDGET, "a budget is negative: 0 stands for none")                                           \
    X(NETWORK, "a network is not an address or CIDR block")                                        \
    X(FORWARDED, "trusted proxies and the forwarded header have to be chosen together")            \
    X(DATABASE, "the database connection cannot be observed")                                      \
    X(DAEMON, "the daemon cannot take connections from another thread: it needs an internal "      \
              "thread and MHD_USE_ITC")                                                            \
    X(TLS, "mbedTLS refused the configuration")                                                    \
    X(CERTIFICATE, "the certificate or its key cannot be used")                                    \
    X(ADDRESS, "the address cannot be bound")

enum toolbar_error {
#define TOOLBAR_ERROR_VALUE(name, text) TOOLBAR_ERROR_##name,
    TOOLBAR_ERRORS(TOOLBAR_ERROR_VALUE)
#undef TOOLBAR_ERROR_VALUE
};
#define TOOLBAR_OK TOOLBAR_ERROR_OK

/* One sentence without a full stop; never NULL, never to be freed. */
TOOLBAR_EXPORT const char *toolbar_error_text(enum toolbar_error error);

struct toolbar;

/*
 * One HTTP request as the toolbar sees it. The callback of toolbar_options.show gets one for
 * the duration of the call; toolbar_request_current() returns one that lives until the server
 * has sent the response.
 */
struct toolbar_request;

/*
 * Decides whether a request is shown. It is asked on the server's thread, only for requests
 * that came over HTTPS, and whatever it answers, nothing is ever shown over plain HTTP.
 */
typedef bool (*toolbar_show_callback)(struct toolbar_request *request, void *cls);

/* TOOLBAR_LOG_AUDIT: somebody saw the toolbar, or a key was burned. */
enum toolbar_log_level { TOOLBAR_LOG_AUDIT, TOOLBAR_LOG_WARNING, TOOLBAR_LOG_ERROR };

/*
 * Gets one line, without line end and with control characters escaped. Called from any thread,
 * possibly from several at once. The secret key is never in it.
 */
typedef void (*toolbar_log_callback)(void *cls, enum toolbar_log_level level, const char *line);

/* Which header a trusted proxy uses to say that its client came over HTTPS. */
enum toolbar_forwarded {
    TOOLBAR_FORWARDED_NONE,
    TOOLBAR_FORWARDED_X_FORWARDED_PROTO, /* X-Forwarded-Proto: https */
    TOOLBAR_FORWARDED_RFC7239            /* Forwarded: for=...;proto=https */
};

/*
 * How the toolbar is to behave. Start from TOOLBAR_OPTIONS_INIT, which is the safe default:
 * no key, debug off, nobody sees anything. All strings are copied by toolbar_new().
 */
struct toolbar_options {
    /*
     * The secret key: at least 16 printable ASCII bytes (take 32 hex digits from a random
     * source), in at most one of the three ways. A file must not be readable by group or
     * others; white space at its end is ignored. Without a key only debug mode can show.
     */
    const char *secret_key;
    const char *secret_key_file;
    const char *secret_key_environment; /* the variable's name */

    /* The header that carries the key, as on the wire. Default "MYAPPKEY". */
    const char *key_header;

    /* Local debug mode: requests without the key header are shown. */
    bool debug;

    /*
     * Narrows debug mode to these peers: NULL-terminated list of addresses or CIDR blocks. What
     * comes through a trusted proxy is never among them: its peer is the proxy.
     */
    const char *const *debug_peers;

    /*
     * Peers whose forwarding header is believed: NULL-terminated list of addresses or CIDR
     * blocks, together with the one header that they set. Default: none.
     */
    const char *const *trusted_proxies;
    enum toolbar_forwarded forwarded;

    /* Where the toolbar's own pages and assets live. Default "/__debug__". */
    const char *url_prefix;

    /*
     * Panels that are not there at all: ids of the toolbar's own with commas between them,
     * "memory,headers". NULL: none.
     */
    const char *panels_off;

    /*
     * Advice that is not to be given: NULL-terminated list, of which each entry is one of
     *   "rule:n_plus_one"                         what this rule finds, wherever it is
     *   "sql:SELECT name FROM job WHERE id = ?"   whatever is found about this statement; white
     *                                             space, case and values make no difference
     *   "sql:#040b723952d81152"                   the same, by the digits in the Advice panel
     *   "at:father_name", "at:people.c:42"        whatever is found about queries that all come
     *                                             from this function, or this line, as the SQL
     *                                             panel names it
     * The Advice panel has the entries for what it shows. A comment in the statement silences as
     * well: toolbar:ignore and the rule's id, or nothing behind it for all rules. toolbar_new()
     * logs the first entry that is wrong. NULL: none.
     */
    const char *const *silenced_advice;

    /* Show parameters, header and form values only if they are on the list of harmless ones. */
    bool hide_values;

    /*
     * Where links to places in the source lead: an URL with {file} and {line} in it, such as
     * "vscode://file{file}:{line}". javascript:, data: and vbscript: are refused. Default: NULL,
     * no links.
     */
    const char *editor_link;

    /*
     * When somebody opens an address in the browser whose answer is JSON, they get a page with
     * that JSON, formatted, and the toolbar. What scripts and other programs get stays as it is.
     * Default: true.
     */
    bool json_pages;

    /*
     * When a page redirects, show where to and what the request did instead of going there.
     * Default: false.
     */
    bool intercept_redirects;

    /*
     * What one request may take: SQL statements, and milliseconds in them, as the bar shows both.
     * A request over a budget gets advice that says so. Default: 0, no budget.
     */
    int max_queries;
    int max_sql_ms;

    /* NULL: toolbar_show_default(). */
    toolbar_show_callback show;
    void *show_cls;

    /* NULL: nothing is logged. */
    toolbar_log_callback log;
    void *log_cls;
};

#define TOOLBAR_OPTIONS_INIT                                                                       \
    {                                                                                              \
        .key_header = "MYAPPKEY", .url_prefix = "/__debug__", .json_pages = true                   \
    }

/*
 * Makes a toolbar. *toolbar is set on success only and belongs to the caller. A weak, unreadable
 * or misplaced key, a bad prefix, network or header name is refused here, not later.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_new(const struct toolbar_options *options,
                                              struct toolbar **toolbar);

/* Frees it; NULL is allowed. Stop the server and free the adapters first. */
TOOLBAR_EXPORT void toolbar_free(struct toolbar *toolbar);

/*
 * Replaces the keys while the server runs. `current` and `next` (NULL: none) are both accepted
 * from the next request on, so that a new key can be rolled out before the old one is taken
 * away; (NULL, NULL) takes the keys away. Refused keys leave the old ones in force.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_set_secret_keys(struct toolbar *toolbar,
                                                          const char *current, const char *next);

/* Turns the debug flag on or off while the server runs. */
TOOLBAR_EXPORT void toolbar_set_debug(struct toolbar *toolbar, bool debug);
TOOLBAR_EXPORT bool toolbar_debug(const struct toolbar *toolbar);

/*
 * The default callback: if the key header is there, whether it equals a secret key; if it is
 * not, the debug flag. `cls` is not used.
 */
TOOLBAR_EXPORT bool toolbar_show_default(struct toolbar_request *request, void *cls);

/* For own callbacks. */
TOOLBAR_EXPORT struct toolbar *toolbar_request_toolbar(const struct toolbar_request *request);
TOOLBAR_EXPORT const char *toolbar_request_method(const struct toolbar_request *request);
TOOLBAR_EXPORT const char *toolbar_request_url(const struct toolbar_request *request);

/*
 * A request header by its normalised name: upper case, - as _, HTTP_ in front, so that
 * "My-App-Key" is "HTTP_MY_APP_KEY". NULL if the header is not there. A header that was sent
 * more than once, or under a name with an underscore, a space or another character that names
 * do not have, reads as "": it is there, and it equals nothing. The string belongs to the
 * request.
 */
TOOLBAR_EXPORT const char *toolbar_request_meta(const struct toolbar_request *request,
                                                const char *name);

/* Compares with the secret keys in constant time; false for NULL and "". */
TOOLBAR_EXPORT bool toolbar_key_matches(const struct toolbar *toolbar, const char *value);

/*
 * The request that this thread is working for, if it is shown, else NULL. It lives until the
 * server's request-completed callback has run.
 */
TOOLBAR_EXPORT struct toolbar_request *toolbar_request_current(void);

/*
 * Carries a request to another thread: what that thread does until toolbar_request_unbind() is
 * recorded for the request. A NULL request records nothing, so the result of
 * toolbar_request_current() may be passed on unseen. Unbind before the connection is resumed.
 */
TOOLBAR_EXPORT void toolbar_request_bind(struct toolbar_request *request);
TOOLBAR_EXPORT void toolbar_request_unbind(void);

#ifdef __cplusplus
}
#endif
#endif
