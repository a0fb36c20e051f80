/*
 * Query plans on demand, on a connection of the toolbar's own: read-only, and with everything
 * off that preparing a statement does not need. The text is the recorded one, with its secrets
 * masked and its parameters unbound, which the planner hardly looks at.
 */
#ifndef TOOLBAR_ADAPTERS_SQLITE_PLAN_H
#define TOOLBAR_ADAPTERS_SQLITE_PLAN_H

#include <sqlite3.h>

#include "record/plan.h"

/* Notes where the database of the statement's connection is. Takes the connection's mutex. */
void toolbar__plans_offer(struct toolbar_recording *recording,
                          const struct toolbar__statement *statement, sqlite3 *db);

#endif
