/* Wraps libmicrohttpd's post processor: known fields are kept, everything else is dropped. */
#include "form.h"

#include <stdlib.h>
#include <string.h>

const char *const form_names[FORM_FIELDS] = {"name", "born", "job", "father"};

/* A NUL byte would end the value unseen; as 0x01 it fails the checks and shows as U+FFFD. */
static void append(struct form *form, size_t field, const char *data, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++) {
        if (form->length[field] == FORM_VALUE_MAX_BYTES) {
            form->cut[field] = true;
            return;
        }
        form->value[field][form->length[field]] = data[i];
        if (!data[i]) form->value[field][form->length[field]] = 1;
        form->length[field]++;
    }
}

static enum MHD_Result take(void *cls, enum MHD_ValueKind kind, const char *key,
                            const char *filename, const char *content_type,
                            const char *transfer_encoding, const char *data, uint64_t offset,
                            size_t size)
{
    struct form *form = cls;
    (void)kind, (void)filename, (void)content_type, (void)transfer_encoding;
    for (size_t field = 0; field < FORM_FIELDS; field++) {
        if (!key || strcmp(key, form_names[field]) != 0) continue;
        if (offset == 0) { /* sent twice: the last one counts */
            form->length[field] = 0;
            form->cut[field] = false;
            memset(form->value[field], 0, sizeof form->value[field]);
        }
        append(form, field, data, size);
    }
    return MHD_YES;
}

struct form *form_new(struct MHD_Connection *connection)
{
    struct form *form = calloc(1, sizeof *form);
    if (!form) return NULL;
    form->processor = MHD_create_post_processor(connection, 1024, take, form);
    form->readable = form->processor != NULL;
    return form;
}

void form_finish(struct form *form)
{
    if (form->processor) MHD_destroy_post_processor(form->processor);
    form->processor = NULL;
}

void form_free(struct form *form)
{
    if (form) form_finish(form);
    free(form);
}

void form_feed(struct form *form, const char *data, size_t size_bytes)
{
    form->body_bytes += size_bytes;
    if (form->processor && form->body_bytes <= FORM_BODY_MAX_BYTES)
        MHD_post_process(form->processor, data, size_bytes);
}
