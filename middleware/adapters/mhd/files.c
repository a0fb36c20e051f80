/* Responses from a descriptor: what file it is, only the system knows by now. */
#include <debugtoolbar/mhd.h>
#include <debugtoolbar/record.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "record/current.h"

/* A refused response is no file that was sent. */
static struct MHD_Response *note(struct MHD_Response *response, int fd, uint64_t size)
{
    char link[sizeof "/proc/self/fd/-2147483648"];
    char path[PATH_MAX];
    ssize_t length;

    if (!toolbar__current || !response) return response;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) length = 0;
    path[length] = '\0';
    toolbar_static_file(path, size);
    return response;
}

struct MHD_Response *toolbar_mhd_create_response_from_fd(size_t size, int fd)
{
    return note(MHD_create_response_from_fd(size, fd), fd, size);
}

struct MHD_Response *toolbar_mhd_create_response_from_fd64(uint64_t size, int fd)
{
    return note(MHD_create_response_from_fd64(size, fd), fd, size);
}

struct MHD_Response *toolbar_mhd_create_response_from_fd_at_offset64(uint64_t size, int fd,
                                                                     uint64_t offset)
{
    return note(MHD_create_response_from_fd_at_offset64(size, fd, offset), fd, size);
}
