/* A directory for this test's files, with everything in it removed at exit. */
#ifndef TEST_SCRATCH_H
#define TEST_SCRATCH_H

#include <sys/types.h>

/* The directory's path, made on first use. */
const char *scratch_directory(void);

/* The path of a file in it, in one of a few static buffers; the file is not touched. */
const char *scratch_path(const char *name);

/* Writes a file in it with that mode, and gives its path as scratch_path() does. */
const char *scratch_file(const char *name, const char *text, mode_t mode);

#endif
