#include "routes/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panels/element.h"
#include "record/plan.h"
#include "routes/assets.h"

/* The record of a 500-query request is a few hundred kilobytes. */
enum { ANSWER_MAXIMUM = 8 * 1024 * 1024 };

static const char no_store[] = "private, no-store";
static const char json_type[] = "application/json";

static bool answer_text(struct toolbar__answer *answer, struct toolbar_text *text, unsigned status)
{
    answer->status = status;
    answer->content_type = json_type;
    answer->cache_control = no_store;
    answer->body = toolbar__text_take(text, &answer->length);
    return answer->body != NULL;
}

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
    toolbar_text_append(text, asset->data, asset->length);
    return true;
}
#endif

static bool route_asset(const char *name, struct toolbar__answer *answer)
{
    const struct toolbar__asset *asset;
    struct toolbar_text text;
    char expected[128];

    toolbar__text_init(&text, ANSWER_MAXIMUM);
    for (asset = toolbar__assets; asset->name; asset++) {
        snprintf(expected, sizeof expected, "%s.%s.%s", asset->name, asset->hash, asset->extension);
        if (strcmp(name, expected) == 0) break;
    }
    if (!asset->name || !asset_body(asset, &text) || !answer_text(answer, &text, 200)) return false;
    answer->content_type = asset->type;
#ifndef TOOLBAR_STATIC_DIR
    answer->cache_control = "private, max-age=31536000, immutable";
#endif
    return true;
}

static void list_entry(struct toolbar_json *json, const struct toolbar_recording *recording)
{
    toolbar_json_open_object(json);
    toolbar_json_name(json, "id");
    toolbar_json_string(json, recording->id);
    toolbar_json_name(json, "time");
    toolbar__json_time(json, recording->wall_ms);
    toolbar_json_name(json, "method");
    toolbar_json_string(json, recording->method);
    toolbar_json_name(json, "url");
    toolbar_json_string(json, recording->url);
    toolbar_json_name(json, "status");
    toolbar_json_integer(json, recording->status);
    toolbar_json_name(json, "duration_ms");
    toolbar_json_ms(json, recording->duration_ns);
    toolbar_json_name(json, "queries");
    toolbar_json_integer(json, recording->query_count);
    toolbar_json_name(json, "sql_ms");
    toolbar_json_ms(json, recording->sql_ns);
    toolbar_json_name(json, "advice");
    toolbar_json_integer(json, 0);
    toolbar_json_close_object(json);
}

static bool route_list(struct toolbar__store *store, struct toolbar__answer *answer)
{
    struct toolbar_recording *recordings[TOOLBAR__STORE_REQUESTS];
    size_t count = store->functions->list(store, recordings, TOOLBAR__STORE_REQUESTS);
    struct toolbar_text text;
    struct toolbar_json json;

    toolbar__text_init(&text, ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    toolbar_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        list_entry(&json, recordings[i]);
        toolbar__recording_unref(recordings[i]);
    }
    toolbar_json_close_array(&json);
    return answer_text(answer, &text, 200);
}

static bool is_id(const char *name)
{
    size_t length = strspn(name, "0123456789abcdef");

    return length == TOOLBAR__ID_LENGTH && strcmp(name + length, ".json") == 0;
}

static bool route_record(struct toolbar__store *store, const char *name,
                         struct toolbar__answer *answer)
{
    struct toolbar_recording *recording;
    struct toolbar_text text;
    char id[TOOLBAR__ID_LENGTH + 1] = {0};
    unsigned status = 200;

    if (!is_id(name)) return false;
    memcpy(id, name, TOOLBAR__ID_LENGTH);
    recording = store->functions->find(store, id);
    toolbar__text_init(&text, ANSWER_MAXIMUM);
    if (recording) {
        toolbar__record_json(recording, &text);
        toolbar__recording_unref(recording);
    } else {
        status = 404;
        toolbar_text_literal(&text, "{\"error\":\"This request is no longer kept. Reload the page "
                                    "and try again.\"}");
    }
    return answer_text(answer, &text, status);
}

/* "<id>/queries/<n>/plan" */
static bool route_plan(struct toolbar__store *store, const char *name,
                       struct toolbar__answer *answer)
{
    struct toolbar_recording *recording;
    struct toolbar_text text;
    struct toolbar_json json;
    char id[TOOLBAR__ID_LENGTH + 1];
    unsigned number;
    int end = -1;

    if (sscanf(name, "%32[0-9a-f]/queries/%9u/plan%n", id, &number, &end) != 2 || end < 0 ||
        name[end]) {
        return false;
    }
    recording = store->functions->find(store, id);
    toolbar__text_init(&text, ANSWER_MAXIMUM);
    toolbar__json_init(&json, &text);
    if (recording && toolbar__plan(recording, number, &json)) {
        toolbar__recording_unref(recording);
        return answer_text(answer, &text, 200);
    }
    toolbar__recording_unref(recording);
    toolbar_text_literal(&text, "{\"error\":\"This query is no longer kept.\"}");
    return answer_text(answer, &text, 404);
}

bool toolbar__route(const struct toolbar__urls *urls, struct toolbar__store *store,
                    const char *method, const char *path, struct toolbar__answer *answer)
{
    const char *rest = path + urls->prefix_length;

    if (strncmp(path, urls->prefix, urls->prefix_length) != 0) return false;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) return false;
    if (strcmp(rest, "/requests.json") == 0) return route_list(store, answer);
    if (strncmp(rest, "/requests/", 10) == 0) {
        return route_record(store, rest + 10, answer) || route_plan(store, rest + 10, answer);
    }
    if (strncmp(rest, "/static/", 8) == 0) return route_asset(rest + 8, answer);
    return false;
}

void toolbar__route_headers(const struct toolbar__answer *answer,
                            void (*add)(void *cls, const char *name, const char *value), void *cls)
{
    add(cls, "Content-Type", answer->content_type);
    add(cls, "Cache-Control", answer->cache_control);
    add(cls, "X-Content-Type-Options", "nosniff");
    add(cls, "Cross-Origin-Resource-Policy", "same-origin");
    add(cls, "Cross-Origin-Opener-Policy", "same-origin");
    add(cls, "Referrer-Policy", "no-referrer");
    add(cls, "X-Frame-Options", "DENY");
    add(cls, "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
}
