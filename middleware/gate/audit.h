/* The lines about keys in the application's log. One event is one line, whatever a client sent. */
#ifndef TOOLBAR_GATE_AUDIT_H
#define TOOLBAR_GATE_AUDIT_H

#include <stdint.h>

#include "record/request.h"
#include "record/secret.h"

enum { TOOLBAR__AUDIT_MAXIMUM = 512 /* bytes of a line, its NUL included */ };

enum toolbar__audit_event {
    TOOLBAR__AUDIT_KEY,      /* shown, because of a key */
    TOOLBAR__AUDIT_CALLBACK, /* shown, because the application's callback said so */
    TOOLBAR__AUDIT_BURNED    /* a right key came over plain HTTP */
};

struct toolbar__audit {
    enum toolbar__audit_event event;
    uint32_t key_id;                         /* for KEY and BURNED */
    struct toolbar__secret secret;           /* where it appears is masked */
    const struct toolbar__header *forwarded; /* a trusted proxy's for its client, or NULL */
};

void toolbar__audit_line(char line[TOOLBAR__AUDIT_MAXIMUM], struct toolbar_request *request,
                         const struct toolbar__audit *audit);

#endif
