/*
 * The one place that knows how the demo sends something. Responses are made with plain
 * libmicrohttpd calls; only queueing them goes through the toolbar.
 *
 * The pages carry a strict Content-Security-Policy because the toolbar has to work under one.
 */
#include "reply.h"

#include <debugtoolbar/mhd.h>
#include <stdlib.h>

static const char policy[] = "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
                             "form-action 'self'; frame-ancestors 'self'; object-src 'none'";

bool reply_html_headers(struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        {"Content-Type", HTML_TYPE},
        {"Content-Security-Policy", policy},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        if (MHD_add_response_header(response, headers[i][0], headers[i][1]) != MHD_YES)
            return false;
    }
    return true;
}

enum MHD_Result reply_response(struct MHD_Connection *connection, unsigned int status,
                               struct MHD_Response *response)
{
    if (!response) return MHD_NO;
    enum MHD_Result queued = toolbar_mhd_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

struct MHD_Response *reply_html(struct page *page)
{
    if (!page_close(page)) return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(page->size_bytes, page->text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        page_drop(page);
        return NULL;
    }
    if (!reply_html_headers(response)) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

enum MHD_Result reply_page(struct MHD_Connection *connection, unsigned int status,
                           struct page *page)
{
    return reply_response(connection, status, reply_html(page));
}

static struct MHD_Response *message_response(const char *title, const char *message)
{
    struct page page;
    if (!page_open(&page)) return NULL;
    page_begin(page.out, title, "");
    fputs("<p class=\"lead\">", page.out);
    html_text(page.out, message);
    fputs("</p>\n<p><a href=\"/\">Back to the start</a></p>\n", page.out);
    page_end(page.out);
    return reply_html(&page);
}

enum MHD_Result reply_message(struct MHD_Connection *connection, unsigned int status,
                              const char *title, const char *message)
{
    return reply_response(connection, status, message_response(title, message));
}

enum MHD_Result reply_database_error(struct MHD_Connection *connection, sqlite3 *db)
{
    fprintf(stderr, "debugtoolbar-demo: database: %s\n",
            db ? sqlite3_errmsg(db) : "no connection for this thread");
    return reply_message(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "Something went wrong",
                         "The database did not answer. The server's log says why.");
}

enum MHD_Result reply_method_not_allowed(struct MHD_Connection *connection, const char *allow)
{
    struct MHD_Response *response = message_response(
        "Not that way", "This page does not answer the method that the request used.");
    if (response && MHD_add_response_header(response, "Allow", allow) != MHD_YES) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return reply_response(connection, MHD_HTTP_METHOD_NOT_ALLOWED, response);
}

enum MHD_Result reply_redirect(struct MHD_Connection *connection, unsigned int status,
                               const char *location)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (response && MHD_add_response_header(response, "Location", location) != MHD_YES) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return reply_response(connection, status, response);
}

static enum MHD_Result reply_typed(struct MHD_Connection *connection, struct MHD_Response *response,
                                   const char *type, const char *disposition)
{
    bool complete =
        MHD_add_response_header(response, "Content-Type", type) == MHD_YES &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
        (!disposition ||
         MHD_add_response_header(response, "Content-Disposition", disposition) == MHD_YES);
    if (!complete) {
        MHD_destroy_response(response);
        return MHD_NO;
    }
    return reply_response(connection, MHD_HTTP_OK, response);
}

enum MHD_Result reply_memory(struct MHD_Connection *connection, const char *type, char *text,
                             size_t size_bytes, const char *disposition)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size_bytes, text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(text);
        return MHD_NO;
    }
    return reply_typed(connection, response, type, disposition);
}

enum MHD_Result reply_static(struct MHD_Connection *connection, const char *type, const void *text,
                             size_t size_bytes)
{
    /* PERSISTENT memory is only read; the parameter is not const for history's sake. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        size_bytes, (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    return response ? reply_typed(connection, response, type, NULL) : MHD_NO;
}
