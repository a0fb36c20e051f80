/* The fields of a posted form, read piece by piece as libmicrohttpd delivers them. */
#ifndef DEMO_FORM_H
#define DEMO_FORM_H

#include <microhttpd.h>
#include <stdbool.h>

enum form_field { FORM_NAME, FORM_BORN, FORM_JOB, FORM_FATHER, FORM_FIELDS };

/* A longer value is cut and marked; nothing that the demo accepts comes near. */
enum { FORM_VALUE_MAX_BYTES = 255, FORM_BODY_MAX_BYTES = 16 * 1024 };

extern const char *const form_names[FORM_FIELDS];

struct form {
    struct MHD_PostProcessor *processor; /* NULL after form_finish() */
    bool readable;                       /* false: sent in no encoding of forms */
    size_t body_bytes;
    bool cut[FORM_FIELDS];
    size_t length[FORM_FIELDS];
    char value[FORM_FIELDS][FORM_VALUE_MAX_BYTES + 1];
};

/* NULL without memory. */
struct form *form_new(struct MHD_Connection *connection);
void form_free(struct form *form);

/* Takes a piece of the body; what is over the limit is counted and left out. */
void form_feed(struct form *form, const char *data, size_t size_bytes);

/* Ends the body. Only now is the last field's value complete. */
void form_finish(struct form *form);

#endif
