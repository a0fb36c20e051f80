/* The files of the development certificate, with the time of day as an argument. */
#ifndef TOOLBAR_ADAPTERS_TLS_DEVELOPMENT_H
#define TOOLBAR_ADAPTERS_TLS_DEVELOPMENT_H

#include <debugtoolbar/tls.h>
#include <time.h>

/* toolbar_tls_development_certificate() as it would be at `now`. */
enum toolbar_error toolbar__tls_development_at(const char *directory, time_t now,
                                               struct toolbar_tls_development_files *files);

#endif
