/* The frame around the toolbar's own pages: head, style sheet, script, the way back. */
#ifndef TOOLBAR_ROUTES_DOCUMENT_H
#define TOOLBAR_ROUTES_DOCUMENT_H

#include "record/recording.h"
#include "routes/routes.h"

/* Up to <body>, with its class, and <header>; the title is escaped, the class a literal. */
void toolbar__document_open(struct toolbar_text *html, const struct toolbar__urls *urls,
                            const char *title, const char *body_class);
void toolbar__document_close(struct toolbar_text *html);

/* The link to the history. */
void toolbar__document_home(struct toolbar_text *html, const struct toolbar__urls *urls);

/* <a href="PREFIX/requests/ID">, to be closed by the caller. */
void toolbar__document_link(struct toolbar_text *html, const struct toolbar__urls *urls,
                            const char *id);

/* The method as a badge; the URL, wherever it may break; the status, red from 400 on. */
void toolbar__document_method(struct toolbar_text *html, const char *method);
void toolbar__document_url(struct toolbar_text *html, const char *url);
void toolbar__document_status(struct toolbar_text *html, unsigned status);

/* 14:03:07, in UTC, inside a <time> whose attribute is exact. */
void toolbar__document_time(struct toolbar_text *html, int64_t wall_ms);

#endif
