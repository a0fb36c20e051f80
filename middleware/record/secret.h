/*
 * The secret key where it does not belong: a client may repeat it in its URL, and an application
 * may store the headers it gets. Whatever goes into a recording or a log is looked at first.
 */
#ifndef TOOLBAR_RECORD_SECRET_H
#define TOOLBAR_RECORD_SECRET_H

#include <stdbool.h>
#include <stddef.h>

enum { TOOLBAR__SECRET_MAXIMUM = 256 /* bytes */, TOOLBAR__SECRETS_IN_FORCE = 2 };

struct toolbar__secret {
    const char *presented; /* what came as the key, right or not; NULL: nothing did */
    size_t presented_length;
    /* The keys themselves are not known, only how long they are (0: none) and whether one is. */
    size_t lengths[TOOLBAR__SECRETS_IN_FORCE];
    bool (*in_force)(const void *cls, const char *value, size_t length);
    const void *cls;
};

/*
 * The data has a secret in it, as it is, in hexadecimal digits, or percent-encoded, up to three
 * times and not necessarily all of it; or it ends with the start of one, which may have been cut
 * off. What was not presented is only found as a word of its own. Without memory it is true.
 */
bool toolbar__secret_in(const struct toolbar__secret *secret, const char *data, size_t length);

#endif
