/* See the header. */
#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[256];
static pid_t owner;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status, (void)type, (void)ftw;
    return remove(path);
}

static void remove_all(void)
{
    if (owner == getpid()) nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_directory(void)
{
    const char *base = getenv("TOOLBAR_SCRATCH");

    if (owner) return directory;
    snprintf(directory, sizeof directory, "%s/debugtoolbar-test-XXXXXX", base ? base : P_tmpdir);
    if (!mkdtemp(directory)) abort();
    owner = getpid();
    atexit(remove_all);
    return directory;
}

const char *scratch_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", scratch_directory(), name);
    return path;
}

const char *scratch_file(const char *name, const char *text, mode_t mode)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) == EOF || fclose(file) != 0 || chmod(path, mode) != 0) abort();
    return path;
}
