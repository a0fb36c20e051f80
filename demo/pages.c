/*
 * From a request to its page: the table of routes, the steps in which libmicrohttpd delivers a
 * request, and what is said when there is no such page or method.
 */
#include "pages.h"

#include <debugtoolbar/record.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"

typedef enum MHD_Result (*page_function)(struct visit *visit);

/* The first match counts; a path that ends in * stands for all that begin so. */
static const struct route {
    const char *path;
    page_function get;
    page_function post;
} routes[] = {
    {"/", page_start, NULL},
    {"/demo.css", page_style, NULL},
    {"/people", page_people, NULL},
    {"/people/fathers", page_fathers, NULL},
    {"/people/new", page_person_form, page_person_add},
    {"/people/*", page_person, NULL},
    {"/api/people.json", page_people_json, NULL},
    {"/download/people.csv", page_people_csv, NULL},
    {"/old", page_people_moved, NULL},
    {"/streamed", page_streamed, NULL},
    {"/large", page_large, NULL},
    {"/tips", page_tips, NULL},
    {"/tips/*", page_tip, NULL},
};

/* Kept from the first call of the handler to the completed callback. */
struct progress {
    const struct route *route; /* NULL: 404 */
    size_t tail;
    struct form *form;
};

static bool route_matches(const struct route *route, const char *url, size_t *tail)
{
    size_t length = strlen(route->path);
    bool prefix = route->path[length - 1] == '*';
    *tail = prefix ? length - 1 : length;
    return prefix ? strncmp(url, route->path, length - 1) == 0 : strcmp(url, route->path) == 0;
}

static const struct route *find_route(const char *url, size_t *tail)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (route_matches(&routes[i], url, tail)) return &routes[i];
    }
    *tail = 0;
    return NULL;
}

static enum MHD_Result begin(struct MHD_Connection *connection, const char *url, const char *method,
                             void **req_cls)
{
    struct progress *progress = calloc(1, sizeof *progress);
    if (!progress) return MHD_NO;
    *req_cls = progress;
    progress->route = find_route(url, &progress->tail);
    bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    if (post && progress->route && progress->route->post) {
        progress->form = form_new(connection);
        if (!progress->form) return MHD_NO;
    }
    return MHD_YES;
}

static enum MHD_Result answer(const struct route *route, struct visit *visit, const char *method)
{
    if (!route) return page_not_found(visit);
    if (visit->head || strcmp(method, MHD_HTTP_METHOD_GET) == 0) return route->get(visit);
    if (visit->form) return route->post(visit);
    return reply_method_not_allowed(visit->connection,
                                    route->post ? "GET, HEAD, POST" : "GET, HEAD");
}

enum MHD_Result pages_handler(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls)
{
    (void)version;
    struct progress *progress = *req_cls;
    if (!progress) return begin(connection, url, method, req_cls);
    if (*upload_data_size) {
        if (progress->form) form_feed(progress->form, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return MHD_YES;
    }
    struct visit visit = {
        .demo = cls,
        .connection = connection,
        .url = url,
        .tail = url + progress->tail,
        .head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0,
        .form = progress->form,
    };
    return answer(progress->route, &visit, method);
}

void pages_completed(void *cls, struct MHD_Connection *connection, void **req_cls,
                     enum MHD_RequestTerminationCode toe)
{
    (void)cls, (void)connection, (void)toe;
    struct progress *progress = *req_cls;
    if (!progress) return;
    form_free(progress->form);
    free(progress);
    *req_cls = NULL;
}

enum MHD_Result page_not_found(struct visit *visit)
{
    toolbar_message(TOOLBAR_MESSAGE_WARNING, "no page and nobody lives here");
    return reply_message(visit->connection, MHD_HTTP_NOT_FOUND, "There is no such page",
                         "Nothing lives at this address, in the demo or in its database.");
}
