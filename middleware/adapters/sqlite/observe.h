/* What an HTTP adapter calls around a shown request so that its SQLite statements are recorded. */
#ifndef TOOLBAR_ADAPTERS_SQLITE_OBSERVE_H
#define TOOLBAR_ADAPTERS_SQLITE_OBSERVE_H

struct toolbar_recording;

/* As soon as it is decided that the request is shown. */
void toolbar__sqlite_request_begin(struct toolbar_recording *recording);

/*
 * Right before toolbar__recording_finish(): statements that the application has left open, which
 * is usual for one that gives a single row, are recorded with what is known of them now.
 */
void toolbar__sqlite_request_settle(struct toolbar_recording *recording);

/* Once for each begin, when the request is over. */
void toolbar__sqlite_request_end(struct toolbar_recording *recording);

#endif
