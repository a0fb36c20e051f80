#include "adapters/symbols/symbols.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/symbols/lines.h"
#include "base/hash.h"

/* Beyond so many places addresses stay without names. More slots than that, so probing ends. */
enum { KNOWN_MAXIMUM = 4096, SLOTS = 2 * KNOWN_MAXIMUM };

/*
 * A plug-in that is unloaded leaves its names here, for whatever is loaded to its place; that is
 * rare, and a wrong name in a panel does no harm.
 */
static struct {
    pthread_mutex_t lock;
    unsigned count;
    struct toolbar__frame slots[SLOTS];
} known = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct toolbar__frame *find_slot(const void *address)
{
    size_t at = (size_t)(toolbar__hash(0, &address, sizeof address) % SLOTS);

    while (known.slots[at].address && known.slots[at].address != address) {
        at = (at + 1) % SLOTS;
    }
    return &known.slots[at];
}

static char *path_of(const struct toolbar__line *line)
{
    size_t size;
    char *path;

    if (!line->file) return NULL;
    if (*line->file == '/' || !line->directory) return strdup(line->file);
    size = strlen(line->directory) + 1;
    path = malloc(size + strlen(line->file) + 1);
    if (!path) return NULL;
    memcpy(path, line->directory, size - 1);
    path[size - 1] = '/';
    memcpy(path + size, line->file, strlen(line->file) + 1);
    return path;
}

/* The file that was loaded with that address in it; NULL: none. */
static const void *object_of(const void *address, const char **function)
{
    Dl_info info;

    if (!dladdr(address, &info)) return NULL;
    *function = info.dli_sname;
    return info.dli_fbase;
}

static void look_up(struct toolbar__frame *frame)
{
    /* One back: a call that never returns may be the last instruction of its function. */
    const char *place = (const char *)frame->address - 1;
    struct toolbar__line line = toolbar__line_find((uintptr_t)place);
    const char *function = line.function, *exported = NULL, *unused;
    const void *object = object_of(place, &exported);
    const void *server = (const void *)(uintptr_t)MHD_get_version;

    frame->server = object && object == object_of(server, &unused);
    /* The dynamic linker knows only exported functions. */
    if (!function) function = exported;
    if (function) frame->function = strdup(function);
    frame->file = path_of(&line);
    if (frame->file) frame->line = line.number;
}

void toolbar__symbol_name(struct toolbar__frame *frame)
{
    struct toolbar__frame *slot;

    pthread_mutex_lock(&known.lock);
    slot = find_slot(frame->address);
    if (!slot->address && known.count < KNOWN_MAXIMUM) {
        known.count++;
        slot->address = frame->address;
        look_up(slot);
    }
    if (slot->address) *frame = *slot;
    pthread_mutex_unlock(&known.lock);
}
