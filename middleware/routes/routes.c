/* The table of addresses, and how a path is matched against it. */
#include "routes/routes.h"

#include <string.h>

#include "routes/route.h"

/* In a pattern @ is an id, # a number and * the rest of the path. */
static const struct {
    const char *pattern;
    toolbar__route_function answer;
    bool changes; /* POST, else GET and HEAD */
} routes[] = {
    {"/", toolbar__route_history, false},
    {"/requests.json", toolbar__route_list, false},
    {"/requests/@", toolbar__route_request, false},
    {"/requests/@.json", toolbar__route_record, false},
    {"/requests/@/trace.json", toolbar__route_trace, false},
    {"/requests/@/queries/#/plan", toolbar__route_plan, false},
    {"/requests/@/queries/#/index", toolbar__route_index, false},
    {"/compare/@/@", toolbar__route_compare, false},
    {"/compare/@/@.json", toolbar__route_compare_json, false},
    {"/clear", toolbar__route_clear, true},
    {"/static/*", toolbar__route_asset, false},
};

static bool match_id(const char **path, char id[TOOLBAR__ID_LENGTH + 1])
{
    if (strspn(*path, "0123456789abcdef") != TOOLBAR__ID_LENGTH) return false;
    memcpy(id, *path, TOOLBAR__ID_LENGTH);
    *path += TOOLBAR__ID_LENGTH;
    return true;
}

/* Without leading zeros, so that every address has one spelling. */
static bool match_number(const char **path, unsigned *number)
{
    size_t digits = strspn(*path, "0123456789");

    if (!digits || digits > 6 || **path == '0') return false;
    for (*number = 0; digits; digits--) {
        *number = *number * 10 + (unsigned)(*(*path)++ - '0');
    }
    return true;
}

static bool match(const char *pattern, const char *path, struct toolbar__visit *visit)
{
    size_t ids = 0;

    for (; *pattern; pattern++) {
        switch (*pattern) {
        case '@':
            if (!match_id(&path, visit->ids[ids++])) return false;
            break;
        case '#':
            if (!match_number(&path, &visit->number)) return false;
            break;
        case '*': visit->name = path; return true;
        default:
            if (*path++ != *pattern) return false;
        }
    }
    return *path == '\0';
}

bool toolbar__route(const struct toolbar__site *site, const char *method, const char *path,
                    bool own_page, struct toolbar__answer *answer)
{
    struct toolbar__visit visit = {.site = site};
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    bool changes = strcmp(method, "POST") == 0 && own_page;

    if (!toolbar__urls_ours(site->urls, path)) return false;
    path += site->urls->prefix_length;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if ((routes[i].changes ? changes : reads) && match(routes[i].pattern, path, &visit)) {
            return routes[i].answer(&visit, answer);
        }
    }
    return false;
}

struct toolbar_recording *toolbar__visit_find(const struct toolbar__visit *visit, size_t index)
{
    struct toolbar__store *store = visit->site->store;

    return store->functions->find(store, visit->ids[index]);
}
