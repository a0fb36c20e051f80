/*
 * Reads a secret key out of its file. It knows nothing of the keys in force, so that the program
 * that sends a key takes it by the same rules as the server that expects it.
 */
#include "gate/key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A symbolic link is followed: secrets are mounted that way. Everything is checked on the open
 * file, and opening does not wait, so that a FIFO cannot hang the server's start.
 */
static enum toolbar_error open_file(const char *path, int *file)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    enum toolbar_error error = TOOLBAR_ERROR_KEY_FILE;
    struct stat status;

    if (fd < 0) return error;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) goto fail;
    error = TOOLBAR_ERROR_KEY_FILE_MODE;
    if (status.st_mode & 077) goto fail;
    *file = fd;
    return TOOLBAR_OK;
fail:
    close(fd);
    return error;
}

/* Reads at most `size` bytes, to the end if there are fewer. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
    size_t length = 0;

    while (length < size) {
        ssize_t got = read(fd, buffer + length, size - length);

        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

enum toolbar_error toolbar__key_read(const char *path, char key[TOOLBAR__KEY_FILE_MAXIMUM + 1])
{
    ssize_t length;
    int fd;
    enum toolbar_error error = open_file(path, &fd);

    if (error) return error;
    length = read_all(fd, key, TOOLBAR__KEY_FILE_MAXIMUM + 1);
    close(fd);
    if (length < 0) return TOOLBAR_ERROR_KEY_FILE;
    if (length > TOOLBAR__KEY_FILE_MAXIMUM) return TOOLBAR_ERROR_KEY_CHARACTERS;
    while (length && strchr(" \t\r\n\v\f", key[length - 1]) && key[length - 1]) {
        length--;
    }
    if (memchr(key, '\0', (size_t)length)) return TOOLBAR_ERROR_KEY_CHARACTERS;
    key[length] = '\0';
    return TOOLBAR_OK;
}
