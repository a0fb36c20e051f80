/*
 * The first rows of a query, as the application got them: nothing is run again. Kept for the
 * first query of a group, because the others would show more of the same, and for so many groups.
 */
#ifndef TOOLBAR_RECORD_PREVIEW_H
#define TOOLBAR_RECORD_PREVIEW_H

#include "record/recording.h"

enum {
    TOOLBAR__PREVIEWS_MAXIMUM = 20, /* of one request */
    TOOLBAR__PREVIEW_ROWS = 5,
    TOOLBAR__PREVIEW_COLUMNS = 8,
    TOOLBAR__PREVIEW_BYTES = 64 /* of one value or name */
};

/* What is shown of a column: its name, and whether its values are secret by their names. */
struct toolbar__preview_column {
    const char *name;
    bool secret;
};

struct toolbar__preview {
    unsigned all_columns;
    unsigned columns; /* of them kept */
    unsigned rows;
    struct toolbar__preview_column names[TOOLBAR__PREVIEW_COLUMNS];
    struct toolbar__value values[TOOLBAR__PREVIEW_ROWS][TOOLBAR__PREVIEW_COLUMNS];
};

/* A column as it comes: `origin` is what it is called in its table, NULL if not known. */
struct toolbar__column {
    const char *name;
    const char *origin;
};

/*
 * Begins the preview of a query whose `first_of_group` is set; false: there is no room, or the
 * values have to stay hidden. Names are copied, and masked like SQL, which they can be.
 */
bool toolbar__recording_preview(struct toolbar_recording *recording, struct toolbar__query *query,
                                const struct toolbar__column *columns, unsigned kept, unsigned all);

/* Adds a row of as many values as columns were kept; they are copied and masked. */
void toolbar__recording_preview_row(struct toolbar_recording *recording,
                                    struct toolbar__query *query,
                                    const struct toolbar__value *values);

#endif
