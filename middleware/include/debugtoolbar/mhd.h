/*
 * The toolbar for servers on libmicrohttpd.
 *
 *     struct toolbar_mhd *mhd = toolbar_mhd_new(toolbar, my_handler, my_cls);
 *     MHD_start_daemon(flags, port, NULL, NULL, toolbar_mhd_handler, mhd,
 *                      MHD_OPTION_NOTIFY_COMPLETED, toolbar_mhd_completed, mhd, MHD_OPTION_END);
 *
 * and, in the handler, toolbar_mhd_queue_response() in place of MHD_queue_response(), and the
 * same for the helpers that ask for a password. Responses are made with libmicrohttpd's own
 * functions, by anybody, at any time, and may be shared and queued again and again: they are
 * never changed. A request that is not shown goes straight through.
 *
 * Works with every threading mode, with suspended connections, and with several daemons on one
 * struct toolbar_mhd.
 */
#ifndef DEBUGTOOLBAR_MHD_H
#define DEBUGTOOLBAR_MHD_H

#include <microhttpd.h>

#include <debugtoolbar/toolbar.h>

#ifdef __cplusplus
extern "C" {
#endif

struct toolbar_mhd;

/*
 * Wraps an access handler. `toolbar` must outlive it. NULL without memory, without a toolbar or a
 * handler, and for toolbar_mhd_handler itself: wrapping once is enough. Free it with
 * toolbar_mhd_free() after the daemons have stopped.
 */
TOOLBAR_EXPORT struct toolbar_mhd *
toolbar_mhd_new(struct toolbar *toolbar, MHD_AccessHandlerCallback handler, void *handler_cls);
TOOLBAR_EXPORT void toolbar_mhd_free(struct toolbar_mhd *mhd);

/* The application's own completed callback, if it has one. Before the daemon starts. */
TOOLBAR_EXPORT void toolbar_mhd_on_completed(struct toolbar_mhd *mhd,
                                             MHD_RequestCompletedCallback completed, void *cls);

/* For MHD_start_daemon(), with the struct toolbar_mhd as closure. */
TOOLBAR_EXPORT enum MHD_Result toolbar_mhd_handler(void *mhd, struct MHD_Connection *connection,
                                                   const char *url, const char *method,
                                                   const char *version, const char *upload_data,
                                                   size_t *upload_data_size, void **req_cls);

/*
 * For MHD_OPTION_NOTIFY_COMPLETED, with the struct toolbar_mhd as closure. It is needed: without
 * it the memory of shown requests is never given back.
 */
TOOLBAR_EXPORT void toolbar_mhd_completed(void *mhd, struct MHD_Connection *connection,
                                          void **req_cls, enum MHD_RequestTerminationCode toe);

/*
 * As MHD_queue_response(), under the same rules and with the same result. For a shown request it
 * queues a copy with the panel or at least the toolbar's headers in place of the response; the
 * content reader callback of a response may then run inside this call already, so do not hold a
 * lock here that it takes. One for a body of known length should heed its position: without
 * memory for the copy, the body that has been read is sent from the start.
 */
TOOLBAR_EXPORT enum MHD_Result toolbar_mhd_queue_response(struct MHD_Connection *connection,
                                                          unsigned int status_code,
                                                          struct MHD_Response *response);

/*
 * As MHD_lookup_connection_value(), except that the request of a shown page has no If-None-Match,
 * If-Modified-Since and Accept-Encoding: an answer of 304 or a compressed one could not carry the
 * panel. Only for servers that send such answers.
 */
TOOLBAR_EXPORT const char *toolbar_mhd_lookup_connection_value(struct MHD_Connection *connection,
                                                               enum MHD_ValueKind kind,
                                                               const char *key);

/* As the functions of the same name without toolbar_mhd_ for MHD_. */
TOOLBAR_EXPORT enum MHD_Result
toolbar_mhd_queue_basic_auth_fail_response(struct MHD_Connection *connection, const char *realm,
                                           struct MHD_Response *response);
TOOLBAR_EXPORT enum MHD_Result
toolbar_mhd_queue_auth_fail_response(struct MHD_Connection *connection, const char *realm,
                                     const char *opaque, struct MHD_Response *response,
                                     int signal_stale);
TOOLBAR_EXPORT enum MHD_Result
toolbar_mhd_queue_auth_fail_response2(struct MHD_Connection *connection, const char *realm,
                                      const char *opaque, struct MHD_Response *response,
                                      int signal_stale, enum MHD_DigestAuthAlgorithm algo);

#if MHD_VERSION >= 0x00097701
TOOLBAR_EXPORT enum MHD_Result
toolbar_mhd_queue_basic_auth_required_response3(struct MHD_Connection *connection,
                                                const char *realm, int prefer_utf8,
                                                struct MHD_Response *response);
TOOLBAR_EXPORT enum MHD_Result toolbar_mhd_queue_auth_required_response3(
    struct MHD_Connection *connection, const char *realm, const char *opaque, const char *domain,
    struct MHD_Response *response, int signal_stale, enum MHD_DigestAuthMultiQOP mqop,
    enum MHD_DigestAuthMultiAlgo3 algo, int userhash_support, int prefer_utf8);
#endif

/*
 * As MHD_create_response_from_fd() and its relatives, and the panel of static files shows the
 * file if the response is made while a shown request is served.
 */
TOOLBAR_EXPORT struct MHD_Response *toolbar_mhd_create_response_from_fd(size_t size, int fd);
TOOLBAR_EXPORT struct MHD_Response *toolbar_mhd_create_response_from_fd64(uint64_t size, int fd);
TOOLBAR_EXPORT struct MHD_Response *
toolbar_mhd_create_response_from_fd_at_offset64(uint64_t size, int fd, uint64_t offset);

/*
 * Define TOOLBAR_MHD_DROP_IN before including this file to have a server's existing calls go
 * through the toolbar without touching them.
 */
#ifdef TOOLBAR_MHD_DROP_IN
#define MHD_create_response_from_fd toolbar_mhd_create_response_from_fd
#define MHD_create_response_from_fd64 toolbar_mhd_create_response_from_fd64
#define MHD_create_response_from_fd_at_offset64 toolbar_mhd_create_response_from_fd_at_offset64
#define MHD_queue_response toolbar_mhd_queue_response
#define MHD_lookup_connection_value toolbar_mhd_lookup_connection_value
#define MHD_queue_basic_auth_fail_response toolbar_mhd_queue_basic_auth_fail_response
#define MHD_queue_auth_fail_response toolbar_mhd_queue_auth_fail_response
#define MHD_queue_auth_fail_response2 toolbar_mhd_queue_auth_fail_response2
#if MHD_VERSION >= 0x00097701
#define MHD_queue_basic_auth_required_response3 toolbar_mhd_queue_basic_auth_required_response3
#define MHD_queue_auth_required_response3 toolbar_mhd_queue_auth_required_response3
#endif
#endif

#ifdef __cplusplus
}
#endif
#endif
