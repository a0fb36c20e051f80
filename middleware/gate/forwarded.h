/* What a trusted proxy says about the connection between itself and its client. */
#ifndef TOOLBAR_GATE_FORWARDED_H
#define TOOLBAR_GATE_FORWARDED_H

#include "record/request.h"

enum toolbar__scheme {
    TOOLBAR__SCHEME_SILENT, /* it says nothing about the scheme */
    TOOLBAR__SCHEME_HTTPS,
    TOOLBAR__SCHEME_OTHER /* another scheme, or not to be understood */
};

/* The values of X-Forwarded-Proto and of Forwarded: the entry of the hop nearest to us counts. */
enum toolbar__scheme toolbar__x_forwarded_scheme(const char *value, size_t length);
enum toolbar__scheme toolbar__forwarded_scheme(const char *value, size_t length);

/*
 * The header `which` says https, in exactly one line under exactly its name, and the other of
 * the two does not disagree. Only to be asked when the peer is a trusted proxy.
 */
bool toolbar__forwarded_https(struct toolbar_request *request, enum toolbar_forwarded which);

#endif
