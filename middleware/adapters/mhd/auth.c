/*
 * libmicrohttpd's helpers that ask for a password add a header to the response and queue it
 * themselves, so they get the derived response to do that to.
 */
#include "adapters/mhd/queue.h"

enum MHD_Result toolbar_mhd_queue_basic_auth_fail_response(struct MHD_Connection *connection,
                                                           const char *realm,
                                                           struct MHD_Response *response)
{
    struct toolbar__queueing queueing =
        toolbar__queue_begin(connection, MHD_HTTP_UNAUTHORIZED, response);
    enum MHD_Result result = MHD_NO;

    if (queueing.response) {
        result = MHD_queue_basic_auth_fail_response(connection, realm, queueing.response);
    }
    return toolbar__queue_end(&queueing, result);
}

enum MHD_Result toolbar_mhd_queue_auth_fail_response(struct MHD_Connection *connection,
                                                     const char *realm, const char *opaque,
                                                     struct MHD_Response *response,
                                                     int signal_stale)
{
    return toolbar_mhd_queue_auth_fail_response2(connection, realm, opaque, response, signal_stale,
                                                 MHD_DIGEST_ALG_MD5);
}

enum MHD_Result toolbar_mhd_queue_auth_fail_response2(struct MHD_Connection *connection,
                                                      const char *realm, const char *opaque,
                                                      struct MHD_Response *response,
                                                      int signal_stale,
                                                      enum MHD_DigestAuthAlgorithm algo)
{
    struct toolbar__queueing queueing =
        toolbar__queue_begin(connection, MHD_HTTP_UNAUTHORIZED, response);
    enum MHD_Result result = MHD_NO;

    if (queueing.response) {
        result = MHD_queue_auth_fail_response2(connection, realm, opaque, queueing.response,
                                               signal_stale, algo);
    }
    return toolbar__queue_end(&queueing, result);
}

#if MHD_VERSION >= 0x00097701
enum MHD_Result toolbar_mhd_queue_basic_auth_required_response3(struct MHD_Connection *connection,
                                                                const char *realm, int prefer_utf8,
                                                                struct MHD_Response *response)
{
    struct toolbar__queueing queueing =
        toolbar__queue_begin(connection, MHD_HTTP_UNAUTHORIZED, response);
    enum MHD_Result result = MHD_NO;

    if (queueing.response) {
        result = MHD_queue_basic_auth_required_response3(connection, realm, prefer_utf8,
                                                         queueing.response);
    }
    return toolbar__queue_end(&queueing, result);
}

enum MHD_Result toolbar_mhd_queue_auth_required_response3(
    struct MHD_Connection *connection, const char *realm, const char *opaque, const char *domain,
    struct MHD_Response *response, int signal_stale, enum MHD_DigestAuthMultiQOP mqop,
    enum MHD_DigestAuthMultiAlgo3 algo, int userhash_support, int prefer_utf8)
{
    struct toolbar__queueing queueing =
        toolbar__queue_begin(connection, MHD_HTTP_UNAUTHORIZED, response);
    enum MHD_Result result = MHD_NO;

    if (queueing.response) {
        result = MHD_queue_auth_required_response3(connection, realm, opaque, domain,
                                                   queueing.response, signal_stale, mqop, algo,
                                                   userhash_support, prefer_utf8);
    }
    return toolbar__queue_end(&queueing, result);
}
#endif
