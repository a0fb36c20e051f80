/*
 * debugtoolbar-report: the debug toolbar for scripts. It is a program of its own, which shares
 * with the library how a key is read and what must not be shown as it is, and links none of it.
 */
#include <curl/curl.h>
#include <debugtoolbar/toolbar.h>
#include <stdlib.h>
#include <string.h>

#include "gate/key.h"
#include "report/fetch.h"
#include "report/print.h"
#include "report/record.h"
#include "report/say.h"

enum { FINE = 0, OVER_BUDGET = 1, FAILED = 2 };

static bool read_key(const char *path, char key[TOOLBAR__KEY_FILE_MAXIMUM + 1])
{
    enum toolbar_error error = toolbar__key_read(path, key);

    if (!error) error = toolbar__key_check(key, strlen(key));
    if (error) say("%s: %s", path, toolbar_error_text(error));
    return !error;
}

static struct verdict judge(const struct options *options, const struct record *record)
{
    struct verdict verdict = {
        .queries = options->max_queries >= 0 && record->queries > options->max_queries,
        .sql_ms = options->max_sql_ms >= 0 && record->sql_ms > options->max_sql_ms,
        .advice = options->fail_on_advice && json_array_size(record->advice) > 0,
    };

    return verdict;
}

static int say_verdict(const struct options *options, const struct record *record,
                       const struct verdict *verdict)
{
    if (verdict->queries) {
        say("over budget: %" JSON_INTEGER_FORMAT " queries, and %ld are allowed", record->queries,
            options->max_queries);
    }
    if (verdict->sql_ms) {
        say("over budget: %.3f ms in queries, and %g are allowed", record->sql_ms,
            options->max_sql_ms);
    }
    if (verdict->advice) say("there is advice, and none is allowed");
    return verdict->queries || verdict->sql_ms || verdict->advice ? OVER_BUDGET : FINE;
}

/* Figures of something else than the page that was meant must not look fine. */
static bool is_success(const struct record *record, const char *location)
{
    if (record->status >= 200 && record->status < 300) return true;
    if (location) {
        say("the page answered %" JSON_INTEGER_FORMAT " and leads to '%s', which is not followed",
            record->status, location);
    } else {
        say("the page answered %" JSON_INTEGER_FORMAT, record->status);
    }
    return false;
}

static int report(const struct options *options, const char *key, const struct fetched *fetched)
{
    struct record record;
    struct verdict verdict;
    int status = FAILED;

    if (fetched->location) record_mask(fetched->location, key);
    if (!record_read(fetched->body, fetched->length, key, &record)) return status;
    verdict = judge(options, &record);
    if (options->json ? print_json(options, &record, &verdict) : print_table(options, &record)) {
        status = say_verdict(options, &record, &verdict);
        if (record.skipped) say("the page does not carry the panel: %s", record.skipped);
        if (!is_success(&record, fetched->location)) status = FAILED;
    }
    record_done(&record);
    return status;
}

int main(int argc, char **argv)
{
    char key[TOOLBAR__KEY_FILE_MAXIMUM + 1] = "";
    struct options options;
    struct fetched fetched = {0};
    int status = FAILED;

    switch (options_read(argc, argv, &options)) {
    case OPTIONS_DONE: return FINE;
    case OPTIONS_WRONG: return FAILED;
    case OPTIONS_RUN: break;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        say("libcurl cannot start");
        return FAILED;
    }
    if (read_key(options.key_file, key) && fetch_record(&options, key, &fetched)) {
        status = report(&options, key, &fetched);
    }
    toolbar__wipe(key, sizeof key);
    free(fetched.body);
    free(fetched.location);
    curl_global_cleanup();
    return status;
}
