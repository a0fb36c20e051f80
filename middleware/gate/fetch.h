/*
 * Who made the browser send this request? The key travels with every request to the site, also
 * with those that a stranger's page causes; what such a page gets must not carry the toolbar.
 */
#ifndef TOOLBAR_GATE_FETCH_H
#define TOOLBAR_GATE_FETCH_H

#include "record/request.h"

/* By the user, or by a page of the same origin; no doubt is allowed. */
bool toolbar__fetch_same_origin(struct toolbar_request *request);

/* By a page of the same origin, and its browser said so: what says nothing is refused too. */
bool toolbar__fetch_own_page(struct toolbar_request *request);

/* By one of the first, or a stranger's page opened ours in a window of its own, out of its reach.
 */
bool toolbar__fetch_navigation(struct toolbar_request *request);

#endif
