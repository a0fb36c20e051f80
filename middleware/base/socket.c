#include "base/socket.h"

#include <sys/socket.h>

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif

uint64_t toolbar__socket_cookie(int fd)
{
    uint64_t cookie = 0;
    socklen_t length = sizeof cookie;

    return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0 ? cookie : 0;
}
