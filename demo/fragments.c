/* A few strings behind a lock; what does not fit is made anew each time. */
#include "fragments.h"

#include <debugtoolbar/record.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAGMENTS_MAX = 8 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct fragment {
    const char *key;
    char *text;
    size_t size_bytes;
} fragments[FRAGMENTS_MAX];

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Kept pieces never change or go, so that they can be read without the lock. */
static const struct fragment *find(const char *key)
{
    const struct fragment *found = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; !found && i < FRAGMENTS_MAX && fragments[i].key; i++) {
        if (strcmp(fragments[i].key, key) == 0) found = &fragments[i];
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* Takes the text over. Two threads may keep the same: the first one is found. */
static bool keep(const struct fragment *fragment)
{
    int free_place = 0;
    pthread_mutex_lock(&lock);
    while (free_place < FRAGMENTS_MAX && fragments[free_place].key)
        free_place++;
    if (free_place < FRAGMENTS_MAX) fragments[free_place] = *fragment;
    pthread_mutex_unlock(&lock);
    return free_place < FRAGMENTS_MAX;
}

static void make_and_keep(FILE *out, const char *key, void (*make)(FILE *out))
{
    struct fragment fragment = {.key = key};
    FILE *copy = open_memstream(&fragment.text, &fragment.size_bytes);
    if (!copy) {
        make(out);
        return;
    }
    make(copy);
    bool made = !ferror(copy);
    if (fclose(copy) != 0 || !made) {
        make(out);
        free(fragment.text);
        return;
    }
    fwrite(fragment.text, 1, fragment.size_bytes, out);
    int64_t start_ns = now_ns();
    if (!keep(&fragment)) free(fragment.text);
    toolbar_cache_call("fragments", "set", key, 0, 0, now_ns() - start_ns);
}

void fragment_print(FILE *out, const char *key, void (*make)(FILE *out))
{
    int64_t start_ns = now_ns();
    const struct fragment *found = find(key);
    toolbar_cache_call("fragments", "get", key, found != NULL, found == NULL, now_ns() - start_ns);
    if (found)
        fwrite(found->text, 1, found->size_bytes, out);
    else
        make_and_keep(out, key, make);
}

void fragments_clear(void)
{
    for (int i = 0; i < FRAGMENTS_MAX; i++)
        free(fragments[i].text);
    memset(fragments, 0, sizeof fragments);
}
