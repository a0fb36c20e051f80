/*
 * The demo's pages and the handler that finds them. A page is a function that answers one
 * request; the files pages_*.c hold them.
 */
#ifndef DEMO_PAGES_H
#define DEMO_PAGES_H

#include "demo.h"
#include "form.h"

/* One request on its way to its page. */
struct visit {
    struct demo *demo;
    struct MHD_Connection *connection;
    const char *url;   /* the path, valid during the page's call */
    const char *tail;  /* what follows the path of the page's route */
    bool head;         /* nobody will read the body */
    struct form *form; /* what was posted, else NULL */
};

/* For libmicrohttpd; cls is the struct demo. */
enum MHD_Result pages_handler(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **req_cls);
void pages_completed(void *cls, struct MHD_Connection *connection, void **req_cls,
                     enum MHD_RequestTerminationCode toe);

/* The response that /large always sends; NULL without memory. */
struct MHD_Response *large_response(void);

enum MHD_Result page_not_found(struct visit *visit);

enum MHD_Result page_start(struct visit *visit);
enum MHD_Result page_style(struct visit *visit);

enum MHD_Result page_people(struct visit *visit);
enum MHD_Result page_person(struct visit *visit);
enum MHD_Result page_fathers(struct visit *visit);
enum MHD_Result page_people_moved(struct visit *visit);

enum MHD_Result page_person_form(struct visit *visit);
enum MHD_Result page_person_add(struct visit *visit);

enum MHD_Result page_people_json(struct visit *visit);
enum MHD_Result page_people_csv(struct visit *visit);
enum MHD_Result page_streamed(struct visit *visit);
enum MHD_Result page_large(struct visit *visit);

enum MHD_Result page_tips(struct visit *visit);
enum MHD_Result page_tip(struct visit *visit);

#endif
