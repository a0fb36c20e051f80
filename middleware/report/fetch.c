#include "report/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "report/say.h"

enum {
    ID_LENGTH = 32,
    RECORD_MAXIMUM = 64 * 1024 * 1024, /* bytes */
    CONNECT_MS = 10 * 1000,
    TOTAL_MS = 120 * 1000,
    LINE_MAXIMUM = 512
};

struct body {
    char *data;
    size_t length;
    bool dropped; /* only that it came counts */
};

static size_t take_body(char *data, size_t size, size_t count, void *cls)
{
    struct body *body = cls;
    char *grown;

    (void)size; /* always 1 */
    if (body->dropped) return count;
    if (count > RECORD_MAXIMUM - body->length) return 0;
    grown = realloc(body->data, body->length + count + 1);
    if (!grown) return 0;
    memcpy(grown + body->length, data, count);
    body->data = grown;
    body->length += count;
    grown[body->length] = '\0';
    return count;
}

/* What "localhost" means is not left to a resolver. */
static bool is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;
    char address[INET6_ADDRSTRLEN];
    size_t length = strlen(host);

    if (strcasecmp(host, "localhost") == 0) return true;
    if (inet_pton(AF_INET, host, &four) == 1) return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
    if (*host != '[' || length - 2 >= sizeof address) return false;
    snprintf(address, sizeof address, "%.*s", (int)length - 2, host + 1);
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* The host in `url`, if the key may be sent there. */
static bool read_url(CURLU *url, const char *text, char **host)
{
    char *scheme = NULL, *user = NULL;
    bool right = false;

    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(url, CURLUPART_HOST, host, 0)) {
        say("'%s' is not a URL as https://www.example.com/page is", text);
    } else if (strcmp(scheme, "https") != 0) {
        say("the key is sent over https:// only, and never to '%s'", text);
    } else if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK) {
        say("no user and password in the URL, please");
    } else {
        right = true;
    }
    curl_free(scheme);
    curl_free(user);
    return right;
}

/* Verification is never off but where nobody can stand between. */
static void trust(CURL *curl, const struct options *options, const char *host)
{
    if (options->ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    } else if (is_loopback(host)) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (is_loopback(host)) curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

/* For "localhost", the addresses that it is to have. */
static struct curl_slist *loopback_addresses(CURLU *url, const char *host)
{
    struct curl_slist *list = NULL;
    char entry[64], *port = NULL;

    if (strcasecmp(host, "localhost") != 0) return NULL;
    if (curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        snprintf(entry, sizeof entry, "localhost:%.5s:127.0.0.1,[::1]", port);
        list = curl_slist_append(NULL, entry);
    }
    curl_free(port);
    return list;
}

static bool get(CURL *curl, CURLU *url, struct body *body, long *status)
{
    char reason[CURL_ERROR_SIZE] = "";
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_CURLU, url);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (code != CURLE_OK) {
        say("cannot fetch it: %s", *reason ? reason : curl_easy_strerror(code));
        if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
            say("the certificate is not trusted, so the key was not sent; see --ca in --help");
        }
        return false;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    return true;
}

/* The one header of this name; NULL: there is none, or more. */
static const char *header(CURL *curl, const char *name)
{
    struct curl_header *found;

    if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return NULL;
    return found->amount == 1 ? found->value : NULL;
}

static bool is_id(const char *id)
{
    return id && strspn(id, "0123456789abcdef") == ID_LENGTH && !id[ID_LENGTH];
}

/* The page; then `url` is that of its record. */
static bool get_page(CURL *curl, CURLU *url, const struct options *options, struct fetched *fetched)
{
    struct body page = {.dropped = true};
    char path[LINE_MAXIMUM];
    const char *id, *location;
    long status;

    if (!get(curl, url, &page, &status)) return false;
    id = header(curl, "Debug-Toolbar-Id");
    if (!is_id(id)) {
        say("the page answered %ld, without the toolbar: the key is not the server's, the key "
            "header has another name, or there is no toolbar",
            status);
        return false;
    }
    location = header(curl, "Location");
    if (location) fetched->location = strdup(location);
    if (snprintf(path, sizeof path, "%s/requests/%s.json", options->url_prefix, id) >=
            (int)sizeof path ||
        curl_url_set(url, CURLUPART_PATH, path, 0) || curl_url_set(url, CURLUPART_QUERY, NULL, 0)) {
        say("--url-prefix: this is no path");
        return false;
    }
    return true;
}

static bool get_record(CURL *curl, CURLU *url, struct fetched *fetched)
{
    struct body record = {0};
    long status;

    if (!get(curl, url, &record, &status)) goto fail;
    if (status != 200 || !record.data) {
        say("the page is shown, but its record answered %ld: the URL prefix is another, or the "
            "record is kept by another process of the server",
            status);
        goto fail;
    }
    fetched->body = record.data;
    fetched->length = record.length;
    return true;
fail:
    free(record.data);
    return false;
}

static void wipe(struct curl_slist *list)
{
    if (list) toolbar__wipe(list->data, strlen(list->data));
    curl_slist_free_all(list);
}

static struct curl_slist *key_header(const struct options *options, const char *key)
{
    char line[LINE_MAXIMUM];
    struct curl_slist *list = NULL;

    if (snprintf(line, sizeof line, "%s: %s", options->key_header, key) < (int)sizeof line) {
        list = curl_slist_append(NULL, line);
    }
    toolbar__wipe(line, sizeof line);
    return list;
}

bool fetch_record(const struct options *options, const char *key, struct fetched *fetched)
{
    CURL *curl = curl_easy_init();
    CURLU *url = curl_url();
    struct curl_slist *headers = key_header(options, key), *addresses = NULL;
    char *host = NULL;
    bool done = false;

    *fetched = (struct fetched){0};
    if (!curl || !url || !headers) {
        say("out of memory");
        goto out;
    }
    if (!read_url(url, options->url, &host)) goto out;
    addresses = loopback_addresses(url, host);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, addresses);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    trust(curl, options, host);
    done = get_page(curl, url, options, fetched) && get_record(curl, url, fetched);
out:
    curl_easy_cleanup(curl);
    wipe(headers);
    curl_slist_free_all(addresses);
    curl_free(host);
    curl_url_cleanup(url);
    return done;
}
