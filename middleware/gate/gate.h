/*
 * Is the toolbar shown for this request? One decision, in the order of cost: most requests are
 * turned away by one look at their headers, without a lock, a system call or an allocation.
 */
#ifndef TOOLBAR_GATE_GATE_H
#define TOOLBAR_GATE_GATE_H

#include "record/request.h"
#include "record/secret.h"

struct toolbar__gate;

enum toolbar__verdict {
    TOOLBAR__HIDDEN,
    /* Hidden, and a right key arrived over plain HTTP: it has been logged as burned. */
    TOOLBAR__BURNED,
    TOOLBAR__SHOWN
};

/* Everything that is wrong with the options is refused here; *gate is set on success only. */
enum toolbar_error toolbar__gate_new(const struct toolbar_options *options,
                                     struct toolbar__gate **gate);
void toolbar__gate_free(struct toolbar__gate *gate);

/* These may be called from any thread while requests are decided. */
enum toolbar_error toolbar__gate_set_keys(struct toolbar__gate *gate, const char *current,
                                          const char *next);
bool toolbar__gate_key_matches(const struct toolbar__gate *gate, const char *value);
void toolbar__gate_set_debug(struct toolbar__gate *gate, bool debug);
bool toolbar__gate_debug(const struct toolbar__gate *gate);

/*
 * False: the verdict is TOOLBAR__HIDDEN, without a request having been made of it. `connection` is
 * the source's.
 */
bool toolbar__gate_may_show(const struct toolbar__gate *gate,
                            const struct toolbar__head_source *source, void *connection);

/*
 * For a request that may be shown; it needs its gate, toolbar and head. Logs what has to be logged.
 */
enum toolbar__verdict toolbar__gate_decide(struct toolbar_request *request);

/*
 * For a shown request: it was sent by the user or by a page of this site, not by a stranger's.
 * The toolbar's own pages are for these only.
 */
bool toolbar__gate_same_site(struct toolbar_request *request);

/* By a page of this very site, with its browser as witness: for what changes something. */
bool toolbar__gate_own_page(struct toolbar_request *request);

/* The request came over HTTPS through a trusted proxy rather than over TLS of our own. */
bool toolbar__gate_proxied(const struct toolbar_request *request);

/* What of the request must appear nowhere; borrows its header, and the gate. */
void toolbar__gate_secret(const struct toolbar_request *request, struct toolbar__secret *secret);

/*
 * The name under which the key travels must never be shown or recorded with its value. True for
 * similar names too: _ for -, blanks around it.
 */
bool toolbar__gate_is_key_header(const struct toolbar__gate *gate, const char *name, size_t length);

#endif
