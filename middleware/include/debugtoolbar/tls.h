/*
 * HTTPS for a libmicrohttpd server, by mbedTLS: a listener of its own terminates TLS and hands
 * the plain connections to the daemon inside the process. The daemon needs no TLS support, keeps
 * its own plain port if it has one, and sees the clients' real addresses. Connections that come
 * this way are known to the toolbar as secure, without a header that somebody could forge.
 *
 * What is spoken is TLS 1.2 (1.3 with mbedTLS 3.6.6 or newer) with forward secrecy and
 * authenticated encryption only, and HTTP/1.1. A request whose head is malformed or ambiguous is
 * answered with 400 (431 if it is longer than 32 KiB) and never reaches the daemon.
 */
#ifndef DEBUGTOOLBAR_TLS_H
#define DEBUGTOOLBAR_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <debugtoolbar/export.h>
#include <debugtoolbar/toolbar.h>

#ifdef __cplusplus
extern "C" {
#endif

struct MHD_Daemon;
struct toolbar_tls_listener;

/* Start from TOOLBAR_TLS_OPTIONS_INIT. All strings are only read during toolbar_tls_listen(). */
struct toolbar_tls_options {
    /*
     * The numeric address to bind. Default "127.0.0.1": nobody else can connect. "::" takes
     * connections over IPv6 and IPv4 on all interfaces, "0.0.0.0" over IPv4.
     */
    const char *address;

    /* Default 0: any that is free, see toolbar_tls_port(). */
    uint16_t port;

    /* Both required, PEM: the server's certificate followed by intermediate ones, and its key. */
    const char *certificate_file;
    const char *key_file;

    /*
     * Threads that do the cryptography, 1 to 64. Default 1: a handshake costs it some
     * milliseconds. More than one needs an mbedTLS that was built with MBEDTLS_THREADING_C.
     */
    unsigned threads;

    /* Connections at once; more wait in the kernel. Default 4096. Each takes three descriptors. */
    size_t connection_limit;

    /* A client that has not finished its handshake by then is dropped. Default 10000. */
    unsigned handshake_timeout_ms;

    /*
     * A connection on which nothing has moved for so long is closed. Bytes of a request head
     * that is not complete do not count as movement. While a complete request waits for the
     * first byte of its answer there is no limit but the application's own. Default 60000.
     */
    unsigned idle_timeout_ms;

    /*
     * Default false: the daemon has threads of its own. True: the listener's thread, of which
     * there is one then, runs the daemon as well, and nobody else may. Handing requests from
     * thread to thread costs more than a small page does, so this takes a quarter to a third less
     * processor time; but a request handler that takes long holds up everybody, as in any server
     * that has one thread. All signals are blocked in that thread. After toolbar_tls_close()
     * nobody runs the daemon any more.
     */
    bool run_daemon;
};

#define TOOLBAR_TLS_OPTIONS_INIT                                                                   \
    {                                                                                              \
        .address = "127.0.0.1", .threads = 1, .connection_limit = 4096,                            \
        .handshake_timeout_ms = 10000, .idle_timeout_ms = 60000                                    \
    }

/*
 * Opens an HTTPS port for `daemon` and starts the threads that serve it. *listener is set on
 * success only and belongs to the caller, who closes it before the daemon is stopped. The daemon
 * must have been started with MHD_USE_INTERNAL_POLLING_THREAD and MHD_USE_ITC (or a flag that
 * implies it: MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC is a good choice), or for `run_daemon`
 * with MHD_USE_EPOLL and without a thread; and without MHD_USE_TLS. In a daemon that uses
 * select(), descriptors end at 1024; clients beyond that are answered with 503, so use poll or
 * epoll for more.
 *
 * TOOLBAR_ERROR_ARGUMENT     NULL or out of range
 * TOOLBAR_ERROR_DAEMON       the daemon was started without the flags above
 * TOOLBAR_ERROR_CERTIFICATE  a file cannot be read, or the key is not the certificate's
 * TOOLBAR_ERROR_TLS          mbedTLS failed, or cannot be used by so many threads
 * TOOLBAR_ERROR_ADDRESS      not a numeric address, or it cannot be bound: errno says why
 * TOOLBAR_ERROR_SYSTEM       no thread, no descriptor, or no SO_COOKIE in this kernel: see errno
 * TOOLBAR_ERROR_MEMORY
 *
 * A child process made by fork() must not use the listener; its threads stay in the parent.
 */
TOOLBAR_EXPORT enum toolbar_error toolbar_tls_listen(struct MHD_Daemon *daemon,
                                                     const struct toolbar_tls_options *options,
                                                     struct toolbar_tls_listener **listener);

/* The port that the listener has. Any thread. */
TOOLBAR_EXPORT uint16_t toolbar_tls_port(const struct toolbar_tls_listener *listener);

/*
 * Stops listening, ends every connection in order and frees the listener. Requests that are
 * being answered have one second to be finished; then all that is left is cut off. Has to be
 * called before MHD_stop_daemon(), by one thread, not by a request handler. NULL is allowed.
 */
TOOLBAR_EXPORT void toolbar_tls_close(struct toolbar_tls_listener *listener);

/* Where toolbar_tls_development_certificate() keeps its files. */
struct toolbar_tls_development_files {
    char certificate_file[4096]; /* for toolbar_tls_options */
    char key_file[4096];
    char authority_file[4096]; /* the certificate that a browser or curl --cacert has to trust */
};

/*
 * A certificate for https://localhost, 127.0.0.1 and [::1], for development. Makes on first use,
 * and keeps in `directory`, a local certificate authority (10 years, ECDSA P-256, allowed to sign
 * for these three names only) and a server certificate (at most 90 days), which is made anew when
 * less than two weeks of it are left, when it is unusable or not of this authority. The directory
 * is made with mode 0700 if it is not there, its parent has to be; keys have mode 0600. May be
 * called by several processes at once. *files is set on success only.
 *
 * TOOLBAR_ERROR_ARGUMENT     NULL, or the path is too long
 * TOOLBAR_ERROR_CERTIFICATE  others may write into the directory or read a key in it
 * TOOLBAR_ERROR_SYSTEM       a file cannot be read or written: errno says why
 * TOOLBAR_ERROR_TLS          mbedTLS could not make a key or certificate
 */
TOOLBAR_EXPORT enum toolbar_error
toolbar_tls_development_certificate(const char *directory,
                                    struct toolbar_tls_development_files *files);

#ifdef __cplusplus
}
#endif
#endif
