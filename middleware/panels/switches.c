/* See the header. The cookie is a stranger's word: anything odd about it leaves all panels on. */
#include "panels/switches.h"

#include <string.h>
#include <strings.h>

#include "record/request.h"

_Static_assert(TOOLBAR__PANELS_MAXIMUM <= 32, "panels_off has a bit for each panel");

enum { VALUE_MAXIMUM = 512 }; /* bytes: more than the ids of all panels have */

static const char cookie_name[] = "debug-toolbar-off";
static const char id_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

struct reader {
    const struct toolbar__application *application;
    uint32_t off;
};

static uint32_t panel_bit(const struct toolbar__application *application, const char *id,
                          size_t length)
{
    for (size_t i = 0; application->panels[i]; i++) {
        const char *known = application->panels[i]->id;

        if (strlen(known) == length && memcmp(known, id, length) == 0) return UINT32_C(1) << i;
    }
    return 0;
}

/* "memory.headers" */
static void read_value(struct reader *reader, const char *value, size_t length)
{
    uint32_t off = 0;
    size_t begin = 0;

    if (length > VALUE_MAXIMUM) return;
    for (size_t at = 0; at <= length; at++) {
        if (at < length && value[at] != '.') {
            if (!value[at] || !strchr(id_characters, value[at])) return;
            continue;
        }
        off |= panel_bit(reader->application, value + begin, at - begin);
        begin = at + 1;
    }
    reader->off = off;
}

/* "a=1; debug-toolbar-off=memory; b=2"; of several only the first counts. */
static bool read_cookies(struct reader *reader, const char *cookies, size_t length)
{
    const size_t name_length = sizeof cookie_name - 1;
    const char *end = cookies + length;

    while (cookies < end) {
        const char *stop = memchr(cookies, ';', (size_t)(end - cookies));

        if (!stop) stop = end;
        while (cookies < stop && *cookies == ' ')
            cookies++;
        if ((size_t)(stop - cookies) > name_length && cookies[name_length] == '=' &&
            memcmp(cookies, cookie_name, name_length) == 0) {
            cookies += name_length + 1;
            read_value(reader, cookies, (size_t)(stop - cookies));
            return true;
        }
        cookies = stop + 1;
    }
    return false;
}

static bool visit(void *cls, const char *name, size_t name_length, const char *value,
                  size_t value_length)
{
    if (name_length != 6 || strncasecmp(name, "cookie", 6) != 0) return true;
    return !read_cookies(cls, value, value_length);
}

uint32_t toolbar__switched_off(const struct toolbar_request *request,
                               const struct toolbar__application *application)
{
    struct reader reader = {.application = application};

    if (request->head.source) {
        request->head.source->headers(request->head.connection, visit, &reader);
    }
    return reader.off;
}
