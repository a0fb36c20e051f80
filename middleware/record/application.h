/*
 * What holds for all requests of one toolbar: its panels and what the application told about
 * itself. Filled in before the server starts, only read afterwards, so requests share it freely.
 */
#ifndef TOOLBAR_RECORD_APPLICATION_H
#define TOOLBAR_RECORD_APPLICATION_H

#include <debugtoolbar/panel.h>

#include "record/entries.h"

enum {
    TOOLBAR__PANELS_MAXIMUM = 32, /* the toolbar's own and 16 of the application's */
    TOOLBAR__SETTINGS_MAXIMUM = 100,
    TOOLBAR__VERSIONS_MAXIMUM = 50,
    TOOLBAR__FACT_MAXIMUM = 1024 /* bytes of one name or value */
};

/* A setting or a version; strings are masked and cut. */
struct toolbar__fact {
    struct toolbar__entry entry;
    const char *name;
    const char *value;
    const char *built; /* of a library: the version that was compiled against; NULL: the same */
};

struct toolbar__application {
    const char *key_header; /* under which the secret key comes */
    const struct toolbar_panel *panels[TOOLBAR__PANELS_MAXIMUM + 1]; /* in order, NULL at the end */
    const char *editor_link; /* template with {file} and {line}; NULL: none */
    char **silences;         /* what record/silence.h made; NULL: none */
    unsigned max_queries;    /* budgets of one request; 0: none */
    int64_t max_sql_ns;
    struct toolbar__arena arena;
    struct toolbar__entries settings;
    struct toolbar__entries versions;
};

/* Versions of the toolbar, the compiler, the C library and the kernel; `panels` stay. */
void toolbar__application_init(struct toolbar__application *application);
void toolbar__application_free(struct toolbar__application *application);

/* Adds it, or gives a known name its new value. `strict`: no value is kept. */
enum toolbar_error toolbar__application_setting(struct toolbar__application *application,
                                                const char *name, const char *value, bool strict);

/* The same; `built` may be NULL. */
enum toolbar_error toolbar__application_version(struct toolbar__application *application,
                                                const char *name, const char *version,
                                                const char *built);

#endif
