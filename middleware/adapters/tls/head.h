/*
 * One complete request head or trailer section, judged as a whole. It is stricter than the HTTP
 * parsers behind it, so that no two readers can disagree on where a message ends or what a
 * header is called.
 */
#ifndef TOOLBAR_ADAPTERS_TLS_HEAD_H
#define TOOLBAR_ADAPTERS_TLS_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct toolbar__head {
    uint64_t content_length; /* bytes; 0 if there is none */
    bool chunked;
    bool upgrade; /* asks to leave HTTP */
};

/*
 * Both take text of which the caller knows that every line ends in CRLF, that the last one is
 * empty, and that there is no other control byte but HTAB in it. False: refuse the request.
 */
bool toolbar__head_read(const char *data, size_t length, struct toolbar__head *head);
bool toolbar__trailers_valid(const char *data, size_t length);

#endif
