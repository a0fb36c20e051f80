/*
 * The real demo server as a child process: started on free ports with files in the scratch
 * directory, stopped by a signal. The program is named by the environment, TOOLBAR_DEMO.
 */
#ifndef TEST_DEMO_H
#define TEST_DEMO_H

#include <stdint.h>
#include <sys/types.h>

#include "reply.h"

struct demo_process {
    pid_t pid;
    uint16_t https_port;
    uint16_t http_port;
    int out;    /* its standard output */
    int errors; /* the file that its standard error goes to */
};

/* How one run ended. */
struct demo_result {
    int status; /* of exit; 128 and the number of the signal that ended it, as shells have it */
    struct bytes out;
    struct bytes errors;
};

/*
 * Starts it with `arguments` (NULL-terminated) behind those for free ports and for a database
 * and certificates of its own. Fails the running test if it does not get to listening.
 */
struct demo_process *demo_start(const char *const *arguments);

/* Ends it by that signal, waits, and frees it. */
struct demo_result demo_stop(struct demo_process *demo, int signal);

/* Runs it with exactly these arguments until it ends by itself. */
struct demo_result demo_run(const char *const *arguments);
/* The same with another program. */
struct demo_result program_run(const char *program, const char *const *arguments);
void demo_result_free(struct demo_result *result);

#endif
