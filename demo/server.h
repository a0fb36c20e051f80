/* The demo's two doors: HTTPS, where the toolbar may be shown, and plain HTTP, where never. */
#ifndef DEMO_SERVER_H
#define DEMO_SERVER_H

#include "demo.h"

struct server;

/*
 * Starts both listeners and fills in the ports and the CA of `demo`. 0 and *server, or the exit
 * status after one line on stderr.
 */
int server_start(struct demo *demo, struct server **server);

/* Ends all connections and threads. NULL is allowed. */
void server_stop(struct server *server);

#endif
