/* Answers: every response of the demo is queued here, so that all carry the same headers. */
#ifndef DEMO_REPLY_H
#define DEMO_REPLY_H

#include <microhttpd.h>
#include <sqlite3.h>

#include "page.h"

#define HTML_TYPE "text/html; charset=utf-8"

/* Headers that every HTML page has. Answers false without memory. */
bool reply_html_headers(struct MHD_Response *response);

/* Closes the page and makes the response of it; NULL without memory. The page is gone either way.
 */
struct MHD_Response *reply_html(struct page *page);

/* Queues the response and drops the caller's reference; NULL closes the connection. */
enum MHD_Result reply_response(struct MHD_Connection *connection, unsigned int status,
                               struct MHD_Response *response);

/* The same, sent. */
enum MHD_Result reply_page(struct MHD_Connection *connection, unsigned int status,
                           struct page *page);

/* A page with a sentence, for errors. */
enum MHD_Result reply_message(struct MHD_Connection *connection, unsigned int status,
                              const char *title, const char *message);

/* 500, and the database's message on stderr. */
enum MHD_Result reply_database_error(struct MHD_Connection *connection, sqlite3 *db);

/* 405 with the methods that the page has. */
enum MHD_Result reply_method_not_allowed(struct MHD_Connection *connection, const char *allow);

enum MHD_Result reply_redirect(struct MHD_Connection *connection, unsigned int status,
                               const char *location);

/* Sends `size_bytes` of memory that malloc() gave; frees it. */
enum MHD_Result reply_memory(struct MHD_Connection *connection, const char *type, char *text,
                             size_t size_bytes, const char *disposition);

/* Sends bytes that live for ever. */
enum MHD_Result reply_static(struct MHD_Connection *connection, const char *type, const void *text,
                             size_t size_bytes);

#endif
