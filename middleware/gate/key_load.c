/* Where the secret key comes from: a string, a file, or an environment variable. */
#include "gate/key.h"

#include <stdlib.h>

static enum toolbar_error set_from_file(struct toolbar__keys *keys, const char *path)
{
    char key[TOOLBAR__KEY_FILE_MAXIMUM + 1];
    enum toolbar_error error = toolbar__key_read(path, key);

    if (!error) error = toolbar__keys_set(keys, key, NULL);
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
