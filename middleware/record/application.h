/*
 * What holds for all requests of one toolbar: its panels and what the application told about
 * itself. Filled in before the server starts, only read afterwards, so requests share it freely.
 */
#ifndef TOOLBAR_RECORD_APPLICATION_H
#define TOOLBAR_RECORD_APPLICATION_H

#include <debugtoolbar/panel.h>

enum { TOOLBAR__PANELS_MAXIMUM = 32 }; /* the toolbar's own and 16 of the application's */

struct toolbar__application {
    const char *key_header; /* under which the secret key comes */
    const struct toolbar_panel *panels[TOOLBAR__PANELS_MAXIMUM + 1]; /* in order, NULL at the end */
    const char *editor_link; /* template with {file} and {line}; NULL: none */
};

#endif
