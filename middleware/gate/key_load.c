/* Where the secret key comes from: a string, a file, or an environment variable. */
#include "gate/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAXIMUM = TOOLBAR__KEY_MAXIMUM + 64 /* bytes, with room for white space at the end */ };

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

static enum toolbar_error set_from_file(struct toolbar__keys *keys, const char *path)
{
    char key[FILE_MAXIMUM + 1];
    ssize_t length;
    int fd;
    enum toolbar_error error = open_file(path, &fd);

    if (error) return error;
    length = read_all(fd, key, sizeof key);
    close(fd);
    error = TOOLBAR_ERROR_KEY_FILE;
    if (length < 0) goto out;
    error = TOOLBAR_ERROR_KEY_CHARACTERS;
    if (length > FILE_MAXIMUM) goto out;
    while (length && strchr(" \t\r\n\v\f", key[length - 1]) && key[length - 1]) {
        length--;
    }
    if (memchr(key, '\0', (size_t)length)) goto out;
    key[length] = '\0';
    error = toolbar__keys_set(keys, key, NULL);
out:
    toolbar__wipe(key, sizeof key);
    return error;
}

enum toolbar_error toolbar__keys_load(struct toolbar__keys *keys,
                                      const struct toolbar_options *options)
{
    const char *key = options->secret_key;
    int sources = !!key + !!options->secret_key_file + !!options->secret_key_environment;

    if (sources > 1) return TOOLBAR_ERROR_KEY_SOURCES;
    if (options->secret_key_file) return set_from_file(keys, options->secret_key_file);
    if (options->secret_key_environment) {
        key = getenv(options->secret_key_environment);
        if (!key) return TOOLBAR_ERROR_KEY_ENVIRONMENT;
    }
    return toolbar__keys_set(keys, key, NULL);
}
