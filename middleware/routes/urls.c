/* The URL prefix, checked once, and the addresses of the assets. */
#include "routes/routes.h"

#include <stdlib.h>
#include <string.h>

#include "routes/assets.h"

static bool is_path_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("/-._~", c));
}

static bool is_prefix(const char *prefix, size_t length)
{
    if (!length || length > 64 || prefix[0] != '/') return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_path_character(prefix[i])) return false;
    }
    return strstr(prefix, "//") == NULL && strstr(prefix, "..") == NULL;
}

static char *asset_url(const char *prefix, const char *name, const char *extension)
{
    const struct toolbar__asset *asset = toolbar__assets;
    struct toolbar_text text;

    while (strcmp(asset->name, name) != 0 || strcmp(asset->extension, extension) != 0) {
        asset++;
    }
    toolbar__text_init(&text, 256);
    toolbar__text_printf(&text, "%s/static/%s.%s.%s", prefix, asset->name, asset->hash,
                         asset->extension);
    return toolbar__text_take(&text, NULL);
}

enum toolbar_error toolbar__urls_init(struct toolbar__urls *urls, const char *prefix)
{
    size_t length = prefix ? strlen(prefix) : 0;

    *urls = (struct toolbar__urls){0};
    if (length > 1 && prefix[length - 1] == '/') length--;
    if (length < 2 || !is_prefix(prefix, length)) return TOOLBAR_ERROR_URL_PREFIX;
    urls->prefix = strndup(prefix, length);
    if (!urls->prefix) return TOOLBAR_ERROR_MEMORY;
    urls->prefix_length = length;
    urls->style = asset_url(urls->prefix, "toolbar", "css");
    urls->script = asset_url(urls->prefix, "toolbar", "js");
    urls->page_script = asset_url(urls->prefix, "history", "js");
    return urls->style && urls->script && urls->page_script ? TOOLBAR_OK : TOOLBAR_ERROR_MEMORY;
}

bool toolbar__urls_ours(const struct toolbar__urls *urls, const char *path)
{
    return strncmp(path, urls->prefix, urls->prefix_length) == 0;
}

void toolbar__urls_free(struct toolbar__urls *urls)
{
    free(urls->prefix);
    free(urls->style);
    free(urls->script);
    free(urls->page_script);
    *urls = (struct toolbar__urls){0};
}
