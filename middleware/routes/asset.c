/*
 * Style sheets and scripts: their addresses change with their contents, so they are kept for ever.
 * They stand compressed in the library, and are sent so without being asked: who shows a page with
 * the panel is a browser, and every browser can read it.
 */
#include <stdio.h>
#include <string.h>

#include "routes/assets.h"
#include "routes/route.h"

#ifdef TOOLBAR_STATIC_DIR
static bool append_file(const char *name, int name_length, struct toolbar_text *text)
{
    char path[1024];
    char buffer[4096];
    size_t got;
    FILE *file;

    snprintf(path, sizeof path, "%s/%.*s", TOOLBAR_STATIC_DIR, name_length, name);
    file = fopen(path, "rb");
    if (!file) return false;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        toolbar_text_append(text, buffer, got);
    }
    fclose(file);
    return true;
}

/* While one works on the interface: the files as they are now, under whatever hash. */
static bool asset_body(const struct toolbar__asset *asset, struct toolbar_text *text)
{
    bool script = strcmp(asset->extension, "js") == 0;

    if (script) toolbar_text_literal(text, "(() => {\n'use strict';\n");
    for (const char *part = asset->parts; *part; part += strspn(part, " ")) {
        size_t length = strcspn(part, " ");

        if (!append_file(part, (int)length, text)) return false;
        part += length;
    }
    if (script) toolbar_text_literal(text, "})();\n");
    return true;
}
#else
static bool asset_body(const struct toolbar__asset *asset, struct toolbar_text *text)
{
    toolbar_text_append(text, (const char *)asset->gzip, asset->gzip_length);
    return true;
}
#endif

bool toolbar__route_asset(const struct toolbar__visit *visit, struct toolbar__answer *answer)
{
    const struct toolbar__asset *asset;
    struct toolbar_text text;
    char expected[128];

    toolbar__text_init(&text, TOOLBAR__ANSWER_MAXIMUM);
    for (asset = toolbar__assets; asset->name; asset++) {
        snprintf(expected, sizeof expected, "%s.%s.%s", asset->name, asset->hash, asset->extension);
        if (strcmp(visit->name, expected) == 0) break;
    }
    if (!asset->name || !asset_body(asset, &text)) return false;
    if (!toolbar__answer_json(answer, &text, 200)) return false;
    answer->content_type = asset->type;
#ifndef TOOLBAR_STATIC_DIR
    answer->content_encoding = "gzip";
    answer->cache_control = "private, max-age=31536000, immutable";
#endif
    return true;
}
