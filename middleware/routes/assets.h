/* The style sheet and the scripts, embedded compressed by cmake/embed_assets.cmake. */
#ifndef TOOLBAR_ROUTES_ASSETS_H
#define TOOLBAR_ROUTES_ASSETS_H

#include <stddef.h>

struct toolbar__asset {
    const char *name;
    const char *hash; /* of the contents: part of the URL, so that a new one is fetched */
    const char *extension;
    const char *type;
    const char *parts; /* the files it was made of, with blanks between them */
    const unsigned char *gzip;
    size_t gzip_length;
};

/* Ends with a NULL name. */
extern const struct toolbar__asset toolbar__assets[];

#endif
