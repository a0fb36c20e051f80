/* What the kernel knows of a socket. */
#ifndef TOOLBAR_BASE_SOCKET_H
#define TOOLBAR_BASE_SOCKET_H

#include <stdint.h>

/*
 * A number that this socket has and no other ever had, unlike its descriptor; 0 if the kernel
 * has none to give.
 */
uint64_t toolbar__socket_cookie(int fd);

#endif
