/* The decision itself: what the options ask for, in the order that is cheapest and safest. */
#include "gate/gate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gate/audit.h"
#include "gate/fetch.h"
#include "gate/forwarded.h"
#include "gate/header_name.h"
#include "gate/key.h"
#include "gate/names.h"
#include "gate/network.h"

struct toolbar__gate {
    struct toolbar__keys keys;
    char key_header[TOOLBAR__HEADER_NAME_MAXIMUM + 1];
    char key_folded[TOOLBAR__HEADER_NAME_MAXIMUM + 1];
    size_t key_header_length;
    atomic_bool debug;
    atomic_bool warned;       /* that debug alone showed it to somebody far away */
    atomic_bool warned_plain; /* that debug shows nothing over plain HTTP */
    bool only_debug_peers;
    struct toolbar__networks debug_peers;
    struct toolbar__networks proxies;
    enum toolbar_forwarded forwarded;
    toolbar_show_callback show; /* NULL: the default, which needs no call */
    void *show_cls;
    toolbar_log_callback log;
    void *log_cls;
};

static enum toolbar_error init_networks(struct toolbar__gate *gate,
                                        const struct toolbar_options *options)
{
    enum toolbar_error error = toolbar__networks_init(&gate->debug_peers, options->debug_peers);

    if (!error) error = toolbar__networks_init(&gate->proxies, options->trusted_proxies);
    if (error) return error;
    gate->only_debug_peers = options->debug_peers;
    gate->forwarded = options->forwarded;
    switch (options->forwarded) {
    case TOOLBAR_FORWARDED_NONE: return gate->proxies.count ? TOOLBAR_ERROR_FORWARDED : TOOLBAR_OK;
    case TOOLBAR_FORWARDED_X_FORWARDED_PROTO:
    case TOOLBAR_FORWARDED_RFC7239:
        return gate->proxies.count ? TOOLBAR_OK : TOOLBAR_ERROR_FORWARDED;
    }
    return TOOLBAR_ERROR_ARGUMENT;
}

enum toolbar_error toolbar__gate_new(const struct toolbar_options *options,
                                     struct toolbar__gate **result)
{
    struct toolbar__gate *gate = calloc(1, sizeof *gate);
    enum toolbar_error error = TOOLBAR_ERROR_MEMORY;

    if (!gate) return error;
    error = toolbar__keys_init(&gate->keys);
    if (error) {
        free(gate);
        return error;
    }
    gate->show = options->show == toolbar_show_default ? NULL : options->show;
    gate->show_cls = options->show_cls;
    gate->log = options->log;
    gate->log_cls = options->log_cls;
    atomic_init(&gate->debug, options->debug);
    atomic_init(&gate->warned, false);
    atomic_init(&gate->warned_plain, false);
    error = toolbar__header_name_init(options->key_header, gate->key_folded);
    if (error) goto fail;
    gate->key_header_length = strlen(gate->key_folded);
    memcpy(gate->key_header, options->key_header, gate->key_header_length);
    error = init_networks(gate, options);
    if (error) goto fail;
    error = toolbar__keys_load(&gate->keys, options);
    if (error) goto fail;
    *result = gate;
    return TOOLBAR_OK;
fail:
    toolbar__gate_free(gate);
    return error;
}

void toolbar__gate_free(struct toolbar__gate *gate)
{
    if (!gate) return;
    toolbar__keys_done(&gate->keys);
    toolbar__networks_done(&gate->debug_peers);
    toolbar__networks_done(&gate->proxies);
    free(gate);
}

enum toolbar_error toolbar__gate_set_keys(struct toolbar__gate *gate, const char *current,
                                          const char *next)
{
    return toolbar__keys_set(&gate->keys, current, next);
}

bool toolbar__gate_key_matches(const struct toolbar__gate *gate, const char *value)
{
    uint32_t id;

    return value &&
           toolbar__keys_match(&gate->keys, value, strnlen(value, TOOLBAR__KEY_MAXIMUM + 1), &id);
}

void toolbar__gate_set_debug(struct toolbar__gate *gate, bool debug)
{
    atomic_store_explicit(&gate->debug, debug, memory_order_relaxed);
}

bool toolbar__gate_debug(const struct toolbar__gate *gate)
{
    return atomic_load_explicit(&gate->debug, memory_order_relaxed);
}

bool toolbar__gate_is_key_header(const struct toolbar__gate *gate, const char *name, size_t length)
{
    return toolbar__name_similar(name, length, gate->key_folded, gate->key_header_length);
}

bool toolbar__gate_proxied(const struct toolbar_request *request)
{
    return !request->head.source->encrypted(request->head.connection);
}

bool toolbar__gate_same_site(struct toolbar_request *request)
{
    return toolbar__fetch_same_origin(request);
}

bool toolbar__gate_own_page(struct toolbar_request *request)
{
    return toolbar__fetch_own_page(request);
}

static const struct sockaddr *peer_of(const struct toolbar_request *request)
{
    return request->head.source->peer(request->head.connection);
}

/* No key header, debug is on: that is enough, unless the debug peers are named. */
static bool shown_by_debug(const struct toolbar_request *request)
{
    const struct toolbar__gate *gate = request->gate;

    if (!toolbar__gate_debug(gate)) return false;
    if (!gate->only_debug_peers) return true;
    /* A proxy's address says nothing about who is behind it. */
    return !toolbar__gate_proxied(request) &&
           toolbar__networks_contain(&gate->debug_peers, peer_of(request));
}

static struct toolbar__header find_key(const struct toolbar_request *request)
{
    const struct toolbar__gate *gate = request->gate;

    return toolbar__field_find(request, gate->key_folded, gate->key_header_length);
}

static bool is_key(const void *keys, const char *value, size_t length)
{
    uint32_t id;

    return toolbar__key_syntax(value, length) && toolbar__keys_match(keys, value, length, &id);
}

/* `known` is the id of the key that was presented, if it is one: it need not be guessed. */
static struct toolbar__secret make_secret(const struct toolbar__gate *gate,
                                          const struct toolbar__header *key, const uint32_t *known)
{
    struct toolbar__secret secret = {.in_force = is_key, .cls = &gate->keys};

    if (key->candidates) {
        secret.presented = key->value;
        secret.presented_length = key->value_length;
    }
    toolbar__keys_lengths(&gate->keys, known, secret.lengths);
    return secret;
}

void toolbar__gate_secret(const struct toolbar_request *request, struct toolbar__secret *secret)
{
    *secret =
        make_secret(request->gate, &request->key_field, request->keyed ? &request->key_id : NULL);
}

static bool is_plausible(const struct toolbar__header *key)
{
    return toolbar__field_usable(key) && toolbar__key_syntax(key->value, key->value_length);
}

bool toolbar_show_default(struct toolbar_request *request, void *cls)
{
    struct toolbar__header key = find_key(request);
    uint32_t id;

    (void)cls;
    if (!key.candidates) return shown_by_debug(request);
    return is_plausible(&key) &&
           toolbar__keys_match(&request->gate->keys, key.value, key.value_length, &id);
}

/* CONNECT and OPTIONS are not about a page, TRACE would send the key back. */
static bool is_eligible(const struct toolbar__head *head)
{
    static const char *const never[] = {"CONNECT", "OPTIONS", "TRACE"};

    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (strcmp(head->method, never[i]) == 0) return false;
    }
    return strcmp(head->version, "HTTP/1.1") == 0 || strcmp(head->version, "HTTP/1.0") == 0;
}

static bool is_secure(struct toolbar_request *request)
{
    const struct toolbar__gate *gate = request->gate;

    if (request->head.source->encrypted(request->head.connection)) return true;
    return toolbar__networks_contain(&gate->proxies, peer_of(request)) &&
           toolbar__forwarded_https(request, gate->forwarded);
}

/* The callback reads the key through toolbar_request_meta(), so it gets a terminated copy. */
static bool ask(struct toolbar_request *request)
{
    const struct toolbar__gate *gate = request->gate;
    const struct toolbar__header *key = &request->key_field;
    char copy[TOOLBAR__KEY_MAXIMUM + 1] = "";
    bool shown;

    if (key->candidates) {
        memcpy(copy, key->value, key->value_length);
        request->key = copy;
    }
    shown = gate->show(request, gate->show_cls);
    request->key = NULL;
    toolbar__wipe(copy, sizeof copy);
    return shown;
}

static void log_event(struct toolbar_request *request, enum toolbar__audit_event event)
{
    const struct toolbar__gate *gate = request->gate;
    struct toolbar__audit audit = {.event = event, .key_id = request->key_id};
    char line[TOOLBAR__AUDIT_MAXIMUM];

    if (!gate->log) return;
    audit.secret = make_secret(gate, &request->key_field, NULL);
    if (event != TOOLBAR__AUDIT_BURNED && toolbar__gate_proxied(request)) {
        audit.forwarded = toolbar__known(request, gate->forwarded == TOOLBAR_FORWARDED_RFC7239
                                                      ? TOOLBAR__KNOWN_FORWARDED
                                                      : TOOLBAR__KNOWN_FORWARDED_FOR);
    }
    toolbar__audit_line(line, request, &audit);
    gate->log(gate->log_cls, TOOLBAR_LOG_AUDIT, line);
}

static void warn_once(const struct toolbar__gate *gate, atomic_bool *warned, const char *line)
{
    if (!gate->log || atomic_load_explicit(warned, memory_order_relaxed)) return;
    if (atomic_exchange_explicit(warned, true, memory_order_relaxed)) return;
    gate->log(gate->log_cls, TOOLBAR_LOG_WARNING, line);
}

static void warn_of_others(const struct toolbar_request *request)
{
    struct toolbar__gate *gate = request->gate;

    if (gate->only_debug_peers) return;
    if (toolbar__is_loopback(peer_of(request)) && !toolbar__gate_proxied(request)) return;
    warn_once(gate, &gate->warned,
              "debugtoolbar: the debug flag is on, and it is shown without a key to other machines "
              "than this one: set debug_peers, or turn the flag off");
}

/* The first thing that goes wrong for somebody who tries debug mode. */
static void warn_of_plain(struct toolbar__gate *gate)
{
    if (!toolbar__gate_debug(gate)) return;
    warn_once(gate, &gate->warned_plain,
              "debugtoolbar: the debug flag is on, but a request came over plain HTTP, where "
              "nothing is ever shown: use HTTPS, toolbar_tls_listen() for example");
}

/* A right key over plain HTTP is known to everybody on the way. */
static enum toolbar__verdict refuse_plain(struct toolbar_request *request)
{
    if (!request->key_field.candidates) warn_of_plain(request->gate);
    if (!request->keyed) return TOOLBAR__HIDDEN;
    log_event(request, TOOLBAR__AUDIT_BURNED);
    return TOOLBAR__BURNED;
}

static enum toolbar__verdict show_by_debug(struct toolbar_request *request)
{
    if (!shown_by_debug(request) || !toolbar__fetch_navigation(request)) return TOOLBAR__HIDDEN;
    warn_of_others(request);
    return TOOLBAR__SHOWN;
}

static bool has_right_key(struct toolbar_request *request)
{
    const struct toolbar__header *key = &request->key_field;

    return key->candidates && toolbar__keys_match(&request->gate->keys, key->value,
                                                  key->value_length, &request->key_id);
}

/* The key comes first: a wrong one, which anybody can send, costs one digest and no more. */
static enum toolbar__verdict decide_eligible(struct toolbar_request *request)
{
    const struct toolbar__gate *gate = request->gate;
    bool presented = request->key_field.candidates;

    if (presented && !is_plausible(&request->key_field)) return TOOLBAR__HIDDEN;
    request->keyed = has_right_key(request);
    if (presented && !request->keyed && !gate->show) return TOOLBAR__HIDDEN;
    if (!is_secure(request)) return refuse_plain(request);
    if (!gate->show && !presented) return show_by_debug(request);
    if (gate->show && !ask(request)) return TOOLBAR__HIDDEN;
    if (!toolbar__fetch_same_origin(request)) return TOOLBAR__HIDDEN;
    log_event(request, request->keyed ? TOOLBAR__AUDIT_KEY : TOOLBAR__AUDIT_CALLBACK);
    return TOOLBAR__SHOWN;
}

/* Only a header under exactly its name can be the key: here ends nearly every request. */
bool toolbar__gate_may_show(const struct toolbar__gate *gate,
                            const struct toolbar__head_source *source, void *connection)
{
    if (gate->show || toolbar__gate_debug(gate)) return true;
    return toolbar__keys_any(&gate->keys) &&
           source->has(connection, gate->key_header, gate->key_header_length);
}

enum toolbar__verdict toolbar__gate_decide(struct toolbar_request *request)
{
    request->looked = false;
    request->keyed = false;
    request->key_id = 0;
    request->key_field = (struct toolbar__header){0};
    if (!is_eligible(&request->head)) return TOOLBAR__HIDDEN;
    request->key_field = find_key(request);
    return decide_eligible(request);
}
