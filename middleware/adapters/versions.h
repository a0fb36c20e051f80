/* The versions of the libraries around which the adapters are built. */
#ifndef TOOLBAR_ADAPTERS_VERSIONS_H
#define TOOLBAR_ADAPTERS_VERSIONS_H

struct toolbar__application;

/* As they run and as they were compiled against. */
void toolbar__library_versions(struct toolbar__application *application);

#endif
