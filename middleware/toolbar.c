/* The public face of the library: makes the parts, and hands requests through them. */
#include "toolbar.h"

#include <debugtoolbar/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advisor/advice.h"
#include "base/digest.h"
#include "base/hash.h"
#include "gate/names.h"
#include "page/skip.h"
#include "panels/editor.h"
#include "panels/element.h"
#include "panels/panel.h"
#include "record/silence.h"

/* Takes the panel with this id out of those of the application. */
static bool take_panel(struct toolbar__application *application, const char *id, size_t length)
{
    const struct toolbar_panel **at = application->panels;

    while (*at && (strlen((*at)->id) != length || memcmp((*at)->id, id, length) != 0)) {
        at++;
    }
    if (!*at) return false;
    for (; *at; at++) {
        at[0] = at[1];
    }
    return true;
}

static enum toolbar_error choose_panels(struct toolbar__application *application, const char *off)
{
    for (size_t i = 0; toolbar__panels[i]; i++) {
        application->panels[i] = toolbar__panels[i];
    }
    while (off && *off) {
        size_t length = strcspn(off, ",");

        if (!take_panel(application, off, length)) return TOOLBAR_ERROR_PANELS_OFF;
        off += length + (off[length] == ',');
    }
    return TOOLBAR_OK;
}

static enum toolbar_error choose_silences(struct toolbar *toolbar, const char *const *entries)
{
    if (!entries) return TOOLBAR_OK;
    for (size_t i = 0; entries[i]; i++) {
        const char *reason = toolbar__silence_wrong(entries[i], toolbar__is_rule);
        char line[512];

        if (!reason) continue;
        snprintf(line, sizeof line, "debugtoolbar: silenced_advice: \"%.256s\": %s", entries[i],
                 reason);
        for (char *at = line; *at; at++) {
            if (*at < ' ' || *at > '~') *at = '?';
        }
        toolbar__log(toolbar, TOOLBAR_LOG_ERROR, line);
        return TOOLBAR_ERROR_SILENCED_ADVICE;
    }
    toolbar->application.silences = toolbar__silences_new(entries);
    return toolbar->application.silences ? TOOLBAR_OK : TOOLBAR_ERROR_MEMORY;
}

static bool make_token(char token[TOOLBAR__TOKEN_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[TOOLBAR__TOKEN_LENGTH];

    if (!toolbar__random(random, sizeof random)) return false;
    for (size_t i = 0; i < sizeof random; i++) {
        token[i] = digits[random[i] & 15];
    }
    return true;
}

enum toolbar_error toolbar_new(const struct toolbar_options *options, struct toolbar **result)
{
    enum toolbar_error error = TOOLBAR_ERROR_MEMORY;
    struct toolbar *toolbar;

    if (!options || !result) return TOOLBAR_ERROR_ARGUMENT;
    if (options->editor_link && !toolbar__editor_allowed(options->editor_link)) {
        return TOOLBAR_ERROR_EDITOR_LINK;
    }
    if (options->max_queries < 0 || options->max_sql_ms < 0) return TOOLBAR_ERROR_BUDGET;
    toolbar = calloc(1, sizeof *toolbar);
    if (!toolbar) return error;
    toolbar__application_init(&toolbar->application);
    toolbar->application.max_queries = (unsigned)options->max_queries;
    toolbar->application.max_sql_ns = (int64_t)options->max_sql_ms * 1000 * 1000;
    toolbar->hide_values = options->hide_values;
    toolbar->json_pages = options->json_pages;
    toolbar->intercept_redirects = options->intercept_redirects;
    toolbar->log = options->log;
    toolbar->log_cls = options->log_cls;
    error = toolbar__gate_new(options, &toolbar->gate);
    if (error) goto fail;
    error = toolbar__urls_init(&toolbar->urls, options->url_prefix);
    if (error) goto fail;
    error = choose_panels(&toolbar->application, options->panels_off);
    if (error) goto fail;
    error = choose_silences(toolbar, options->silenced_advice);
    if (error) goto fail;
    error = TOOLBAR_ERROR_MEMORY;
    toolbar->key_header = strdup(options->key_header);
    toolbar->application.key_header = toolbar->key_header;
    toolbar->store = toolbar__memory_store_new();
    if (!toolbar->key_header || !toolbar->store || !make_token(toolbar->token)) goto fail;
    if (options->editor_link) {
        toolbar->editor_link = strdup(options->editor_link);
        if (!toolbar->editor_link) goto fail;
        toolbar->application.editor_link = toolbar->editor_link;
    }
    *result = toolbar;
    return TOOLBAR_OK;
fail:
    toolbar_free(toolbar);
    return error;
}

void toolbar_free(struct toolbar *toolbar)
{
    if (!toolbar) return;
    toolbar__gate_free(toolbar->gate);
    toolbar__urls_free(&toolbar->urls);
    if (toolbar->store) toolbar->store->functions->free(toolbar->store);
    toolbar__application_free(&toolbar->application);
    free(toolbar->key_header);
    free(toolbar->editor_link);
    free(toolbar);
}

enum toolbar_error toolbar_set_secret_keys(struct toolbar *toolbar, const char *current,
                                           const char *next)
{
    return toolbar__gate_set_keys(toolbar->gate, current, next);
}

void toolbar_set_debug(struct toolbar *toolbar, bool debug)
{
    toolbar__gate_set_debug(toolbar->gate, debug);
}

bool toolbar_debug(const struct toolbar *toolbar)
{
    return toolbar__gate_debug(toolbar->gate);
}

bool toolbar_key_matches(const struct toolbar *toolbar, const char *value)
{
    return toolbar__gate_key_matches(toolbar->gate, value);
}

static bool is_id(const char *id)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

    return id && *id && id[strspn(id, characters)] == '\0';
}

enum toolbar_error toolbar_panel_add(struct toolbar *toolbar, const struct toolbar_panel *panel)
{
    const struct toolbar_panel **panels;
    size_t count;

    if (!toolbar || !panel || !panel->title || !is_id(panel->id)) return TOOLBAR_ERROR_ARGUMENT;
    panels = toolbar->application.panels;
    for (count = 0; panels[count]; count++) {
        if (strcmp(panels[count]->id, panel->id) == 0) return TOOLBAR_ERROR_ARGUMENT;
    }
    if (count == TOOLBAR__PANELS_MAXIMUM) return TOOLBAR_ERROR_LIMIT;
    panels[count] = panel;
    return TOOLBAR_OK;
}

enum toolbar_error toolbar_setting(struct toolbar *toolbar, const char *name, const char *value)
{
    if (!toolbar) return TOOLBAR_ERROR_ARGUMENT;
    return toolbar__application_setting(&toolbar->application, name, value,
                                        toolbar->hide_values ||
                                            toolbar_key_matches(toolbar, value));
}

enum toolbar_error toolbar_version(struct toolbar *toolbar, const char *name, const char *version)
{
    if (!toolbar) return TOOLBAR_ERROR_ARGUMENT;
    return toolbar__application_version(&toolbar->application, name, version, NULL);
}

void toolbar__log(const struct toolbar *toolbar, enum toolbar_log_level level, const char *line)
{
    if (toolbar->log) toolbar->log(toolbar->log_cls, level, line);
}

enum toolbar__verdict toolbar__decide(struct toolbar *toolbar, struct toolbar_request *request)
{
    enum toolbar__verdict verdict;
    struct toolbar__secret secret;

    request->toolbar = toolbar;
    request->gate = toolbar->gate;
    verdict = toolbar__gate_decide(request);
    if (verdict != TOOLBAR__SHOWN) return verdict;
    request->recording = toolbar__recording_new();
    if (!request->recording) return TOOLBAR__HIDDEN;
    toolbar__gate_secret(request, &secret);
    toolbar__recording_set_secret(request->recording, &secret);
    request->recording->hide_values = toolbar->hide_values;
    request->recording->application = &toolbar->application;
    return TOOLBAR__SHOWN;
}

/* What pages load in passing; a fetch() is no such thing, it is worth a line in the history. */
static bool is_subresource(struct toolbar_request *request)
{
    static const char *const kinds[] = {"style", "script", "image", "font",
                                        "audio", "video",  "track", "manifest"};
    const char *kind = toolbar__field_text(toolbar__known(request, TOOLBAR__KNOWN_FETCH_DEST));

    for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i]) == 0) return true;
    }
    return false;
}

/* Behind a proxy all clients have its address. */
static uint64_t client_of(struct toolbar_request *request)
{
    static const enum toolbar__known names[] = {
        TOOLBAR__KNOWN_USER_AGENT, TOOLBAR__KNOWN_FORWARDED_FOR, TOOLBAR__KNOWN_FORWARDED};
    const struct toolbar__head *head = &request->head;
    uint64_t client = toolbar__redirect_client(head->source->peer(head->connection));

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = toolbar__field_text(toolbar__known(request, names[i]));

        if (value) client = toolbar__hash(client + i, value, strlen(value));
    }
    return client;
}

/* A redirect led here, if one of this client's did just now. */
static void follow_redirect(struct toolbar_request *request, const char *url, size_t length)
{
    struct toolbar_recording *recording = request->recording;
    struct toolbar__store *store = request->toolbar->store;
    struct toolbar_recording *from = NULL;

    if (strcmp(request->head.method, "GET") == 0) {
        from = store->functions->follow(store, toolbar__redirect_target(url, length),
                                        recording->redirect.client_hash);
    }
    if (from) toolbar__redirect_landed(recording, from);
    toolbar__recording_unref(from);
}

void toolbar__begin(struct toolbar_request *request, const char *url, size_t length)
{
    struct toolbar_recording *recording = request->recording;

    recording->subresource = is_subresource(request);
    recording->redirect.client_hash = client_of(request);
    follow_redirect(request, url, length);
    toolbar__panels_begin(request);
}

static struct toolbar__site site_of(const struct toolbar *toolbar)
{
    return (struct toolbar__site){
        .urls = &toolbar->urls,
        .store = toolbar->store,
        .token = toolbar->token,
    };
}

bool toolbar__answer(struct toolbar_request *request, struct toolbar__answer *answer)
{
    struct toolbar__site site = site_of(request->toolbar);

    return toolbar__urls_ours(site.urls, request->head.url) && toolbar__gate_same_site(request) &&
           toolbar__route(&site, request->head.method, request->head.url,
                          toolbar__gate_own_page(request), answer);
}

bool toolbar__answer_body(const struct toolbar_request *request, const char *body, size_t length,
                          struct toolbar__answer *answer)
{
    struct toolbar__site site = site_of(request->toolbar);
    const char *token = toolbar_request_meta(request, "HTTP_X_DEBUG_TOOLBAR_TOKEN");

    return toolbar__route_body(&site, token, body, length, answer);
}

/*
 * Pages load dozens of style sheets, scripts and images, which would push the pages themselves
 * out of the history: of these only what made queries is kept.
 */
static bool is_worth_keeping(const struct toolbar_recording *recording)
{
    return !recording->subresource || recording->query_count;
}

void toolbar__finish(const struct toolbar_request *request, unsigned status, const char *skipped,
                     const struct toolbar__surroundings *page, int64_t work_began_ns,
                     struct toolbar_text *element)
{
    const struct toolbar *toolbar = request->toolbar;
    struct toolbar_recording *recording = request->recording;

    toolbar__panels_end(recording, status);
    toolbar__recording_finish(recording, status, skipped, work_began_ns - recording->begin_ns);
    toolbar__advise(recording);
    if (skipped || !page->other_base) recording->prefix = toolbar->urls.prefix;
    if (!skipped) {
        struct toolbar__element place = {
            .prefix = toolbar->urls.prefix,
            .style_url = toolbar->urls.style,
            .script_url = toolbar->urls.script,
            .nonce = page->nonce,
            .other_base = page->other_base,
            .work_began_ns = work_began_ns - recording->own_ns,
        };

        toolbar__element_render(&place, recording, element);
        if (element->failed) recording->skipped = toolbar__skip_text(TOOLBAR__SKIP_ERROR);
    }
    /* Nobody else reads the recording before it is in the store. */
    recording->own_ns += toolbar__now_ns() - work_began_ns;
    if (is_worth_keeping(recording)) toolbar->store->functions->add(toolbar->store, recording);
}
