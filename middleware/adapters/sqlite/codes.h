/* SQLite's names for its result codes: it has none to ask for. */
#ifndef TOOLBAR_ADAPTERS_SQLITE_CODES_H
#define TOOLBAR_ADAPTERS_SQLITE_CODES_H

/* "SQLITE_CONSTRAINT_UNIQUE"; of a code not known, the name of its family, or NULL. */
const char *toolbar__code_name(int code);

#endif
