#include "adapters/versions.h"

#include <dlfcn.h>
#include <mbedtls/version.h>
#include <microhttpd.h>
#include <sqlite3.h>
#include <stdio.h>

#include "record/application.h"

/* MHD_VERSION has two digits of each part in two hexadecimal ones: 0x00097501 is 0.9.75-1. */
static void libmicrohttpd(struct toolbar__application *application)
{
    unsigned version = MHD_VERSION;
    char built[32];

    snprintf(built, sizeof built, "%x.%x.%x", version >> 24, version >> 16 & 0xff,
             version >> 8 & 0xff);
    toolbar__application_version(application, "libmicrohttpd", MHD_get_version(), built);
}

static void mbed_tls(struct toolbar__application *application)
{
#ifdef MBEDTLS_VERSION_C
    char running[18]; /* as its documentation wants it */

    mbedtls_version_get_string(running);
    toolbar__application_version(application, "mbedTLS", running, MBEDTLS_VERSION_STRING);
#else
    toolbar__application_version(application, "mbedTLS", "not known", MBEDTLS_VERSION_STRING);
#endif
}

/* We do not link it; libmicrohttpd may. */
static void gnutls(struct toolbar__application *application)
{
    const char *(*check_version)(const char *);

    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) return;
    /* The way to a function's address that POSIX gives. */
    *(void **)&check_version = dlsym(RTLD_DEFAULT, "gnutls_check_version");
    if (check_version) {
        toolbar__application_version(application, "GnuTLS", check_version(NULL), NULL);
    }
}

void toolbar__library_versions(struct toolbar__application *application)
{
    libmicrohttpd(application);
    toolbar__application_version(application, "SQLite", sqlite3_libversion(), SQLITE_VERSION);
    mbed_tls(application);
    gnutls(application);
}
