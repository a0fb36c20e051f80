/*
 * A request as the gate and the application's callback see it. Before the decision it lives on
 * the adapter's stack and costs nothing; a shown one carries the recording too.
 */
#ifndef TOOLBAR_RECORD_REQUEST_H
#define TOOLBAR_RECORD_REQUEST_H

#include <debugtoolbar/toolbar.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Gets one request header, as it stood on the wire, surrounding blanks included; false stops the
 * walk. The value lives as long as the request, and a NUL follows its last byte.
 */
typedef bool (*toolbar__header_visitor)(void *cls, const char *name, size_t name_length,
                                        const char *value, size_t value_length);

/* What an adapter can tell about a request, asked for only when it is needed. */
struct toolbar__head_source {
    void (*headers)(void *connection, toolbar__header_visitor visit, void *cls);
    /* TLS ends in this process, for this very connection. */
    bool (*encrypted)(void *connection);
    /* NULL if it is not known. */
    const struct sockaddr *(*peer)(void *connection);
    /* There is a header of exactly this name, but for case: cheaper than a walk. */
    bool (*has)(void *connection, const char *name, size_t length);
};

struct toolbar__head {
    const char *method;
    const char *url; /* path without the query */
    const char *version;
    const struct toolbar__head_source *source;
    void *connection; /* the adapter's, for the source */
};

/* What was found of a header, by its name or by one that is similar to it: gate/names.h. */
struct toolbar__header {
    const char *value; /* of the first line, without the blanks around it */
    size_t value_length;
    unsigned candidates; /* lines with this or a similar name; 0: there is none */
    bool exact;          /* the first of them has the name itself, but for case */
};

/* Headers that decide, or say who asks for what. */
enum toolbar__known {
    TOOLBAR__KNOWN_HOST,
    TOOLBAR__KNOWN_ORIGIN,
    TOOLBAR__KNOWN_FORWARDED,
    TOOLBAR__KNOWN_USER_AGENT,
    TOOLBAR__KNOWN_FETCH_SITE,
    TOOLBAR__KNOWN_FETCH_MODE,
    TOOLBAR__KNOWN_FETCH_DEST,
    TOOLBAR__KNOWN_FORWARDED_FOR,
    TOOLBAR__KNOWN_FORWARDED_PROTO,
    TOOLBAR__KNOWN_COUNT
};

struct toolbar_request {
    struct toolbar *toolbar;
    struct toolbar__gate *gate;
    struct toolbar__head head;
    /* The trimmed key while the application's callback is asked, else NULL: it is not kept. */
    const char *key;
    struct toolbar__header key_field; /* as it came, right or not */
    bool looked;                      /* for the known headers: see toolbar__known() */
    struct toolbar__header known[TOOLBAR__KNOWN_COUNT];
    bool keyed; /* by the key with this id, see toolbar__keys_match() */
    uint32_t key_id;
    struct toolbar_recording *recording; /* NULL until the request is shown */
};

#endif
