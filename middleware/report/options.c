#include "report/options.h"

#include <debugtoolbar/toolbar.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/say.h"

static const char help[] =
    "Usage: debugtoolbar-report URL --key-file FILE [OPTION]...\n"
    "Fetches a page once, as the one who has the key, and prints what the debug toolbar says of\n"
    "the request: figures and advice.\n"
    "\n"
    "  --key-file FILE       the secret key, in a file that only its owner can read (chmod 600)\n"
    "  --max-queries N       more queries than that are over budget\n"
    "  --max-sql-ms N        more milliseconds in queries than that are over budget; 2.5 is fine\n"
    "  --fail-on-advice      any advice is over budget\n"
    "  --json                print one JSON object instead of the table\n"
    "  --ca FILE             trust the certificates of this authority, and no others\n"
    "  --key-header NAME     the header that carries the key; default MYAPPKEY\n"
    "  --url-prefix PATH     where the toolbar's own pages are; default /__debug__\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 all is well; 1 over budget; 2 wrong usage, or there are no figures: the page\n"
    "could not be fetched, is not shown, or answered with something else than success. What is\n"
    "wrong is said on standard error.\n"
    "\n"
    "The key is sent over HTTPS only, to the host in URL only: redirects are not followed. The\n"
    "certificate is verified, except, without --ca, on the loopback interface (localhost, "
    "127.0.0.0/8,\n"
    "::1), where a server in development has one of its own. --ca makes that sure as well:\n"
    "  debugtoolbar-report https://localhost:8443/ --key-file build/demo/toolbar.key \\\n"
    "    --ca build/demo/certificates/ca.pem\n"
    "\n"
    "The JSON object has url, id, method, status, skipped (why the page does not carry the panel, "
    "or\n"
    "null), duration_ms, queries, sql_ms, similar, duplicate, advice (a list of rule, tip, "
    "severity,\n"
    "title, queries, evidence and fix), max_queries and max_sql_ms (or null), fail_on_advice, and\n"
    "over_budget, a list of \"queries\", \"sql_ms\" and \"advice\".\n";

enum {
    KEY_FILE = 256,
    MAX_QUERIES,
    MAX_SQL_MS,
    FAIL_ON_ADVICE,
    JSON,
    CA,
    KEY_HEADER,
    URL_PREFIX,
    HELP,
    VERSION
};

static const struct option known[] = {
    {"key-file", required_argument, NULL, KEY_FILE},
    {"max-queries", required_argument, NULL, MAX_QUERIES},
    {"max-sql-ms", required_argument, NULL, MAX_SQL_MS},
    {"fail-on-advice", no_argument, NULL, FAIL_ON_ADVICE},
    {"json", no_argument, NULL, JSON},
    {"ca", required_argument, NULL, CA},
    {"key-header", required_argument, NULL, KEY_HEADER},
    {"url-prefix", required_argument, NULL, URL_PREFIX},
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
    {NULL, 0, NULL, 0},
};

static bool read_queries(const char *text, long *queries)
{
    char *end;

    errno = 0;
    *queries = strtol(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno) return true;
    return say("--max-queries: '%s' is not a number of queries", text), false;
}

static bool read_ms(const char *text, double *ms)
{
    char *end;

    *ms = strtod(text, &end);
    if (*text >= '0' && *text <= '9' && !*end && isfinite(*ms)) return true;
    return say("--max-sql-ms: '%s' is not a number of milliseconds", text), false;
}

static bool read_header(const char *name, const char **header)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

    *header = name;
    if (*name && !name[strspn(name, plain)]) return true;
    return say("--key-header: '%s' is not the name of a key header", name), false;
}

static bool read_prefix(const char *path, const char **prefix)
{
    size_t length = strlen(path);

    *prefix = path;
    if (*path == '/' && length > 1 && path[length - 1] != '/') return true;
    return say("--url-prefix: '%s' is not a path as /__debug__ is", path), false;
}

static bool take(int option, struct options *options)
{
    switch (option) {
    case KEY_FILE: options->key_file = optarg; return true;
    case MAX_QUERIES: return read_queries(optarg, &options->max_queries);
    case MAX_SQL_MS: return read_ms(optarg, &options->max_sql_ms);
    case FAIL_ON_ADVICE: options->fail_on_advice = true; return true;
    case JSON: options->json = true; return true;
    case CA: options->ca_file = optarg; return true;
    case KEY_HEADER: return read_header(optarg, &options->key_header);
    case URL_PREFIX: return read_prefix(optarg, &options->url_prefix);
    default: return say("see --help"), false;
    }
}

enum options_next options_read(int argc, char **argv, struct options *options)
{
    int option;

    *options = (struct options){
        .key_header = "MYAPPKEY",
        .url_prefix = "/__debug__",
        .max_queries = -1,
        .max_sql_ms = -1,
    };
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == HELP) return fputs(help, stdout), OPTIONS_DONE;
        if (option == VERSION) return puts("debugtoolbar-report " TOOLBAR_VERSION), OPTIONS_DONE;
        if (!take(option, options)) return OPTIONS_WRONG;
    }
    if (optind + 1 != argc || !options->key_file) {
        say("one URL and --key-file are needed; see --help");
        return OPTIONS_WRONG;
    }
    options->url = argv[optind];
    return OPTIONS_RUN;
}
